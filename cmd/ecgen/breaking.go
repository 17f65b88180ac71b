package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/breaking"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

const breakingUsage = `Usage: ecgen breaking --against REF [flags]

Compares the headers and the spec with an older version of them, and finds what
breaks programs: WIRE rules are about programs that speak the protocol, GO_API
rules about those that import the generated package. ecgen explain lists them.

REF is a directory with the older headers and *.yaml, or a commit, branch or tag
of the git repository in which the spec is; it is read by the program git.

Exit codes: 0 nothing breaks, 1 findings, 2 could not run.

Flags:
`

func breakingChanges(args []string, stdout, stderr io.Writer) int {
	var in input
	flags := flag.NewFlagSet("ecgen breaking", flag.ContinueOnError)
	in.addFlags(flags)
	against := flags.String("against", "", "compare with this `ref`: a directory, or a commit, branch or tag")
	only := flags.String("only", "", "follow only these `rules` or categories, with commas between")
	except := flags.String("except", "", "do not follow these `rules` or categories, with commas between")
	asJSON := flags.Bool("json", false, "print the findings as JSON")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), breakingUsage)
		flags.PrintDefaults()
	}
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	fail := func(err error) int {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	if *against == "" {
		return fail(errors.New("say what to compare with: --against REF"))
	}
	followed, err := rule.Select(breaking.Rules(), *only, *except)
	if err != nil {
		return fail(err)
	}
	new, err := in.load()
	if err != nil {
		return fail(err)
	}
	then, err := in.at(*against)
	if err != nil {
		return fail(err)
	}
	old, err := load(then, then)
	if err != nil {
		return fail(err)
	}
	if old.report(stderr) != good || new.report(stderr) != good {
		return failed
	}
	all, err := breaking.Find(old.version(), new.version())
	if err != nil {
		return fail(err)
	}
	found := []rule.Finding{}
	for _, f := range all {
		if followed(f.ID) {
			found = append(found, f)
		}
	}
	if *asJSON {
		err = printJSON(stdout, found)
	} else {
		rule.Print(stdout, found, new.sources, isTerminal(stdout))
	}
	switch {
	case err != nil:
		return fail(err)
	case len(found) > 0:
		return findings
	default:
		return good
	}
}
