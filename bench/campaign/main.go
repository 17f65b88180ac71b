// Command campaign measures how fast ecgen's code is: against what it was, and
// against what others do with the same data. See usage.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// Exit codes.
const (
	good     = 0
	findings = 1 // something became slower, or allocates
	failed   = 2 // could not run
)

// verb is one thing that campaign can be told to do. Its flags are set up by
// prepare, which returns the function to call when they were parsed.
type verb struct {
	name    string
	args    string
	summary string
	prepare func(flags *flag.FlagSet) action
}

// action does what a verb is for. It returns whether all is as it should be.
type action func(args []string, stdout, stderr io.Writer) (ok bool, err error)

func verbs() []verb {
	return []verb{
		{"run", "[flags]", "measure everything, and keep the raw text and the least figures", prepareRun},
		{"compare", "[flags] OLD.json NEW.json", "show two campaigns side by side; exit 1 if the second is slower or allocates more", prepareCompare},
		{"gate", "[flags]", "measure what matters most, within two minutes; exit 1 if it became slower or allocates more", prepareGate},
		{"report", "[flags] RESULT.json...", "write REPORT.md and its charts from the least of these results", prepareReport},
	}
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return failed
	}
	switch args[0] {
	case "help", "--help", "-help", "-h":
		usage(stdout)
		return good
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return v.run(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "campaign: unknown verb %q; campaign --help lists them\n", args[0])
	return failed
}

func (v verb) run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	do := v.prepare(flags)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stdout, "usage: campaign %s %s\n\n%s.\n\n", v.name, v.args, strings.ToUpper(v.summary[:1])+v.summary[1:])
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return good
	} else if err != nil {
		fmt.Fprintf(stderr, "campaign %s: %v\n", v.name, err)
		return failed
	}
	ok, err := do(flags.Args(), stdout, stderr)
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "campaign %s: %v\n", v.name, err)
		return failed
	case !ok:
		return findings
	default:
		return good
	}
}

func usage(w io.Writer) {
	fmt.Fprint(w, `Campaign measures how fast ecgen's code is: against what it was, and against
what others do with the same data.

Usage, from the root of the module:

	go run ./bench/campaign VERB [flags]

Verbs:

`)
	for _, v := range verbs() {
		fmt.Fprintf(w, "\t%-8s %s\n", v.name, v.summary)
	}
	fmt.Fprint(w, `
Figures are CPU times of the whole process, the least of several rounds: in a
round each benchmark is run once, in a process of its own, so that whatever else
the machine does falls on all of them alike.

Exit codes: 0 good, 1 findings, 2 could not run.
"campaign VERB --help" says more about a verb.
`)
}
