package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/generated/ec"
)

// Names of other writing systems take two cells a letter.
func TestTablesFitTheTerminal(t *testing.T) {
	table := table{columns: []column{{title: "n"}, {title: "state", text: true}, {title: "name", text: true}}}
	table.row("5", "完了", "a rather long name")
	table.row("10", "x", "日本語の名前")
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, " n  state  name\n 5  完了   a rather long name\n10  x      日本語の名前\n"},
		{17, " n  state  name\n 5  完了   a rat…\n10  x      日本…\n"},
		{4, " n …\n 5 …\n10 …\n"},
	} {
		var out bytes.Buffer
		if err := table.print(&out, c.width, false); err != nil || out.String() != c.want {
			t.Errorf("width %d: %v, got\n%s, want\n%s", c.width, err, &out, c.want)
		}
	}
	table.columns[1].spare = true
	for width, want := range map[int]string{
		31: " n  state  name\n 5  完了   a rather long name\n10  x      日本語の名前\n",
		29: " n  state  name\n 5  完了   a rather long name\n10  x      日本語の名前\n",
		28: " n  name\n 5  a rather long name\n10  日本語の名前\n",
		16: " n  name\n 5  a rather lo…\n10  日本語の名前\n",
	} {
		var out bytes.Buffer
		if err := table.print(&out, width, false); err != nil || out.String() != want {
			t.Errorf("width %d, a column to spare: %v, got\n%s, want\n%s", width, err, &out, want)
		}
	}
	t.Setenv("COLUMNS", "30")
	for line := range strings.Lines(tool("", "bytes", "testdata/captures/downloads-2.3.3.s2c.bin").stdout) {
		if len([]rune(line)) > 31 {
			t.Errorf("too long: %s", line)
		}
	}
}

func TestAmountsAreReadable(t *testing.T) {
	for bytes, want := range map[uint64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 1<<20 - 1: "1.0 MiB", 1<<20 - 60: "1023.9 KiB", 734003200: "700.0 MiB",
		5 << 30: "5.0 GiB", 1 << 63: "8.0 EiB", 1<<64 - 1: "16.0 EiB",
	} {
		if got := sizeText(bytes); got != want {
			t.Errorf("%d: got %s, want %s", bytes, got, want)
		}
	}
	for _, c := range []struct {
		part, whole uint64
		want        string
	}{{0, 0, "100.0%"}, {0, 10, "0.0%"}, {1, 8, "12.5%"}, {999_999, 1_000_000, "99.9%"}, {10, 10, "100.0%"}, {11, 10, "100.0%"}} {
		if got := shareText(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: got %s, want %s", c.part, c.whole, got, c.want)
		}
	}
}

func TestWhatADownloadIsDoing(t *testing.T) {
	for want, download := range map[string]ec.PartFile{
		"waiting":     {Status: ec.PartFileStatusEmpty},
		"downloading": {Status: ec.PartFileStatusReady, SourceCountXfer: 1},
		"paused":      {Status: ec.PartFileStatusPaused},
		"stopped":     {Status: ec.PartFileStatusPaused, Stopped: true},
		"disk full":   {Status: ec.PartFileStatusInsufficient},
		"completing":  {Status: ec.PartFileStatusCompleting},
		"77":          {Status: 77},
	} {
		if got := stateText(&download); got != want {
			t.Errorf("%v: got %s, want %s", download.Status, got, want)
		}
	}
}

func TestTheEndOfASearch(t *testing.T) {
	for _, c := range []struct {
		name    string
		network ec.SearchType
		told    [][2]uint32 // SEARCH_STATUS and the number of results
		want    int         // after how many of them it has ended; 0 for not
	}{
		{"local, 2.3.3", ec.SearchTypeLocal, [][2]uint32{{0xffff, 0}, {0xffff, 5}, {0, 5}}, 3},
		{"local, which tells nothing of its end", ec.SearchTypeLocal, [][2]uint32{{0xffff, 0}, {0xffff, 5}, {0xffff, 5}, {0xffff, 5}, {0xffff, 5}}, 5},
		{"local, no results yet", ec.SearchTypeLocal, [][2]uint32{{0xffff, 0}, {0xffff, 0}, {0xffff, 0}, {0xffff, 0}, {0xffff, 0}}, 0},
		{"global", ec.SearchTypeGlobal, [][2]uint32{{100, 0}, {0, 3}, {1, 4}, {50, 4}, {99, 9}, {0, 9}, {0, 9}, {0, 9}}, 8},
		{"kad", ec.SearchTypeKad, [][2]uint32{{0, 0}, {0, 0}, {0, 0}, {0, 7}, {0xfffe, 7}}, 5},
	} {
		state := searchState{network: c.network}
		got := 0
		for i, told := range c.told {
			if state.ended(told[0], int(told[1])) {
				got = i + 1
				break
			}
		}
		if got != c.want {
			t.Errorf("%s: ended after %d, want %d", c.name, got, c.want)
		}
	}
}
