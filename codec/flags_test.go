package codec_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// checkFlags checks the verdict on flags everywhere where flags are given.
func checkFlags(t *testing.T, flags codec.Flags, want error) {
	t.Helper()
	if err := flags.Check(); err != want {
		t.Errorf("Check of %#x: %v, want %v", uint32(flags), err, want)
	}
	noOp := codec.Packet{Opcode: ec.OpNoOp}
	frame := append(codec.AppendHeader(nil, codec.Header{Flags: flags, Length: 3}), 1, 0, 0)
	got, size, err := codec.ConsumeFrame(frame, codec.DefaultLimits())
	if !errors.Is(err, want) || (err == nil) != (want == nil) || size != len(frame) || got.Flags != flags {
		t.Errorf("ConsumeFrame with %#x: %d bytes, flags %#x, %v; want %v", uint32(flags), size, uint32(got.Flags), err, want)
	}
	if want == nil {
		return
	}
	for what, err := range map[string]error{
		"untyped":   new(codec.Packet).UnmarshalBody(frame[codec.HeaderSize:], flags),
		"typed":     new(ec.NoOp).UnmarshalBody(frame[codec.HeaderSize:], flags),
		"AppendTo":  second(noOp.AppendBody(nil, flags)),
		"AppendMsg": second(new(ec.NoOp).AppendBody(nil, flags)),
	} {
		if !errors.Is(err, want) {
			t.Errorf("%s with %#x: %v, want %v", what, uint32(flags), err, want)
		}
	}
}

func second(_ []byte, err error) error { return err }

// Each bit, beside the one that is always set, is obeyed, ignored or refused.
func TestEachFlagBit(t *testing.T) {
	verdicts := map[int]error{3: codec.ErrEncrypted}
	for _, bit := range []int{6, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31} {
		verdicts[bit] = codec.ErrFlags
	}
	for bit := range 32 {
		t.Run(fmt.Sprint("bit=", bit), func(t *testing.T) {
			checkFlags(t, codec.FlagBase|1<<bit, verdicts[bit])
			if bit != 5 {
				checkFlags(t, 1<<bit, codec.ErrFlags)
			}
		})
	}
}

func TestFlagsTogether(t *testing.T) {
	for _, c := range []struct {
		flags codec.Flags
		want  error
	}{
		{0x20, nil}, {0x21, nil}, {0x22, nil}, {0x23, nil}, {0x30, nil}, {0x31, nil}, {0x32, nil}, {0x33, nil},
		{0x808080 | 0x24, nil}, {0x808080 | 0x37, nil},
		{0x28, codec.ErrEncrypted}, {0x2b, codec.ErrEncrypted}, {0x3b, codec.ErrEncrypted}, {0x8080ac, codec.ErrEncrypted},
		{0, codec.ErrFlags}, {0x40, codec.ErrFlags}, {0x60, codec.ErrFlags}, {0x13, codec.ErrFlags}, {0x73, codec.ErrFlags},
		{0x68, codec.ErrFlags}, {0x08, codec.ErrFlags}, {0x128, codec.ErrFlags},
		{0x122, codec.ErrFlags}, {0x40000032, codec.ErrFlags}, {0x32000000, codec.ErrFlags}, {0xffffffff, codec.ErrFlags},
	} {
		checkFlags(t, c.flags, c.want)
	}
}

// The ignored bits change nothing of what a body is.
func TestIgnoredBitsAreIgnored(t *testing.T) {
	const ignored codec.Flags = 1<<2 | 1<<7 | 1<<15 | 1<<23
	for _, form := range forms {
		body := written(t, &worked[5].packet, form.flags)
		if again := written(t, &worked[5].packet, form.flags|ignored); string(again) != string(body) {
			t.Errorf("%s: written as %x, with more bits as %x", form.name, body, again)
		}
		if got := read(t, body, form.flags|ignored); !got.Equal(&worked[5].packet) {
			t.Errorf("%s: read as\n%v", form.name, got)
		}
	}
}
