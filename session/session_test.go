package session

import (
	"errors"
	"testing"

	"github.com/ecgen/ecgen/generated/ec"
)

func TestAClientLogsInAndAsks(t *testing.T) {
	c := dial(t, serve(t, &Server{Handler: library()}), Options{})
	shared, err := Call(within(t), c, &ec.GetSharedFiles{})
	if err != nil {
		t.Fatal(err)
	}
	if len(shared.Files) != 1 || shared.Files[0].KnownFile.Name != "debian.iso" {
		t.Errorf("got %v", shared)
	}
	want := Peer{Version: "3.0.0", Capabilities: Capabilities{Zlib: true, UTF8Numbers: true, LargeTagCount: true, PartialUpdate: true, PreferNoZlib: true}}
	if c.Peer() != want {
		t.Errorf("the peer is %+v, want %+v", c.Peer(), want)
	}
}

func TestFailedIsAnError(t *testing.T) {
	c := dial(t, serve(t, &Server{Handler: library()}), Options{})
	_, err := Call(within(t), c, &ec.AddLink{Links: []ec.Link{{URL: "x"}}})
	failed, ok := errors.AsType[*FailedError](err)
	if !ok || failed.Reply.Reason != "Invalid link or already on list." || failed.Request != ec.OpAddLink {
		t.Errorf("got %v", err)
	}
	_, err = Call(within(t), c, &ec.GetStatsTree{})
	if failed, ok := errors.AsType[*FailedError](err); !ok || failed.Reply.Reason != "Invalid opcode (wrong protocol version?)" {
		t.Errorf("got %v", err)
	}
	if _, err = Call(within(t), c, &ec.GetSharedFiles{}); err != nil {
		t.Error(err)
	}
}
