package main

import (
	"bytes"
	"errors"
	"iter"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// What direct holds back at most.
const (
	mostHeld      = 16
	mostHeldBytes = 1 << 20
)

// direct notes in each frame who wrote it: the side that is told, or else the
// side that the first opcode with only one possible writer gives away. Frames
// before that one are held back, a few of them: then it is the client.
func direct(frames iter.Seq2[*frame, error], told side) iter.Seq2[*frame, error] {
	return func(yield func(*frame, error) bool) {
		var held []*frame
		from, decided, size := told.direction, told.known, 0
		release := func() bool {
			for _, f := range held {
				if f.message.From = from; !yield(f, nil) {
					return false
				}
			}
			held = nil
			return true
		}
		for f, err := range frames {
			if !decided && err == nil {
				from, decided = f.author()
				size += len(f.body)
				if !decided && len(held) < mostHeld && size <= mostHeldBytes {
					f.body = bytes.Clone(f.body)
					held = append(held, f)
					continue
				}
				decided = true
			}
			if !release() {
				return
			}
			if err == nil {
				f.message.From = from
			}
			if !yield(f, err) {
				return
			}
		}
		release()
	}
}

// author returns the only side that writes such an opcode, or the client when
// that is not decided.
func (f *frame) author() (from codec.Direction, decided bool) {
	if f.refused != nil {
		return codec.FromClient, false
	}
	op := f.message.Packet.Opcode
	if f.old != nil {
		op = f.old.today
	}
	client := ec.Protocol.Message(codec.FromClient, op) != nil
	daemon := ec.Protocol.Message(codec.FromDaemon, op) != nil
	if daemon && !client {
		return codec.FromDaemon, true
	}
	return codec.FromClient, client && !daemon
}

// side is the option --from: a direction that may be left open.
type side struct {
	direction codec.Direction
	known     bool
}

func (s *side) String() string {
	if !s.known {
		return ""
	}
	return s.direction.String()
}

func (s *side) Set(text string) error {
	for _, d := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		if text == d.String() {
			*s = side{d, true}
			return nil
		}
	}
	return errors.New("want client or daemon")
}
