package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// conversationOf sends both captured directions of a real connection, in
// packets of at most size bytes.
func (w *wire) conversationOf(capture string, client, daemon *host, size int) {
	sent := [2]string{readFile(w.t, capture+".c2s.bin"), readFile(w.t, capture+".s2c.bin")}
	for sent[0] != "" || sent[1] != "" {
		for from, hosts := range [2][2]*host{{client, daemon}, {daemon, client}} {
			n := min(size, len(sent[from]))
			if n > 0 {
				w.send(hosts[0], hosts[1], ack, sent[from][:n])
			}
			sent[from] = sent[from][n:]
		}
	}
	w.send(client, daemon, fin|ack, "")
	w.send(daemon, client, fin|ack, "")
}

const downloads = "testdata/captures/downloads-2.3.3"

// Both directions of a packet capture are what the streams themselves are.
func TestPacketCapturesInAllFormats(t *testing.T) {
	expected := map[string]string{}
	for from, stream := range map[string]string{"client": ".c2s.bin", "daemon": ".s2c.bin"} {
		expected[from] = tool("", "dump", "--json", downloads+stream).stdout
	}
	for _, link := range []layers.LinkType{
		layers.LinkTypeEthernet, layers.LinkTypeNull, layers.LinkTypeRaw, layers.LinkTypeLinuxSLL, layers.LinkTypeLinuxSLL2,
	} {
		for _, v6 := range []bool{false, true} {
			w := &wire{t: t, link: link, v6: v6}
			client, daemon := w.open(50000, 4712)
			w.conversationOf(downloads, client, daemon, 500)
			for format, file := range map[string]string{"pcap": w.pcap(), "pcapng": w.pcapng(), "pcap.gz": gzipped(w.pcap()), "pcapng.gz": gzipped(w.pcapng())} {
				t.Run(fmt.Sprintf("%v,v6=%v,%s", link, v6, format), func(t *testing.T) {
					for from, want := range expected {
						got := tool(file, "dump", "--json", "--from", from, "-")
						if got.stdout != want || got.code != exitGood || got.stderr != "" {
							t.Errorf("from %s: exit code %d, %s\n%s\nwant\n%s", from, got.code, got.stderr, got.stdout, want)
						}
					}
				})
			}
		}
	}
}

// The packets of one file may come from several interfaces.
func TestSeveralInterfacesInOneCapture(t *testing.T) {
	ethernet, raw := &wire{t: t, link: layers.LinkTypeEthernet}, &wire{t: t, link: layers.LinkTypeRaw, v6: true}
	client, daemon := ethernet.open(50000, 4712)
	ethernet.send(client, daemon, ack, statReq)
	client, daemon = raw.open(50001, 4712)
	raw.send(daemon, client, ack, statReply)
	var file bytes.Buffer
	out, err := pcapgo.NewNgWriter(&file, ethernet.link)
	ethernet.check(err)
	second, err := out.AddInterface(pcapgo.NgInterface{LinkType: raw.link, SnapLength: 1 << 16})
	ethernet.check(err)
	for i := range ethernet.packets {
		ethernet.check(out.WritePacket(ethernet.info(i, len(ethernet.packets[i])), ethernet.packets[i]))
		info := raw.info(i, len(raw.packets[i]))
		info.InterfaceIndex = second
		raw.check(out.WritePacket(info, raw.packets[i]))
	}
	ethernet.check(out.Flush())
	want(t, result{exitGood, tool(statReq, "dump", "--raw", "-").stdout + tool(statReply, "dump", "--raw", "-").stdout, ""}, file.String(), "dump", "--raw", "-")
}

