package main

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// needTshark skips a test where there is no tshark, which CI must have, and in
// short runs.
func needTshark(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: the dissector, because of -short")
	}
	required.Programs(t, "tshark")
}

// captured is a connection from generated/ec/testdata/captures, as the frames
// of both sides in their order.
type captured struct {
	name   string
	frames []capturedFrame
}

type capturedFrame struct {
	from  codec.Direction
	bytes []byte
}

func captures(t *testing.T) []captured {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, "generated", "ec", "testdata", "captures", "*.zip"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d archives, %v", len(names), err)
	}
	var all []captured
	for _, name := range names {
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
			c := captured{name: strings.TrimSuffix(filepath.Base(name), ".zip") + "/" + scenario.Name()}
			rest := map[string][]byte{}
			for _, stream := range []string{"c2s.bin", "s2c.bin", "order.txt"} {
				if rest[stream], err = fs.ReadFile(archive, scenario.Name()+"/"+stream); err != nil {
					t.Fatal(err)
				}
			}
			for line := range strings.Lines(string(rest["order.txt"])) {
				direction, _, _ := strings.Cut(line, " ")
				stream, from := direction+".bin", codec.FromClient
				if direction == "s2c" {
					from = codec.FromDaemon
				}
				size := 8 + int(binary.BigEndian.Uint32(rest[stream][4:]))
				c.frames = append(c.frames, capturedFrame{from, rest[stream][:size]})
				rest[stream] = rest[stream][size:]
			}
			all = append(all, c)
		}
	}
	return all
}

// item is a line that Wireshark shows, with those below it.
type item struct {
	Name  string `xml:"name,attr"`
	Label string `xml:"showname,attr"`
	Show  string `xml:"show,attr"`
	Items []item `xml:"field"`
}

// tshark runs the generated dissector over a file and returns what tshark
// writes. It must not take long, whatever is in the file.
func tshark(t *testing.T, file *pcap, args ...string) []byte {
	t.Helper()
	directory := t.TempDir()
	name := filepath.Join(directory, "test.pcap")
	if err := os.WriteFile(name, file.bytes, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	script := filepath.Join(root, "generated", "amule_ec.lua")
	cmd := exec.CommandContext(ctx, "tshark", append([]string{"-n", "-X", "lua_script:" + script, "-r", name}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+directory, "XDG_CONFIG_HOME="+directory)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("tshark %s: %v, %v\n%s", strings.Join(args, " "), err, ctx.Err(), &stderr)
	}
	if strings.Contains(stderr.String(), "Lua") || bytes.Contains(stdout.Bytes(), []byte("_ws.lua.error")) || bytes.Contains(stdout.Bytes(), []byte("Lua Error")) {
		t.Fatalf("there is an error in Lua:\n%s%s", &stderr, firstLine(stdout.Bytes(), "Lua Error"))
	}
	return stdout.Bytes()
}

// firstLine returns the first line with a text in it.
func firstLine(output []byte, text string) string {
	for line := range bytes.Lines(output) {
		if bytes.Contains(line, []byte(text)) {
			return string(line)
		}
	}
	return ""
}

// dissected is a packet as the dissector shows it.
type dissected struct {
	item
	frame string // number of the last segment
}

// dissect returns all packets that the dissector finds in a file.
func dissect(t *testing.T, file *pcap, args ...string) []dissected {
	t.Helper()
	output := tshark(t, file, append(args, "-T", "pdml")...)
	decoder := xml.NewDecoder(bytes.NewReader(output))
	var packets []dissected
	frame := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return packets
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "proto" {
			continue
		}
		var protocol item
		if err := decoder.DecodeElement(&protocol, &start); err != nil {
			t.Fatal(err)
		}
		switch protocol.Name {
		case "geninfo":
			frame = protocol.Items[0].Show
		case "amule_ec":
			packets = append(packets, dissected{protocol, frame})
		}
	}
}

