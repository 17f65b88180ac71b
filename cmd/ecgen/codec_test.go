package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecgen/ecgen/generated/ec"
)

func TestTheSpecAsDataIsWhatIsGenerated(t *testing.T) {
	t.Chdir(root)
	l, err := new(input).load()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ec.Protocol, l.protocol.Codec()); diff != "" {
		t.Errorf("-generated +data:\n%s", diff)
	}
}
