package doc

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

func bytesOf(t *testing.T, digits string) []byte {
	t.Helper()
	decoded, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// The figures of the texts are computed again here.

func TestTheCodedNumbersOfTheTextAreRight(t *testing.T) {
	text := string(mustRead(t, "text/wire.md"))
	found := regexp.MustCompile(`0x([0-9A-F]+)\s+((?:[0-9a-f]{2} ?){1,6})(?:\s{2,}|\n)`).FindAllStringSubmatch(text, -1)
	if len(found) != 6 {
		t.Fatalf("%d numbers: %q", len(found), found)
	}
	for _, pair := range found {
		value, err := strconv.ParseUint(pair[1], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		// As TAGLEN of a tag with a child: only there is it not compared with
		// the bytes that follow at once.
		body := append(append([]byte{0, 1, 3, 1}, bytesOf(t, pair[2])...), 1, 4, 1, 0)
		decoder := codec.NewDecoder(body, codec.FlagBase|codec.FlagUTF8Numbers, 0, codec.DefaultLimits())
		_, _, at := decoder.Opcode()
		if head := decoder.Head(at); uint64(head.Length()) != value {
			t.Errorf("%s is %#x, not %#x", pair[2], head.Length(), value)
		}
		decoder.Finish(0, -1, nil)
	}
}

func TestTheTagLengthsOfTheTextAreRight(t *testing.T) {
	packet := examples(t)["fixed-reply"]
	var reply codec.Packet
	if err := reply.UnmarshalBody(packet[codec.HeaderSize:], codec.FlagBase); err != nil {
		t.Fatal(err)
	}
	state := reply.Tags[len(reply.Tags)-1]
	lengths := []int{50, 18, 4, 4} // of CONNSTATE and its children
	for i, name := range []string{"CONNSTATE", "SERVER", "ED2K_ID", "CLIENT_ID"} {
		tag := state
		if i > 0 {
			tag = state.Children[i-1]
		}
		// Without coding a tag alone has a head of 7 and a count of 2.
		alone := codec.Packet{Tags: []codec.Tag{tag}}
		size := alone.SizeBody(codec.FlagBase) - 3 - 7
		if len(tag.Children) > 0 {
			size -= 2
		}
		if size != lengths[i] {
			t.Errorf("%s: TAGLEN is %d, not %d", name, size, lengths[i])
		}
	}
}

func TestThePasswordsOfTheTextAreRight(t *testing.T) {
	text := string(mustRead(t, "text/session.md"))
	hexMD5 := func(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) }
	if !strings.Contains(text, "`"+hexMD5("amule")+"`") {
		t.Error("the hash of the password is wrong")
	}
	found := regexp.MustCompile("\\| 0x([0-9A-F]{8,16}) \\| `([0-9a-f]{32})` \\| `([0-9a-f]{32})` \\|").FindAllStringSubmatch(text, -1)
	if len(found) != 3 {
		t.Fatalf("%d salts", len(found))
	}
	for _, row := range found {
		salt := hexMD5(strings.TrimLeft(row[1], "0"))
		if answer := hexMD5(hexMD5("amule") + salt); row[2] != salt || row[3] != answer {
			t.Errorf("salt %s: %s and %s, want %s and %s", row[1], row[2], row[3], salt, answer)
		}
	}
}

// expand is the reader's half of the code of runs.
func expand(b []byte) (out []byte) {
	for i := 0; i < len(b); {
		if i < len(b)-2 && b[i] == b[i+1] {
			out = append(out, bytes.Repeat(b[i:i+1], int(b[i+2]))...)
			i += 3
			continue
		}
		out = append(out, b[i])
		i++
	}
	return out
}

func TestTheStatusCodingsOfTheTextAreRight(t *testing.T) {
	text := string(mustRead(t, "text/updates.md"))
	var state []byte
	rows := regexp.MustCompile("(?m)^\\| (`[0-9a-f ]+`|the same) \\| (`[0-9a-f ]+`|nothing) \\|").FindAllStringSubmatch(text, -1)
	if len(rows) != 5 {
		t.Fatalf("%d states", len(rows))
	}
	for _, row := range rows {
		if row[2] == "nothing" {
			continue
		}
		want, changes := bytesOf(t, strings.Trim(row[1], "`")), expand(bytesOf(t, strings.Trim(row[2], "`")))
		state = append(state[:min(len(state), len(changes))], make([]byte, max(0, len(changes)-len(state)))...)
		for i := range state {
			state[i] ^= changes[i]
		}
		if !bytes.Equal(state, want) {
			t.Errorf("%s gives %x, want %x", row[2], state, want)
		}
	}
	for _, run := range []struct{ plain, coded string }{
		{"00 00 00 00 00 07", "00 00 05  07"},
		{"03 03", "03 03 02"},
		{strings.Repeat("00", 300), "00 00 ff  00 00 2d"},
	} {
		if !strings.Contains(text, "→  "+run.coded+"\n") || !bytes.Equal(expand(bytesOf(t, run.coded)), bytesOf(t, run.plain)) {
			t.Errorf("%s is not %s", run.coded, run.plain)
		}
	}
	columns := bytesOf(t, "8a 8b  7a 7b  6a 6b  5a 5b  04 04  03 03  00 00  00 00")
	for i, number := range []uint64{0x03045A6A7A8A, 0x03045B6B7B8B} {
		for shift := range 8 {
			if columns[2*shift+i] != byte(number>>(8*shift)) {
				t.Errorf("byte %d of %#x", shift, number)
			}
		}
	}
}

func TestNamesInTheTextsAreCodes(t *testing.T) {
	s, err := newSite(ownProtocol(t), HTML)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range explained {
		for _, span := range codeSpan.FindAllStringSubmatch(string(mustRead(t, "text/"+p.Name+".md")), -1) {
			if href, _ := s.word(span[1]); href == "" {
				t.Errorf("%s.md: %s is no code, or more than one: write op:NAME or tag:NAME", p.Name, span[1])
			}
		}
	}
}
