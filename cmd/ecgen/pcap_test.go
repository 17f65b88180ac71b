package main

import (
	"encoding/binary"
	"time"
)

// pcap makes a capture file of TCP connections on this machine, as Wireshark
// reads it. Packets are a millisecond apart.
type pcap struct {
	bytes []byte
	now   time.Duration
	most  int // bytes that are kept of a packet, or 0 for all
}

// newPcap begins a file whose packets begin with their IP header.
func newPcap() *pcap {
	const linkTypeRaw = 101
	p := &pcap{}
	for _, word := range []uint32{0xa1b2c3d4, 2 | 4<<16, 0, 0, 1 << 18, linkTypeRaw} {
		p.bytes = binary.LittleEndian.AppendUint32(p.bytes, word)
	}
	return p
}

// connection is one in a pcap, between a client's port and a daemon's.
type connection struct {
	file         *pcap
	client       uint16
	daemon       uint16
	sent         [2]uint32 // by direction
	segmentSizes []int     // of which segments are cut in turn
	segments     int
}

func (p *pcap) connect(client, daemon uint16, segmentSizes ...int) *connection {
	return &connection{file: p, client: client, daemon: daemon, segmentSizes: segmentSizes}
}

// send adds the segments of what one side writes.
func (c *connection) send(fromDaemon bool, data []byte) {
	for len(data) > 0 {
		size := min(len(data), c.segmentSizes[c.segments%len(c.segmentSizes)])
		c.segments++
		c.segment(fromDaemon, data[:size])
		data = data[size:]
	}
}

func (c *connection) segment(fromDaemon bool, data []byte) {
	from, to, mine, theirs := c.client, c.daemon, 0, 1
	if fromDaemon {
		from, to, mine, theirs = to, from, theirs, mine
	}
	const headers = 40 // of IP and TCP
	packet := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1}
	binary.BigEndian.PutUint16(packet[2:], uint16(headers+len(data)))
	packet = binary.BigEndian.AppendUint16(packet, from)
	packet = binary.BigEndian.AppendUint16(packet, to)
	packet = binary.BigEndian.AppendUint32(packet, 1+c.sent[mine])
	packet = binary.BigEndian.AppendUint32(packet, 1+c.sent[theirs])
	packet = append(packet, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0) // header length; PSH and ACK; window; no checksum
	packet = append(packet, data...)
	c.sent[mine] += uint32(len(data))

	p := c.file
	p.now += time.Millisecond
	kept := packet
	if p.most > 0 {
		kept = packet[:min(p.most, len(packet))]
	}
	for _, word := range []uint32{uint32(p.now / time.Second), uint32(p.now % time.Second / time.Microsecond), uint32(len(kept)), uint32(len(packet))} {
		p.bytes = binary.LittleEndian.AppendUint32(p.bytes, word)
	}
	p.bytes = append(p.bytes, kept...)
}
