package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/codes"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/options"
)

// Exit codes.
const (
	good     = 0
	findings = 1 // the input has faults, or check found differences
	failed   = 2 // could not run
)

// verb is one thing that ecgen can be told to do.
type verb struct {
	name    string
	args    string
	summary string
	run     func(args []string, stdout, stderr io.Writer) int
}

// verbs returns the table of verbs. The first is what no verb stands for.
func verbs() []verb {
	return []verb{
		{"generate", "[flags]", "write the Go package, and remove generated files that are no longer needed", generate},
		{"check", "[flags]", "say which generated files are stale, missing or superfluous, and write nothing", check},
		{"lint", "[flags]", "look for codes that no message places, requests without replies, unused types", lint},
		{"diff", "[--json] OLD NEW", "compare two versions of the codes or of the spec", diff},
		{"breaking", "--against REF [flags]", "find changes of the spec that break other programs", breakingChanges},
		{"explain", "[RULE]", "list the rules of breaking and audit, or explain one", explain},
		{"audit", "[--json] FILE...", "check the code tables in the sources of other programs", auditSources},
		{"describe", "[--schema] [flags]", "print the resolved protocol as JSON, for programs in other languages", describeProtocol},
		{"doc", "--out DIR [flags]", "write the protocol reference as HTML or Markdown", writeDoc},
		{"dissector", "[flags]", "print a Wireshark dissector", writeDissector},
		{"codes", "[--format tsv|json] FILE...", "print the enumerators that code headers or .abstract files define", codes.Run},
		{"version", "", "print the version that ecgen was built from", version},
	}
}

// run executes a command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "help", "--help", "-help", "-h":
			usage(stdout)
			return good
		}
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return verbs()[0].run(args, stdout, stderr)
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return v.run(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "ecgen: unknown verb %q; ecgen --help lists them\n", args[0])
	return failed
}

func usage(w io.Writer) {
	fmt.Fprint(w, `Ecgen makes typed Go messages for aMule's External Connections protocol from
the code headers ECCodes.h and ECTagTypes.h (or the .abstract files from which
aMule makes them) and a spec of which tags stand where.

Usage:

	ecgen [VERB] [flags]

Verbs (without one: generate):

`)
	for _, v := range verbs() {
		fmt.Fprintf(w, "\t%-9s %s\n", v.name, v.summary)
	}
	fmt.Fprint(w, `
Examples:

	go run ./cmd/ecgen                    within ecgen's own module: regenerate everything
	ecgen --out ./ec                      elsewhere: write package ec, from the built-in spec
	ecgen --headers ~/amule --out ./ec    with the codes of another aMule tree
	ecgen diff spec ~/amule               what a new aMule changes, and what that means
	ecgen lint --headers ~/amule --stubs  what the spec lacks of it, with YAML to begin with
	ecgen breaking --against v0.1.0       what the changes since then break
	ecgen audit ~/client/src              wrong numbers and names in another program
	ecgen describe > protocol.json        opcodes, tags, nesting and docs as one JSON file
	ecgen doc --out ./reference           the protocol as pages to read
	ecgen codes ECCodes.h                 every code as name, value and enum

Exit codes: 0 good, 1 findings, 2 could not run.
"ecgen VERB --help" says more about a verb.
`)
}

// parseFlags parses the flags of a verb, which takes no other arguments. When
// done is true the verb has nothing more to do than to return code.
func parseFlags(flags *flag.FlagSet, args []string, stdout, stderr io.Writer) (code int, done bool) {
	return parseArguments(flags, args, 0, 0, stdout, stderr)
}

// anyNumber is how many arguments nobody gives.
const anyNumber = 1 << 30

// parseArguments parses the flags of a verb, between which stand from least to
// most other arguments.
func parseArguments(flags *flag.FlagSet, args []string, least, most int, stdout, stderr io.Writer) (code int, done bool) {
	flags.SetOutput(io.Discard)
	err := options.Parse(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stdout)
		flags.Usage()
		return good, true
	case err == nil && flags.NArg() > most:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(most))
	case err == nil && flags.NArg() < least:
		err = fmt.Errorf("an argument is missing")
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v; see %s --help\n", flags.Name(), err, flags.Name())
		return failed, true
	}
	return good, false
}

func version(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ecgen version", flag.ContinueOnError)
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	text := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		text = info.Main.Version
	}
	fmt.Fprintln(stdout, "ecgen", text)
	return good
}
