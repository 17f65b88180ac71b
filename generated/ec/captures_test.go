package ec_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

// frameCounts says how many frames were captured, so that none gets lost.
var frameCounts = map[string]int{
	"amulecmd-2.3.3-amuled-2.3.3": 631,
	"amulecmd-3.0-amuled-3.0":     346,
	"amulegui-2.3.3-amuled-2.3.3": 436,
	"amulegui-3.0-amuled-3.0":     40,
	"amuleweb-2.3.3-amuled-2.3.3": 164,
	"raw-amuled-2.3.3":            393,
	"raw-amuled-3.0":              218,
}

// refusedFrames are the frames that aMule refuses, and so do we.
var refusedFrames = map[string]error{
	"raw-amuled-2.3.3/raw-flags-0x00/c2s#1":        codec.ErrFlags,
	"raw-amuled-2.3.3/raw-flags-0x60/c2s#1":        codec.ErrFlags,
	"raw-amuled-2.3.3/raw-unknown-flag-0x08/c2s#1": codec.ErrEncrypted,
	"raw-amuled-3.0/raw-flags-0x60/c2s#1":          codec.ErrFlags,
	"raw-amuled-3.0/raw-unknown-flag-0x08/c2s#1":   codec.ErrEncrypted,
}

// untypedFrames are the frames that no message stands for.
var untypedFrames = map[string]string{
	"raw-amuled-2.3.3/raw-invalid-opcode/c2s#3": "0x12 is no opcode",
	"raw-amuled-3.0/raw-invalid-opcode/c2s#3":   "0x12 is no opcode",
	"raw-amuled-3.0/raw-invalid-opcode/c2s#4":   "NOOP is a reply, not a request",
}

// otherOrder are the frames whose writers put siblings of different names in
// another order than the daemon does. Typed they keep their tree, not their
// bytes.
var otherOrder = map[string]string{
	"amuleweb-2.3.3-amuled-2.3.3/web-tour/c2s#75": "amuleweb's order of preferences",
	"raw-amuled-2.3.3/raw-tour/c2s#13":            "a category by hand",
	"raw-amuled-2.3.3/raw-tour/c2s#14":            "a category by hand",
	"raw-amuled-2.3.3/raw-tour/c2s#15":            "a category by hand",
	"raw-amuled-2.3.3/raw-tour/c2s#71":            "preferences by hand",
	"raw-amuled-2.3.3/raw-with-version-id/c2s#1":  "a login by hand",
}

func TestEveryCapturedFrameIsThere(t *testing.T) {
	counts := make(map[string]int)
	for f := range frames(t) {
		counts[f.capture.pair]++
		if f.Flags != f.listed {
			t.Errorf("%s: flags %#x, order.txt has %#x", f.name(), f.Flags, f.listed)
		}
	}
	if !maps.Equal(counts, frameCounts) {
		t.Errorf("got %v, want %v", counts, frameCounts)
	}
}

func TestFramesThatAMuleRefusesAreRefused(t *testing.T) {
	refused := 0
	for f := range frames(t) {
		want := refusedFrames[f.name()]
		if !errors.Is(f.refused, want) {
			t.Errorf("%s: %v, want %v", f.name(), f.refused, want)
		}
		if want == nil {
			continue
		}
		refused++
		if last := &f.capture.frames[len(f.capture.frames)-1]; f != last {
			t.Errorf("%s: aMule did not close the connection", f.name())
		}
	}
	if refused != len(refusedFrames) {
		t.Errorf("%d frames are refused, the table has %d", refused, len(refusedFrames))
	}
}

