package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/stub"
)

const lintUsage = `Usage: ecgen lint [flags]

Reads headers and spec and reports faults, and what is not complete: codes that no
message places and that are not listed as unused, requests without replies, types that
nothing uses. Exits with 1 when there is any.

With --headers of a newer aMule it says what the spec lacks, and with --stubs it prints
YAML to begin with.

Flags:
`

func lint(args []string, stdout, stderr io.Writer) int {
	var in input
	flags := flag.NewFlagSet("ecgen lint", flag.ContinueOnError)
	in.addFlags(flags)
	stubs := flags.Bool("stubs", false, "print a spec file with a stub for each code that no message places")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), lintUsage)
		flags.PrintDefaults()
	}
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	l, err := in.load()
	if err != nil {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	switch {
	case l.protocol == nil:
	case len(l.findings) == 0:
		l.findings = model.Lint(l.protocol)
	default:
		l.findings = append(l.findings, model.LintCodes(l.protocol)...)
		l.findings.Sort()
	}
	code := l.report(stderr)
	if *stubs && l.protocol != nil {
		if err := stub.Write(stdout, l.protocol); err != nil {
			fmt.Fprintln(stderr, "ecgen:", err)
			return failed
		}
	}
	return code
}
