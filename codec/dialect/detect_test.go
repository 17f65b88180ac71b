package dialect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/spec"
)

// codesOf returns the tables of a dialect.
func codesOf(d dialect.Dialect) []*dialect.Codes {
	files := map[dialect.Dialect][]string{
		dialect.RC8: {"rc8"}, dialect.V20: {"2.0.0", "2.0.2"}, dialect.Trunk: {"2.1"}, dialect.V21: {"2.1"},
		dialect.V22: {"2.2"}, dialect.V23: {"2.3"},
	}
	if d == dialect.V30 {
		return []*dialect.Codes{dialect.CodesOf(ec.Protocol)}
	}
	var tables []*dialect.Codes
	for _, name := range files[d] {
		text, err := spec.Dialects.ReadFile("dialects/" + name + ".tsv")
		if err != nil {
			panic(err)
		}
		codes, err := dialect.ParseCodes(string(text))
		if err != nil {
			panic(err)
		}
		tables = append(tables, codes)
	}
	return tables
}

// What the samples are recognised as, or which dialects they could be of. The
// same body with UTF-8 numbers was written by 2.2, 2.3 and 3.0.
var recognised = map[string]string{
	"constructed_dev2005-11_has_id_noop":         "2005-11",
	"constructed_doc001_connstate_never_emitted": "none",
	"rc8":                            "rc8",
	"v200":                           "2.0",
	"v200_big_plain_no_accepts_seen": "rc8 2.0",
	"v213":                           "2.1",
	"v226_auth_req_first":            "2.2",
	"v226_big_packet":                "2.2",
	"v226":                           "2.2 2.3 3.0",
	"v233_auth_req_first":            "2.3",
	"v233_big_zlib":                  "2.3 3.0",
	"v233":                           "2.2 2.3 3.0",
}

func TestSamplesAreRecognised(t *testing.T) {
	for _, s := range samples(t) {
		want, ok := recognised[s.name]
		if !ok {
			want = recognised[strings.Split(s.name, "_")[0]]
		}
		candidates := dialect.Detect(s.bytes, false, codesOf, codec.DefaultLimits())
		d, likely, sure := dialect.Recognised(candidates)
		var names []string
		for _, c := range likely {
			if len(c.Doubts) == len(likely[0].Doubts) && (c.Certain == "") == (likely[0].Certain == "") {
				names = append(names, c.Dialect.String())
			}
		}
		if len(names) == 0 {
			names = []string{"none"}
		}
		got := strings.Join(names, " ")
		if got != want || sure != (len(names) == 1 && want != "none") || d.String() != names[0] {
			t.Errorf("%s is of %s (%v, %v), want %s", s.name, got, d, sure, want)
		}
	}
}

// Each dialect but a sample's own refuses it with a reason, or is named beside
// its own: with what speaks against it, or as one that is not told apart.
func TestOtherDialectsAreRefusedOrNamed(t *testing.T) {
	for _, s := range samples(t) {
		candidates := dialect.Detect(s.bytes, false, codesOf, codec.DefaultLimits())
		if len(candidates) != len(dialect.All()) {
			t.Fatalf("%s: %d candidates", s.name, len(candidates))
		}
		_, likely, sure := dialect.Recognised(candidates)
		for _, c := range candidates {
			_, size, err := c.Dialect.Consume(s.bytes, codec.DefaultLimits())
			if whole := err == nil && size == len(s.bytes); whole != (c.Refused == nil) {
				t.Errorf("%s: Detect says of %v %v, but it takes %d of %d bytes, %v", s.name, c.Dialect, c.Refused, size, len(s.bytes), err)
			}
			if wrong, ok := errors.AsType[*codec.Error](c.Refused); c.Refused != nil && (!ok || wrong.Offset > len(s.bytes)) {
				t.Errorf("%s: %v refuses it with %v", s.name, c.Dialect, c.Refused)
			}
			if sure && c.Refused == nil && c.Dialect != likely[0].Dialect && len(c.Doubts) == 0 {
				t.Errorf("%s: nothing speaks against %v", s.name, c.Dialect)
			}
		}
	}
}

func TestBeginningsOfStreamsAreRecognised(t *testing.T) {
	for d, list := range streams(t) {
		stream := join(list)
		for cut := 1; cut < len(stream); cut += 1 + cut/8 {
			_, likely, _ := dialect.Recognised(dialect.Detect(stream[:cut], true, codesOf, codec.DefaultLimits()))
			found := false
			for _, c := range likely {
				found = found || c.Dialect == d
			}
			if !found {
				t.Errorf("of the first %d bytes of a stream of %v it is not even a candidate: %v", cut, d, likely)
			}
		}
		if got, likely, _ := dialect.Recognised(dialect.Detect(stream, false, codesOf, codec.DefaultLimits())); got != d {
			t.Errorf("a stream of %v is taken for %v: %v", d, got, likely)
		}
	}
}

// What speaks against a dialect by itself leaves room for others: only when
// all of it speaks against another too, and more, is the other left out.
func TestWhatSpeaksAgainstDialectsIsNotCounted(t *testing.T) {
	candidate := func(d dialect.Dialect, doubts ...string) dialect.Candidate {
		return dialect.Candidate{Dialect: d, Doubts: doubts}
	}
	for _, c := range []struct {
		candidates []dialect.Candidate
		sure       bool
	}{
		{[]dialect.Candidate{candidate(dialect.RC8, "a")}, true},
		{[]dialect.Candidate{candidate(dialect.RC8), candidate(dialect.V20, "a")}, true},
		{[]dialect.Candidate{candidate(dialect.RC8, "a"), candidate(dialect.V20, "b", "a")}, true},
		{[]dialect.Candidate{candidate(dialect.RC8, "a"), candidate(dialect.V20, "b", "c")}, false},
		{[]dialect.Candidate{candidate(dialect.RC8, "a"), candidate(dialect.V20, "a")}, false},
		{[]dialect.Candidate{candidate(dialect.RC8), candidate(dialect.V20, "a"), candidate(dialect.Trunk)}, false},
		{[]dialect.Candidate{candidate(dialect.RC8, "a"), candidate(dialect.V20, "a", "b"), candidate(dialect.Trunk, "c", "d", "e")}, false},
	} {
		if d, likely, sure := dialect.Recognised(c.candidates); sure != c.sure || d != dialect.RC8 || len(likely) != len(c.candidates) {
			t.Errorf("%v: %v, %v", c.candidates, d, sure)
		}
	}
}

// A packet of the old code with names that its release did not have: it is not
// taken for one of another release that lacks other names.
func TestUnknownNamesDoNotMakeAnotherDialectCertain(t *testing.T) {
	for _, c := range []struct {
		of    dialect.Dialect
		bytes string
	}{
		{dialect.RC8, "208000026c0000000010a101396098ffb906fa5b0805783cac45008000000006e902d117d4ed"},
		{dialect.Trunk, "20ff0002019c00000001ff06e0000000020000"},
	} {
		d, likely, sure := dialect.Recognised(dialect.Detect(unhex(t, c.bytes), false, codesOf, codec.DefaultLimits()))
		if sure && d != c.of {
			t.Errorf("a packet of %v is taken for %v: %v", c.of, d, likely)
		}
	}
}
