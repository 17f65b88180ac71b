package codec_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/codectest"
	"github.com/ecgen/ecgen/generated/ec"
)

// scribble overwrites b.
func scribble(b []byte) {
	for i := range b {
		b[i] = '#'
	}
}

// text returns a packet with text and other bytes at several depths.
func text() *codec.Packet {
	return &codec.Packet{Opcode: ec.OpFailed, Tags: []codec.Tag{
		codec.NewString(ec.TagString, "a reason"),
		codec.NewString(9, "unknown text", codec.NewCustom(10, []byte("bytes below"))),
	}}
}

func TestCopiesOutliveTheBodyAndSharesDoNot(t *testing.T) {
	for _, form := range forms {
		body := written(t, text(), form.flags)
		want := written(t, text(), fixed)
		for _, mode := range []codec.Mode{0, codec.Share, codec.Merge, codec.Merge | codec.Share} {
			var untyped codec.Packet
			if mode&codec.Merge != 0 {
				untyped.Opcode = ec.OpFailed
			}
			var typed ec.Failed
			ours := bytes.Clone(body)
			if err := untyped.Decode(ours, form.flags, mode, codec.DefaultLimits()); err != nil {
				t.Fatal(err)
			}
			if err := typed.DecodeBody(ours, form.flags, mode, codec.DefaultLimits()); err != nil {
				t.Fatal(err)
			}
			scribble(ours)
			// What was inflated stands in memory of its own.
			kept := mode&codec.Share == 0 || form.flags&zip != 0
			if got := bytes.Equal(written(t, &untyped, fixed), want); got != kept {
				t.Errorf("%s, mode %d: untyped: outlives the body: %t, want %t", form.name, mode, got, kept)
			}
			if got := bytes.Equal(written(t, &typed, fixed), want); got != kept {
				t.Errorf("%s, mode %d: typed: outlives the body: %t, want %t", form.name, mode, got, kept)
			}
		}
	}
}

// A copying read into a message that shared a body before keeps nothing of
// that body, not even of equal strings.
func TestCopiesAfterSharesKeepNoAlias(t *testing.T) {
	for _, m := range messages() {
		for _, flags := range []codec.Flags{fixed, utf8} {
			body := written(t, m, flags)
			shared := bytes.Clone(body)
			used := like(m)
			if err := used.DecodeBody(shared, flags, codec.Share, codec.DefaultLimits()); err != nil {
				t.Fatal(err)
			}
			if err := used.DecodeBody(body, flags, 0, codec.DefaultLimits()); err != nil {
				t.Fatal(err)
			}
			scribble(shared)
			if !bytes.Equal(written(t, used, flags), body) {
				t.Errorf("%T, flags %#x: changed with the body that was shared before", m, uint32(flags))
			}
			// And so after a shorter message in between.
			shared = bytes.Clone(body)
			if err := used.DecodeBody(shared, flags, codec.Share, codec.DefaultLimits()); err != nil {
				t.Fatal(err)
			}
			if err := used.UnmarshalBody(written(t, like(m), flags), flags); err != nil {
				t.Fatal(err)
			}
			if err := used.UnmarshalBody(body, flags); err != nil {
				t.Fatal(err)
			}
			scribble(shared)
			if !bytes.Equal(written(t, used, flags), body) {
				t.Errorf("%T, flags %#x: changed with the body that was shared two reads before", m, uint32(flags))
			}
		}
	}
}

