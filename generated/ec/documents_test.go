package ec_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// documented returns a packet that aMule's protocol document prints.
func documented(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/documents/" + name)
	if err != nil {
		t.Fatal(err)
	}
	packet, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

func TestALoginOf31SaysWhatTheDaemonKnows(t *testing.T) {
	bytesOf31 := documented(t, "auth-ok-3.1.hex")
	packet := ec.Packet{From: codec.FromDaemon}
	if err := packet.UnmarshalBinary(bytesOf31); err != nil {
		t.Fatal(err)
	}
	ok := packet.Message.(*ec.AuthOK)
	if ok.ServerVersion != "GIT rev. 3.1.0-89-g091eac4fe" || ok.SessionID != 0x5f44b222d7599d58 || len(ok.AEADServerConfirm) != 32 || len(ok.Unknown) > 0 {
		t.Errorf("read %v", ok)
	}
	for op, want := range map[codec.Opcode]bool{
		ec.OpGetClientHistory: true,
		ec.OpSetSharedDirs:    true,
		ec.OpSearchList:       true,
		ec.OpGetChatSessions:  false, // for a client that sent CAN_CHAT_SESSIONS
	} {
		if tag, gated := ec.Capability(op); !gated || ok.Present(tag) != want {
			t.Errorf("%v needs %v (%t), which is there: %t, want %t", op, tag, gated, ok.Present(tag), want)
		}
	}
	if _, gated := ec.Capability(ec.OpStatReq); gated {
		t.Error("STAT_REQ needs a capability, but 2.3.3 knows it")
	}
	if again, err := packet.MarshalBinary(); err != nil || !bytes.Equal(again, bytesOf31) {
		t.Errorf("%v, written again as\n%x\n%x", err, again, bytesOf31)
	}
}

// What came with a release in development stands in no packet of a released
// aMule, and what a released one writes needs nothing of it.
func TestOlderProgramsAreUnaffectedBy31(t *testing.T) {
	for f, m := range typedFrames(t) {
		shape := ec.Protocol.Message(f.from, m.Opcode())
		if ec.Protocol.Provisional(shape.Since) {
			t.Errorf("%s is a message of %s", f.name(), shape.Since)
		}
		for _, field := range shape.Fields {
			if ec.Protocol.Provisional(field.Since) && m.Present(field.Tag) {
				t.Errorf("%s has %s of %s", f.name(), field.Name, field.Since)
			}
		}
	}
	for _, shape := range ec.Protocol.Shapes {
		for _, field := range shape.Fields {
			if field.Required && ec.Protocol.Provisional(field.Since) && !ec.Protocol.Provisional(shape.Since) {
				t.Errorf("%s.%s is required since %s, but %s is older", shape.Name, field.Name, field.Since, shape.Name)
			}
		}
	}
}
