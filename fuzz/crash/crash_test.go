package crash

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/targets"
)

func failing(run func(data []byte) error) targets.Target {
	return targets.Target{Name: "Made", Run: run}
}

// One fault gives many inputs, which have one site; two faults have two.
func TestSites(t *testing.T) {
	index := failing(func(data []byte) error { _ = data[int(data[0])]; return nil })
	other := failing(func(data []byte) error { _ = data[:4][int(data[0])]; return nil })
	message := failing(func(data []byte) error {
		return fmt.Errorf("flags %#x: %x\nis read as\n  0x0200 UINT8 %d", data[0], data, data[0])
	})
	path := failing(func(data []byte) error {
		return fmt.Errorf("*ec.SharedFiles: too short at offset %d in SharedFiles/PartFile[%d]/%s, not there", data[0], data[1], data[2:])
	})
	for name, c := range map[string]struct {
		target targets.Target
		a, b   string
	}{
		"path":    {path, "\x09\x09Name", "\x01\x07Server/0x1234[7]"},
		"index":   {index, "\x09abc", "\x20a"},
		"other":   {other, "\x09abc", "\xf0abcd"},
		"message": {message, "\x09abc", "\xffabcdefgh"},
	} {
		a, b := Run(c.target, []byte(c.a)), Run(c.target, []byte(c.b))
		if a == nil || b == nil || a.Site != b.Site || a.ID() != b.ID() {
			t.Errorf("%s: %+v\n%+v", name, a, b)
		}
	}
	if c := Run(path, []byte("\x09\x09Name")); c.Site != "SharedFiles: too short at offset # in # not there" {
		t.Errorf("the site is %q", c.Site)
	}
	if a, b := Run(index, []byte("\x09a")), Run(message, []byte("\x09a")); a.Site == b.Site {
		t.Errorf("two faults have the site %q", a.Site)
	}
	if c := Run(failing(func([]byte) error { return nil }), nil); c != nil {
		t.Errorf("%v of a target that holds", c)
	}
}

// The site of a panic is in the code that panics, not in what called it.
func TestSiteIsTheFirstOwnFunction(t *testing.T) {
	c := Run(failing(func([]byte) error { (*codec.Packet)(nil).AppendBody(nil, 0); return nil }), nil)
	if c == nil || !strings.Contains(c.Site, " in codec.") || !strings.Contains(c.Stack, "codec/") {
		t.Errorf("%+v", c)
	}
}

// What no program survives is found in what it printed.
func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ output, site string }{
		"overflow": {
			"runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\ngoroutine 1 [running]:\n" +
				"runtime.throw({0x1, 0x2})\n\t/go/src/runtime/panic.go:1\ngithub.com/ecgen/ecgen/codec.(*Decoder).skip(0xc0)\n\t/x/codec/decoder.go:9\n",
			"runtime: goroutine stack exceeds # byte limit in codec.(*Decoder).skip",
		},
		"hang": {
			"panic: ran for more than 10s\nSIGQUIT: quit\n\ngithub.com/ecgen/ecgen/fuzz/crash.Run({0x1})\n\t/x\ngithub.com/ecgen/ecgen/codec/view.(*Viewer).json(0x1)\n\t/y\n",
			"panic: ran for more than 10s in codec/view.(*Viewer).json",
		},
		"nothing": {"", "died without a word"},
	} {
		got := Parse("Made", c.output)
		if got.Site != c.site {
			t.Errorf("%s: %q, want %q", name, got.Site, c.site)
		}
	}
}

func TestKeeperKeepsTheSmallestOfEachSite(t *testing.T) {
	dir := t.TempDir()
	crash := &Crash{Target: "Made", Site: "panic: index out of range # in codec.x", Text: "index out of range [9]"}
	for _, data := range []string{"longer", "long", "longest", "tiny"} {
		// A Keeper for each, as processes have.
		if err := NewKeeper(dir).Keep(crash, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := NewKeeper(dir).Keep(&Crash{Target: "Made", Site: "other"}, []byte("x")); err != nil {
		t.Fatal(err)
	}
	list, err := Read(dir)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if got := list[1]; got.Crash != *crash || string(got.Input) != "long" || got.Reduced != nil {
		t.Errorf("%+v", got)
	}
	if err := list[1].KeepReduced([]byte{}); err != nil {
		t.Fatal(err)
	}
	if list, _ = Read(dir); list[1].Reduced == nil || len(list[1].Least()) != 0 {
		t.Errorf("reduced to nothing: %+v", list[1])
	}
}

// A target that crashes everywhere does not fill the disk.
func TestKeeperKeepsSoManySites(t *testing.T) {
	k := NewKeeper(t.TempDir())
	for i := range sitesKept + 10 {
		if err := k.Keep(&Crash{Target: "Made", Site: fmt.Sprint("site ", i)}, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := Read(k.dir); err != nil || len(list) != sitesKept {
		t.Errorf("%d sites, %v", len(list), err)
	}
}

func TestKeeperSaysWhatItCannotKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	err := NewKeeper(file).Keep(&Crash{Target: "Made", Site: "site"}, nil)
	if err == nil || !strings.HasPrefix(err.Error(), CannotKeep) || errors.Unwrap(err) == nil {
		t.Errorf("%v", err)
	}
}
