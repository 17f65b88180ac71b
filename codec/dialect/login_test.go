package dialect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// A daemon finds out the dialect from the login, and not before it is whole.
func TestLoginsAreDetected(t *testing.T) {
	for _, s := range samples(t) {
		if !strings.Contains(s.name, "auth_req") {
			continue
		}
		want := s.of
		if want == dialect.V23 {
			want = dialect.V30 // which stands for both
		}
		for cut := range s.bytes {
			if d, err := dialect.DetectLogin(s.bytes[:cut], codec.LoginLimits()); !errors.Is(err, codec.ErrTruncated) {
				t.Errorf("%d of %d bytes of %s: %v, %v", cut, len(s.bytes), s.name, d, err)
			}
		}
		if d, err := dialect.DetectLogin(s.bytes, codec.LoginLimits()); err != nil || d != want {
			t.Errorf("%s: %v, %v, want %v", s.name, d, err, want)
		}
		if version, ok := s.of.ProtocolVersion(&consume(t, s.of, s.bytes).Packet); !ok || version != uint64(s.of.Protocol()) {
			t.Errorf("%s: protocol version %#x, %v", s.name, version, ok)
		}
	}
}

func TestWhatIsNoLogin(t *testing.T) {
	for _, text := range []string{"474554202f20485454502f312e310d0a", "ffffffff", "60000000", "00000060 00000003 010000", "20 01 0000"} {
		if d, err := dialect.DetectLogin(unhex(t, text), codec.LoginLimits()); !errors.Is(err, codec.ErrOpcode) {
			t.Errorf("%s: %v, %v", text, d, err)
		}
	}
	// What 3.0 reads, it shall answer.
	if d, err := dialect.DetectLogin(unhex(t, "00000020 00000003 010000"), codec.LoginLimits()); err != nil || d != dialect.V30 {
		t.Errorf("%v, %v", d, err)
	}
}
