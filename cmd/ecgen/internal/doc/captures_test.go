package doc

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/codec"
)

// captured is one packet of the captures.
type captured struct {
	from  codec.Direction
	where string // amulecmd-3.0-amuled-3.0/status s2c 3
	bytes []byte
	frame codec.Frame
	tree  codec.Packet
}

// capturedPackets returns all packets of the captures that the codec reads, in
// the order of the archives.
func capturedPackets(t *testing.T) (all []captured) {
	t.Helper()
	archives, err := filepath.Glob("../../../../generated/ec/testdata/captures/*.zip")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, name := range archives {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		scenarios, err := fs.ReadDir(archive, ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, scenario := range scenarios {
			for from, stream := range streams {
				content, err := fs.ReadFile(archive, scenario.Name()+"/"+stream+".bin")
				if err != nil {
					t.Fatal(err)
				}
				pair := strings.TrimSuffix(filepath.Base(name), ".zip")
				all = append(all, packetsOf(codec.Direction(from), pair+"/"+scenario.Name()+" "+stream, content)...)
			}
		}
	}
	return all
}

var streams = [...]string{codec.FromClient: "c2s", codec.FromDaemon: "s2c"}

func packetsOf(from codec.Direction, where string, stream []byte) (packets []captured) {
	for number := 1; len(stream) > 0; number++ {
		frame, size, err := codec.ConsumeFrame(stream, codec.DefaultLimits())
		if size == 0 {
			return packets
		}
		p := captured{from: from, where: fmt.Sprintf("%s %d", where, number), bytes: stream[:size], frame: frame}
		if err == nil && p.tree.UnmarshalBody(frame.Body, frame.Flags) == nil {
			packets = append(packets, p)
		}
		stream = stream[size:]
	}
	return packets
}

// told are the packets that the text speaks of, by the names that it uses.
var told = map[string]string{
	"login-request":   "amulecmd-3.0-amuled-3.0/status c2s 1",
	"login-salt":      "amulecmd-3.0-amuled-3.0/status s2c 1",
	"login-password":  "amulecmd-3.0-amuled-3.0/status c2s 2",
	"login-ok":        "amulecmd-3.0-amuled-3.0/status s2c 2",
	"status-request":  "amulecmd-3.0-amuled-3.0/status c2s 3",
	"status-reply":    "amulecmd-3.0-amuled-3.0/status s2c 3",
	"fixed-request":   "raw-amuled-3.0/raw-no-caps-fixed-numbers c2s 3",
	"fixed-reply":     "raw-amuled-3.0/raw-no-caps-fixed-numbers s2c 3",
	"zlib-utf8-reply": "amulecmd-3.0-amuled-3.0/forcezlib-show-dl s2c 3",
	"update-request":  "raw-amuled-3.0/raw-update-stream-partial c2s 3",
	"update-second":   "raw-amuled-3.0/raw-update-stream-partial s2c 4",
	"update-removed":  "raw-amuled-3.0/raw-update-stream-partial s2c 20",
}

// most is the size up to which an example is shown gladly.
const mostExample = 640

// choose returns the packets that the site shows: those that are told of, and
// of each message the one that has many different tags and not many more, the
// newest aMule first.
func choose(p *model.Protocol, all []captured) map[string]captured {
	chosen := make(map[string]captured)
	for name, where := range told {
		if i := slices.IndexFunc(all, func(c captured) bool { return c.where == where }); i >= 0 {
			chosen[name] = all[i]
		}
	}
	shapes, data := p.Shapes(), p.Codec()
	for _, c := range all {
		i, ok := data.Messages[c.from][c.tree.Opcode]
		if !ok {
			continue
		}
		name := shapes[i].Name
		if best, ok := chosen[name]; !ok || better(c, best) {
			chosen[name] = c
		}
	}
	return chosen
}

func better(a, b captured) bool {
	rank := func(c captured) []int {
		size := c.tree.SizeBody(c.frame.Flags)
		small, newest, all, tags := 0, 0, 0, map[string]bool{}
		if size <= mostExample {
			small = 1
		}
		if strings.Contains(c.where, "amuled-3.0") {
			newest = 1
		}
		path := []string{}
		for depth, tag := range c.tree.All() {
			path = append(path[:depth], fmt.Sprint(tag.Name))
			tags[strings.Join(path, "/")] = true
			all++
		}
		if small == 0 {
			return []int{0, -size}
		}
		return []int{small, 4*len(tags) - all, newest, -size}
	}
	return slices.Compare(rank(a), rank(b)) > 0
}

// writePackets makes packets.tsv.
func writePackets(chosen map[string]captured) []byte {
	var b strings.Builder
	names := slices.SortedFunc(maps.Keys(chosen), func(a, b string) int {
		return cmp.Or(cmp.Compare(a, b))
	})
	for _, name := range names {
		c := chosen[name]
		fmt.Fprintf(&b, "%s\t%s\t%x\n", name, c.where, c.bytes)
	}
	return []byte(b.String())
}

func TestExamplesAreTheBestOfTheCaptures(t *testing.T) {
	chosen := choose(ownProtocol(t), capturedPackets(t))
	want := writePackets(chosen)
	if *update {
		if err := os.WriteFile("packets.tsv", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("packets.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("packets.tsv is not what the captures give; -update writes it again")
	}
}
