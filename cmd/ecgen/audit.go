package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/audit"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

const auditUsage = `Usage: ecgen audit [flags] FILE...

Looks for tables of the protocol's codes in sources of C, C++, C#, Go, Java,
JavaScript, Kotlin, Python, Rust, Swift and TypeScript, and compares them with the
headers of the spec. Of a directory all sources are read. Codes are found by their
names: EC_OP_STAT_REQ, EcOpcodeStatReq, OpStatReq, or STAT_REQ in an enum, class or
table named as ECOpCodes is. Wrong numbers and wrong names are findings, which ecgen
explain explains; codes that are missing are only counted, over all sources.

Exit codes: 0 all is right, 1 findings, 2 could not run, or there are no codes.

Flags:
`

func auditSources(args []string, stdout, stderr io.Writer) int {
	var in input
	flags := flag.NewFlagSet("ecgen audit", flag.ContinueOnError)
	in.addFlags(flags)
	asJSON := flags.Bool("json", false, "print the findings, and all codes that are missing, as JSON")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), auditUsage)
		flags.PrintDefaults()
	}
	if code, done := parseArguments(flags, args, 1, anyNumber, stdout, stderr); done {
		return code
	}
	fail := func(err error) int {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	l, err := in.load()
	if err != nil {
		return fail(err)
	}
	if l.report(stderr) != good {
		return failed
	}
	names, err := sourcesIn(flags.Args())
	if err != nil {
		return fail(err)
	}
	result := auditResult{Findings: []rule.Finding{}, Tables: []audit.Coverage{}}
	sources := map[string][]byte{}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			return fail(err)
		}
		sources[name] = source
		entries, err := audit.Read(name, source)
		if err != nil {
			return fail(err)
		}
		found, covered := audit.Check(entries, l.codes)
		result.Findings = append(result.Findings, found...)
		result.Tables = append(result.Tables, covered...)
	}
	result.Together = audit.Together(result.Tables)
	switch {
	case len(result.Tables) == 0:
		return fail(errors.New("there are no names of codes in these sources"))
	case *asJSON:
		err = printJSON(stdout, result)
	default:
		err = result.print(stdout, sources)
	}
	switch {
	case err != nil:
		return fail(err)
	case len(result.Findings) > 0:
		return findings
	default:
		return good
	}
}

// auditResult is what an audit found in all sources.
type auditResult struct {
	Findings []rule.Finding   `json:"findings"`
	Tables   []audit.Coverage `json:"tables"`
	Together []audit.Shared   `json:"together"` // enums that several sources have codes of
}

func (r auditResult) print(w io.Writer, sources map[string][]byte) error {
	rule.Print(w, r.Findings, sources, isTerminal(w))
	for _, covered := range r.Tables {
		line := covered.String()
		if slices.ContainsFunc(r.Together, func(s audit.Shared) bool { return s.Enum == covered.Enum }) {
			line = covered.Present()
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	for _, shared := range r.Together {
		if _, err := fmt.Fprintln(w, shared); err != nil {
			return err
		}
	}
	return nil
}

// sourcesIn returns the files that are named, and of directories the sources in
// them that can be read. Hidden directories and those of other people's packages
// are passed over.
func sourcesIn(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case path == name && !entry.IsDir():
				files = append(files, path)
			case path != name && entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || entry.Name() == "vendor"):
				return filepath.SkipDir
			case entry.Type().IsRegular() && audit.Reads(path):
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
