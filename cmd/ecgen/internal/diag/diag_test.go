package diag_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sources = map[string][]byte{
	"codes.h": []byte("\ufeffenum {\n\tA\tB,\n\tC = 0xfffffffff,\r\n\tÄpfel € = 1\n\n\x1b[2J x\n" +
		string(bytes.Repeat([]byte("0123456789"), 40)) + "\n"),
	"a.yaml": []byte("message: STATS\nfields:\n  - PARTFILE_NAM\n"),
}

func findings() diag.List {
	var list diag.List
	list.Add(diag.Position{File: "codes.h", Line: 3, Column: 6}, "%s does not fit in %d bits", "0xfffffffff", 32)
	list.Add(diag.Position{File: "codes.h", Line: 1, Column: 6}, "behind a byte order mark")
	list.Add(diag.Position{File: "codes.h", Line: 2, Column: 4}, "a comma is missing before B")
	list.Add(diag.Position{File: "codes.h", Line: 4, Column: 8}, "unexpected character '€'")
	list.Add(diag.Position{File: "codes.h", Line: 5, Column: 1}, "at an empty line")
	list.Add(diag.Position{File: "codes.h", Line: 6, Column: 5}, "control characters are not sent to the terminal")
	list.Add(diag.Position{File: "codes.h", Line: 7, Column: 205}, "in a very long line")
	list.Add(diag.Position{File: "codes.h", Line: 2}, "about the whole line")
	list.Add(diag.Position{File: "codes.h"}, "about the whole file")
	list.Add(diag.Position{File: "codes.h", Line: 2, Column: 4}, "a comma is missing before B") // once is enough
	list.Add(diag.Position{File: "codes.h", Line: 99, Column: 1}, "beyond the last line")
	list.Add(diag.Position{File: "absent.h", Line: 1, Column: 1}, "in a file without source")
	list.Add(diag.Position{File: "a.yaml", Line: 3, Column: 5}, "unknown tag %q", "PARTFILE_NAM").Hint =
		diag.DidYouMean("PARTFILE_NAM", []string{"PARTFILE", "PARTFILE_NAME"})
	list.Sort()
	return list
}

func TestPrintShowsSourceCaretAndHint(t *testing.T) {
	for _, test := range []struct {
		golden string
		color  bool
	}{
		{"plain.golden", false},
		{"color.golden", true},
	} {
		var got bytes.Buffer
		findings().Print(&got, sources, test.color)
		compareWithGolden(t, test.golden, got.Bytes())
	}
}

func TestPrintCountsOnlySeveralFindings(t *testing.T) {
	var list diag.List
	var got bytes.Buffer
	list.Print(&got, nil, false)
	list.Add(diag.Position{File: "x"}, "alone")
	list.Print(&got, nil, false)
	if want := "x: alone\n"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}

func TestSortOrdersByFileLineAndColumnAndKeepsTheOrderOfOnePlace(t *testing.T) {
	var list diag.List
	for _, d := range []diag.Diagnostic{
		{Position: diag.Position{File: "b", Line: 1, Column: 1}, Message: "5"},
		{Position: diag.Position{File: "a", Line: 10, Column: 1}, Message: "4"},
		{Position: diag.Position{File: "a", Line: 9, Column: 10}, Message: "2"},
		{Position: diag.Position{File: "a", Line: 9, Column: 10}, Message: "3"},
		{Position: diag.Position{File: "a", Line: 9, Column: 9}, Message: "1"},
	} {
		list.Add(d.Position, "%s", d.Message)
	}
	list.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.Message)
	}
	if want := []string{"1", "2", "3", "4", "5"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestErrIsNilForAnEmptyListAndTheListOtherwise(t *testing.T) {
	var list diag.List
	if err := list.Err(); err != nil {
		t.Errorf("empty list: got %v", err)
	}
	list.Add(diag.Position{File: "a", Line: 1, Column: 2}, "one")
	list.Add(diag.Position{File: "b"}, "two")
	err := list.Err()
	if want := "a:1:2: one\nb: two"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
	if found, ok := errors.AsType[diag.List](err); !ok || len(found) != 2 {
		t.Errorf("the findings cannot be taken out of %#v", err)
	}
}

func TestNearest(t *testing.T) {
	tags := []string{"PARTFILE_SPEED", "PARTFILE_NAME", "PARTFILE", "SERVER_NAME", "B", "A"}
	for _, test := range []struct{ name, word, want string }{
		{"a letter missing", "PARTFIL_NAME", "PARTFILE_NAME"},
		{"a letter too many", "SERVER_NAMES", "SERVER_NAME"},
		{"two letters swapped", "SEVRER_NAME", "SERVER_NAME"},
		{"the same", "PARTFILE", "PARTFILE"},
		{"alphabetical among equals", "X", "A"},
		{"nothing near", "KAD_ID", ""},
		{"nothing given", "", "A"},
		{"too long to be a name", string(make([]byte, 1000)), ""},
	} {
		if got := diag.Nearest(test.word, tags); got != test.want {
			t.Errorf("%s: Nearest(%q) = %q, want %q", test.name, test.word, got, test.want)
		}
	}
	if got := diag.Nearest("A", []string{string(make([]byte, 1000))}); got != "" {
		t.Errorf("a candidate of 1000 letters is near %q", "A")
	}
}

func TestDidYouMeanIsEmptyWhenNothingIsNear(t *testing.T) {
	if got := diag.DidYouMean("STATS", []string{"PARTFILE"}); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestAkinNamesMayStandForOneThing(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"EC_TAG_KAD_IP_ADRESS", "EC_TAG_KAD_IP_ADDRESS", true},
		{"EC_TAG_KAD_IP", "EC_TAG_STATS_KAD_IP", true},
		{"EC_TAG_PARTFILE_SIZE_DONE", "EC_TAG_PARTFILE_DONE", true},
		{"EC_TAG_NAME", "EC_TAG_NAME", true},
		{"EC_FLAG_ACCEPTS", "EC_FLAG_LARGE_TAG_COUNT", false},
		{"EC_TAG_PARTFILE_PRIO", "EC_TAG_PARTFILE_CAT", false},
	} {
		if got := diag.Akin(test.a, test.b); got != test.want {
			t.Errorf("Akin(%q, %q) = %t", test.a, test.b, got)
		}
	}
}

func compareWithGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}
