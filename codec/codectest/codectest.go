// Package codectest has the tests that every generated message must pass.
// Generated test files call it.
package codectest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// Message is what is tested: a generated message.
type Message interface {
	Opcode() codec.Opcode
	UnmarshalBody(body []byte, flags codec.Flags) error
	DecodeBody(body []byte, flags codec.Flags, mode codec.Mode, limits codec.Limits) error
	AppendBody(dst []byte, flags codec.Flags) ([]byte, error)
	SizeBody(flags codec.Flags) int
	Reset()
}

// Test tests the type of m: that messages with all sorts of values are read
// as they were written, that cut bodies are refused, that unknown tags and
// nothing else survive, that all is written whatever room there is, and that
// reading and writing again allocates nothing.
func Test(t *testing.T, m Message) {
	t.Run("round trip", func(t *testing.T) { each(t, m, roundTrip) })
	t.Run("JSON", func(t *testing.T) { each(t, m, roundTripJSON) })
	t.Run("truncation", func(t *testing.T) { each(t, m, truncation) })
	t.Run("reset", func(t *testing.T) { each(t, m, reset) })
	t.Run("merge", func(t *testing.T) { each(t, m, merge) })
	t.Run("unknown tags", func(t *testing.T) { unknownTags(t, m) })
	t.Run("room", func(t *testing.T) { room(t, m) })
	t.Run("allocations", func(t *testing.T) { allocations(t, m) })
}

