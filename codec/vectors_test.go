package codec

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A vector is a body and what aMule 3.0's own reader made of it.
type vector struct {
	Name  string
	Flags Flags
	Body  string
	OK    bool
	Op    Opcode
	Tags  []vectorTag
	Again string // what aMule's writer makes of the tree, without zlib
}

// vectorTag is [name, type, own data in hex, children].
type vectorTag Tag

func (t *vectorTag) UnmarshalJSON(text []byte) error {
	var data string
	var children []vectorTag
	if err := json.Unmarshal(text, &[]any{&t.Name, &t.Type, &data, &children}); err != nil {
		return err
	}
	for _, child := range children {
		t.Children = append(t.Children, Tag(child))
	}
	var err error
	t.Data, err = hex.DecodeString(data)
	return err
}

func readVectors(t *testing.T, name string) []vector {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var vectors []vector
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return vectors
}

// endsEarly reports the one difference from aMule that is not a limit: aMule
// uses what it got of a zlib stream that ends before its checksum, or before
// the tree does.
func endsEarly(body []byte, flags Flags) bool {
	if flags&FlagZlib == 0 || flags.Check() != nil {
		return false
	}
	stream, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return errors.Is(err, io.ErrUnexpectedEOF)
	}
	plain, err := io.ReadAll(stream)
	if err != nil {
		return errors.Is(err, io.ErrUnexpectedEOF)
	}
	var p Packet
	return errors.Is(p.UnmarshalBody(plain, flags&^FlagZlib), ErrTruncated)
}

func TestBodiesAreReadAsAMuleReadsThem(t *testing.T) {
	early := 0
	for _, name := range []string{"amule-reader-edge.jsonl", "amule-reader.jsonl"} {
		vectors := readVectors(t, name)
		if len(vectors) < 70 {
			t.Fatalf("%s has only %d vectors", name, len(vectors))
		}
		for i, v := range vectors {
			body, err := hex.DecodeString(v.Body)
			if err != nil {
				t.Fatal(err)
			}
			var p Packet
			err = p.UnmarshalBody(body, v.Flags)
			if endsEarly(body, v.Flags) {
				early++
				if !errors.Is(err, ErrTruncated) {
					t.Errorf("%s:%d %s: %v, want ErrTruncated", name, i+1, v.Name, err)
				}
				continue
			}
			if (err == nil) != v.OK {
				t.Errorf("%s:%d %s: flags %#x, %d bytes: error %v, but aMule says ok=%t", name, i+1, v.Name, v.Flags, len(body), err, v.OK)
				continue
			}
			if err != nil {
				continue
			}
			want := Packet{Opcode: v.Op}
			for _, tag := range v.Tags {
				want.Tags = append(want.Tags, Tag(tag))
			}
			if !p.Equal(&want) {
				t.Errorf("%s:%d %s: the tree differs from aMule's", name, i+1, v.Name)
			}
			flags := v.Flags &^ FlagZlib
			again, err := p.AppendBody(nil, flags)
			if err != nil || hex.EncodeToString(again) != v.Again {
				t.Errorf("%s:%d %s: written as %x (%v), aMule writes %s", name, i+1, v.Name, again, err, v.Again)
			}
			if size := p.SizeBody(flags); size != len(again) {
				t.Errorf("%s:%d %s: size %d, written %d", name, i+1, v.Name, size, len(again))
			}
		}
	}
	if early == 0 || early > 40 {
		t.Errorf("%d streams end early, want a few", early)
	}
}