// What was inflated for a message that shares it is not inflated over.
func TestInflatedBodiesAreNotUsedAgainWhileShared(t *testing.T) {
	const flags = fixed | zip
	want := written(t, text(), fixed)
	var untyped codec.Packet
	var typed ec.Failed
	if err := untyped.Decode(written(t, text(), flags), flags, codec.Share, codec.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	if err := typed.DecodeBody(written(t, text(), flags), flags, codec.Share, codec.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		read(t, written(t, tree(), flags), flags)
	}
	if !bytes.Equal(written(t, &untyped, fixed), want) || !bytes.Equal(written(t, &typed, fixed), want) {
		t.Errorf("changed when another body was inflated:\n%v\n%v", &untyped, &typed)
	}
}

// Appending to own data that share a body must not write into the body, nor
// appending to a frame's body into the next frame.
func TestSharedBytesEndWhereTheyEnd(t *testing.T) {
	body := written(t, text(), fixed)
	want := bytes.Clone(body)
	var p codec.Packet
	if err := p.Decode(body, fixed, codec.Share, codec.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	for _, tag := range p.All() {
		tag.Data = append(tag.Data, "more"...)
	}
	if !bytes.Equal(body, want) {
		t.Error("appending to a tag's data changes the body")
	}
	if err := p.Decode(body, fixed, 0, codec.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	for _, tag := range p.All() {
		tag.Data = append(tag.Data, "more"...)
	}
	if p.Tags[1].Children[0].Value() != fmt.Sprintf("%x", "bytes belowmore") || p.Tags[0].Children != nil {
		t.Errorf("appending to one tag's data changes another's:\n%v", &p)
	}

	files := &ec.SharedFiles{Files: []ec.SharedFile{{KnownFile: &ec.KnownFile{ECID: 70_000, PartStatus: []byte("parts"), GapStatus: []byte("gaps")}}}}
	for _, mode := range []codec.Mode{0, codec.Share} {
		body = written(t, files, fixed)
		var shared ec.SharedFiles
		if err := shared.DecodeBody(body, fixed, mode, codec.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		file := shared.Files[0].KnownFile
		file.PartStatus = append(file.PartStatus, "more"...)
		if !bytes.Equal(body, written(t, files, fixed)) || string(file.GapStatus) != "gaps" {
			t.Errorf("mode %d: appending to a field changes the body or %q", mode, file.GapStatus)
		}
	}

	frames := bytes.Repeat(framed(t, text(), fixed), 2)
	frame, size, err := codec.ConsumeFrame(frames, codec.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	frame.Body = append(frame.Body, "more"...)
	if !bytes.Equal(frames[size:], framed(t, text(), fixed)) {
		t.Error("appending to a frame's body changes the next frame")
	}
}

// messages returns messages of several kinds with all sorts of values.
func messages() []ec.Message {
	var all []ec.Message
	for _, m := range []ec.Message{
		new(ec.SharedFiles), new(ec.DLoadQueue), new(ec.ULoadQueue), new(ec.Stats), new(ec.StatsTree), new(ec.SetPreferences),
		new(ec.SearchResults), new(ec.ServerListReply), new(ec.Failed), new(ec.Strings), new(ec.NoOp),
		new(ec.AuthReq), new(ec.StatReq), new(ec.GetUpdate), new(ec.AddLink), new(ec.SearchStart),
	} {
		for seed := range uint64(3) {
			all = append(all, codectest.Filled(m, seed).(ec.Message))
		}
	}
	return all
}

// like returns a new message of m's type.
func like(m ec.Message) ec.Message {
	return codectest.Filled(m, 0).(ec.Message)
}

// The second time nothing is allocated: neither by reading an equal message,
// sharing or copying, nor by appending to memory with room.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes sync.Pool forget")
	}
	for _, m := range messages() {
		for _, form := range forms {
			body := written(t, m, form.flags)
			var used ec.Message
			room := make([]byte, 0, 2*len(body)+64)
			for _, c := range []struct {
				name string
				run  func() error
				zero bool
			}{
				{"copy", func() error { return used.UnmarshalBody(body, form.flags) }, true},
				{"share", func() error { return used.DecodeBody(body, form.flags, codec.Share, codec.DefaultLimits()) }, form.flags&zip == 0},
				{"merge", func() error { return used.DecodeBody(body, form.flags, codec.Merge, codec.DefaultLimits()) }, true},
				{"append", func() error { _, err := m.AppendBody(room, form.flags); return err }, true},
				{"size", func() error { m.SizeBody(form.flags); return nil }, true},
			} {
				if !c.zero {
					continue // inflating needs memory that is not used again
				}
				used = like(m)
				var err error
				n := testing.AllocsPerRun(20, func() {
					if e := c.run(); e != nil {
						err = e
					}
				})
				if n != 0 || err != nil {
					t.Errorf("%T of %d bytes, %s, %s: %v allocations, %v; want 0", m, len(body), form.name, c.name, n, err)
				}
			}
		}
	}
}

// Frames that fit into what was read before need no memory either.
func TestReaderUsesItsMemoryAgain(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector counts differently")
	}
	all := bytes.Repeat(framed(t, &worked[0].packet, fixed), 200)
	source := bytes.NewReader(all)
	reader := codec.NewReader(source, codec.DefaultLimits())
	if _, err := reader.Next(); err != nil {
		t.Fatal(err)
	}
	n := testing.AllocsPerRun(100, func() {
		if _, err := reader.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations a frame, want 0", n)
	}
	var sink discard
	writer := codec.NewWriter(&sink)
	m := &ec.Failed{Reason: "no"}
	if n := testing.AllocsPerRun(100, func() {
		if err := writer.Write(m); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a written frame, want 0", n)
	}
}

type discard int

func (d *discard) Write(b []byte) (int, error) { *d += discard(len(b)); return len(b), nil }

// Unknown tags of every depth are kept by the messages around them.
func TestDeepUnknownTagsAreKept(t *testing.T) {
	deep := codec.NewString(0x7ffe, "the deepest")
	for range 200 {
		deep = codec.NewUint(0x7ffd, 70_000, deep, codec.NewCustom(0x7ffc, []byte{1}))
	}
	for _, p := range []*codec.Packet{
		{Opcode: ec.OpNoOp, Tags: []codec.Tag{deep}},
		{Opcode: ec.OpStats, Tags: []codec.Tag{codec.NewUint(ec.TagStatsULSpeed, 5), codec.NewCustom(ec.TagConnState, nil, deep), deep}},
		{Opcode: ec.OpSharedFiles, Tags: []codec.Tag{codec.NewUint(ec.TagKnownFile, 5, codec.NewString(ec.TagPartFileName, "a"), deep)}},
	} {
		for _, form := range forms {
			for _, mode := range []codec.Mode{0, codec.Share} {
				m := ec.New(codec.FromDaemon, p.Opcode)
				if err := m.DecodeBody(written(t, p, form.flags), form.flags, mode, codec.DefaultLimits()); err != nil {
					t.Fatalf("%T, %s: %v", m, form.name, err)
				}
				if got := read(t, written(t, m, form.flags), form.flags); !got.Equal(p) {
					t.Errorf("%T, %s: read and written again it is another tree", m, form.name)
				}
			}
		}
	}
}
