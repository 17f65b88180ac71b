package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// refusal says why a frame was refused. As JSON it is what dump prints.
type refusal struct {
	Reason string `json:"error"`

	// Offset counts from the start of the stream. It is that of the byte that
	// is wrong, but that of the body's first byte for what is wrong within an
	// inflated body.
	Offset int64 `json:"offset"`
}

// appendLine appends the refusal as one line of JSON.
func (r *refusal) appendLine(dst []byte) []byte {
	text, _ := json.Marshal(r) // a string and a number: there is no error
	return append(append(dst, text...), '\n')
}

// refuseBody says what a decoder found wrong with a body that begins at
// offset.
func (f *frame) refuseBody(offset int64, err error) *refusal {
	wrong, ok := errors.AsType[*codec.Error](err)
	switch {
	case !ok:
		return &refusal{err.Error(), offset}
	case f.message.Flags&codec.FlagZlib != 0:
		return &refusal{fmt.Sprintf("%s at byte %d of the inflated body", reasonOf(wrong), wrong.Offset), offset}
	default:
		return &refusal{reasonOf(wrong), offset + int64(wrong.Offset)}
	}
}

// reasonOf returns the text of an error with the tag path, as in
// "the bytes end too early in SharedFiles/KnownFile[17]/PartFileName[5]".
func reasonOf(e *codec.Error) string {
	if path := e.WithNames(ec.Protocol).PathString(); path != "" {
		return e.Err.Error() + " in " + path
	}
	return e.Err.Error()
}
