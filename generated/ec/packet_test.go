package ec_test

import (
	"errors"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

func TestAWholePacketReadsAsItWasWritten(t *testing.T) {
	for _, flags := range []codec.Flags{0, codec.FlagBase, codec.FlagBase | codec.FlagUTF8Numbers, codec.FlagBase | codec.FlagZlib} {
		written := ec.Packet{From: codec.FromDaemon, Flags: flags, Message: &ec.Failed{Reason: "no such file"}}
		data, err := written.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		read := ec.Packet{From: codec.FromDaemon}
		if err := read.UnmarshalBinary(data); err != nil {
			t.Fatalf("flags %#x: %v", uint32(flags), err)
		}
		failed, ok := read.Message.(*ec.Failed)
		if !ok || failed.Reason != "no such file" || read.Flags != max(flags, codec.FlagBase) {
			t.Errorf("flags %#x: read %#x, %v", uint32(flags), uint32(read.Flags), read.Message)
		}
		if err := read.UnmarshalBinary(append(data, 0)); !errors.Is(err, codec.ErrTrailing) {
			t.Errorf("with a byte behind it: %v, want ErrTrailing", err)
		}
		if err := read.UnmarshalBinary(data[:len(data)-1]); !errors.Is(err, codec.ErrTruncated) {
			t.Errorf("without its last byte: %v, want ErrTruncated", err)
		}
	}
}

func TestReadRefusesWhatTheSideDoesNotWrite(t *testing.T) {
	frame := codec.Frame{Flags: codec.FlagBase, Body: []byte{byte(ec.OpNoOp), 0, 0}}
	if _, err := ec.Read(codec.FromClient, frame); !errors.Is(err, codec.ErrOpcode) {
		t.Errorf("NOOP from a client: %v, want ErrOpcode", err)
	}
}

func TestAMessageIsEmptyAfterAnError(t *testing.T) {
	message := &ec.Failed{Reason: "an old reason"}
	broken := []byte{byte(ec.OpFailed), 0, 1, 0, 0, 6, 0, 0, 0, 9, 'x'}
	if err := message.UnmarshalBody(broken, codec.FlagBase); !errors.Is(err, codec.ErrTruncated) {
		t.Fatalf("%v, want ErrTruncated", err)
	}
	if message.Reason != "" {
		t.Errorf("it still says %q", message.Reason)
	}
}
