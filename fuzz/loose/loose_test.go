package loose_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
)

var forms = []loose.Form{loose.Bytes, loose.Body, loose.Tags, loose.Pair, loose.Stream, loose.Pieces}

// bodies are whole and broken ones, in both forms of numbers.
var bodies = []string{
	"", "\x20", "\x22\x01", "\x20\x01\x00",
	"\x20\x0a\x00\x01\x00\x08\x02\x00\x00\x00\x01\x00",                                            // STAT_REQ
	"\x32\x06\x01\x08\x02\x01\x00",                                                                // the same, coded
	"\x22\x26\x01\xe0\xb8\x83\x02\x14\x02\xe0\xb8\x84\x06\x04abc\x00\xe0\xb8\x8a\x06\x01\x00\x00", // SEARCH_START
	"\x22\x26\x01\xe0\xb8\x83\x02\x03\x02\xe0\xb8\x84\x06\x04abc\x00\xe0\xb8\x8a\x06\x01\x00\x00", // shorter than its children
	"\x22\x26\x01\xe0\xb8\x83\x02\x14\x05\xe0\xb8\x84\x06\x04abc\x00\xe0\xb8\x8a\x06\x01\x00\x00", // with fewer than it says
	"\x30\x01\xff\xff\x00\x00\x00\x01\x00\x02\x01\x00\x00\x00\x00tail",                            // the long form of a short count
	"\x22\x01\xc0\x81", "\x22\x01\x01\x02\x01\xfd\xbf\xbf\xbf\xbf\xbf", "\x20\x01\xff\xff\x00\x03\x01\xff\xff\xff\xff\x00\x00",
}

func TestInputsAreWrittenAsTheyWereRead(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, body := range bodies {
		for round := range 200 {
			data := []byte(body)
			if len(data) > 0 && round > 0 {
				data[random.IntN(len(data))] = byte(random.IntN(256))
			}
			for _, form := range forms {
				in := loose.Read(form, data)
				if again := in.Append(nil); !bytes.Equal(again, data) {
					t.Fatalf("form %d: %x is written as %x", form, data, again)
				}
			}
		}
	}
}

// A tree without lies is what package codec reads.
func TestHonestTreesArePackets(t *testing.T) {
	for _, flags := range []uint32{0x20, 0x22, 0x30, 0x32} {
		children := 3
		if flags&loose.FlagLargeTagCount != 0 {
			children = 70000
		}
		in := loose.Read(loose.Body, []byte(bodies[6]))
		p := &in.Packets[0]
		p.Flags = flags
		parent := &p.Tags[0].Children
		parent.Tags = append(parent.Tags, loose.Tag{
			Name: 0x7fff, Type: 200, Data: make([]byte, 3000), Children: loose.List{Tags: make([]loose.Tag, children)},
		})
		var got codec.Packet
		if err := got.UnmarshalBody(in.Append(nil)[1:], codec.Flags(flags)); err != nil {
			t.Fatalf("flags %#x: %v", flags, err)
		}
		if last := got.Tags[0].Children[2]; last.Type != 200 || len(last.Data) != 3000 || len(last.Children) != children {
			t.Errorf("flags %#x: the tag is read as %v with %d bytes and %d children", flags, last.Type, len(last.Data), len(last.Children))
		}
	}
}
