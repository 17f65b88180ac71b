package bench

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// mostInTests keeps the tests quick.
const mostInTests = 10_000

func TestSetsAreTheSameEachTime(t *testing.T) {
	for _, set := range smallSets() {
		a, b := set.New(), set.New()
		if !bytes.Equal(appendBody(t, a, codec.FlagBase), appendBody(t, b, codec.FlagBase)) {
			t.Errorf("%s: two messages differ", set.Name)
		}
	}
}

func TestSetsHaveNoUnknownTagsAndSurviveEachForm(t *testing.T) {
	for _, set := range smallSets() {
		m := set.New()
		want := appendBody(t, m, codec.FlagBase)
		for _, form := range set.Forms() {
			got := ec.New(set.From, m.Opcode())
			if err := got.UnmarshalBody(appendBody(t, m, form.Flags), form.Flags); err != nil {
				t.Fatal(set.Name, form.Name, err)
			}
			if !bytes.Equal(appendBody(t, got, codec.FlagBase), want) {
				t.Errorf("%s: another message comes out of form %s", set.Name, form.Name)
			}
		}
	}
}

func TestLargeCountsStandInEveryFormOfALongList(t *testing.T) {
	for _, set := range Sets() {
		for _, form := range set.Forms() {
			if set.Files > 0xFFFE && form.Flags&codec.FlagLargeTagCount == 0 {
				t.Errorf("%s would be cut short in form %s", set.Name, form.Name)
			}
		}
	}
}

func smallSets() (small []Set) {
	for _, set := range Sets() {
		if set.Files <= mostInTests {
			small = append(small, set)
		}
	}
	return small
}

// place is a tag by the names above it, from the opcode on.
type place string

// usage is what is known of a place.
type usage struct {
	count int // how often it occurs
	types map[codec.Type]bool
}

// count adds the tags to what is known of places. Integers may have any width,
// and count as one type.
func count(places map[place]*usage, above place, tags []codec.Tag) {
	here := make(map[place]bool)
	for i := range tags {
		p := above + place("/"+ec.Protocol.TagName(tags[i].Name))
		if places[p] == nil {
			places[p] = &usage{types: make(map[codec.Type]bool)}
		}
		if !here[p] {
			places[p].count++
			here[p] = true
		}
		t := tags[i].Type
		if t >= codec.TypeUint8 && t <= codec.TypeUint64 {
			t = codec.TypeUint64
		}
		places[p].types[t] = true
		count(places, p, tags[i].Children)
	}
}

func TestMadeTagsStandWhereCapturesHaveThem(t *testing.T) {
	real := capturedPlaces(t)
	// What no capture has because it takes a condition that none of them met,
	// or a daemon that says more than 2.3.3 does.
	conditions := []string{"StatsKad", "StatsBuddy", "ConnAutoConnect", "ConnReconnect", "NetworkED2K", "NetworkKademlia"}
	for _, set := range smallSets() {
		for p, made := range setPlaces(t, set) {
			if containsAny(string(p), conditions) {
				continue
			}
			captured := real[p]
			if captured == nil {
				t.Errorf("%s: no capture has %s", set.Name, p)
				continue
			}
			for typ := range made.types {
				if !captured.types[typ] {
					t.Errorf("%s: captures have no %v at %s", set.Name, typ, p)
				}
			}
		}
	}
}

func TestMadeFilesHaveAllTagsThatCapturedFilesHave(t *testing.T) {
	for set, object := range map[string]struct {
		above place
		whole string // a tag that only a full description has
	}{
		"SharedFiles100": {"SharedFiles/KnownFile", "KnownFileComment"},
		"DLoadQueue":     {"DLoadQueue/PartFile", "PartFileGapStatus"},
		"SearchResults":  {"SearchResults/SearchFile", "PartFileHash"},
	} {
		real := make(map[place]int)
		whole := 0
		eachCaptured(t, func(m *codec.Packet) {
			for i := range m.Tags {
				tag := &m.Tags[i]
				p := place(ec.Protocol.OpcodeName(m.Opcode) + "/" + ec.Protocol.TagName(tag.Name))
				if p != object.above || !hasChild(tag, object.whole) {
					continue
				}
				whole++
				for _, child := range tag.Children {
					real[p+place("/"+ec.Protocol.TagName(child.Name))]++
				}
			}
		})
		if whole == 0 {
			t.Errorf("%s: the captures have no such object", object.above)
		}
		made := setPlaces(t, setNamed(t, set))
		for p, n := range real {
			if n*10 >= whole*9 && made[p] == nil {
				t.Errorf("%s: %d of %d captured ones have %s", set, n, whole, p)
			}
		}
	}
}

func hasChild(tag *codec.Tag, name string) bool {
	for _, child := range tag.Children {
		if ec.Protocol.TagName(child.Name) == name {
			return true
		}
	}
	return false
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

func setNamed(t *testing.T, name string) Set {
	for _, set := range Sets() {
		if set.Name == name {
			return set
		}
	}
	t.Fatal("there is no set", name)
	return Set{}
}

func setPlaces(t *testing.T, set Set) map[place]*usage {
	var p codec.Packet
	if err := p.UnmarshalBody(appendBody(t, set.New(), codec.FlagBase), codec.FlagBase); err != nil {
		t.Fatal(err)
	}
	places := make(map[place]*usage)
	count(places, place(ec.Protocol.OpcodeName(p.Opcode)), p.Tags)
	return places
}

func capturedPlaces(t *testing.T) map[place]*usage {
	places := make(map[place]*usage)
	eachCaptured(t, func(p *codec.Packet) {
		count(places, place(ec.Protocol.OpcodeName(p.Opcode)), p.Tags)
	})
	return places
}

// eachCaptured calls f with each packet of the captures that can be read.
func eachCaptured(t *testing.T, f func(*codec.Packet)) {
	archives, err := filepath.Glob(filepath.Join("..", "generated", "ec", "testdata", "captures", "*.zip"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no captures: ", err)
	}
	for _, name := range archives {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		for _, file := range archive.File {
			if !strings.HasSuffix(file.Name, ".bin") {
				continue
			}
			stream, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			eachPacket(codec.NewReader(stream, codec.DefaultLimits()), f)
			stream.Close()
		}
	}
}

// eachPacket calls f with the packets up to one that is refused: some
// captures show how programs answer to nonsense.
func eachPacket(reader *codec.Reader, f func(*codec.Packet)) {
	for {
		frame, err := reader.Next()
		if err != nil {
			return
		}
		var p codec.Packet
		if p.UnmarshalBody(frame.Body, frame.Flags) != nil {
			return
		}
		f(&p)
	}
}