func TestBodiesComeBackUntyped(t *testing.T) {
	untyped := 0
	for f := range acceptedFrames(t) {
		var p codec.Packet
		if err := p.UnmarshalBody(f.Body, f.Flags); err != nil {
			t.Errorf("%s: %v", f.name(), err)
			continue
		}
		if p.Opcode != f.opcode {
			t.Errorf("%s: opcode %#x, order.txt has %#x", f.name(), p.Opcode, f.opcode)
		}
		if plain := f.inflated(t); !bytes.Equal(bodyOf(t, &p, f.Flags), plain.Body) {
			t.Errorf("%s: other bytes come back", f.name())
		}
		if isUntyped := untypedFrames[f.name()] != ""; isUntyped != (ec.New(f.from, f.opcode) == nil) {
			t.Errorf("%s: opcode %#x; in the table of untyped frames: %t", f.name(), f.opcode, isUntyped)
		} else if isUntyped {
			untyped++
		}
	}
	if untyped != len(untypedFrames) {
		t.Errorf("%d frames are untyped, the table has %d", untyped, len(untypedFrames))
	}
}

func TestEveryTagIsKnown(t *testing.T) {
	for f, m := range typedFrames(t) {
		for _, unknown := range unknownTags(reflect.ValueOf(m)) {
			t.Errorf("%s: %s", f.name(), unknown)
		}
	}
}