// has returns the items with this filter, at any depth.
func (i *item) has(filter string) []item {
	var found []item
	for _, below := range i.Items {
		if below.Name == filter {
			found = append(found, below)
		}
		found = append(found, below.has(filter)...)
	}
	return found
}

// lines returns the lines of the tags, indented as view does.
func (i *item) lines(t *testing.T, depth int) []string {
	var lines []string
	for _, below := range i.Items {
		switch {
		case !strings.HasPrefix(below.Name, "amule_ec."), strings.HasPrefix(below.Name, "amule_ec.packet."), strings.HasPrefix(below.Name, "amule_ec.expert."),
			below.Name == "amule_ec.port", below.Name == "amule_ec.trailing", strings.HasPrefix(below.Label, "("), strings.HasPrefix(below.Label, "bit "):
			continue
		}
		label, cut := strings.CutPrefix(below.Label, " [truncated]")
		if cut { // Wireshark shows the beginning of a long label
			if name, text, _ := strings.Cut(label, " "); strings.HasPrefix(text, `"`) {
				label = name + " " + strconv.Quote(below.Show)
			} else {
				label += cutMark
			}
		} else {
			below.check(t)
		}
		lines = append(lines, strings.Repeat("  ", depth)+label)
		lines = append(lines, below.lines(t, depth+1)...)
	}
	return lines
}

// cutMark stands behind the beginning of a line that is too long for Wireshark.
const cutMark = "..."

// sameLines compares lines of which one may be the beginning of the other.
var sameLines = cmp.Comparer(func(a, b string) bool {
	begins := func(cut, whole string) bool {
		beginning, ok := strings.CutSuffix(cut, cutMark)
		return ok && strings.HasPrefix(whole, beginning)
	}
	return a == b || begins(a, b) || begins(b, a)
})

// check compares the value that filters see with the one that people see.
func (i *item) check(t *testing.T) {
	t.Helper()
	_, text, _ := strings.Cut(i.Label, " ")
	want := text
	switch {
	case i.Show == "", i.Show == "-nan", strings.Contains(text, `\x`), strings.HasPrefix(i.Label, "unknown "), strings.Contains(i.Label, "... ("), strings.HasSuffix(i.Label, "(empty)"):
		return
	case strings.HasSuffix(text, ")") && !strings.HasPrefix(text, `"`): // PAUSED (7)
		want = strings.TrimSuffix(text[strings.LastIndex(text, "(")+1:], ")")
	case strings.HasPrefix(text, `"`):
		unquoted, err := strconv.Unquote(text)
		if err != nil {
			t.Errorf("%s: %v", i.Label, err)
		}
		want = unquoted
	case text == "true", text == "false":
		want = map[string]string{"true": "1", "false": "0"}[text]
	case strings.Contains(i.Show, ":"): // bytes
		want = strings.Join(pairs(text), ":")
	case strings.Count(text, ".") == 3:
		want, _, _ = strings.Cut(text, ":") // the port is an item of its own
	}
	if shown, err := strconv.ParseFloat(i.Show, 64); err == nil {
		if value, err := strconv.ParseFloat(want, 64); err == nil && value == shown && strings.Contains(want, ".") {
			return
		}
	}
	if i.Show != want {
		t.Errorf("%s: the value is %q, the label says %q", i.Name, i.Show, i.Label)
	}
}

func pairs(hex string) []string {
	var list []string
	for ; len(hex) > 2; hex = hex[2:] {
		list = append(list, hex[:2])
	}
	return append(list, hex)
}

var viewer = view.New(ec.Protocol)

// viewed returns the lines that view prints of a frame, unless it is refused.
func viewed(from codec.Direction, frame codec.Frame) (lines []string, ok bool) {
	m := &view.Message{From: from, Flags: frame.Flags}
	if err := m.Packet.UnmarshalBody(frame.Body, frame.Flags); err != nil {
		return nil, false
	}
	text := strings.TrimSuffix(string(viewer.AppendTree(nil, m, false)), "\n")
	return strings.Split(text, "\n")[1:], true
}

