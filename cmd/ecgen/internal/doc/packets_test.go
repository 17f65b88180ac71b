package doc

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ecgen/ecgen/codec"
)

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// examples returns the bytes of all packets of packets.tsv by name.
func examples(t *testing.T) map[string][]byte {
	t.Helper()
	packets := make(map[string][]byte)
	for line := range strings.Lines(packetsFile) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		packet, err := hex.DecodeString(columns[2])
		if err != nil || packets[columns[0]] != nil {
			t.Fatal(columns[0], err)
		}
		packets[columns[0]] = packet
	}
	return packets
}

// inflated returns a packet's bytes with its body inflated, under the same
// flags.
func inflated(t *testing.T, packet []byte) []byte {
	t.Helper()
	if packet[3]&byte(codec.FlagZlib) == 0 {
		return packet
	}
	stream, err := zlib.NewReader(bytes.NewReader(packet[codec.HeaderSize:]))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(err)
	}
	return append(packet[:codec.HeaderSize:codec.HeaderSize], body...)
}

func TestExamplesDecodeAndEncodeAgain(t *testing.T) {
	for name, packet := range examples(t) {
		frame, size, err := codec.ConsumeFrame(packet, codec.DefaultLimits())
		if err != nil || size != len(packet) {
			t.Errorf("%s: %d of %d bytes, %v", name, size, len(packet), err)
			continue
		}
		var tree codec.Packet
		if err := tree.UnmarshalBody(frame.Body, frame.Flags); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := tree.AppendBody(nil, frame.Flags&^codec.FlagZlib)
		if want := inflated(t, packet)[codec.HeaderSize:]; err != nil || !bytes.Equal(body, want) {
			t.Errorf("%s: %v\n%x, want\n%x", name, err, body, want)
		}
	}
}

// What a page shows of a packet are all of its bytes, those that are left out
// counted, and every run of them says something.
func TestPagesShowEveryByteOfTheExamples(t *testing.T) {
	files := generatedFrom(t, ownSpec, HTML)
	packets := examples(t)
	shown := make(map[string]bool)
	for name, d := range parse(t, files) {
		for id, figure := range d.ids {
			packet, ok := strings.CutPrefix(id, "packet-")
			if !ok {
				continue
			}
			shown[packet] = true
			want := inflated(t, packets[packet])
			at := 0
			for n := range figure.Descendants() {
				if !hasClass(n, "f") || hasClass(n, "zlib") {
					continue
				}
				text := n.FirstChild.Data
				part, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
				if err != nil {
					t.Fatal(name, packet, err)
				}
				if at+len(part) > len(want) || !bytes.Equal(part, want[at:at+len(part)]) {
					t.Fatalf("%s: %s: %x at offset %d of\n%x", name, packet, part, at, want)
				}
				at += len(part) + leftOut(t, n)
				if says, _ := attribute(n, "title"); !strings.Contains(says, ": ") {
					t.Errorf("%s: %s: %x says %q", name, packet, part, says)
				}
			}
			if at != len(want) {
				t.Errorf("%s: %s: %d of %d bytes", name, packet, at, len(want))
			}
		}
	}
	for name := range packets {
		if !shown[name] {
			t.Errorf("no page shows %s", name)
		}
	}
}

func leftOut(t *testing.T, n *html.Node) (count int) {
	t.Helper()
	if n.LastChild != n.FirstChild && n.LastChild.Data == "i" {
		if _, err := fmt.Sscanf(textOf(n.LastChild), "… %d more", &count); err != nil {
			t.Fatal(err)
		}
	}
	return count
}

func TestEveryMessageHasAnExampleOrSaysWhyNot(t *testing.T) {
	protocol := ownProtocol(t)
	packets := examples(t)
	documents := parse(t, generatedFrom(t, ownSpec, HTML))
	for _, m := range protocol.Messages {
		article := documents["messages-"+m.File+".html"].ids[m.Name].Parent
		without := strings.Contains(textOf(article), "No capture has this message.")
		if without != (packets[m.Name] == nil) {
			t.Errorf("%s: example %v, and the page says otherwise", m.Name, packets[m.Name] != nil)
		}
		if without && m.Since == "" {
			t.Errorf("%s is an old message without an example", m.Name)
		}
	}
}
