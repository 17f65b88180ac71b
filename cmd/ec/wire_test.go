package main

import (
	"bytes"
	"compress/gzip"
	"net"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// wire collects packets for a packet capture.
type wire struct {
	t       *testing.T
	link    layers.LinkType
	v6      bool
	packets [][]byte
}

// host is one end of a connection.
type host struct {
	port uint16
	seq  uint32
}

const (
	syn = 1 << iota
	ack
	fin
)

// send adds a packet from one host to another, which begins at the sender's
// sequence number and advances it.
func (w *wire) send(from, to *host, bits int, payload string) {
	w.t.Helper()
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(from.port), DstPort: layers.TCPPort(to.port), Seq: from.seq, Ack: to.seq, Window: 1 << 15,
		SYN: bits&syn != 0, ACK: bits&ack != 0, FIN: bits&fin != 0,
	}
	from.seq += uint32(len(payload))
	if bits&(syn|fin) != 0 {
		from.seq++
	}
	addresses := [2]net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(127, 0, 0, 1)}
	var network gopacket.SerializableLayer
	etherType := layers.EthernetTypeIPv4
	if w.v6 {
		etherType = layers.EthernetTypeIPv6
		ip := &layers.IPv6{Version: 6, HopLimit: 9, NextHeader: layers.IPProtocolTCP, SrcIP: net.IPv6loopback, DstIP: net.IPv6loopback}
		w.check(tcp.SetNetworkLayerForChecksum(ip))
		network = ip
	} else {
		ip := &layers.IPv4{Version: 4, TTL: 9, Protocol: layers.IPProtocolTCP, SrcIP: addresses[0], DstIP: addresses[1]}
		w.check(tcp.SetNetworkLayerForChecksum(ip))
		network = ip
	}
	buffer := gopacket.NewSerializeBuffer()
	w.check(gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, network, tcp, gopacket.Payload(payload)))
	w.packets = append(w.packets, append(w.linkHeader(etherType), buffer.Bytes()...))
}

// linkHeader returns what stands before a packet of IP.
func (w *wire) linkHeader(of layers.EthernetType) []byte {
	high, low := byte(of>>8), byte(of)
	switch w.link {
	case layers.LinkTypeEthernet:
		return append(make([]byte, 12), high, low)
	case layers.LinkTypeNull:
		if of == layers.EthernetTypeIPv6 {
			return []byte{30, 0, 0, 0}
		}
		return []byte{2, 0, 0, 0}
	case layers.LinkTypeLinuxSLL:
		return append([]byte{0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}, high, low)
	case layers.LinkTypeLinuxSLL2:
		return append([]byte{high, low, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6}, make([]byte, 8)...)
	}
	return nil
}

func (w *wire) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open adds the handshake and returns the client and the daemon.
func (w *wire) open(client, daemon uint16) (c, d *host) {
	c, d = &host{client, 1000}, &host{daemon, 1<<32 - 20} // the daemon's numbers run over
	w.send(c, d, syn, "")
	w.send(d, c, syn|ack, "")
	w.send(c, d, ack, "")
	return c, d
}

func (w *wire) info(i int, size int) gopacket.CaptureInfo {
	return gopacket.CaptureInfo{Timestamp: time.Unix(1_700_000_000, int64(i)*1000), CaptureLength: size, Length: size}
}

func (w *wire) pcap() string {
	var file bytes.Buffer
	out := pcapgo.NewWriter(&file)
	w.check(out.WriteFileHeader(1<<16, w.link))
	for i, packet := range w.packets {
		w.check(out.WritePacket(w.info(i, len(packet)), packet))
	}
	return file.String()
}

func (w *wire) pcapng() string {
	var file bytes.Buffer
	out, err := pcapgo.NewNgWriter(&file, w.link)
	w.check(err)
	for i, packet := range w.packets {
		w.check(out.WritePacket(w.info(i, len(packet)), packet))
	}
	w.check(out.Flush())
	return file.String()
}

func gzipped(plain string) string {
	var file bytes.Buffer
	out := gzip.NewWriter(&file)
	out.Write([]byte(plain))
	out.Close()
	return file.String()
}
