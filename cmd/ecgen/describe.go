package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/describe"
)

const describeUsage = `Usage: ecgen describe [flags]

Prints the resolved protocol as one JSON file: flags, types, opcodes, tags, enums and
bit sets, messages and objects with what stands in them, when, since which release, and
what it means. From it clients in any language can be generated or checked. The file of
ecgen's own spec is generated/protocol.json.

Flags:
`

func describeProtocol(args []string, stdout, stderr io.Writer) int {
	var in input
	flags := flag.NewFlagSet("ecgen describe", flag.ContinueOnError)
	in.addFlags(flags)
	schema := flags.Bool("schema", false, "print the JSON Schema of such files instead")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), describeUsage)
		flags.PrintDefaults()
	}
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	fail := func(err error) int {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	text := describe.JSONSchema()
	if !*schema {
		l, err := in.load()
		if err != nil {
			return fail(err)
		}
		if code := l.report(stderr); code != good {
			return code
		}
		if text, err = describe.From(l.protocol).Encode(); err != nil {
			return fail(err)
		}
	}
	if _, err := stdout.Write(text); err != nil {
		return fail(err)
	}
	return good
}
