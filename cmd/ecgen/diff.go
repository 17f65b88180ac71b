package main

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
)

const diffUsage = `Usage: ecgen diff [flags] OLD NEW

Compares two versions of the protocol and says what each difference means for a
program: it breaks old peers, it is a new capability, or there is nothing to do.

OLD and NEW are each a code file (.h or .abstract), a directory with code files,
an aMule tree, or a spec: a directory with code files and *.yaml. Only two specs
are compared as specs; otherwise it is the codes that are compared. Comments,
conditions in words and releases make no difference.

Exit codes: 0 no difference, 1 differences, 2 could not run.

Flags:
`

func diff(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ecgen diff", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print the differences as JSON")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), diffUsage)
		flags.PrintDefaults()
	}
	if code, done := parseArguments(flags, args, 2, 2, stdout, stderr); done {
		return code
	}
	old, oldOK := readVersion(flags.Arg(0), stderr)
	new, newOK := readVersion(flags.Arg(1), stderr)
	if !oldOK || !newOK {
		return failed
	}
	if (old.Protocol == nil) != (new.Protocol == nil) {
		fmt.Fprintln(stderr, "ecgen: only one of them is a spec, so it is the codes that are compared")
	}
	report := compare.Report{Old: flags.Arg(0), New: flags.Arg(1), Changes: compare.Versions(old, new)}
	var err error
	if *asJSON {
		err = printJSON(stdout, report)
	} else {
		err = report.Print(stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	case len(report.Changes) > 0:
		return findings
	default:
		return good
	}
}

// readVersion reads what a user names as one side of a comparison. When ok is
// false, what is wrong was printed.
func readVersion(name string, stderr io.Writer) (version compare.Version, ok bool) {
	l, err := loadVersion(name)
	if err != nil {
		fmt.Fprintln(stderr, "ecgen:", err)
		return version, false
	}
	if l.report(stderr) != good {
		return version, false
	}
	return l.version(), true
}

func (l *loaded) version() compare.Version {
	return compare.Version{Codes: l.codes, Protocol: l.protocol}
}

func loadVersion(name string) (*loaded, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	l := &loaded{sources: map[string][]byte{}}
	if !info.IsDir() {
		source, err := os.ReadFile(name)
		if err == nil {
			l.sources[name] = source
			l.parse(name, source)
		}
		return l, err
	}
	from := directory(name)
	if yaml, err := fs.Glob(from.files, "*.yaml"); err != nil || len(yaml) > 0 {
		return load(from, from)
	}
	return l, l.readCodes(from)
}
