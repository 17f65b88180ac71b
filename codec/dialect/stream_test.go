package dialect_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// streams are all samples of each dialect. Of the trunk there is one; the others
// are ours.
func streams(t testing.TB) map[dialect.Dialect][]sample {
	of := make(map[dialect.Dialect][]sample)
	for _, s := range samples(t) {
		if s.of != 0 {
			of[s.of] = append(of[s.of], s)
		}
	}
	text := dialect.Trunk.Text(1, strings.Repeat("of late 2005 ", 10))
	for _, flags := range []codec.Flags{0x34, 0x26, 0x25, 0x27, 0x21} {
		p := &dialect.Packet{Flags: flags, Accepts: 0x27, ID: 7, Packet: codec.Packet{Opcode: 6, Tags: []codec.Tag{text}}}
		of[dialect.Trunk] = append(of[dialect.Trunk], sample{fmt.Sprintf("a packet with flags %#x", flags), dialect.Trunk, written(t, dialect.Trunk, p)})
	}
	return of
}

func join(list []sample) (stream []byte) {
	for _, s := range list {
		stream = append(stream, s.bytes...)
	}
	return stream
}

// wantPackets reads all packets of a stream and compares them with list.
func wantPackets(t *testing.T, d dialect.Dialect, stream io.Reader, list []sample) {
	t.Helper()
	r := dialect.NewReader(d, stream, codec.DefaultLimits())
	end := int64(0)
	for _, s := range list {
		p, err := r.Next()
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if end += int64(len(s.bytes)); r.Offset() != end {
			t.Fatalf("behind %s the offset is %d, want %d", s.name, r.Offset(), end)
		}
		if want := consume(t, d, s.bytes); !p.Equal(&want.Packet) || p.Flags != want.Flags || p.Accepts != want.Accepts || p.ID != want.ID {
			t.Fatalf("%s is read as\n%v\nwant\n%v", s.name, p, want)
		}
	}
	for range 2 {
		if p, err := r.Next(); err != io.EOF {
			t.Fatalf("then comes %v, %v", p, err)
		}
	}
}

// In both orders, so that deflated packets stand before others and behind.
func TestPacketsBackToBack(t *testing.T) {
	for d, list := range streams(t) {
		for _, s := range slices.Backward(list) {
			list = append(list, s)
		}
		stream := join(list)
		for name, in := range map[string]io.Reader{
			"whole":       bytes.NewReader(stream),
			"single":      iotest.OneByteReader(bytes.NewReader(stream)),
			"halves":      iotest.HalfReader(bytes.NewReader(stream)),
			"data at end": iotest.DataErrReader(bytes.NewReader(stream)),
		} {
			t.Run(d.String()+"/"+name, func(t *testing.T) { wantPackets(t, d, in, list) })
		}
	}
}

// A stream that comes in two parts, cut anywhere, has the same packets.
func TestStreamsCutAtEachByte(t *testing.T) {
	for d, list := range streams(t) {
		stream := join(list)
		t.Run(d.String(), func(t *testing.T) {
			for cut := range stream {
				wantPackets(t, d, io.MultiReader(bytes.NewReader(stream[:cut]), bytes.NewReader(stream[cut:])), list)
			}
		})
	}
}

// What a Reader takes from a stream of single bytes ends with the packet, so
// that whoever reads next finds what follows.
func TestReadersTakeOnePacket(t *testing.T) {
	for _, s := range samples(t) {
		if s.of == 0 {
			continue
		}
		in := bufio.NewReader(bytes.NewReader(append(bytes.Clone(s.bytes), "what follows"...)))
		p, err := dialect.NewReader(s.of, in, codec.DefaultLimits()).Next()
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if rest, _ := io.ReadAll(in); string(rest) != "what follows" {
			t.Errorf("behind %s (%v) stands %q", s.name, p, rest)
		}
	}
}

// Half a packet is never taken for a whole one.
func TestPrefixesAreRefused(t *testing.T) {
	for _, s := range samples(t) {
		if s.of == 0 {
			continue
		}
		for cut := range s.bytes {
			p, size, err := s.of.Consume(s.bytes[:cut], codec.DefaultLimits())
			if !errors.Is(err, codec.ErrTruncated) || size != 0 {
				t.Fatalf("%d of %d bytes of %s: %v, %d bytes, %v", cut, len(s.bytes), s.name, p, size, err)
			}
			if wrong, ok := errors.AsType[*codec.Error](err); !ok || wrong.Offset > len(s.bytes) && s.bytes[3]&1 == 0 {
				t.Fatalf("%d of %d bytes of %s: %+v", cut, len(s.bytes), s.name, wrong)
			}
			_, err = dialect.NewReader(s.of, bytes.NewReader(s.bytes[:cut]), codec.DefaultLimits()).Next()
			if cut == 0 && err != io.EOF || cut > 0 && !errors.Is(err, codec.ErrTruncated) {
				t.Fatalf("as a stream, %d of %d bytes of %s: %v", cut, len(s.bytes), s.name, err)
			}
		}
	}
}

// A failure of the stream is returned as it is, wherever it comes.
func TestFailuresOfTheStream(t *testing.T) {
	broken := errors.New("cable cut")
	for _, s := range samples(t) {
		if s.of == 0 {
			continue
		}
		for cut := range s.bytes {
			r := dialect.NewReader(s.of, io.MultiReader(bytes.NewReader(s.bytes[:cut]), iotest.ErrReader(broken)), codec.DefaultLimits())
			if p, err := r.Next(); err != broken {
				t.Fatalf("behind %d of %d bytes of %s: %v, %v", cut, len(s.bytes), s.name, p, err)
			}
		}
	}
}
