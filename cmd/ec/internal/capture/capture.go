// Package capture takes TCP connections out of packet captures, pcap and
// pcapng, and writes them.
package capture

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// MagicSize is how many bytes of a file Is needs.
const MagicSize = 4

// Is reports whether a file that begins with magic is a packet capture, or
// compressed with gzip, as captures often are. No frame of EC begins so.
func Is(magic []byte) bool { return formatOf(magic) != unknown }

type format int

const (
	unknown format = iota
	pcap
	pcapng
	zipped
)

func formatOf(magic []byte) format {
	if len(magic) < MagicSize {
		return unknown
	}
	switch binary.BigEndian.Uint32(magic) {
	case 0x0a0d0d0a:
		return pcapng
	case 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1: // either byte order, in micro- or nanoseconds
		return pcap
	}
	if magic[0] == 0x1f && magic[1] == 0x8b {
		return zipped
	}
	return unknown
}

// packetSource reads the packets of a capture one by one.
type packetSource struct {
	gopacket.PacketDataSource
	linkType func(gopacket.CaptureInfo) layers.LinkType
}

// next reads the next packet. On 32 bits the library's reader panics at some
// interface numbers that do not exist.
func (s *packetSource) next() (data []byte, info gopacket.CaptureInfo, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a packet cannot be read: %v", fault)
		}
	}()
	return s.ReadPacketData()
}

// openSource looks at the format of a capture.
func openSource(stream io.Reader) (*packetSource, error) {
	buffered := bufio.NewReaderSize(stream, 64<<10)
	magic, _ := buffered.Peek(MagicSize)
	switch formatOf(magic) {
	case zipped:
		plain, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		buffered = bufio.NewReaderSize(plain, 64<<10)
		if magic, err = buffered.Peek(MagicSize); err != nil {
			return nil, err
		}
		if f := formatOf(magic); f != pcap && f != pcapng {
			return nil, fmt.Errorf("what is compressed is no packet capture")
		}
		return openSource(buffered)
	case pcapng:
		r, err := pcapgo.NewNgReader(buffered, pcapgo.NgReaderOptions{WantMixedLinkType: true, SkipUnknownVersion: true})
		if err != nil {
			return nil, err
		}
		return &packetSource{r, func(ci gopacket.CaptureInfo) layers.LinkType {
			of, err := r.Interface(ci.InterfaceIndex)
			if err != nil {
				return layers.LinkTypeNull
			}
			return of.LinkType
		}}, nil
	case pcap:
		r, err := pcapgo.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		return &packetSource{r, func(gopacket.CaptureInfo) layers.LinkType { return r.LinkType() }}, nil
	default:
		return nil, fmt.Errorf("this is no packet capture: neither pcap nor pcapng")
	}
}
