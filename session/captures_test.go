package session

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// captured returns the two byte streams of a connection between real programs.
func captured(t testing.TB, pair, scenario string) (client, daemon []byte) {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join("..", "generated", "ec", "testdata", "captures", pair+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	read := func(name string) []byte {
		file, err := archive.Open(scenario + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		b, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return read("c2s.bin"), read("s2c.bin")
}

// packets cuts a stream into packets, header and body.
func packets(stream []byte) (all [][]byte) {
	for len(stream) >= codec.HeaderSize {
		size := codec.HeaderSize + int(binary.BigEndian.Uint32(stream[4:]))
		all = append(all, stream[:size])
		stream = stream[size:]
	}
	return all
}

// message reads a packet.
func message(t testing.TB, from codec.Direction, packet []byte) ec.Message {
	t.Helper()
	p := ec.Packet{From: from}
	if err := p.UnmarshalBinary(packet); err != nil {
		t.Fatal(err)
	}
	return p.Message
}

// What real clients sent at login is sent to our server, which is to answer
// with the bytes of the real daemon. The password was ectest.
func TestTheServerAnswersCapturedLoginsByteForByte(t *testing.T) {
	old := func() *Server {
		return &Server{Version: "2.3.3", Capabilities: &Capabilities{Zlib: true, UTF8Numbers: true, Notify: true}}
	}
	new := func() *Server { return &Server{Version: "GIT"} }
	for _, test := range []struct {
		pair, scenario string
		packets        int // of the client, that belong to the login or are answered without a handler
		server         func() *Server
	}{
		{"raw-amuled-2.3.3", "raw-missing-password", 2, old},
		{"raw-amuled-2.3.3", "raw-new-version", 1, old},
		{"raw-amuled-2.3.3", "raw-old-version", 1, old},
		{"raw-amuled-2.3.3", "raw-no-version", 1, old},
		{"raw-amuled-2.3.3", "raw-no-caps-fixed-numbers", 2, old},
		{"raw-amuled-2.3.3", "raw-utf8-only", 2, old},
		{"raw-amuled-2.3.3", "raw-zlib-only", 2, old},
		{"raw-amuled-2.3.3", "raw-notify", 2, old},
		{"raw-amuled-2.3.3", "raw-packet-after-authfail", 3, old},
		{"raw-amuled-2.3.3", "raw-unauthenticated-request", 1, old},
		{"raw-amuled-2.3.3", "raw-flags-0x00", 1, old},
		{"raw-amuled-2.3.3", "raw-flags-0x60", 1, old},
		{"raw-amuled-2.3.3", "raw-unknown-flag-0x08", 1, old},
		{"amulecmd-2.3.3-amuled-2.3.3", "status", 2, old},
		{"amulecmd-2.3.3-amuled-2.3.3", "login-wrong-password", 2, old},
		{"amuleweb-2.3.3-amuled-2.3.3", "web-tour", 2, old},
		{"amulecmd-3.0-amuled-3.0", "status", 2, new},
		{"raw-amuled-3.0", "raw-update-stream-partial", 2, new},
		{"raw-amuled-3.0", "raw-missing-password", 2, new},
	} {
		t.Run(test.pair+"/"+test.scenario, func(t *testing.T) {
			client, daemon := captured(t, test.pair, test.scenario)
			server := test.server()
			server.Password, server.Timeout = secret, time.Second
			var want []byte
			for i, packet := range packets(daemon) {
				if salt, ok := message(t, codec.FromDaemon, packet).(*ec.AuthSalt); ok {
					server.salt = func() uint64 { return salt.PasswdSalt }
				}
				if i < test.packets {
					want = append(want, packet...)
				}
			}
			if got := play(t, server, packets(client)[:test.packets], len(want)); !bytes.Equal(got, want) {
				t.Errorf("the server sends\n%x, want\n%x", got, want)
			}
		})
	}
}

// play sends packets to a server and returns what it sends: so many bytes, or
// more if there are more before it closes the connection.
func play(t *testing.T, s *Server, packets [][]byte, want int) []byte {
	t.Helper()
	near, far := net.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.ServeConn(far)
	}()
	go func() {
		for _, packet := range packets {
			if _, err := near.Write(packet); err != nil {
				return
			}
		}
	}()
	got := make([]byte, want, want+1)
	near.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, err := io.ReadFull(near, got)
	if err != nil && err != io.EOF {
		t.Error(err)
	}
	near.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	more, _ := near.Read(got[n:cap(got)])
	near.Close()
	<-ended
	return got[:n+more]
}

// The client's own packets, for what amulecmd and amulegui announced.
func TestTheClientLogsInByteForByte(t *testing.T) {
	for _, test := range []struct {
		pair, scenario string
		options        Options
	}{
		{"amulecmd-2.3.3-amuled-2.3.3", "status", Options{Capabilities: &Capabilities{Zlib: true, UTF8Numbers: true}}},
		{"amulecmd-3.0-amuled-3.0", "status", Options{Capabilities: &Capabilities{
			Zlib: true, UTF8Numbers: true, LargeTagCount: true, PartialUpdate: true, PreferNoZlib: true,
		}}},
	} {
		t.Run(test.pair, func(t *testing.T) {
			client, daemon := captured(t, test.pair, test.scenario)
			hello := message(t, codec.FromClient, packets(client)[0]).(*ec.AuthReq)
			test.options.Password = secret
			test.options.ClientName, test.options.ClientVersion = hello.ClientName, hello.ClientVersion
			near, far := net.Pipe()
			go func() {
				for _, packet := range packets(daemon)[:2] {
					far.Write(packet)
				}
			}()
			sent := make(chan []byte, 1)
			want := bytes.Join(packets(client)[:2], nil)
			go func() {
				got := make([]byte, len(want))
				io.ReadFull(far, got)
				sent <- got
			}()
			c, err := NewClient(within(t), near, test.options)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if got := <-sent; !bytes.Equal(got, want) {
				t.Errorf("the client sends\n%x, want\n%x", got, want)
			}
		})
	}
}
