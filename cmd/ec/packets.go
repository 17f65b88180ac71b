package main

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/ecgen/ecgen/cmd/ec/internal/capture"
	"github.com/ecgen/ecgen/codec"
)

// packetCapture reads the frames of all EC connections of a packet capture.
type packetCapture struct {
	port       int // of the daemon; 0 for any
	connection int // to take; 0 for all
	keepGoing  bool

	found  map[*capture.Connection]*conversation // nil for what is not EC
	inTurn []*conversation
}

// frames walks the frames in the order of time. What the capture lacks stands
// among them as a refusal. An error about what is read is a findingError.
func (p *packetCapture) frames(stream io.Reader) iter.Seq2[*frame, error] {
	return func(yield func(*frame, error) bool) {
		p.found = make(map[*capture.Connection]*conversation)
		show := func(frames []*frame) bool {
			for _, f := range frames {
				if p.connection != 0 && f.conversation.number != p.connection {
					continue
				}
				if !yield(f, nil) || f.refused != nil && !f.lack && !p.keepGoing {
					return false
				}
			}
			return true
		}
		source := &failureNoter{Reader: stream}
		var stats capture.Stats
		var broken error
		for chunk, err := range capture.Chunks(source, &stats) {
			if err != nil {
				broken = err
				break
			}
			if !show(p.take(chunk)) {
				return
			}
		}
		for _, v := range p.inTurn {
			if !show(v.end(0)) || !show(v.end(1)) {
				return
			}
		}
		if err := p.verdict(source.failure, broken, &stats); err != nil {
			yield(nil, err)
		}
	}
}

// verdict says what is wrong with a capture as a whole.
func (p *packetCapture) verdict(failure, broken error, stats *capture.Stats) error {
	switch {
	case failure != nil:
		return failure
	case errors.Is(broken, io.ErrUnexpectedEOF):
		return findingError("the capture ends within a packet")
	case broken != nil:
		return findingError("the capture is broken: " + broken.Error())
	case len(p.inTurn) == 0:
		return findingError(fmt.Sprintf("no EC connection is there, in %d packets, %d of them of TCP", stats.Packets, stats.TCP))
	case p.connection > len(p.inTurn):
		return findingError(fmt.Sprintf("there is no connection %d, the last is %d", p.connection, len(p.inTurn)))
	default:
		return nil
	}
}

// failureNoter keeps the error that a stream failed with.
type failureNoter struct {
	io.Reader
	failure error
}

func (n *failureNoter) Read(b []byte) (int, error) {
	size, err := n.Reader.Read(b)
	if err != nil && err != io.EOF {
		n.failure = err
	}
	return size, err
}

// take returns the frames that a chunk completes.
func (p *packetCapture) take(chunk *capture.Chunk) (frames []*frame) {
	v := p.conversation(chunk)
	if v == nil {
		return nil
	}
	if r := &v.framers[chunk.From]; !r.started {
		r.started, r.headless, r.lost = true, !chunk.Begun, !chunk.Begun
	}
	if chunk.Missing > 0 {
		frames = v.lose(chunk.From, chunk.Missing)
	}
	frames = append(frames, v.receive(chunk.From, chunk.Data)...)
	if chunk.End {
		frames = append(frames, v.end(chunk.From)...)
	}
	return frames
}

// conversation returns the conversation that a chunk belongs to, or nil when
// it is none of EC, as far as is known. Unless the port was told, a connection
// is of EC when one side's bytes begin with a frame, or if their beginning is
// not there, when a frame begins with a packet.
func (p *packetCapture) conversation(chunk *capture.Chunk) *conversation {
	connection := chunk.Connection
	v, known := p.found[connection]
	if known || len(chunk.Data) == 0 {
		return v
	}
	daemon, isDaemons := p.daemonOf(connection)
	switch {
	case p.port != 0 && !isDaemons:
		p.found[connection] = nil
		return nil
	case p.port == 0 && chunk.Begun && !mayBegin(chunk.Data):
		p.found[connection] = nil
		return nil
	case p.port == 0 && !chunk.Begun && (len(chunk.Data) < codec.HeaderSize || !mayBegin(chunk.Data)):
		return nil
	}
	v = &conversation{number: len(p.inTurn) + 1, ends: connection.Ends, daemon: daemon}
	p.found[connection] = v
	p.inTurn = append(p.inTurn, v)
	return v
}

// daemonOf returns which end is the daemon, or -1, and whether one has the
// port that was told.
func (p *packetCapture) daemonOf(connection *capture.Connection) (daemon int, told bool) {
	for i, end := range connection.Ends {
		if p.port != 0 && int(end.Port()) == p.port {
			return i, true
		}
	}
	if connection.Opener >= 0 {
		return 1 - connection.Opener, false
	}
	return -1, false
}
