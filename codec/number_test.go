package codec

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// The test points of reference section 1.4.
var numberPoints = []struct {
	value uint32
	coded string
}{
	{0, "00"}, {0x7f, "7f"}, {0x80, "c280"}, {0x7ff, "dfbf"}, {0x800, "e0a080"},
	{0xd800, "eda080"}, {0xffff, "efbfbf"}, {0x10000, "f0908080"}, {0x1fffff, "f7bfbfbf"},
	{0x200000, "f888808080"}, {0x3ffffff, "fbbfbfbfbf"}, {0x4000000, "fc8480808080"}, {0x7fffffff, "fdbfbfbfbfbf"},
}

func TestNumberPoints(t *testing.T) {
	for _, point := range numberPoints {
		coded := appendNumber(nil, point.value)
		if got := hex.EncodeToString(coded); got != point.coded {
			t.Errorf("%#x is coded as %s, want %s", point.value, got, point.coded)
		}
		if got := numberSize(point.value); got != len(coded) {
			t.Errorf("size of %#x is %d, want %d", point.value, got, len(coded))
		}
		if v, next := readNumber(coded, 0); v != point.value || next != len(coded) {
			t.Errorf("%s reads as %#x, next %d", point.coded, v, next)
		}
		for cut := range coded {
			if _, next := readNumber(coded[:cut], 0); next != numberTruncated {
				t.Errorf("%s cut to %d bytes: next %d, want more to be asked for", point.coded, cut, next)
			}
		}
	}
}

func TestEachNumberReadsAsWritten(t *testing.T) {
	check := func(v uint32) {
		coded := appendNumber(nil, v)
		if got, next := readNumber(coded, 0); got != v || next != len(coded) || len(coded) != numberSize(v) {
			t.Fatalf("%#x is coded as %x and reads as %#x", v, coded, got)
		}
	}
	for v := uint32(0); v < 1<<17; v++ {
		check(v)
	}
	for shift := 17; shift < 31; shift++ {
		for _, d := range []uint32{0, 1, 2, 0x155} {
			check(1<<shift + d)
			check(1<<shift - 1 - d)
		}
	}
}

func TestOverlongAndBrokenNumbersAreRefused(t *testing.T) {
	for _, text := range []string{
		"c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf", "f880808080", "f887bfbfbf",
		"fc8080808080", "fc83bfbfbfbf", "80", "bf", "fe8080808080", "ffffffffffff", "c300", "c3c0", "e0a000", "fd8080808000",
	} {
		b, _ := hex.DecodeString(text)
		b = append(b, bytes.Repeat([]byte{0x80}, 8)...)
		if v, next := readNumber(b, 0); next != numberInvalid {
			t.Errorf("%s reads as %#x, next %d, want it refused", text, v, next)
		}
	}
}
