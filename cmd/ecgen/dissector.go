package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/dissector"
)

const dissectorUsage = `Usage: ecgen dissector [flags] > amule_ec.lua

Prints a Wireshark dissector in Lua: both directions, packets over several TCP
segments, compressed ones, every tag by name with its value, filters such as
amule_ec.partfile.name, requests linked with their replies. Put it into Wireshark's
folder of personal Lua plugins, or try it with

	tshark -X lua_script:amule_ec.lua -r capture.pcapng -Y amule_ec -V

That of ecgen's own spec is generated/amule_ec.lua.

Flags:
`

func writeDissector(args []string, stdout, stderr io.Writer) int {
	var in input
	flags := flag.NewFlagSet("ecgen dissector", flag.ContinueOnError)
	in.addFlags(flags)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), dissectorUsage)
		flags.PrintDefaults()
	}
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	l, err := in.load()
	if err == nil {
		if code := l.report(stderr); code != good {
			return code
		}
		var text []byte
		if text, err = dissector.Generate(l.protocol); err == nil {
			_, err = stdout.Write(text)
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "ecgen:", err)
		return failed
	}
	return good
}