func TestTheDissectorShowsWhatWeDecode(t *testing.T) {
	needTshark(t)
	file := newPcap()
	var frames []capturedFrame
	var names []string
	sizes := [][]int{{1400}, {536}, {1400, 7, 1}, {100, 9}}
	for i, c := range captures(t) {
		connection := file.connect(uint16(20000+i), 4712, sizes[i%len(sizes)]...)
		for number, frame := range c.frames {
			connection.send(frame.from == codec.FromDaemon, frame.bytes)
			frames, names = append(frames, frame), append(names, fmt.Sprintf("%s#%d", c.name, number+1))
		}
	}
	packets := dissect(t, file)
	if len(packets) != len(frames) {
		t.Fatalf("%d packets, want %d", len(packets), len(frames))
	}
	refused := 0
	for i, packet := range packets {
		frame, _, err := codec.ConsumeFrame(frames[i].bytes, codec.DefaultLimits())
		want, ok := viewed(frames[i].from, frame)
		if err != nil || !ok {
			if refused++; len(packet.has("_ws.expert")) == 0 {
				t.Errorf("%s is refused, but shown without a remark", names[i])
			}
			continue
		}
		if diff := cmp.Diff(want, packet.lines(t, 1), cmpopts.EquateEmpty(), sameLines); diff != "" {
			t.Errorf("%s (-view +Wireshark):\n%s", names[i], diff)
		}
		if unknown := packet.has("amule_ec.unknown"); len(unknown) != strings.Count(strings.Join(want, "\n"), "unknown 0x") {
			t.Errorf("%s: unknown tags %v", names[i], unknown)
		}
	}
	if refused > 10 {
		t.Errorf("%d of %d packets were not compared", refused, len(packets))
	}
}

// Each body of which aMule's own reader was asked, whole or mutated: what we
// read is shown as we read it, and what we refuse has a remark.
func TestTheDissectorTakesAndRefusesAsWeDo(t *testing.T) {
	needTshark(t)
	type vector struct {
		Name  string
		Flags codec.Flags
		Body  string
	}
	var vectors []vector
	file := newPcap()
	for _, name := range []string{"amule-reader-edge.jsonl", "amule-reader.jsonl"} {
		text, err := os.ReadFile(filepath.Join(root, "codec", "testdata", "vectors", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			var v vector
			if err := json.Unmarshal(line, &v); err != nil {
				t.Fatal(err)
			}
			body, err := hex.DecodeString(v.Body)
			if err != nil {
				t.Fatal(err)
			}
			packet := binary.BigEndian.AppendUint32(nil, uint32(v.Flags))
			packet = binary.BigEndian.AppendUint32(packet, uint32(len(body)))
			file.connect(uint16(10_000+len(vectors)), 4712, 1<<15).send(true, append(packet, body...))
			vectors = append(vectors, v)
		}
	}
	packets := dissect(t, file)
	if len(packets) != len(vectors) {
		t.Fatalf("%d packets, want %d", len(packets), len(vectors))
	}
	read := 0
	for i, v := range vectors {
		body, err := hex.DecodeString(v.Body)
		if err != nil {
			t.Fatal(err)
		}
		from := codec.FromDaemon
		if packets[i].from() == "client" {
			from = codec.FromClient
		}
		want, ok := viewed(from, codec.Frame{Flags: v.Flags, Body: body})
		got := packets[i].lines(t, 1)
		switch remarks := packets[i].has("_ws.expert"); {
		case ok:
			read++
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameLines); diff != "" {
				t.Errorf("%s %#x %s (-view +Wireshark):\n%s", v.Name, uint32(v.Flags), v.Body, diff)
			}
		case len(remarks) == 0:
			t.Errorf("%s %#x %s is refused, but shown without a remark:\n%s", v.Name, uint32(v.Flags), v.Body, strings.Join(got, "\n"))
		}
	}
	if read < 1000 {
		t.Errorf("only %d of %d bodies were read", read, len(vectors))
	}
}

