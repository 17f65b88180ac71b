package codec_test

import (
	"testing"

	"github.com/ecgen/ecgen/codec"
)

func TestOnlyWhatCameWithAReleaseInDevelopmentIsProvisional(t *testing.T) {
	p := &codec.Protocol{Releases: []codec.Release{{Name: "3.0"}, {Name: "3.1", Provisional: true}}}
	for since, want := range map[string]bool{"": false, "3.0": false, "3.1": true, "3.2": false} {
		if got := p.Provisional(since); got != want {
			t.Errorf("since %q: %t, want %t", since, got, want)
		}
	}
}
