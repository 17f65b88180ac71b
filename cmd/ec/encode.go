package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/codec"
)

var encodeSynopsis = []string{"FILE -o OUT"}

const encodeDetails = `FILE has JSON objects, one after the other, as "ec dump --json" or "ec dump
--raw" prints them; both forms may be mixed. Each becomes a frame of OUT.
Numbers may also stand as strings, and values of an enumeration as the names
that the tree has: "PAUSED", or bits as in "ED2K_CONNECTED|KAD_RUNNING".

An object that is no packet is named on standard error with the place and the
reason, and makes the exit code 1; then OUT is not touched.

Examples:

  ec dump --json c2s.bin > c2s.json
  ec encode c2s.json -o edited.bin
  echo '{"flags":32,"op":10,"tags":[]}' | ec encode - -o -
`

func encodeOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	out := flags.String("o", "", "write to `OUT`; - is standard output")
	return func(c *call) (bool, error) { return encode(c, *out) }
}

func encode(c *call, outName string) (found bool, err error) {
	name, err := c.oneFile()
	if err != nil {
		return false, err
	}
	in, err := c.open(name)
	if err != nil {
		return false, err
	}
	defer in.Close()
	out, err := c.create(outName)
	if err != nil {
		return false, err
	}
	defer out.discard()

	objects := json.NewDecoder(bufio.NewReader(in))
	var buffer []byte
	for number := 1; ; number++ {
		var text json.RawMessage
		wrong := objects.Decode(&text)
		if wrong == io.EOF {
			return false, out.commit()
		}
		if failure := readFailure(wrong); failure != nil {
			return false, failure
		}
		if wrong == nil {
			buffer, wrong = appendParsed(buffer[:0], text)
		}
		if wrong != nil {
			fmt.Fprintf(c.stderr, "ec encode: %s: object %d: %v\n", name, number, wrong)
			return true, nil
		}
		if _, err := out.Write(buffer); err != nil {
			return false, err
		}
	}
}

// readFailure returns err unless it says that the text is wrong.
func readFailure(err error) error {
	_, isSyntax := errors.AsType[*json.SyntaxError](err)
	if err == nil || isSyntax || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// appendParsed appends the frame that the text describes.
func appendParsed(dst []byte, text []byte) ([]byte, error) {
	m, err := viewer.ParseJSON(text)
	if err != nil {
		return dst, err
	}
	return codec.AppendFrame(dst, m.Flags, &m.Packet)
}
