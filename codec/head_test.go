package codec

import (
	"encoding/binary"
	"testing"
)

// TestHeadsReadInPlace compares the heads that generated code reads in place,
// and those for which Head has a short way, with the same heads read number by
// number.
func TestHeadsReadInPlace(t *testing.T) {
	inPlace := make(map[string]int)
	lengths := []uint32{0, 1, 8, 16, 126, 127, 128, 129, 200, 0x7ff, 0x800}
	step := stepOfNames(t)
	for _, flags := range []Flags{FlagBase, FlagBase | FlagUTF8Numbers} {
		for name := TagName(0); name <= MaxTagName; name += step {
			for _, tagType := range []Type{TypeUnknown, TypeCustom, TypeUint8, TypeUint64, TypeString, 0x7f, 0x80, 0xff} {
				for _, length := range lengths {
					if name%61 != 0 && (tagType != TypeUint8 || length != 1) {
						continue
					}
					body := appendHead([]byte{0, 0, 1}, flags, name, tagType, length, false)
					body = binary.BigEndian.AppendUint64(body, 0x0123456789abcdef)
					for _, size := range []int{3, 8, 124, 132, 150, 220, 2100} {
						checkHead(t, append(body[:len(body):len(body)], make([]byte, size)...), flags, inPlace)
					}
				}
			}
			for _, count := range []int{0, 1, 2, 0x7f, 0x80, 0x800, mostSmallCount, largeCount} {
				if name%61 != 0 && count != 1 {
					continue
				}
				body := appendCount(appendHead([]byte{0, 0, 1}, flags, name, TypeCustom, 200, true), count, flags)
				for _, size := range []int{0, 2, 3, 6, 7, 13, 14, 3*0x7f - 1, 3 * 0x7f, 7*0x7f - 1, 7 * 0x7f, 7 * 0x800} {
					checkHead(t, append(body[:len(body):len(body)], make([]byte, size)...), flags, inPlace)
				}
			}
		}
	}
	for _, kind := range []string{"fixed", "coded5", "coded4"} {
		if inPlace[kind] < 1000/int(step) {
			t.Errorf("only %d heads of kind %s were read in place", inPlace[kind], kind)
		}
	}
}

// stepOfNames is 1 when all names are tested.
func stepOfNames(t *testing.T) TagName {
	if testing.Short() {
		t.Log("with every seventh of the names only, because of -short")
		return 7
	}
	return 1
}

// TestBrokenHeadsReadInPlace does the same with heads of which a bit is
// wrong.
func TestBrokenHeadsReadInPlace(t *testing.T) {
	inPlace := make(map[string]int)
	const flags = FlagBase | FlagUTF8Numbers
	step := stepOfNames(t)
	for name := TagName(0); name <= MaxTagName; name += 7 * step {
		for _, length := range []uint32{1, 0x7f, 0x80, 0xc5, 0x7ff} {
			for _, children := range []bool{false, true} {
				body := appendHead([]byte{0, 0, 1}, flags, name, TypeCustom, length, children)
				head := len(body)
				body = append(body, make([]byte, 0x900)...)
				for bit := 3 * 8; bit < 8*head; bit++ {
					body[bit/8] ^= 0x80 >> (bit % 8)
					checkHead(t, body, flags, inPlace)
					body[bit/8] ^= 0x80 >> (bit % 8)
				}
			}
		}
	}
}

func checkHead(t *testing.T, body []byte, flags Flags, inPlace map[string]int) {
	t.Helper()
	slow := NewDecoder(body, flags, 0, DefaultLimits())
	want, wantSaved := slow.headByNumber(3), slow.saved
	quick := NewDecoder(body, flags, 0, DefaultLimits())
	var got Head
	switch {
	case quick.IsFixed(3):
		inPlace["fixed"]++
		got = quick.FixedHead(3)
	case quick.IsCoded5(3):
		inPlace["coded5"]++
		got = quick.CodedHead5(3)
	case quick.IsCoded4(3):
		inPlace["coded4"]++
		got = quick.CodedHead4(3)
	default:
		got = quick.Head(3)
	}
	same := got.Name() == want.Name() && got.End == want.End && got.Fits(0xffff) == want.Fits(0xffff) && quick.saved == wantSaved
	if want.End >= 0 {
		same = same && got.Type() == want.Type() && got.Length() == want.Length() && got.HasChildren() == want.HasChildren() && got.At() == want.At()
	}
	if same && want.Fits(1<<63) {
		same = got.Value() == want.Value()
	}
	if same && want.End >= 0 && want.HasChildren() {
		same = got.value == want.value
	}
	if !same {
		t.Fatalf("% x under %v: read in place %+v, by number %+v", body[:16], flags, got, want)
	}
	slow.Finish(0, -1, nil)
	quick.Finish(0, -1, nil)
}