// Benchmark measures how fast the type of m is written and read.
func Benchmark(b *testing.B, m Message) {
	m = Filled(m, 1)
	for _, form := range forms {
		body, err := m.AppendBody(nil, form.flags)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("op=append/form="+form.name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if body, err = m.AppendBody(body[:0], form.flags); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("op=unmarshal/form="+form.name, func(b *testing.B) {
			used := fresh(m)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if err := used.UnmarshalBody(body, form.flags); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// forms are the ways in which a body can be coded.
var forms = []struct {
	name  string
	flags codec.Flags
}{
	{"plain", codec.FlagBase},
	{"utf8", codec.FlagBase | codec.FlagUTF8Numbers},
	{"large", codec.FlagBase | codec.FlagLargeTagCount},
	{"zlib", codec.FlagBase | codec.FlagZlib},
	{"all", codec.FlagBase | codec.FlagUTF8Numbers | codec.FlagLargeTagCount | codec.FlagZlib},
}

// each calls test with messages of m's type: empty, and filled in several
// ways, of which there are fewer with -short.
func each(t *testing.T, m Message, test func(*testing.T, Message)) {
	variants := uint64(12)
	if testing.Short() {
		variants = 4
	}
	for seed := range variants {
		t.Run(fmt.Sprint("variant=", seed), func(t *testing.T) { test(t, Filled(m, seed)) })
	}
}

// Filled returns a new message of m's type, whose fields have values that the
// seed decides. Seed 0 leaves it empty.
func Filled(m Message, seed uint64) Message {
	filled := fresh(m)
	if seed > 0 {
		f := filler{rand.New(rand.NewPCG(seed, uint64(m.Opcode())))}
		f.fields(reflect.ValueOf(filled).Elem(), 4)
	}
	return filled
}

func fresh(m Message) Message {
	return reflect.New(reflect.TypeOf(m).Elem()).Interface().(Message)
}

func appendBody(t *testing.T, m Message, flags codec.Flags) []byte {
	t.Helper()
	body, err := m.AppendBody(nil, flags)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func roundTrip(t *testing.T, m Message) {
	for _, form := range forms {
		body := appendBody(t, m, form.flags)
		for _, mode := range []codec.Mode{0, codec.Share} {
			read := fresh(m)
			if err := read.DecodeBody(body, form.flags, mode, codec.DefaultLimits()); err != nil {
				t.Fatalf("%s: %v", form.name, err)
			}
			plain := form.flags &^ codec.FlagZlib
			if got, want := appendBody(t, read, plain), appendBody(t, m, plain); !bytes.Equal(got, want) {
				t.Errorf("%s: written as\n%x, read and written again as\n%x", form.name, want, got)
			}
		}
		if form.flags&codec.FlagZlib == 0 && m.SizeBody(form.flags) != len(body) {
			t.Errorf("%s: size %d, but %d bytes written", form.name, m.SizeBody(form.flags), len(body))
		}
		prefix := []byte("prefix")
		if got, _ := m.AppendBody(prefix, form.flags); !bytes.Equal(got, append(prefix[:len(prefix):len(prefix)], body...)) {
			t.Errorf("%s: appending changes what was there", form.name)
		}
	}
}

func roundTripJSON(t *testing.T, m Message) {
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	read := fresh(m)
	if err := json.Unmarshal(text, read); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got, want := appendBody(t, read, codec.FlagBase), appendBody(t, m, codec.FlagBase); !bytes.Equal(got, want) {
		t.Errorf("JSON\n%s\nis read as %x, want %x", text, got, want)
	}
}

func truncation(t *testing.T, m Message) {
	for _, form := range forms {
		body := appendBody(t, m, form.flags)
		for cut := 0; cut < len(body); cut += max(1, len(body)/500) {
			if err := fresh(m).UnmarshalBody(body[:cut], form.flags); !errors.Is(err, codec.ErrTruncated) {
				t.Fatalf("%s: %d of %d bytes: %v, want ErrTruncated", form.name, cut, len(body), err)
			}
		}
	}
}

func reset(t *testing.T, m Message) {
	m.Reset()
	if got, want := appendBody(t, m, codec.FlagBase), appendBody(t, fresh(m), codec.FlagBase); !bytes.Equal(got, want) {
		t.Errorf("after Reset it is written as %x, want %x", got, want)
	}
}

// merge merges a message into itself, which must change nothing.
func merge(t *testing.T, m Message) {
	body := appendBody(t, m, codec.FlagBase)
	for _, mode := range []codec.Mode{codec.Merge, codec.Merge | codec.Share} {
		read := fresh(m)
		for range 3 {
			if err := read.DecodeBody(body, codec.FlagBase, mode, codec.DefaultLimits()); err != nil {
				t.Fatal(err)
			}
		}
		if got := appendBody(t, read, codec.FlagBase); !bytes.Equal(got, body) {
			t.Errorf("merged with itself it is\n%x, want\n%x", got, body)
		}
	}
}

// unknownTags adds a tag that no message knows, and expects it back.
func unknownTags(t *testing.T, m Message) {
	var p codec.Packet
	if err := p.UnmarshalBody(appendBody(t, Filled(m, 1), codec.FlagBase), codec.FlagBase); err != nil {
		t.Fatal(err)
	}
	p.Tags = append(p.Tags, codec.NewString(codec.MaxTagName, "text", codec.NewUint(codec.MaxTagName-1, 70000)))
	for _, form := range forms {
		body, err := p.AppendBody(nil, form.flags)
		if err != nil {
			t.Fatal(err)
		}
		read := fresh(m)
		if err := read.UnmarshalBody(body, form.flags); err != nil {
			t.Fatal(err)
		}
		var again codec.Packet
		if err := again.UnmarshalBody(appendBody(t, read, form.flags), form.flags); err != nil {
			t.Fatal(err)
		}
		if !again.Equal(&p) {
			t.Errorf("%s: read and written again it is\n%v\nwant\n%v", form.name, &again, &p)
		}
	}
}

// room appends to memory that has too little room, just enough, and more.
// Deflated bodies are appended to dst only when they are complete.
func room(t *testing.T, m Message) {
	m = Filled(m, 2)
	for _, form := range forms[:2] {
		want := append([]byte("prefix"), appendBody(t, m, form.flags)...)
		for size := len("prefix"); size < len(want)+20; size++ {
			memory := bytes.Repeat([]byte{0xee}, size+20)
			copy(memory, "prefix")
			got, err := m.AppendBody(memory[:len("prefix"):size], form.flags)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: appended to memory of %d bytes it is\n%x, %v, want\n%x", form.name, size, got, err, want)
			}
			if behind := memory[size:]; !bytes.Equal(behind, bytes.Repeat([]byte{0xee}, len(behind))) {
				t.Fatalf("%s: appending to memory of %d bytes writes behind it: %x", form.name, size, behind)
			}
			exactly := append(make([]byte, 0, size), "prefix"...)
			if got, err := m.AppendBody(exactly, form.flags); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: appended to an allocation of %d bytes it is\n%x, %v, want\n%x", form.name, size, got, err, want)
			}
			if size > len("prefix")+200 && size < len(want)-50 {
				size += 20 // of large messages not each byte
			}
		}
	}
}

// allocations counts what reading into and writing from used memory allocates.
func allocations(t *testing.T, m Message) {
	if raceDetector {
		t.Log("not counted: the race detector makes sync.Pool forget")
		return
	}
	m = Filled(m, 1)
	for _, form := range forms[:3] {
		body := appendBody(t, m, form.flags)
		shared, copied, target := fresh(m), fresh(m), bytes.Clone(body)
		for _, operation := range []struct {
			name string
			run  func() error
		}{
			{"appending to a buffer with room", func() (err error) { target, err = m.AppendBody(target[:0], form.flags); return err }},
			{"sharing into a used message", func() error {
				return shared.DecodeBody(body, form.flags, codec.Share, codec.DefaultLimits())
			}},
			{"reading an equal message", func() error { return copied.UnmarshalBody(body, form.flags) }},
		} {
			run := func() {
				if err := operation.run(); err != nil {
					t.Fatal(err)
				}
			}
			run()
			if allocations := testing.AllocsPerRun(20, run); allocations != 0 {
				t.Errorf("%s: %s allocates %v times", form.name, operation.name, allocations)
			}
		}
	}
}