// from says who wrote a packet, if the dissector knows.
func (d *dissected) from() string {
	for _, who := range d.has("amule_ec.packet.from") {
		return who.Show
	}
	return ""
}

// packetOf returns a packet with this message.
func packetOf(t *testing.T, from codec.Direction, flags codec.Flags, m ec.Message) []byte {
	t.Helper()
	packet := ec.Packet{From: from, Flags: flags, Message: m}
	bytes, err := packet.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// shown returns what the items with a filter show, over all packets.
func shown(packets []dissected, filter string) []string {
	var values []string
	for i := range packets {
		value := "-"
		if items := packets[i].has(filter); len(items) > 0 {
			value = items[0].Show
		}
		values = append(values, value)
	}
	return values
}

const utf8 = codec.FlagBase | codec.FlagUTF8Numbers

func TestRequestsAreLinkedWithTheirReplies(t *testing.T) {
	needTshark(t)
	file := newPcap()
	c := file.connect(50000, 45123, 1400) // a port of which only the login tells that it is aMule's
	c.send(false, packetOf(t, codec.FromClient, utf8, &ec.AuthReq{ProtocolVersion: 0x204}))
	c.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.AuthSalt{PasswdSalt: 1}))
	c.send(false, packetOf(t, codec.FromClient, utf8, &ec.AuthPasswd{}))
	c.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.AuthOK{ServerVersion: "3.0.0"}))
	c.send(false, packetOf(t, codec.FromClient, utf8, &ec.GetStatsTree{}))
	c.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.DLoadQueue{}))
	c.send(false, packetOf(t, codec.FromClient, utf8, &ec.StatReq{}))
	c.send(true, append(packetOf(t, codec.FromDaemon, utf8, &ec.StatsTree{Root: &ec.StatTreeNode{Label: "x"}}), packetOf(t, codec.FromDaemon, utf8, &ec.Stats{})...))
	for _, args := range [][]string{nil, {"-2"}} {
		packets := dissect(t, file, args...)
		for filter, want := range map[string]string{
			"amule_ec.packet.from":        "client daemon client daemon client daemon client daemon daemon",
			"amule_ec.packet.request_in":  "- 1 - 3 - - - 5 7",
			"amule_ec.packet.response_in": map[bool]string{true: "2 - 4 - 8 - 8 - -"}[len(args) > 0],
			"amule_ec.packet.pushed":      "- - - - - 1 - - -",
			"amule_ec.packet.time":        "- 0.001000000 - 0.001000000 - - - 0.003000000 0.001000000",
		} {
			if got := strings.Join(shown(packets, filter), " "); got != want && want != "" {
				t.Errorf("%v: %s is %s, want %s", args, filter, got, want)
			}
		}
	}
	info := string(tshark(t, file, "-T", "fields", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info"))
	if lines := strings.Split(info, "\n"); lines[4] != "aMule EC\tGET_STATSTREE" || lines[7] != "aMule EC\tSTATSTREE, STATS" {
		t.Errorf("the columns are\n%s", info)
	}
}

func TestTagsCanBeFilteredFor(t *testing.T) {
	needTshark(t)
	file := newPcap()
	c := file.connect(50000, 4712, 1400)
	c.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.DLoadQueue{PartFiles: []ec.PartFile{
		{ECID: 7, Name: "fake movie.avi", Status: ec.PartFileStatusPaused, SizeFull: 1 << 40, Hash: codec.Hash{0xab, 1}},
	}}))
	c.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.MiscData{ConnState: &ec.ConnState{
		Bits: ec.ConnStateBitsED2KConnected | ec.ConnStateBitsKadRunning, ClientID: 5,
		Server: &ec.Server{Address: codec.IPv4{Address: [4]byte{10, 1, 2, 3}, Port: 4661}},
	}}))
	c.send(false, packetOf(t, codec.FromClient, utf8, &ec.GetStatsGraphs{Width: 5, Scale: 6, Last: "2.5"}))
	c.send(false, packetOf(t, codec.FromClient, utf8, &ec.PartFileDelete{Hashes: []codec.Hash{{0xab, 1}}}))
	counts := []struct {
		filter string
		want   string
	}{
		{`amule_ec`, "4"},
		{`amule_ec.partfile.name contains "movie"`, "1"},
		{`amule_ec.partfile.status == 7`, "1"},
		{`amule_ec.partfile.size_full > 1000000000000`, "1"},
		{`amule_ec.partfile == 7`, "1"},
		{`amule_ec.partfile.hash[0] == ab`, "1"},
		{`amule_ec.partfile.as_bytes[0] == ab`, "1"},
		{`amule_ec.connstate == 0x11`, "1"},
		{`amule_ec.connstate.kad_running == 1`, "1"},
		{`amule_ec.connstate.kad_connected == 1`, "0"},
		{`amule_ec.server == 10.1.2.0/24 && amule_ec.port == 4661`, "1"},
		{`amule_ec.statsgraph.last > 2.4`, "1"},
		{`amule_ec.packet.opcode == "MISC_DATA"`, "1"},
		{`amule_ec.packet.from == "client"`, "2"},
		{`amule_ec.unknown || amule_ec.expert.malformed`, "0"},
	}
	columns := "io,stat,0"
	for _, count := range counts {
		columns += "," + count.filter
	}
	output := tshark(t, file, "-q", "-z", columns)
	cells := strings.Split(firstLine(output, "<>"), "|") // interval, then frames and bytes for each filter
	if len(cells) < 2*len(counts)+2 {
		t.Fatalf("the table is\n%s", output)
	}
	for i, count := range counts {
		if got := strings.TrimSpace(cells[2+2*i]); got != count.want {
			t.Errorf("%s finds %s packets, want %s", count.filter, got, count.want)
		}
	}
}

