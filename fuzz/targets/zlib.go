package targets

import (
	"bytes"
	"compress/flate"
	standard "compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/typed"
)

// takenByLibrary reports the fault of the zlib library that package codec
// documents: it takes a stream in which the standard library finds a distance
// code that the block does not define.
func takenByLibrary(body []byte, inflateErr error) bool {
	if _, corrupt := errors.AsType[flate.CorruptInputError](inflateErr); !corrupt {
		return false
	}
	stream, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, stream)
	return err == nil
}

// Zlib reads deflated bodies.
var Zlib = Target{
	Name: "Zlib", Form: loose.Body, Folder: "fuzz",
	Doc: "A body that the standard library inflates reads as what it inflates to; one that it does not inflate is " +
		"refused, or its tree is complete before the fault; and any body that is deflated here reads as before. The " +
		"input is one byte of flags and a body, which is once taken as deflated and once as plain.",
	Run: func(data []byte) error {
		flags, body := split(data)
		flags |= codec.FlagZlib
		op, opErr := codec.Frame{Flags: flags, Body: body}.Opcode()
		var deflated codec.Packet
		err := deflated.Decode(body, flags, 0, budgets)
		if flags.Check() != nil {
			return describe(err)
		}
		if err == nil && (opErr != nil || op != deflated.Opcode) {
			return fmt.Errorf("the opcode is %#x, but Frame.Opcode says %#x, %v", deflated.Opcode, op, opErr)
		}
		if plain, inflateErr := inflate(body); !typed.IsLimit(err) && !takenByLibrary(body, inflateErr) {
			var p codec.Packet
			plainErr := p.Decode(plain, flags&^codec.FlagZlib, 0, budgets)
			switch early := errors.Is(inflateErr, io.ErrUnexpectedEOF) || errors.Is(inflateErr, io.EOF); {
			case err == nil && (plainErr != nil || early):
				return fmt.Errorf("it is accepted, but %d bytes were inflated (%v), which read as %v", len(plain), inflateErr, plainErr)
			case err == nil && !p.Equal(&deflated):
				return fmt.Errorf("deflated it reads as\n%v\nplain as\n%v", &deflated, &p)
			case err != nil && inflateErr == nil && !sameError(err, plainErr):
				return fmt.Errorf("deflated: %v; plain: %v", err, plainErr)
			}
		}
		var p, q codec.Packet
		if p.Decode(body, flags&^codec.FlagZlib, 0, budgets) != nil {
			return describe(err)
		}
		// Twice, because the library's memory is used again.
		for range 2 {
			again, err := p.AppendBody(nil, flags)
			if err != nil {
				return fmt.Errorf("deflating: %v", err)
			}
			if err := q.Decode(again, flags, 0, codec.DefaultLimits()); err != nil || !q.Equal(kept(&p, flags)) {
				return fmt.Errorf("\n%v\nis deflated and read as\n%v, %v", &p, &q, err)
			}
		}
		return nil
	},
}

// inflate returns what the standard library inflates body to, and what ended
// it.
func inflate(body []byte) ([]byte, error) {
	stream, err := standard.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(stream, int64(budgets.Budgets().Inflated)+1))
}