// A dump of a live capture shows each packet when it has come.
func TestDumpOfALiveCaptureDoesNotWaitForMore(t *testing.T) {
	w := &wire{t: t, link: layers.LinkTypeEthernet}
	client, daemon := w.open(50000, 4712)
	begun := len(w.pcap())
	in, feed := io.Pipe()
	out, printed := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(context.Background(), []string{"dump", "--raw", "-"}, in, printed, io.Discard)
		printed.Close()
	}()
	if _, err := io.WriteString(feed, w.pcap()); err != nil {
		t.Fatal(err)
	}
	expected := tool(statReq, "dump", "--raw", "-").stdout
	line := make([]byte, 200)
	for range 3 {
		w.send(client, daemon, ack, statReq)
		if _, err := io.WriteString(feed, w.pcap()[begun:]); err != nil {
			t.Fatal(err)
		}
		begun = len(w.pcap())
		n, err := out.Read(line)
		if got := string(line[:n]); err != nil || got != expected {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	feed.Close()
	if got := <-code; got != exitGood {
		t.Errorf("exit code %d", got)
	}
}

func TestWhatTheNetworkDoesToPacketsIsUndone(t *testing.T) {
	for _, c := range []struct {
		name  string
		order []int // of the packets
	}{
		{"as sent", []int{0, 1, 2, 3, 4, 5}},
		{"retransmitted", []int{0, 1, 2, 3, 3, 4, 3, 5, 5}},
		{"out of order", []int{0, 1, 2, 5, 4, 3}},
		{"both", []int{0, 1, 2, 4, 4, 5, 3, 5, 4, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wire{t: t, link: layers.LinkTypeEthernet}
			client, daemon := w.open(50000, 4712)
			w.send(client, daemon, ack, statReq[:15])
			w.send(client, daemon, ack, statReq[15:]+statReq[:3])
			w.send(client, daemon, ack, statReq[3:])
			var packets [][]byte
			for _, i := range c.order {
				packets = append(packets, w.packets[i])
			}
			w.packets = packets
			want(t, result{exitGood, tool(statReq+statReq, "dump", "--json", "-").stdout, ""}, w.pcap(), "dump", "--json", "-")
		})
	}
	t.Run("sent again in other parts", func(t *testing.T) {
		w := &wire{t: t, link: layers.LinkTypeEthernet}
		client, daemon := w.open(50000, 4712)
		w.send(client, daemon, ack, statReq[:12])
		client.seq -= 7
		w.send(client, daemon, ack, (statReq + noop)[5:])
		want(t, result{exitGood, tool(statReq+noop, "dump", "--raw", "-").stdout, ""}, w.pcap(), "dump", "--raw", "-")
	})
}

// What lacks is said with its place, and the rest is shown.
func TestLacksOfACaptureAreNamed(t *testing.T) {
	const (
		request = `{"flags":32,"op":10,"tags":[[4,2,"00",[]]]}` + "\n"
		reply   = `{"flags":32,"op":12,"tags":[[512,2,"05",[]]]}` + "\n"
		begins  = `{"error":"the capture begins within the connection; frames before this are left out in what the %s sent","offset":%d}` + "\n"
	)
	for _, c := range []struct {
		name string
		send func(w *wire)
		want string
	}{
		{"bytes in the middle", func(w *wire) {
			client, daemon := w.open(50000, 4712)
			w.send(client, daemon, ack, statReq+statReq[:5])
			w.send(daemon, client, ack, statReply)
			client.seq += 100
			w.send(client, daemon, ack, "in the middle of nowhere")
			w.send(client, daemon, ack, statReq)
		}, request + reply + `{"error":"the capture lacks 100 bytes in what the client sent","offset":24}` + "\n" + request},
		{"begins between frames", func(w *wire) {
			client, daemon := &host{50000, 5}, &host{4712, 7}
			w.send(client, daemon, ack, statReq)
			w.send(daemon, client, ack, statReply)
		}, fmt.Sprintf(begins, "client", 0) + request + fmt.Sprintf(begins, "daemon", 0) + reply},
		{"begins within a frame, seen by the daemon's first", func(w *wire) {
			client, daemon := &host{50000, 5}, &host{4712, 7}
			w.send(client, daemon, ack, statReq[7:])
			w.send(daemon, client, ack, statReply)
			w.send(client, daemon, ack, statReq)
		}, fmt.Sprintf(begins, "daemon", 0) + reply + fmt.Sprintf(begins, "client", 0) + request},
		{"begins within a frame, seen later", func(w *wire) {
			client, daemon := &host{50000, 5}, &host{4712, 7}
			w.send(daemon, client, ack, statReply)
			w.send(client, daemon, ack, statReq[7:])
			w.send(client, daemon, ack, statReq)
		}, fmt.Sprintf(begins, "daemon", 0) + reply + fmt.Sprintf(begins, "client", 12) + request},
		{"no frame in one direction", func(w *wire) {
			client, daemon := &host{50000, 5}, &host{4712, 7}
			w.send(daemon, client, ack, statReply)
			w.send(client, daemon, ack, statReq[7:])
		}, fmt.Sprintf(begins, "daemon", 0) + reply +
			`{"error":"the capture begins within the connection, and no frame was found in 12 bytes in what the client sent","offset":0}` + "\n"},
		{"ends within a frame", func(w *wire) {
			client, daemon := w.open(50000, 4712)
			w.send(client, daemon, ack, statReq+statReq[:5])
			w.send(daemon, client, ack, statReply)
		}, request + reply + `{"error":"the bytes end too early in what the client sent","offset":24}` + "\n"},
		{"ends within a frame, in the middle", func(w *wire) {
			client, daemon := w.open(50000, 4712)
			w.send(client, daemon, ack, statReq+statReq[:5])
			w.send(client, daemon, ack|fin, "")
			w.send(daemon, client, ack, statReply)
		}, request + `{"error":"the bytes end too early in what the client sent","offset":24}` + "\n" + reply},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wire{t: t, link: layers.LinkTypeEthernet}
			c.send(w)
			want(t, result{exitFindings, c.want, ""}, w.pcap(), "dump", "--raw", "-")
		})
	}
}