// rawPacket returns a packet with a body that we would not write.
func rawPacket(flags codec.Flags, body []byte) []byte {
	packet := binary.BigEndian.AppendUint32(nil, uint32(flags))
	packet = binary.BigEndian.AppendUint32(packet, uint32(len(body)))
	return append(packet, body...)
}

func deflated(t *testing.T, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// nested returns a body with so many tags in each other.
func nested(deep int) []byte {
	body := []byte{byte(ec.OpNoOp), 0, 1}
	for i := range deep {
		body = append(body, 0, 0x09, byte(codec.TypeCustom))
		body = binary.BigEndian.AppendUint32(body, uint32((deep-i)*9))
		body = append(body, 0, 1)
	}
	return append(body, 0, 0x08, 1, 0, 0, 0, 0)
}

// Each packet is whole as TCP sees it, and hostile inside.
func TestHostilePacketsHaveARemarkAndDoNotHang(t *testing.T) {
	needTshark(t)
	stats := packetOf(t, codec.FromDaemon, codec.FlagBase, &ec.Stats{ConnState: &ec.ConnState{ClientID: 5}})
	zlibBase := codec.FlagBase | codec.FlagZlib
	tests := []struct {
		name   string
		packet []byte
		want   string
	}{
		{"a bomb of 256 MiB", rawPacket(zlibBase, deflated(t, make([]byte, 1<<28))), "the body inflates to over 16 MiB"},
		{"a small bomb of 15 MiB", rawPacket(zlibBase, deflated(t, make([]byte, 15<<20))), "the body inflates to over 4 MiB, a hundred times its length"},
		{"tags 200000 deep", rawPacket(codec.FlagBase, nested(200_000)), "tags are nested more than 256 deep"},
		{"tags 200000 deep, deflated", rawPacket(zlibBase, deflated(t, nested(200_000))), "tags are nested more than 256 deep"},
		{"a count of 4 billion", rawPacket(codec.FlagBase|codec.FlagLargeTagCount, []byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), "the bytes end within a number"},
		{"a million tags", rawPacket(utf8|codec.FlagLargeTagCount, append([]byte{1, 0xef, 0xbf, 0xbf, 0xf3, 0xb4, 0x89, 0x80}, bytes.Repeat([]byte{8, 1, 0}, 1_000_000)...)), "there are more tags"},
		{"a tag of 4 GiB", rawPacket(codec.FlagBase, []byte{1, 0, 1, 0, 8, 1, 0xff, 0xff, 0xff, 0xff, 1, 2, 3}), "the bytes end within a tag"},
		{"a tag shorter than its children", rawPacket(codec.FlagBase, []byte{1, 0, 1, 0, 9, 1, 0, 0, 0, 1, 0, 1, 0, 8, 1, 0, 0, 0, 0}), "the tag is shorter than its children"},
		{"an empty body", rawPacket(codec.FlagBase, nil), "the body is empty"},
		{"no zlib stream", rawPacket(zlibBase, []byte("no zlib stream")), "the zlib stream is damaged"},
		{"half a zlib stream", rawPacket(zlibBase, deflated(t, stats[8:])[:20]), "the zlib stream ends early"},
		{"an encrypted body", rawPacket(codec.FlagBase|codec.FlagEncrypted, []byte("sealed")), "The body is encrypted"},
		{"flags of no packet", rawPacket(0x40, stats[8:]), "this is no header of a packet that aMule takes"},
		{"flags that aMule refuses", rawPacket(codec.FlagBase|0x100, stats[8:]), "this is no header of a packet that aMule takes"},
		{"an unknown opcode", rawPacket(codec.FlagBase, []byte{0xf0, 0, 0}), "unknown opcode 0xf0"},
		{"bytes behind the last tag", rawPacket(codec.FlagBase, append(stats[8:len(stats):len(stats)], 1, 2)), "Bytes behind the last tag"},
		{"a length of 4 GiB", []byte{0, 0, 0, 0x20, 0xff, 0xff, 0xff, 0xff, 1, 0, 0}, "the length is more than aMule takes"},
	}
	file := newPcap()
	for i, test := range tests {
		c := file.connect(uint16(50_000+i), 4712, 60_000)
		c.send(true, test.packet)
		c.send(false, packetOf(t, codec.FromClient, utf8, &ec.StatReq{})) // the other direction goes on
	}
	packets := dissect(t, file)
	next := 0
	for _, test := range tests {
		var remarks []string
		for ; next < len(packets) && packets[next].from() != "client"; next++ {
			for _, remark := range packets[next].has("_ws.expert.message") {
				remarks = append(remarks, remark.Show)
			}
		}
		if all := strings.Join(remarks, "\n"); !strings.Contains(all, test.want) {
			t.Errorf("%s: the remarks are %q, want %q", test.name, all, test.want)
		}
		if next++; next > len(packets) {
			t.Fatalf("%s: the other direction does not go on", test.name)
		}
	}
	if next != len(packets) {
		t.Errorf("%d packets, want %d", len(packets), next)
	}
}

// A packet that is cut at any byte is shown as far as it goes.
func TestPacketsCutAnywhereAreShownAsFarAsTheyGo(t *testing.T) {
	needTshark(t)
	whole := packetOf(t, codec.FromDaemon, utf8, &ec.DLoadQueue{PartFiles: []ec.PartFile{
		{ECID: 7, Name: "fake movie.avi", Status: ec.PartFileStatusPaused, A4AFSources: &ec.A4AFSources{ECIDs: []uint32{1, 2, 300}}},
	}})
	deflatedWhole := rawPacket(utf8|codec.FlagZlib, deflated(t, whole[8:]))
	file, count := newPcap(), 0
	for _, packet := range [][]byte{whole, deflatedWhole} {
		for size := 9; size < len(packet); size++ {
			cut := binary.BigEndian.AppendUint32(packet[:4:4], uint32(size-8))
			file.connect(uint16(10_000+count), 4712, 60_000).send(true, append(cut, packet[8:size]...))
			count++
		}
	}
	packets := dissect(t, file)
	if len(packets) != count {
		t.Fatalf("%d packets, want %d", len(packets), count)
	}
	for i := range packets {
		if len(packets[i].has("_ws.expert")) == 0 {
			t.Errorf("packet %d is cut and has no remark", i)
		}
	}
	if names := packets[len(whole)-10].has("amule_ec.partfile.name"); len(names) != 1 || names[0].Show != "fake movie.avi" {
		t.Errorf("the name in a packet whose last byte is missing is %v", names)
	}
}

// Many captures keep only the beginning of each segment, or are not to be put
// together: that is no fault of the packets, and none of the dissector.
func TestCapturesThatLackBytesAreShownAsFarAsTheyGo(t *testing.T) {
	needTshark(t)
	const headers = 40
	request := packetOf(t, codec.FromClient, utf8, &ec.StatReq{})
	reply := packetOf(t, codec.FromDaemon, utf8, &ec.Stats{ULSpeed: 7, ConnState: &ec.ConnState{ClientID: 5}})
	packed := rawPacket(utf8|codec.FlagZlib, deflated(t, reply[8:]))
	file := newPcap()
	most := len(reply) + len(packed)
	for kept := 1; kept < most; kept++ {
		file.most = headers + kept
		c := file.connect(uint16(10_000+kept), 4712, 60_000)
		c.send(false, request)
		c.send(true, append(reply[:len(reply):len(reply)], packed...))
	}
	packets := dissect(t, file)
	next := 0
	for kept := 1; kept < most; kept++ {
		if next += 2; kept > len(reply) {
			next++
		}
		if next > len(packets) {
			t.Fatalf("only %d packets", len(packets))
		}
		remarks := packets[next-1].has("_ws.expert.message")
		cut := len(remarks) == 1 && remarks[0].Show == "only the beginning of this packet is there"
		if whole := kept == len(reply) && len(remarks) == 0; !cut && !whole {
			t.Errorf("%d bytes are kept, and the remarks are %v", kept, remarks)
		}
	}
	if next != len(packets) {
		t.Errorf("%d packets, want %d", len(packets), next)
	}
	for _, size := range []int{1, 7, 8, 9, 20} {
		file := newPcap()
		file.connect(50000, 4712, size).send(true, reply)
		dissect(t, file, "-o", "tcp.desegment_tcp_streams:FALSE")
	}
}

// Where each segment is cut, a header still says where the next packet begins.
func TestPacketsAreFoundBehindSegmentsThatWereCut(t *testing.T) {
	needTshark(t)
	const headers = 40
	request := packetOf(t, codec.FromClient, utf8, &ec.StatReq{})
	long := packetOf(t, codec.FromDaemon, utf8, &ec.Log{Text: strings.Repeat("a line of a log", 40)})
	short := packetOf(t, codec.FromDaemon, utf8, &ec.Stats{ULSpeed: 7})
	two := append(long[:len(long):len(long)], short...)
	names := func(packets []dissected) []string {
		var names []string
		for _, p := range packets {
			if p.has("amule_ec.expert.malformed") != nil {
				t.Errorf("frame %s is malformed: %v", p.frame, p.has("_ws.expert.message"))
			}
			name := "rest"
			if opcode := p.has("amule_ec.packet.opcode"); opcode != nil {
				name = opcode[0].Show
			} else if begins := p.has("amule_ec.packet.begins_in"); begins != nil {
				name = "rest of " + begins[0].Show
			}
			names = append(names, p.frame+" "+name)
		}
		return names
	}
	for _, test := range []struct {
		name   string
		kept   int
		size   int
		writes [][]byte // of the daemon, behind the client's request in frame 1
		want   []string
	}{
		{"packets begin with segments", 60, 200, [][]byte{long, short, short},
			[]string{"1 0x0a", "2 0x38", "3 rest of 2", "4 rest of 2", "5 rest of 2", "6 0x0c", "7 0x0c"}},
		{"a packet begins within a segment", 60, len(long)/2 + 5, [][]byte{two, short},
			[]string{"1 0x0a", "2 0x38", "3 rest of 2", "4 rest", "5 0x0c"}},
		{"a packet begins where nothing was kept", 20, len(long)/2 + 30, [][]byte{two, short},
			[]string{"1 0x0a", "2 0x38", "3 rest of 2", "4 0x0c"}},
		{"a packet begins within a whole segment", 340, len(long) - 50, [][]byte{two, short},
			[]string{"1 0x0a", "2 0x38", "3 rest of 2", "3 0x0c", "4 0x0c"}},
		{"segments that follow are whole", 300, 320, [][]byte{long, short, long[:200], long[200:400], long[400:]},
			[]string{"1 0x0a", "2 0x38", "3 rest of 2", "4 0x0c", "7 0x38"}},
	} {
		file := newPcap()
		file.most = headers + test.kept
		c := file.connect(50_000, 4712, test.size)
		c.send(false, request)
		for _, written := range test.writes {
			c.send(true, written)
		}
		for _, passes := range [][]string{nil, {"-2"}} {
			if diff := cmp.Diff(test.want, names(dissect(t, file, passes...))); diff != "" {
				t.Errorf("%s %v (-want +got):\n%s", test.name, passes, diff)
			}
		}
	}
}

// Wireshark reads a file twice, and shows nothing at the first time. Two
// connections do not mix then, and neither do two logins on the same ports.
func TestConnectionsAreToldApartInBothPasses(t *testing.T) {
	needTshark(t)
	file := newPcap()
	login := packetOf(t, codec.FromClient, codec.FlagBase, &ec.AuthReq{ProtocolVersion: 0x204})
	salt := packetOf(t, codec.FromDaemon, codec.FlagBase, &ec.AuthSalt{PasswdSalt: 5})
	first, second := file.connect(50_000, 4712, 60_000), file.connect(50_001, 4712, 60_000)
	first.send(false, login)                                               // frame 1
	second.send(false, packetOf(t, codec.FromClient, utf8, &ec.GetLog{}))  // 2
	first.send(true, salt)                                                 // 3
	second.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.Log{}))      // 4
	second.send(false, packetOf(t, codec.FromClient, utf8, &ec.StatReq{})) // 5, never answered
	second.send(false, login)                                              // 6: the ports again
	second.send(true, salt)                                                // 7
	first.send(true, packetOf(t, codec.FromDaemon, utf8, &ec.Stats{}))     // 8, unasked
	twice := "1 3 \n2 4 \n3  1\n4  2\n5  \n6 7 \n7  6\n8  \n"
	once := "1  \n2  \n3  1\n4  2\n5  \n6  \n7  6\n8  \n" // responses are not known yet
	for pass, want := range map[string]string{"": once, "-2": twice} {
		fields := append(strings.Fields(pass), "-T", "fields", "-E", "separator= ", "-e", "frame.number", "-e", "amule_ec.packet.response_in", "-e", "amule_ec.packet.request_in")
		if got := string(tshark(t, file, fields...)); got != want {
			t.Errorf("%s: frames, their responses and their requests are\n%s", pass, got)
		}
	}
}

func TestPreferencesOfTheDissector(t *testing.T) {
	needTshark(t)
	file := newPcap()
	file.connect(50000, 4712, 60_000).send(true, rawPacket(codec.FlagBase|codec.FlagZlib, deflated(t, append([]byte{1, 0, 1, 0, 8, 1, 0, 0x20, 0, 0}, make([]byte, 1<<21)...))))
	for option, want := range map[string]string{
		"amule_ec.most_inflated:1": "the body inflates to over 1 MiB",
		"amule_ec.most_tags:0":     "there are more tags",
	} {
		output := string(tshark(t, file, "-o", option, "-T", "fields", "-e", "_ws.expert.message"))
		if !strings.Contains(output, want) {
			t.Errorf("with %s the remarks are %q", option, output)
		}
	}
}
