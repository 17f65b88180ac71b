package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/doc"
)

const docUsage = `Usage: ecgen doc --out DIR [flags]

Writes the protocol reference into a directory: a few pages that need no server and
nothing from elsewhere. They explain the wire with captured packets, and list every
message, tag, code and enumeration of the spec. Open index.html in a browser.

Nothing is written unless everything succeeded; files that are up to date are not
touched, and files that are not ecgen's are left alone.

Flags:
`

func writeDoc(args []string, stdout, stderr io.Writer) int {
	var in input
	flags := flag.NewFlagSet("ecgen doc", flag.ContinueOnError)
	in.addFlags(flags)
	out := flags.String("out", "", "write to this `directory`")
	format := flags.String("format", string(doc.HTML), "`html or markdown`")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), docUsage)
		flags.PrintDefaults()
	}
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	fail := func(err error) int {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	if *out == "" {
		return fail(fmt.Errorf("say where to write with --out"))
	}
	l, err := in.load()
	if err != nil {
		return fail(err)
	}
	if code := l.report(stderr); code != good {
		return code
	}
	files, err := doc.Generate(l.protocol, doc.Format(*format))
	if err != nil {
		return fail(err)
	}
	fmt.Fprintf(stdout, "read   %s: %d opcodes, %d tags\n", strings.Join(l.headers, ", "), len(l.protocol.Opcodes), len(l.protocol.Tags))
	fmt.Fprintf(stdout, "read   %s: %d messages, %d objects, %d enums\n", summarize(l.yaml), len(l.protocol.Messages), len(l.protocol.Objects), len(l.protocol.Enums))
	p := &product{directory: *out, files: files}
	differences, err := p.compare()
	if err == nil {
		err = p.write(differences)
	}
	if err != nil {
		return fail(err)
	}
	printWritten(stdout, p, differences)
	return good
}
