package main

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

// framer cuts the bytes that one side of a connection sends, as they come,
// into frames.
type framer struct {
	buffer   []byte
	offset   int64 // of the buffer in the stream
	started  bool  // something came
	headless bool  // nobody knows what came before the stream
	lost     bool  // nobody knows where the next frame begins
	ended    bool  // no frame can be found behind one that was refused
}

// add takes what came next. When nobody knows where a frame begins, one is
// looked for where data begins, and all else is left out.
func (r *framer) add(data []byte) {
	r.lost = r.lost && !(len(data) >= codec.HeaderSize && mayBegin(data))
	if r.lost || r.ended {
		r.offset += int64(len(data))
		return
	}
	r.buffer = append(r.buffer, data...)
}

// lose notes that bytes are missing, and returns what is to say of that.
func (r *framer) lose(missing int) *frame {
	at := r.offset + int64(len(r.buffer))
	r.offset, r.buffer, r.lost = at+int64(missing), nil, true
	return lack(at, fmt.Sprintf("the capture lacks %d bytes", missing))
}

// lack is what is to say of frames that are not there.
func lack(at int64, reason string) *frame {
	return &frame{offset: at, lack: true, refused: &refusal{reason, at}}
}

// next returns the next frame, or nil when more bytes are needed for one.
func (r *framer) next() *frame {
	if len(r.buffer) == 0 {
		return nil
	}
	if r.headless {
		r.headless = false
		return lack(r.offset, "the capture begins within the connection; frames before this are left out")
	}
	read, size, err := codec.ConsumeFrame(r.buffer, codec.DefaultLimits())
	f := &frame{offset: r.offset, body: read.Body, message: view.Message{Flags: read.Flags}}
	if wrong, isWrong := errors.AsType[*codec.Error](err); isWrong {
		if size == 0 && errors.Is(err, codec.ErrTruncated) {
			return nil
		}
		f.refused = &refusal{reasonOf(wrong), r.offset + int64(wrong.Offset)}
		if r.ended = size == 0; r.ended {
			size = len(r.buffer)
		}
	} else {
		f.decode(r.offset + codec.HeaderSize)
	}
	r.buffer, r.offset = r.buffer[size:], r.offset+int64(size)
	return f
}

// end returns what is to say when the stream ends within a frame, or without
// any, or nil.
func (r *framer) end() *frame {
	if r.headless && r.offset > 0 {
		r.headless = false
		return lack(0, fmt.Sprintf("the capture begins within the connection, and no frame was found in %d bytes", r.offset))
	}
	at := r.offset + int64(len(r.buffer))
	half := at > r.offset
	r.offset, r.buffer = at, nil
	if !half {
		return nil
	}
	return lack(at, codec.ErrTruncated.Error())
}

// mayBegin reports whether a frame may begin with data, of which more may
// follow: a header that aMule accepts, and an opcode that is known.
func mayBegin(data []byte) bool {
	start := codec.AppendHeader(nil, codec.Header{Flags: codec.FlagBase})
	copy(start, data)
	whole, _, err := codec.ConsumeFrame(start, codec.DefaultLimits())
	if errors.Is(err, codec.ErrTruncated) { // of the body nothing is in start
		flags := codec.Flags(binary.BigEndian.Uint32(start))
		whole, err = codec.Frame{Flags: flags}, flags.Check()
	}
	if err != nil || len(data) <= codec.HeaderSize {
		return err == nil
	}
	whole.Body = data[codec.HeaderSize:]
	op, err := whole.Opcode()
	return errors.Is(err, codec.ErrTruncated) || err == nil && ec.Protocol.Opcodes[op].Protocol != ""
}