func TestRefusedFramesOfACaptureEndTheDump(t *testing.T) {
	w := &wire{t: t, link: layers.LinkTypeEthernet}
	client, daemon := w.open(50000, 4712)
	w.send(client, daemon, ack, statReq+badFlags)
	w.send(daemon, client, ack, statReply)
	w.send(client, daemon, ack, statReq)
	const refused = `{"error":"aMule refuses these flags in what the client sent","offset":19}` + "\n"
	request, reply := tool(statReq, "dump", "--raw", "-").stdout, tool(statReply, "dump", "--raw", "-").stdout
	want(t, result{exitFindings, request + refused, ""}, w.pcap(), "dump", "--raw", "-")
	want(t, result{exitFindings, request + refused + reply + request, ""}, w.pcap(), "dump", "--raw", "--keep-going", "-")
}

// Several connections, of which not all are EC.
func (w *wire) busy() string {
	c1, d1 := w.open(50001, 4712)
	web, server := w.open(50002, 80)
	c2, d2 := w.open(50003, 4712)
	w.send(web, server, ack, "GET / HTTP/1.1\r\n\r\n")
	w.send(c1, d1, ack, statReq)
	w.send(c2, d2, ack, statReq)
	w.send(server, web, ack, "HTTP/1.1 204 No Content\r\n\r\n")
	w.send(d2, c2, ack, statReply)
	w.send(d1, c1, ack, statReply)
	return w.pcapng()
}

func TestConnectionsAreToldApart(t *testing.T) {
	file := (&wire{t: t, link: layers.LinkTypeEthernet}).busy()
	request, reply := tool(statReq, "dump", "-").stdout, tool(statReply, "dump", "-").stdout
	const first, second = "connection 1: client 127.0.0.1:50001, daemon 127.0.0.1:4712\n", "connection 2: client 127.0.0.1:50003, daemon 127.0.0.1:4712\n"
	want(t, result{exitGood, first + request + second + request + reply + first + reply, ""}, file, "dump", "-")
	want(t, result{exitGood, second + request + reply, ""}, file, "dump", "--connection", "2", "-")
	want(t, result{exitGood, second + reply, ""}, file, "dump", "--connection", "2", "--from", "daemon", "-")
	want(t, result{exitGood, first + request + second + request + reply + first + reply, ""}, file, "dump", "--port", "4712", "-")
	want(t, result{exitFindings, "", "ec dump: there is no connection 3, the last is 2\n"}, file, "dump", "--connection", "3", "-")
	want(t, result{exitFindings, "", "ec dump: no EC connection is there, in 15 packets, 15 of them of TCP\n"}, file, "dump", "--port", "4713", "-")
	if got := tool(file, "dump", "--port", "80", "-"); got.code != exitFindings || !strings.Contains(got.stdout, `{"error":"the body is larger than the limit`) {
		t.Errorf("a web server's connection that is said to be EC: %+v", got)
	}
}

