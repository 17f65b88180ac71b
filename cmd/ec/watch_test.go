package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror"
)

// What a daemon answers to three GET_UPDATEs: two downloads, a shared file, a
// peer and a server; then one download is faster; then the other is gone.
const updates = `
{"opcode":"SHARED_FILES","from":"daemon","flags":32,"fields":{"PARTFILE":[{"own":7,"PARTFILE_NAME":"a.iso","PARTFILE_HASH":"00112233445566778899aabbccddeeff","PARTFILE_SIZE_FULL":1000,"PARTFILE_SIZE_DONE":100,"PARTFILE_SPEED":0,"PARTFILE_PRIO":1,"PARTFILE_PART_STATUS":"02","PARTFILE_GAP_STATUS":"64e7000300000c","PARTFILE_SOURCE_NAMES":{"PARTFILE_SOURCE_NAMES":[{"own":1,"PARTFILE_SOURCE_NAMES":"ä>.iso","PARTFILE_SOURCE_NAMES_COUNTS":2}]}},{"own":8,"PARTFILE_NAME":"b.iso","PARTFILE_HASH":"ffeeddccbbaa99887766554433221100","PARTFILE_SIZE_FULL":2048,"PARTFILE_STATUS":7,"PARTFILE_PRIO":2}],"KNOWNFILE":[{"own":9,"PARTFILE_NAME":"c.bin","PARTFILE_HASH":"0000000000000000000000000000000c","PARTFILE_SIZE_FULL":5,"PARTFILE_PART_STATUS":"07"}],"CLIENT":{"CLIENT":[{"own":10,"CLIENT_NAME":"peer","CLIENT_HASH":"0000000000000000000000000000000d","CLIENT_SOFT_VER_STR":"aMule 2.3.3","CLIENT_DOWN_SPEED":2.5,"CLIENT_DOWNLOAD_STATE":0}]},"SERVER":{"SERVER":[{"own":11,"SERVER_NAME":"Example","SERVER_IP":117571776,"SERVER_PORT":4661,"SERVER_PING":35,"SERVER_USERS":100}]},"FRIEND":{}}}
{"opcode":"SHARED_FILES","from":"daemon","flags":32,"fields":{"PARTFILE":[{"own":7,"PARTFILE_SIZE_DONE":500,"PARTFILE_SPEED":2048,"PARTFILE_SOURCE_COUNT_XFER":1,"PARTFILE_PART_STATUS":"03","PARTFILE_GAP_STATUS":"90000100000d","PARTFILE_REQ_STATUS":"64e7000300000c"}],"CLIENT":{"CLIENT":[{"own":10}]},"SERVER":{"SERVER":[{"own":11}]},"FRIEND":{}}}
{"opcode":"SHARED_FILES","from":"daemon","flags":32,"fields":{"FILE_REMOVED":[8],"CLIENT":{"CLIENT":[{"own":10}]},"SERVER":{"SERVER":[{"own":11}]},"FRIEND":{}}}
`

// watch runs watch until it has written what is the last of it.
func watch(t *testing.T, last string, args ...string) string {
	t.Helper()
	serve(t, updates)
	r := startQuietly(t, append([]string{"watch", "--every", "1ms"}, args...)...)
	r.says(&r.stdout, last)
	got := r.end()
	if got.code != exitGood || got.stderr != "" {
		t.Errorf("%+v", got)
	}
	return got.stdout
}

func TestWatchPrintsChanges(t *testing.T) {
	for _, c := range []struct{ list, last, want string }{
		{"downloads", "gone", `change   done     size  speed  sources  state    priority  name
new     10.0%   1000 B             0/0  waiting  normal    a.iso
new      0.0%  2.0 KiB             0/0  paused   high      b.iso
changed  50.0%  1000 B  2.0 KiB/s  0/0 (1)  downloading  normal  a.iso
gone  0.0%  2.0 KiB    0/0  paused  high  b.iso
`},
		{"shared", "c.bin", `change  size  requests  accepted  uploaded  priority  name
new      5 B       0/0       0/0   0 B/0 B  low       c.bin
`},
		{"clients", "peer", `change  up       down  uploaded  downloaded  state        program      name
new         2.5 KiB/s       0 B         0 B  downloading  aMule 2.3.3  peer
`},
		{"servers", "Example", `change  users  files   ping  failed  address         name
new       100      0  35 ms       0  192.0.2.7:4661  Example
`},
	} {
		if got := watch(t, c.last, c.list); got != c.want {
			t.Errorf("%s: got\n%s, want\n%s", c.list, got, c.want)
		}
	}
}

