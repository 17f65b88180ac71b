package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"iter"

	"github.com/ecgen/ecgen/cmd/ec/internal/capture"
)

// source is what the options say of the capture to read.
type source struct {
	keepGoing bool
	from      side
	packets   packetCapture
}

func (s *source) define(flags *flag.FlagSet) {
	flags.BoolVar(&s.keepGoing, "keep-going", false, "go on behind a frame that is refused")
	flags.Var(&s.from, "from", "which `SIDE` wrote the frames: client or daemon")
	flags.IntVar(&s.packets.port, "port", 0, "of a packet capture: where the daemon listens, `PORT`")
	flags.IntVar(&s.packets.connection, "connection", 0, "of a packet capture: only connection `N`")
}

// sourceDetails explains the input in the help of each verb that has it.
const sourceDetails = `FILE is one direction of a connection, frame after frame, or a packet capture
(pcap or pcapng, also with gzip) as tcpdump, Wireshark and "ec tap" write it. Of
that both directions of all EC connections are taken: those that begin as EC
does, or with --port those of a daemon on that port. --from then takes one side
alone, and --connection one connection, by its number from 1.

`

// isPacketCapture looks at how a file begins.
func isPacketCapture(in *bufio.Reader) bool {
	magic, _ := in.Peek(capture.MagicSize)
	return capture.Is(magic)
}

// frames reads either kind of file. Only of a packet capture the frames know
// their side; what refers to one alone is an error of usage for the other.
func (s *source) frames(stream io.Reader) (frames iter.Seq2[*frame, error], directed bool, err error) {
	in := bufio.NewReaderSize(stream, 64<<10)
	if !isPacketCapture(in) {
		if s.packets.port != 0 || s.packets.connection != 0 {
			return nil, false, usageError("--port and --connection are for packet captures, which FILE is not")
		}
		return readFrames(in, s.keepGoing), false, nil
	}
	if s.packets.port < 0 || s.packets.port > 1<<16-1 || s.packets.connection < 0 {
		return nil, false, usageError(fmt.Sprintf("want --port up to %d and --connection from 1 on", 1<<16-1))
	}
	s.packets.keepGoing = s.keepGoing
	return s.only(s.packets.frames(in)), true, nil
}

// only leaves out the frames of the side that was not asked for.
func (s *source) only(frames iter.Seq2[*frame, error]) iter.Seq2[*frame, error] {
	return func(yield func(*frame, error) bool) {
		for f, err := range frames {
			if err == nil && s.from.known && f.message.From != s.from.direction {
				continue
			}
			if !yield(f, err) {
				return
			}
		}
	}
}
