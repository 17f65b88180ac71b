package reference_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/ecgen/ecgen/fuzz/reference"
)

// tag is [name, type, own data in hex, children].
type tag reference.Tag

func (t *tag) UnmarshalJSON(text []byte) error {
	var own string
	var children []tag
	if err := json.Unmarshal(text, &[]any{&t.Name, &t.Type, &own, &children}); err != nil {
		return err
	}
	t.Children = plain(children)
	var err error
	t.Own, err = hex.DecodeString(own)
	return err
}

func plain(tags []tag) (list []reference.Tag) {
	for _, t := range tags {
		list = append(list, reference.Tag(t))
	}
	return list
}

// The verdicts are those of aMule 3.0's own reader.
func TestBodiesAreReadAsAMuleReadsThem(t *testing.T) {
	limits := reference.Limits{Depth: 1000, Tags: 1 << 20}
	for name, least := range map[string]int{"amule-reader-edge.jsonl": 50, "amule-reader.jsonl": 5000} {
		file, err := os.Open(filepath.Join("..", "..", "codec", "testdata", "vectors", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		compared := 0
		for lines.Scan() {
			var vector struct {
				Name  string
				Flags uint32
				Body  string
				OK    bool
				Op    byte
				Tags  []tag
			}
			if err := json.Unmarshal(lines.Bytes(), &vector); err != nil {
				t.Fatal(err)
			}
			body, err := hex.DecodeString(vector.Body)
			if err != nil {
				t.Fatal(err)
			}
			if vector.Flags&1 != 0 {
				continue // deflated
			}
			compared++
			p, verdict, offset := reference.Decode(body, vector.Flags, limits)
			if (verdict == reference.Accepted) != vector.OK {
				t.Errorf("%s: %s at %d, but aMule says ok=%t", vector.Name, verdict, offset, vector.OK)
				continue
			}
			if want := (reference.Packet{Opcode: vector.Op, Tags: plain(vector.Tags)}); vector.OK && !reflect.DeepEqual(p, want) {
				t.Errorf("%s: read as\n%v\nwant\n%v", vector.Name, p, want)
			}
		}
		if err := lines.Err(); err != nil || compared < least {
			t.Errorf("%s: %d bodies compared, want %d or more; %v", name, compared, least, err)
		}
	}
}

func TestRefusalsSayWhere(t *testing.T) {
	limits := reference.Limits{Depth: 2, Tags: 4}
	for _, test := range []struct {
		name    string
		flags   uint32
		body    string
		verdict reference.Verdict
		offset  int
	}{
		{"no body", 0x20, "", reference.EndsEarly, 0},
		{"no count", 0x20, "0100", reference.EndsEarly, 1},
		{"no tag", 0x20, "010001", reference.EndsEarly, 1},
		{"own data", 0x20, "0100010008020000000201", reference.EndsEarly, 10},
		{"flags", 0x60, "010000", reference.BadFlags, 0},
		{"flags", 0x00, "010000", reference.BadFlags, 0},
		{"sealed", 0x28, "010000", reference.Sealed, 0},
		{"ignored flags", 0x8080a4, "010000", reference.Accepted, 3},
		{"lead byte", 0x22, "0180", reference.BadNumber, 1},
		{"longer than needed", 0x22, "01c180", reference.BadNumber, 1},
		{"cut to its width", 0x22, "01f0908080", reference.Accepted, 5},
		{"shorter than its child", 0x20, "010001000301000000060001000402000000" + "0000", reference.TooShort, 12},
		{"too deep", 0x22, "0101030115010301090103010201040100000000", reference.TooDeep, 14},
		{"too many", 0x22, "0105020100020100020100020100020100", reference.TooManyTags, 1},
		{"a count of the long form", 0x30, "01ffff00000000", reference.Accepted, 7},
	} {
		body, err := hex.DecodeString(test.body)
		if err != nil {
			t.Fatal(err)
		}
		if _, verdict, offset := reference.Decode(body, test.flags, limits); verdict != test.verdict || offset != test.offset {
			t.Errorf("%s: %s at %d, want %s at %d", test.name, verdict, offset, test.verdict, test.offset)
		}
	}
}