// unknownTags names the unknown tags at any level of a generated value.
func unknownTags(v reflect.Value) (names []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return unknownTags(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			names = append(names, unknownTags(v.Index(i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.Type == reflect.TypeFor[[]codec.Tag]() && v.Field(i).Len() > 0 {
				names = append(names, fmt.Sprintf("%s.%s: %v", v.Type(), field.Name, v.Field(i)))
			}
			names = append(names, unknownTags(v.Field(i))...)
		}
	}
	return names
}

func TestEveryMessageWasCaptured(t *testing.T) {
	captured := make(map[reflect.Type]bool)
	for _, m := range typedFrames(t) {
		captured[reflect.TypeOf(m)] = true
	}
	for op := range 256 {
		for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
			m := ec.New(from, codec.Opcode(op))
			switch {
			case m == nil, captured[reflect.TypeOf(m)]:
			case ec.Protocol.Provisional(ec.Protocol.Message(from, m.Opcode()).Since):
				// There is no program yet to capture it from.
			default:
				t.Errorf("%T was not", m)
			}
		}
	}
}

func TestBodiesComeBackTyped(t *testing.T) {
	reordered := 0
	for f, m := range typedFrames(t) {
		plain := f.inflated(t)
		body := bodyOf(t, m, f.Flags)
		if size := m.SizeBody(f.Flags); size != len(body) {
			t.Errorf("%s: size %d, written %d", f.name(), size, len(body))
		}
		same := bytes.Equal(body, plain.Body)
		switch why := otherOrder[f.name()]; {
		case why == "" && !same:
			t.Errorf("%s: other bytes come back", f.name())
		case why != "" && same:
			t.Errorf("%s: the same bytes come back, but the table says: %s", f.name(), why)
		case why != "":
			reordered++
			if !sameButForOrder(t, plain, codec.Frame{Flags: plain.Flags, Body: body}) {
				t.Errorf("%s: another tree comes back", f.name())
			}
		}
	}
	if reordered != len(otherOrder) {
		t.Errorf("%d frames come back in another order, the table has %d", reordered, len(otherOrder))
	}
}

// sameButForOrder reports whether two bodies have the same tree when siblings
// are sorted by name.
func sameButForOrder(t *testing.T, a, b codec.Frame) bool {
	t.Helper()
	var p, q codec.Packet
	if err := errors.Join(p.UnmarshalBody(a.Body, a.Flags), q.UnmarshalBody(b.Body, b.Flags)); err != nil {
		t.Fatal(err)
	}
	sortTags(p.Tags)
	sortTags(q.Tags)
	return p.Equal(&q)
}

func sortTags(tags []codec.Tag) {
	slices.SortStableFunc(tags, func(a, b codec.Tag) int { return int(a.Name) - int(b.Name) })
	for i := range tags {
		sortTags(tags[i].Children)
	}
}

func TestMessagesOfTheOtherDirectionLoseNothing(t *testing.T) {
	tried := 0
	for f := range acceptedFrames(t) {
		m := ec.New(1-f.from, f.opcode)
		if m == nil {
			continue
		}
		tried++
		if err := m.UnmarshalBody(f.Body, f.Flags); err != nil {
			t.Errorf("%s: %v", f.name(), err)
			continue
		}
		if !sameButForOrder(t, f.Frame, codec.Frame{Flags: f.Flags &^ codec.FlagZlib, Body: bodyOf(t, m, f.Flags)}) {
			t.Errorf("%s: another tree comes back", f.name())
		}
	}
	if tried == 0 {
		t.Error("no opcode has messages in both directions")
	}
}

// forms are the flags that a body can be written under: all without zlib, and
// the plainest and the densest with it.
var forms = []codec.Flags{
	codec.FlagBase,
	codec.FlagBase | codec.FlagUTF8Numbers,
	codec.FlagBase | codec.FlagLargeTagCount,
	codec.FlagBase | codec.FlagLargeTagCount | codec.FlagUTF8Numbers,
	codec.FlagBase | codec.FlagZlib,
	codec.FlagBase | codec.FlagZlib | codec.FlagLargeTagCount | codec.FlagUTF8Numbers,
}

func TestEveryFormReadsBackEqual(t *testing.T) {
	var body []byte
	tried := make(map[string]bool)
	for f, m := range typedFrames(t) {
		key := f.from.String() + string(f.Body)
		if tried[key] { // many packets were sent often
			continue
		}
		tried[key] = true
		want := bodyOf(t, m, f.Flags)
		again := ec.New(f.from, f.opcode)
		for _, flags := range forms {
			var err error
			if body, err = m.AppendBody(body[:0], flags); err != nil {
				t.Fatalf("%s under %#x: %v", f.name(), flags, err)
			}
			if flags&codec.FlagZlib == 0 && m.SizeBody(flags) != len(body) {
				t.Errorf("%s under %#x: size %d, written %d", f.name(), flags, m.SizeBody(flags), len(body))
			}
			if err := again.UnmarshalBody(body, flags); err != nil {
				t.Errorf("%s under %#x: %v", f.name(), flags, err)
			} else if !bytes.Equal(bodyOf(t, again, f.Flags), want) {
				t.Errorf("%s under %#x: another message is read back", f.name(), flags)
			}
		}
	}
}

func TestLongListsNeedLargeCounts(t *testing.T) {
	const many = 70_000
	long := &ec.Strings{Lines: slices.Repeat([]string{"again"}, many)}
	for _, flags := range forms {
		want := many
		if flags&codec.FlagLargeTagCount == 0 {
			want = 0xFFFE // what aMule writes of a longer list
		}
		body, err := long.AppendBody(nil, flags)
		if err != nil {
			t.Fatal(err)
		}
		var again ec.Strings
		if err := again.UnmarshalBody(body, flags); err != nil || !slices.Equal(again.Lines, long.Lines[:want]) {
			t.Errorf("under %#x: %d lines are read, %v; want %d", flags, len(again.Lines), err, want)
		}
	}
}

func TestCopiesOutliveTheBody(t *testing.T) {
	for f, m := range typedFrames(t) {
		want := bodyOf(t, m, f.Flags)
		body := bytes.Clone(f.Body)
		again := ec.New(f.from, f.opcode)
		if err := again.UnmarshalBody(body, f.Flags); err != nil {
			t.Fatal(err)
		}
		clear(body)
		if !bytes.Equal(bodyOf(t, again, f.Flags), want) {
			t.Errorf("%s: the message changed with the body it was read from", f.name())
		}
	}
}

func TestUsedMessagesReadTheSame(t *testing.T) {
	type kind struct {
		from codec.Direction
		op   codec.Opcode
	}
	used := make(map[kind]ec.Message)
	for f, m := range typedFrames(t) {
		want := bodyOf(t, m, f.Flags)
		k := kind{f.from, f.opcode}
		if used[k] == nil {
			used[k] = ec.New(f.from, f.opcode)
		}
		body := bytes.Clone(f.Body)
		for i, mode := range []codec.Mode{0, 0, codec.Share, codec.Share} {
			if err := used[k].DecodeBody(body, f.Flags, mode, codec.DefaultLimits()); err != nil {
				t.Fatalf("%s: %v", f.name(), err)
			}
			if !bytes.Equal(bodyOf(t, used[k], f.Flags), want) {
				t.Errorf("%s: another message is read the %d. time, mode %d", f.name(), i+1, mode)
			}
		}
		clear(body) // and with it what the used message shares
	}
}

func TestMergingAMessageIntoItselfChangesNothing(t *testing.T) {
	for f, m := range typedFrames(t) {
		want := bodyOf(t, m, f.Flags)
		for _, mode := range []codec.Mode{codec.Merge, codec.Merge | codec.Share} {
			if err := m.DecodeBody(f.Body, f.Flags, mode, codec.DefaultLimits()); err != nil {
				t.Fatalf("%s: %v", f.name(), err)
			}
			if !bytes.Equal(bodyOf(t, m, f.Flags), want) {
				t.Errorf("%s: the message changed, mode %d", f.name(), mode)
			}
		}
	}
}

func TestResetMessagesAreAsNew(t *testing.T) {
	for f, m := range typedFrames(t) {
		m.Reset()
		if fresh := ec.New(f.from, f.opcode); !bytes.Equal(bodyOf(t, m, f.Flags), bodyOf(t, fresh, f.Flags)) {
			t.Errorf("%s: something is left", f.name())
		}
	}
}

func TestPrefixesAreTruncated(t *testing.T) {
	const most = 40 // prefixes of one body
	for f := range acceptedFrames(t) {
		m := ec.New(f.from, f.opcode)
		if m == nil {
			continue
		}
		for size := 0; size < len(f.Body); size += 1 + len(f.Body)/most {
			err := m.UnmarshalBody(f.Body[:size], f.Flags)
			problem, ok := errors.AsType[*codec.Error](err)
			if !errors.Is(err, codec.ErrTruncated) || !ok {
				t.Errorf("%s: %d of %d bytes: %v, want ErrTruncated", f.name(), size, len(f.Body), err)
			} else if f.Flags&codec.FlagZlib == 0 && problem.Offset > size {
				t.Errorf("%s: %d of %d bytes: the error is at %d", f.name(), size, len(f.Body), problem.Offset)
			}
		}
	}
}

func TestMessagesLoseNothingAsJSON(t *testing.T) {
	for f, m := range typedFrames(t) {
		text, err := json.Marshal(m)
		if err != nil {
			t.Errorf("%s: %v", f.name(), err)
			continue
		}
		again := ec.New(f.from, f.opcode)
		if err := json.Unmarshal(text, again); err != nil {
			t.Errorf("%s: %v", f.name(), err)
		} else if !bytes.Equal(bodyOf(t, again, f.Flags), bodyOf(t, m, f.Flags)) {
			t.Errorf("%s: another message comes back from JSON", f.name())
		}
	}
}

func TestFramesLoseNothingAsJSON(t *testing.T) {
	viewer := view.New(ec.Protocol)
	for f := range acceptedFrames(t) {
		m := &view.Message{From: f.from, Flags: f.Flags}
		if err := m.Packet.UnmarshalBody(f.Body, f.Flags); err != nil {
			t.Fatalf("%s: %v", f.name(), err)
		}
		typed := viewer.AppendJSON(nil, m)
		if bytes.Contains(typed, []byte(`"unknown_tags"`)) && untypedFrames[f.name()] == "" {
			t.Errorf("%s: unknown tags in %s", f.name(), typed)
		}
		again, err := viewer.ParseJSON(typed)
		if err != nil || again.From != f.from || again.Flags != f.Flags || !again.Packet.Equal(&m.Packet) {
			t.Errorf("%s: another message comes back from %.100s: %v", f.name(), typed, err)
		}
		raw := view.AppendRaw(nil, m)
		again, err = viewer.ParseJSON(raw)
		if err != nil || again.Flags != f.Flags || !again.Packet.Equal(&m.Packet) {
			t.Errorf("%s: another message comes back from %.100s: %v", f.name(), raw, err)
		}
	}
}

// object is a generated object that can be read from an element of a walk.
type object interface {
	ReadElement(codec.Element, codec.Mode) error
}

// objectsOf returns the top-level objects of a reply that is a list, by the
// names of their tags; nil for any other message.
func objectsOf(m ec.Message) map[codec.TagName][]object {
	switch m := m.(type) {
	case *ec.SharedFiles:
		objects := map[codec.TagName][]object{
			ec.TagClient: pointed(m.Clients),
			ec.TagServer: pointed(m.Servers),
			ec.TagFriend: pointed(m.Friends),
		}
		for _, file := range m.Files {
			objects[ec.TagPartFile] = append(objects[ec.TagPartFile], pointed(file.PartFile)...)
			objects[ec.TagKnownFile] = append(objects[ec.TagKnownFile], pointed(file.KnownFile)...)
		}
		return objects
	case *ec.DLoadQueue:
		return map[codec.TagName][]object{ec.TagPartFile: listed[*ec.PartFile](m.PartFiles)}
	case *ec.ULoadQueue:
		return map[codec.TagName][]object{ec.TagClient: listed[*ec.Client](m.Clients)}
	case *ec.ServerListReply:
		return map[codec.TagName][]object{ec.TagServer: listed[*ec.Server](m.Servers)}
	case *ec.SearchResults:
		return map[codec.TagName][]object{ec.TagSearchFile: listed[*ec.SearchFile](m.Files)}
	}
	return nil
}

// pointed returns the object that p points to, if any.
func pointed[P interface {
	object
	comparable
}](p P) []object {
	var none P
	if p == none {
		return nil
	}
	return []object{p}
}

// listed returns pointers to the elements of a list.
func listed[P interface {
	*T
	object
}, T any](list []T) (objects []object) {
	for i := range list {
		objects = append(objects, P(&list[i]))
	}
	return objects
}

func TestWalkingGivesTheObjectsOfTheList(t *testing.T) {
	walked := make(map[reflect.Type]int)
	for f, m := range typedFrames(t) {
		for _, mode := range []codec.Mode{0, codec.Share} {
			if err := m.DecodeBody(f.Body, f.Flags, mode, codec.DefaultLimits()); err != nil {
				t.Fatalf("%s: %v", f.name(), err)
			}
			expected := objectsOf(m)
			if expected == nil {
				break
			}
			for element, err := range codec.Elements(f.Body, f.Flags, codec.DefaultLimits()) {
				if err != nil {
					t.Fatalf("%s: %v", f.name(), err)
				}
				if element.Name == ec.TagFileRemoved { // a number, not an object
					continue
				}
				if len(expected[element.Name]) == 0 {
					t.Fatalf("%s: the list has no object for tag %d, %#x", f.name(), element.Index, element.Name)
				}
				want := expected[element.Name][0]
				expected[element.Name] = expected[element.Name][1:]
				got := reflect.New(reflect.TypeOf(want).Elem()).Interface().(object)
				if err := got.ReadElement(element, mode); err != nil {
					t.Fatalf("%s: %v", f.name(), err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: tag %d, mode %d: walking gives %v, the list has %v", f.name(), element.Index, mode, got, want)
				}
				walked[reflect.TypeOf(want)]++
			}
			for name, left := range expected {
				if len(left) > 0 {
					t.Errorf("%s: the walk left out %d objects in %#x", f.name(), len(left), name)
				}
			}
		}
	}
	if len(walked) != 8 {
		t.Errorf("objects of %d kinds were walked, want 8: %v", len(walked), walked)
	}
}
