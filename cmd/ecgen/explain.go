package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/audit"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/breaking"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

const explainUsage = `Usage: ecgen explain [RULE]

Lists the rules of ecgen breaking and ecgen audit, or says of one what it is
about and why, with an example.

Exit codes: 0 good, 2 there is no such rule.
`

func explain(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ecgen explain", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(flags.Output(), explainUsage) }
	if code, done := parseArguments(flags, args, 0, 1, stdout, stderr); done {
		return code
	}
	rules := append(breaking.Rules(), audit.Rules()...)
	var err error
	if flags.NArg() == 0 {
		err = rule.List(stdout, rules)
	} else {
		var r rule.Rule
		if r, err = rule.Find(rules, flags.Arg(0)); err == nil {
			r.Explain(stdout)
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	return good
}
