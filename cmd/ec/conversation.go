package main

import (
	"fmt"
	"net/netip"

	"github.com/ecgen/ecgen/codec"
)

// defaultPort is where daemons listen unless they are told otherwise.
const defaultPort = 4712

// conversation is a connection of which both directions are seen.
type conversation struct {
	number  int               // from 1
	ends    [2]netip.AddrPort // who they are, daemon says
	daemon  int               // index of ends; negative until that is known
	framers [2]framer         // of what each end sends
}

// heading is the line that tells whose packets follow.
func (v *conversation) heading() string {
	return fmt.Sprintf("connection %d: client %v, daemon %v\n", v.number, v.ends[1-v.daemon], v.ends[v.daemon])
}

// receive returns the frames that are complete with what an end sent.
func (v *conversation) receive(from int, data []byte) []*frame {
	r := &v.framers[from]
	r.add(data)
	var found []*frame
	for f := r.next(); f != nil; f = r.next() {
		found = append(found, f)
	}
	return v.label(from, found...)
}

// lose returns what is to say of bytes that are missing.
func (v *conversation) lose(from, missing int) []*frame {
	return v.label(from, v.framers[from].lose(missing))
}

// end returns what is to say when an end sends no more.
func (v *conversation) end(from int) []*frame {
	if half := v.framers[from].end(); half != nil {
		return v.label(from, half)
	}
	return nil
}

// label notes in frames where they come from.
func (v *conversation) label(from int, frames ...*frame) []*frame {
	if v.daemon < 0 && len(frames) > 0 {
		v.daemon = v.guessDaemon(from, frames)
	}
	for _, f := range frames {
		f.conversation = v
		f.message.From = codec.FromClient
		if from == v.daemon {
			f.message.From = codec.FromDaemon
		}
		if f.refused != nil {
			f.refused.Reason += fmt.Sprintf(" in what the %v sent", f.message.From)
		}
	}
	return frames
}

// guessDaemon tells by frames from one end which end is the daemon: by an
// opcode that only one side writes, or the usual port, or the lower port.
func (v *conversation) guessDaemon(from int, frames []*frame) int {
	for _, f := range frames {
		switch author, decided := f.author(); {
		case decided && author == codec.FromDaemon:
			return from
		case decided:
			return 1 - from
		}
	}
	first, second := v.ends[0].Port(), v.ends[1].Port()
	if first == defaultPort || second != defaultPort && first < second {
		return 0
	}
	return 1
}
