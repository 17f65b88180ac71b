package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// The tests of this file cut or stall a connection at every byte. A bubble
// fails when a goroutine is left over, and its time shows who hung.

// script is what a real daemon said at a login and as a large reply.
func script(t *testing.T) []byte {
	_, daemon := captured(t, "raw-amuled-2.3.3", "raw-detail-levels")
	return daemon
}

// asks are the requests of the same capture, without the login.
func asks(t *testing.T) []ec.Message {
	client, _ := captured(t, "raw-amuled-2.3.3", "raw-detail-levels")
	var requests []ec.Message
	for _, packet := range packets(client)[2:] {
		requests = append(requests, message(t, codec.FromClient, packet))
	}
	return requests
}

// played returns a connection whose other side says the first n bytes of a
// stream whenever it is read, and then does what then says.
func played(stream []byte, n int, then func(far net.Conn)) net.Conn {
	near, far := net.Pipe()
	go func() {
		go io.Copy(io.Discard, far)
		// One packet for each request, as a daemon: more would be unasked.
		for len(stream) > 0 && n > 0 {
			packet := packets(stream)[0]
			stream = stream[len(packet):]
			if _, err := far.Write(packet[:min(n, len(packet))]); err != nil {
				break
			}
			n -= len(packet)
			synctest.Wait()
		}
		then(far)
	}()
	return near
}

// converse logs in and sends the requests one after the other, and returns how
// many replies came, and the error.
func converse(conn net.Conn, requests []ec.Message, o Options) (replies int, err error) {
	o.Password = secret
	c, err := NewClient(context.Background(), conn, o)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	for _, request := range requests {
		if _, err := c.Call(context.Background(), request); err != nil {
			return replies, err
		}
		replies++
	}
	return replies, nil
}

// complete returns how many packets end within the first n bytes of a stream.
func complete(stream []byte, n int) (count int) {
	for _, packet := range packets(stream) {
		if n -= len(packet); n < 0 {
			break
		}
		count++
	}
	return count
}

// step is how far apart the cuts of a long reply are: each byte, unless tests
// are to be quick.
func step() int {
	if testing.Short() || raceDetector {
		return 23
	}
	return 1
}

func TestTheClientReportsACutAtEveryByte(t *testing.T) {
	stream, requests := script(t), asks(t)
	login := len(bytes.Join(packets(stream)[:2], nil))
	for n := 0; n < len(stream); n++ {
		if n > login+200 && n%step() != 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			replies, err := converse(played(stream, n, func(far net.Conn) { far.Close() }), requests, Options{})
			if !errors.Is(err, ErrConnectionLost) || !strings.Contains(err.Error(), "dial again") || time.Since(start) > 0 {
				t.Errorf("cut after %d bytes: %v after %v", n, err, time.Since(start))
			}
			if want := max(0, complete(stream, n)-2); replies != want {
				t.Errorf("cut after %d bytes: %d replies, want %d", n, replies, want)
			}
		})
	}
}

func TestTheClientGivesUpAStallAtEveryByte(t *testing.T) {
	stream, requests := script(t), asks(t)
	for n := 0; n < len(stream); n += step() {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := converse(played(stream, n, func(net.Conn) {}), requests, Options{Timeout: time.Minute})
			if !errors.Is(err, ErrNoAnswer) || time.Since(start) != time.Minute {
				t.Errorf("stalled after %d bytes: %v after %v", n, err, time.Since(start))
			}
		})
	}
}

// What the client sends, cut at every byte: the server ends the connection, and
// answers what it has heard.
func TestTheServerBearsACutAtEveryByte(t *testing.T) {
	links := make([]ec.Link, 100)
	for i := range links {
		links[i].URL = "ed2k://|file|debian.iso|734003200|00112233445566778899aabbccddeeff|/"
	}
	stream := append(packet(t, &ec.AuthReq{ProtocolVersion: protocolVersion}), packet(t, &ec.AuthPasswd{Hash: secret.answer(1)})...)
	login := len(stream)
	stream = append(stream, packet(t, &ec.AddLink{Links: links})...)
	for n := 0; n < len(stream); n++ {
		if n > login+200 && n%step() != 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			near, ended := connected(&Server{Handler: library(), salt: func() uint64 { return 1 }})
			answers := make(chan int)
			go func() {
				b, _ := io.ReadAll(near)
				answers <- len(packets(b))
			}()
			near.Write(stream[:n])
			synctest.Wait()
			near.Close()
			start := time.Now()
			<-ended
			if time.Since(start) > 0 {
				t.Errorf("cut after %d bytes: it took %v", n, time.Since(start))
			}
			if got, want := <-answers, complete(stream, n); got != want {
				t.Errorf("cut after %d bytes: %d answers, want %d", n, got, want)
			}
		})
	}
}

// The client goes away at every byte of what the server sends.
func TestTheServerBearsAReaderThatLeavesAtEveryByte(t *testing.T) {
	files := &ec.SharedFiles{Files: make([]ec.SharedFile, 120)}
	for i := range files.Files {
		files.Files[i].KnownFile = &ec.KnownFile{ECID: uint32(i), Name: strings.Repeat("x", i)}
	}
	var mux Mux
	Handle(&mux, func(context.Context, *Conn, *ec.GetSharedFiles) (*ec.SharedFiles, error) { return files, nil })
	size := files.SizeBody(codec.FlagBase) + codec.HeaderSize
	for n := 0; n < size; n += step() {
		synctest.Test(t, func(t *testing.T) {
			near, ended := connected(&Server{Handler: &mux})
			logInBy(t, near)
			go near.Write(packet(t, &ec.GetSharedFiles{}))
			if _, err := io.ReadFull(near, make([]byte, n)); err != nil {
				t.Error(err)
			}
			near.Close()
			<-ended
		})
	}
}
