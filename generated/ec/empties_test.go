package ec_test

import (
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// TestEmptyNumbers reads numbers that come as empty tags, which is 0. They are
// written as they came, unless the program gave them a value: then once, with
// that.
func TestEmptyNumbers(t *testing.T) {
	file := func(children ...codec.Tag) codec.Packet {
		return codec.Packet{Opcode: ec.OpSharedFiles, Tags: []codec.Tag{
			codec.NewUint(ec.TagKnownFile, 5, children...),
			codec.NewUint(ec.TagKnownFile, 6, codec.NewUint(ec.TagKnownFileOnQueue, 0)),
		}}
	}
	empty := func(name codec.TagName) codec.Tag { return codec.NewCustom(name, nil) }
	comments := codec.NewCustom(ec.TagPartFileComments, nil, codec.NewUint(ec.TagPartFileComments, 3))
	came := file(empty(ec.TagKnownFileReqCount), comments, empty(ec.TagKnownFileOnQueue), empty(ec.TagPartFileKadCommentSearching))
	asItCame := file(comments, empty(ec.TagKnownFileReqCount), empty(ec.TagKnownFileOnQueue), empty(ec.TagPartFileKadCommentSearching))
	for _, test := range []struct {
		what   string
		change func(f *ec.KnownFile)
		want   codec.Packet
	}{
		{"unchanged", func(*ec.KnownFile) {}, asItCame},
		{"one has a value", func(f *ec.KnownFile) { f.ReqCount = 7 },
			file(codec.NewUint(ec.TagKnownFileReqCount, 7), comments, empty(ec.TagKnownFileOnQueue), empty(ec.TagPartFileKadCommentSearching))},
		{"all have values", func(f *ec.KnownFile) { f.ReqCount, f.OnQueue, f.KadCommentSearching = 7, 1, true },
			file(codec.NewUint(ec.TagKnownFileReqCount, 7), codec.NewUint(ec.TagKnownFileOnQueue, 1), comments, codec.NewUint(ec.TagPartFileKadCommentSearching, 1))},
		{"one is said to be present", func(f *ec.KnownFile) { f.SetPresent(ec.TagKnownFileOnQueue, true) },
			file(codec.NewUint(ec.TagKnownFileOnQueue, 0), comments, empty(ec.TagKnownFileReqCount), empty(ec.TagPartFileKadCommentSearching))},
		{"one is taken away", func(f *ec.KnownFile) { f.SetPresent(ec.TagKnownFileReqCount, false) },
			file(comments, empty(ec.TagKnownFileOnQueue), empty(ec.TagPartFileKadCommentSearching))},
	} {
		for _, flags := range []codec.Flags{codec.FlagBase, codec.FlagBase | codec.FlagUTF8Numbers, codec.FlagBase | codec.FlagZlib | codec.FlagLargeTagCount} {
			body, err := came.AppendBody(nil, flags)
			if err != nil {
				t.Fatal(err)
			}
			var m ec.SharedFiles
			if err := m.UnmarshalBody(body, flags); err != nil {
				t.Fatal(err)
			}
			f := m.Files[0].KnownFile
			if !f.Present(ec.TagKnownFileReqCount) || len(f.Unknown) > 0 {
				t.Fatalf("%s: the empty tags were not taken as numbers: %v", test.what, f)
			}
			test.change(f)
			if body, err = m.AppendBody(nil, flags); err != nil {
				t.Fatal(err)
			}
			var got codec.Packet
			if err := got.UnmarshalBody(body, flags); err != nil {
				t.Fatal(err)
			}
			if !got.Equal(&test.want) {
				t.Errorf("%s, under %v: wrote\n%v\nwant\n%v", test.what, flags, got.String(), test.want.String())
			}
		}
	}
}
