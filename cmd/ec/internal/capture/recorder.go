package capture

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// Recorder writes connections as pcapng, which Wireshark reads too. The
// packets are made up around the bytes: IP and TCP, without a link layer. A
// Recorder may be used by several goroutines at once.
type Recorder struct {
	mutex  sync.Mutex
	writer *pcapgo.NgWriter
	buffer gopacket.SerializeBuffer
	now    func() time.Time
}

// NewRecorder returns a Recorder that writes to w; program is who made it.
func NewRecorder(w io.Writer, program string) (*Recorder, error) {
	writer, err := pcapgo.NewNgWriterInterface(w,
		pcapgo.NgInterface{Name: "proxy", LinkType: layers.LinkTypeRaw, TimestampResolution: 9},
		pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{Application: program}})
	if err != nil {
		return nil, err
	}
	return &Recorder{writer: writer, buffer: gopacket.NewSerializeBuffer(), now: time.Now}, writer.Flush()
}

// Recording is one connection on its way into a capture.
type Recording struct {
	recorder *Recorder
	ends     [2]netip.AddrPort
	next     [2]uint32 // sequence numbers
}

// Open records that a client connected to a daemon.
func (r *Recorder) Open(client, daemon netip.AddrPort) (*Recording, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	recording := &Recording{recorder: r, ends: [2]netip.AddrPort{client, daemon}}
	for _, segment := range []struct {
		from int
		tcp  layers.TCP
	}{
		{0, layers.TCP{SYN: true}},
		{1, layers.TCP{SYN: true, ACK: true}},
		{0, layers.TCP{ACK: true}},
	} {
		if err := recording.write(segment.from, segment.tcp, nil); err != nil {
			return nil, err
		}
	}
	return recording, r.writer.Flush()
}

// mostPayload is how much one packet carries: less than what a packet of IPv4
// can.
const mostPayload = 32 << 10

// Write records bytes that the client (from 0) or the daemon (from 1) sent.
// They are on disk when it returns, as far as the writer goes.
func (c *Recording) Write(from int, data []byte) error {
	c.recorder.mutex.Lock()
	defer c.recorder.mutex.Unlock()
	for len(data) > 0 {
		part := data[:min(len(data), mostPayload)]
		data = data[len(part):]
		if err := c.write(from, layers.TCP{ACK: true, PSH: len(data) == 0}, part); err != nil {
			return err
		}
	}
	return c.recorder.writer.Flush()
}

// Close records that this side sends no more.
func (c *Recording) Close(from int) error {
	c.recorder.mutex.Lock()
	defer c.recorder.mutex.Unlock()
	if err := c.write(from, layers.TCP{FIN: true, ACK: true}, nil); err != nil {
		return err
	}
	return c.recorder.writer.Flush()
}

func (c *Recording) write(from int, segment layers.TCP, data []byte) error {
	source, target := c.ends[from], c.ends[1-from]
	segment.SrcPort, segment.DstPort = layers.TCPPort(source.Port()), layers.TCPPort(target.Port())
	segment.Seq, segment.Window = c.next[from], 0xffff
	if segment.ACK {
		segment.Ack = c.next[1-from]
	}
	network := ipLayer(source.Addr(), target.Addr())
	if err := segment.SetNetworkLayerForChecksum(network); err != nil {
		return err
	}
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	packet := c.recorder.buffer
	if err := gopacket.SerializeLayers(packet, options, network, &segment, gopacket.Payload(data)); err != nil {
		return err
	}
	c.next[from] += uint32(len(data))
	if segment.SYN || segment.FIN {
		c.next[from]++
	}
	size := len(packet.Bytes())
	return c.recorder.writer.WritePacket(gopacket.CaptureInfo{Timestamp: c.recorder.now(), CaptureLength: size, Length: size}, packet.Bytes())
}

// internetLayer is IPv4 or IPv6.
type internetLayer interface {
	gopacket.NetworkLayer
	gopacket.SerializableLayer
}

func ipLayer(source, target netip.Addr) internetLayer {
	source, target = source.Unmap(), target.Unmap()
	if source.Is4() && target.Is4() {
		return &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: source.AsSlice(), DstIP: target.AsSlice()}
	}
	wide := func(a netip.Addr) net.IP { b := a.As16(); return b[:] }
	return &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: wide(source), DstIP: wide(target)}
}
