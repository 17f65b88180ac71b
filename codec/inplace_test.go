package codec

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

// someNames are at both ends of what is coded in one, two and three bytes, and
// of the usual names.
var someNames = []TagName{0, 0x3f, 0x40, 0x3ff, 0x400, 0x401, 0x7ff, 0x800, MaxTagName}

// inPlace calls test for each kind of tag that is appended in place: with what
// appends it, and the data as it is appended in the general way.
func inPlace(test func(name string, inPlace func(e *Encoder, dst []byte, tag TagName) []byte, data Payload)) {
	for _, v := range []uint64{0, 1, 0xff, 0x100, 0xffff, 0x10000, 0x12345678, math.MaxUint32, 1 << 32, 0x123456789abcdef0, math.MaxUint64} {
		test(fmt.Sprintf("integer %#x", v), func(e *Encoder, dst []byte, tag TagName) []byte { return e.AppendUint(dst, tag, v) }, UintPayload(v))
	}
	hash := Hash([]byte("sixteen bytes ha"))
	test("hash", func(e *Encoder, dst []byte, tag TagName) []byte { return e.AppendHash(dst, tag, &hash) }, BytesPayload(TypeHash16, hash[:]))
	lengths := []int{0x7ff - 1, 0x7ff, 0x800, 0xffff - 1, 0xffff, 0x10000, 0x1fffff - 1, 0x1fffff, 0x200000}
	for n := range 140 {
		lengths = append(lengths, n)
	}
	digits := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz", 0x4000000/36+1)
	ofType := func(n int, typ Type) {
		data := []byte(digits[:n])
		test(fmt.Sprintf("%d bytes of type %#x", n, uint8(typ)),
			func(e *Encoder, dst []byte, tag TagName) []byte { return e.AppendBytes(dst, tag, typ, data) }, BytesPayload(typ, data))
	}
	for _, n := range lengths {
		text := digits[:n]
		test(fmt.Sprintf("text of %d bytes", n), func(e *Encoder, dst []byte, tag TagName) []byte { return e.AppendString(dst, tag, text) }, StringPayload(text))
		for _, typ := range []Type{TypeCustom, 0x7f, 0x80, 0xff} {
			ofType(n, typ)
		}
	}
	ofType(0x4000000, 0xff)
	test("double", func(e *Encoder, dst []byte, tag TagName) []byte { return e.AppendDouble(dst, tag, "1.5") }, DoublePayload("1.5"))
}

// Tags that are appended in place are what they are when they are appended in
// the general way, wherever the memory ends; nothing behind it is written, and
// what does not fit is counted.
func TestAppendedInPlace(t *testing.T) {
	for _, flags := range []Flags{FlagBase, FlagBase | FlagUTF8Numbers} {
		inPlace(func(name string, inPlace func(*Encoder, []byte, TagName) []byte, data Payload) {
			long := data.size() > 200
			for _, tag := range someNames {
				if (long || testing.Short()) && tag != 0x400 && tag != MaxTagName {
					continue
				}
				general := Encoder{flags: flags, utf8: flags&FlagUTF8Numbers != 0}
				want := general.appendLeaf([]byte("abc"), tag, data)
				first, last := max(3, len(want)-20), len(want)+20
				if long {
					first, last = len(want)-1, len(want)
				}
				for room := first; room <= last; room++ {
					memory := append(make([]byte, 0, room+20), want[:3]...)[:room+20]
					behind := memory[room:]
					for i := range behind {
						behind[i] = 0xee
					}
					e := Encoder{flags: flags, utf8: general.utf8}
					got := inPlace(&e, memory[:3:room], tag)
					fits := room >= len(want)
					switch {
					case fits && (!bytes.Equal(got, want) || e.tally != general.tally || e.missing != 0):
						t.Fatalf("flags %#x, %s, tag %#x, room %d: % .60x, %v, %d missing; want % .60x, %v", uint32(flags), name, uint16(tag), room, got, e.tally, e.missing, want, general.tally)
					case !fits && (len(got) != 3 || e.missing != uint64(len(want)-3) || e.tally != general.tally+savedByte*tally(len(want)-3)):
						t.Fatalf("flags %#x, %s, tag %#x, room %d: % .60x, %v, %d missing; want none of %d", uint32(flags), name, uint16(tag), room, got, e.tally, e.missing, len(want)-3)
					case bytes.Count(behind, []byte{0xee}) != len(behind):
						t.Fatalf("flags %#x, %s, tag %#x, room %d: writes behind it: % x", uint32(flags), name, uint16(tag), room, behind)
					}
				}
			}
		})
	}
}

// Numbers that are coded into a word are what they are when they are appended.
func TestCodedIntoWords(t *testing.T) {
	check := func(number uint32, word uint64, size int) {
		t.Helper()
		var got [8]byte
		for i := range got {
			got[i] = byte(word >> (56 - 8*i))
		}
		if want := appendNumber(nil, number); size != len(want) || !bytes.Equal(got[:size], want) {
			t.Fatalf("%#x is coded as % x, %d bytes, want % x", number, got, size, want)
		}
	}
	for number := range uint32(0x10000) {
		word, size := codeBefore(0, uint64(number))
		check(number, word, size)
	}
	for bit := 16; bit < 31; bit++ {
		for _, number := range []uint32{1 << bit, 1<<bit + 1, 1<<bit | 0x5555, 1<<(bit+1) - 1} {
			word, size := codeLong(uint64(number)>>18, codeLowest(uint64(number)))
			check(number, word, size)
		}
	}
}

// A body for which there was no room, and that is finished all the same, is an
// error and never a body that lacks something.
func TestFinishWithoutGrow(t *testing.T) {
	e, dst := NewEncoder(make([]byte, 0, 10), FlagBase)
	dst, mark := e.OpenBody(dst, 1, 1)
	dst = e.AppendString(dst, 5, "a text that does not fit")
	if body, err := e.Finish(nil, e.CloseBody(dst, mark)); err == nil || len(body) > 0 {
		t.Errorf("% x, %v; want an error", body, err)
	}
}

// What is too large is refused before memory is made for it.
func TestGrowRefusesWhatIsTooLarge(t *testing.T) {
	e, dst := NewEncoder(nil, FlagBase)
	dst, mark := e.OpenBody(dst, 1, 1)
	text := strings.Repeat("x", 1<<24)
	for range 256 {
		dst = e.AppendString(dst, 5, text)
	}
	body := e.CloseBody(dst, mark)
	var grown []byte
	if e.Grow(&grown, body) {
		t.Fatalf("grown to %d bytes, want a refusal", cap(grown))
	}
	if _, err := e.Finish(nil, body); err != ErrNotEncodable {
		t.Errorf("error %v, want %v", err, ErrNotEncodable)
	}
}
