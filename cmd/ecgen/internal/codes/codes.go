// Package codes is the verb ecgen codes: it prints what code lists define.
package codes

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/options"
)

const usage = `usage: ecgen codes [--format tsv|json] FILE...

Prints every enumerator that the code lists define: C++ headers such as
ECCodes.h, or the abstract files that they are generated from. The file - is
standard input.

  --format tsv   name, decimal value and enum name with tabs between, one
                 enumerator to a line in the order of the file; the enum name
                 is empty where there is none (the default)
  --format json  an array of objects with the same, and the file
  --help         prints this

A malformed file prints nothing but its findings, on standard error.
Exit codes: 0 good, 1 findings, 2 could not run.
`

// The exit codes of Run.
const (
	exitGood        = 0
	exitFindings    = 1
	exitCouldNotRun = 2
)

// Run does what the command line says, the verb itself left out, and returns the
// exit code.
func Run(args []string, stdout, stderr io.Writer) int {
	return run(args, os.Stdin, stdout, stderr)
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	write, files, err := parseArguments(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitGood
	}
	if err != nil {
		fmt.Fprintf(stderr, "ecgen codes: %v\n\n%s", err, usage)
		return exitCouldNotRun
	}
	var codes []code
	var findings diag.List
	sources := make(map[string][]byte)
	for _, name := range files {
		src, err := read(name, stdin)
		if err != nil {
			fmt.Fprintf(stderr, "ecgen codes: %v\n", err)
			return exitCouldNotRun
		}
		sources[name] = src
		file, found := header.Parse(name, src)
		findings = append(findings, found...)
		codes = append(codes, codesOf(file)...)
	}
	if len(findings) > 0 {
		findings.Print(stderr, sources, isTerminal(stderr))
		return exitFindings
	}
	if err := write(stdout, codes); err != nil {
		fmt.Fprintf(stderr, "ecgen codes: %v\n", err)
		return exitCouldNotRun
	}
	return exitGood
}

func parseArguments(args []string) (write printer, files []string, err error) {
	flags := flag.NewFlagSet("codes", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	format := flags.String("format", "tsv", "")
	if err := options.Parse(flags, args); err != nil {
		return nil, nil, err
	}
	write, known := printers[*format]
	switch {
	case !known:
		return nil, nil, fmt.Errorf("unknown format %q", *format)
	case flags.NArg() == 0:
		return nil, nil, errors.New("no file is named")
	}
	return write, flags.Args(), nil
}

func read(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(name)
}

// code is one enumerator as it is printed.
type code struct {
	Name  string      `json:"name"`
	Value json.Number `json:"value"`
	Enum  string      `json:"enum"`
	File  string      `json:"file"`
}

func codesOf(file *header.File) []code {
	var codes []code
	for _, enum := range file.Enums {
		for _, enumerator := range enum.Values {
			value := json.Number(enumerator.Decimal())
			codes = append(codes, code{enumerator.Name, value, enum.Name, file.Name})
		}
	}
	return codes
}

type printer func(io.Writer, []code) error

var printers = map[string]printer{"tsv": printTSV, "json": printJSON}

func printTSV(w io.Writer, codes []code) error {
	buffered := bufio.NewWriter(w)
	for _, c := range codes {
		fmt.Fprintf(buffered, "%s\t%s\t%s\n", c.Name, c.Value, c.Enum)
	}
	return buffered.Flush()
}

func printJSON(w io.Writer, codes []code) error {
	if codes == nil {
		codes = []code{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(codes)
}

// isTerminal reports whether w is a terminal that wants colours.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