func TestWatchPrintsChangesAsJSON(t *testing.T) {
	got := watch(t, `"gone"`, "--json")
	want := `{"list":"downloads","change":"new","ecid":7,"object":{"own":7,"PARTFILE_NAME":"a.iso"
{"list":"downloads","change":"new","ecid":8,"object":{"own":8,"PARTFILE_NAME":"b.iso"
{"list":"downloads","change":"changed","ecid":7,"object":{"own":7,"PARTFILE_NAME":"a.iso"
{"list":"downloads","change":"gone","ecid":8}
`
	lines := strings.SplitAfter(got, "\n")
	for i, part := range strings.SplitAfter(want, "\n") {
		if part = strings.TrimSuffix(part, "\n"); i >= len(lines) || !strings.HasPrefix(lines[i], part) {
			t.Errorf("line %d: got\n%s, want\n%s", i+1, lines[min(i, len(lines)-1)], part)
		}
		if i < len(lines)-1 && !json.Valid([]byte(lines[i])) {
			t.Errorf("line %d is no JSON", i+1)
		}
	}
	if !strings.Contains(lines[2], `"PARTFILE_SIZE_FULL":1000`) || !strings.Contains(lines[2], `"PARTFILE_SPEED":2048`) {
		t.Errorf("what did not change is not there: %s", lines[2])
	}
	for i, arrays := range []string{
		`{"parts":[2],"gaps":[[100,999]],"requested":[],"source_names":[{"name":"ä>.iso","count":2}]}`,
		`{"parts":[],"gaps":[],"requested":[],"source_names":[]}`,
		`{"parts":[1],"gaps":[[500,999]],"requested":[[100,999]],"source_names":[{"name":"ä>.iso","count":2}]}`,
	} {
		if !strings.HasSuffix(lines[i], `,"decoded":`+arrays+"}\n") {
			t.Errorf("line %d: got %s, want at its end %s", i+1, lines[i], arrays)
		}
	}
	if got := watch(t, "c.bin", "--json", "shared"); !strings.HasSuffix(got, `,"decoded":{"parts":[7]}}`+"\n") {
		t.Errorf("got %s", got)
	}
	if got := watch(t, "Example", "--json", "servers"); strings.Contains(got, "decoded") {
		t.Errorf("got %s", got)
	}
}

func TestWatchFillsTheScreen(t *testing.T) {
	var out bytes.Buffer
	width, height := 40, 7
	d := &screenDisplay{list: &watchLists[0], out: &out, size: func() (int, int) { return width, height }, title: "aMule 2.3.3 at 127.0.0.1:4712"}
	var s mirror.Snapshot
	for i := range 5 {
		s.Downloads = append(s.Downloads, &mirror.Download{PartFile: ec.PartFile{ECID: uint32(i), Name: strings.Repeat("n", 10+i), SizeFull: 1}})
	}
	lines := func() []string {
		t.Helper()
		text := out.String()
		out.Reset()
		if !strings.HasPrefix(text, goHome) || !strings.HasSuffix(text, "\x1b[K"+clearRest) {
			t.Errorf("a drawing is %q", text)
		}
		return strings.Split(strings.TrimSuffix(strings.TrimPrefix(text, goHome), "\x1b[K"+clearRest), endOfLine)
	}
	if err := d.update(&s, nil); err != nil {
		t.Fatal(err)
	}
	rest, opened := strings.CutPrefix(out.String(), openScreen)
	if !opened {
		t.Errorf("the screen is not opened: %q", out.String())
	}
	out.Reset()
	out.WriteString(rest)
	got := lines()
	if len(got) != 7 || got[0] != "aMule 2.3.3 at 127.0.0.1:4712: download…" || got[6] != "and 2 more" {
		t.Errorf("got %q", got)
	}
	for _, line := range got {
		if len([]rune(line)) > width {
			t.Errorf("too long: %q", line)
		}
	}
	width, height = 120, 24
	if err := d.update(&s, nil); err != nil {
		t.Fatal(err)
	}
	if got := lines(); len(got) != 8 || !strings.HasSuffix(got[7], "nnnn") {
		t.Errorf("got %q", got)
	}
	d.close()
	if out.String() != closeScreen {
		t.Errorf("the end is %q", &out)
	}
}

func TestWatchConnectsAgain(t *testing.T) {
	r := serve(t, updates)
	w := startQuietly(t, "watch", "--every", "1ms", "downloads")
	w.says(&w.stdout, "gone")
	r.end()
	w.says(&w.stdout, "lost")
	start(t, updates, "serve", "--listen", r.address, "-")
	w.says(&w.stdout, "lost")
	before := strings.Count(w.stdout.String(), "b.iso")
	for strings.Count(w.stdout.String(), "b.iso") == before {
		w.says(&w.stdout, "b.iso")
	}
	if got := w.end(); got.code != exitGood {
		t.Errorf("%+v", got)
	}
}

func TestWatchIsToldWhat(t *testing.T) {
	const message = "ec watch: want downloads, shared, clients or servers; see \"ec help watch\"\n"
	want(t, result{exitFailed, "", message}, "", "watch", "uploads")
	want(t, result{exitFailed, "", message}, "", "watch", "shared", "clients")
	want(t, result{exitFailed, "", "ec watch: --every wants a time over 0; see \"ec help watch\"\n"}, "", "watch", "--every", "0s")
}
