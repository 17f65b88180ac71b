package main

import (
	"bufio"
	"errors"
	"io"
	"iter"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
)

// frame is one frame of a stream: a message, or why it is none.
type frame struct {
	offset  int64  // of the header in the stream
	body    []byte // as transmitted; valid until the next frame is read
	message view.Message
	refused *refusal
	lack    bool // refused says of a whole stream what it lacks; others go on

	conversation *conversation // where both directions are seen, else nil
	old          *oldPacket    // of the dialect that --dialect says, or nil
}

// readFrames reads frames until the stream ends, until a frame is refused
// (unless keepGoing), or until one is refused behind which no other can be
// found: half a frame, or one that is larger than the limit. An error is one
// of the stream, and the end.
func readFrames(stream io.Reader, keepGoing bool) iter.Seq2[*frame, error] {
	return func(yield func(*frame, error) bool) {
		r := codec.NewReader(bufio.NewReaderSize(stream, 64<<10), codec.DefaultLimits())
		for {
			f := &frame{offset: r.Offset()}
			read, err := r.Next()
			f.body, f.message.Flags = read.Body, read.Flags
			wrong, isWrong := errors.AsType[*codec.Error](err)
			last := false
			switch {
			case err == io.EOF:
				return
			case isWrong:
				f.refused = &refusal{reasonOf(wrong), int64(wrong.Offset)}
				last = !errors.Is(err, codec.ErrFlags) && !errors.Is(err, codec.ErrEncrypted)
			case err != nil:
				yield(nil, err)
				return
			default:
				f.decode(f.offset + codec.HeaderSize)
			}
			if !yield(f, nil) || last || f.refused != nil && !keepGoing {
				return
			}
		}
	}
}

// readBody reads one bare body, whose flags are given.
func readBody(stream io.Reader, flags codec.Flags) iter.Seq2[*frame, error] {
	return func(yield func(*frame, error) bool) {
		most := codec.DefaultLimits().Budgets().Body
		body, err := io.ReadAll(io.LimitReader(stream, int64(most)+1))
		if err != nil {
			yield(nil, err)
			return
		}
		f := &frame{body: body, message: view.Message{Flags: flags}}
		if len(body) > most {
			f.refused = &refusal{codec.ErrBodyTooLarge.Error(), int64(most)}
		} else {
			f.decode(0)
		}
		yield(f, nil)
	}
}

// decode makes a packet of the body, which begins at offset.
func (f *frame) decode(offset int64) {
	err := f.message.Packet.UnmarshalBody(f.body, f.message.Flags)
	if err != nil {
		f.refused = f.refuseBody(offset, err)
	}
}