// Who is the daemon is found out without the opening too.
func TestDaemonOfAConnectionWithoutItsOpening(t *testing.T) {
	for _, c := range []struct {
		name        string
		first       string // what the host at port 6000 says to the one at port 7000
		port1       uint16
		port2       uint16
		want        string
		wantMessage string
	}{
		{"by opcode", statReply, 6000, 7000, "daemon 127.0.0.1:6000", "from daemon"},
		{"by the other's opcode", statReq, 6000, 7000, "daemon 127.0.0.1:7000", "from client"},
		{"by the usual port", progress, 4000, 4712, "daemon 127.0.0.1:4712", "from client"},
		{"by the lower port", progress, 6000, 7000, "daemon 127.0.0.1:6000", "from daemon"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &wire{t: t, link: layers.LinkTypeEthernet}
			w.send(&host{c.port1, 1}, &host{c.port2, 1}, ack, c.first)
			got := tool(w.pcap(), "dump", "-").stdout
			if !strings.Contains(got, c.want) || !strings.Contains(got, c.wantMessage) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestBrokenPacketCaptures(t *testing.T) {
	w := &wire{t: t, link: layers.LinkTypeEthernet}
	client, daemon := w.open(50000, 4712)
	w.send(client, daemon, ack, statReq)
	w.send(daemon, client, ack, statReply)
	request := tool(statReq, "dump", "--raw", "-").stdout
	for format, file := range map[string]string{"pcap": w.pcap(), "pcapng": w.pcapng()} {
		got := tool(file[:len(file)-5], "dump", "--raw", "-")
		if got != (result{exitFindings, request, "ec dump: the capture ends within a packet\n"}) {
			t.Errorf("%s: %+v", format, got)
		}
	}
	want(t, result{exitFindings, "", "ec dump: no EC connection is there, in 0 packets, 0 of them of TCP\n"}, (&wire{t: t, link: layers.LinkTypeRaw}).pcap(), "dump", "-")
	want(t, result{exitFindings, "", "ec dump: the capture is broken: what is compressed is no packet capture\n"}, gzipped("some text"), "dump", "-")
	want(t, result{exitFailed, "", `ec dump: --port and --connection are for packet captures, which FILE is not; see "ec help dump"` + "\n"}, noop, "dump", "--port", "4712", "-")
	want(t, result{exitFailed, "", `ec dump: want --port up to 65535 and --connection from 1 on; see "ec help dump"` + "\n"}, w.pcap(), "dump", "--port", "65536", "-")

	out := filepath.Join(t.TempDir(), "out")
	got := tool(w.pcap(), "recode", "-", "-o", out)
	if got.code != exitFailed || !strings.Contains(got.stderr, "packet capture") {
		t.Errorf("recode: %+v", got)
	}
}

// Whatever stands in a file that begins as a capture does, the end is a
// verdict.
func TestSpoiledPacketCapturesHaveAVerdict(t *testing.T) {
	w := &wire{t: t, link: layers.LinkTypeEthernet}
	w.busy()
	random := rand.New(rand.NewPCG(1, 2))
	for _, file := range []string{w.pcap(), w.pcapng()} {
		for range 500 {
			spoiled := []byte(file)
			for range 1 + random.IntN(8) {
				spoiled[4+random.IntN(len(spoiled)-4)] = byte(random.Uint32())
			}
			spoiled = spoiled[:4+random.IntN(len(spoiled)-4)]
			if got := tool(string(spoiled), "dump", "--raw", "--keep-going", "-"); got.code == exitFailed {
				t.Fatalf("%x: %+v", spoiled, got)
			}
		}
	}
}

func TestFirstPacketsMayBeSmall(t *testing.T) {
	for _, size := range []int{1, 3, 5, 8, 9} {
		w := &wire{t: t, link: layers.LinkTypeEthernet}
		client, daemon := w.open(50000, 4712)
		w.conversationOf(downloads, client, daemon, size)
		want(t, tool(readFile(t, downloads+".c2s.bin"), "dump", "--json", "-"), w.pcap(), "dump", "--json", "--from", "client", "-")
	}
}
