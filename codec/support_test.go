package codec_test

import (
	"encoding/hex"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// The flags of the forms in which a body can be coded.
const (
	fixed = codec.FlagBase
	utf8  = codec.FlagBase | codec.FlagUTF8Numbers
	large = codec.FlagLargeTagCount
	zip   = codec.FlagZlib
)

// forms are all these forms.
var forms = []struct {
	name  string
	flags codec.Flags
}{
	{"fixed", fixed},
	{"fixed large", fixed | large},
	{"UTF-8", utf8},
	{"UTF-8 large", utf8 | large},
	{"zlib", fixed | zip},
	{"zlib large", fixed | zip | large},
	{"zlib UTF-8", utf8 | zip},
	{"zlib UTF-8 large", utf8 | zip | large},
}

// unhex returns the bytes that stand in text as hex digits.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// written returns m's body under these flags.
func written(t testing.TB, m codec.Appender, flags codec.Flags) []byte {
	t.Helper()
	body, err := m.AppendBody(nil, flags)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// framed returns m as a whole packet.
func framed(t testing.TB, m codec.Appender, flags codec.Flags) []byte {
	t.Helper()
	frame, err := codec.AppendFrame(nil, flags, m)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// read returns the untyped packet that body is.
func read(t testing.TB, body []byte, flags codec.Flags) *codec.Packet {
	t.Helper()
	var p codec.Packet
	if err := p.UnmarshalBody(body, flags); err != nil {
		t.Fatal(err)
	}
	return &p
}

// limits returns the limits with these budgets.
func limits(t testing.TB, b codec.Budgets) codec.Limits {
	t.Helper()
	l, err := codec.NewLimits(b)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
