package capture

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/session/amuletest/required"
)

var ends = [][2]netip.AddrPort{
	{netip.MustParseAddrPort("192.0.2.1:50000"), netip.MustParseAddrPort("127.0.0.1:4712")},
	{netip.MustParseAddrPort("[2001:db8::1]:50001"), netip.MustParseAddrPort("[::1]:4712")},
	{netip.MustParseAddrPort("[::ffff:192.0.2.1]:50002"), netip.MustParseAddrPort("127.0.0.1:4712")},
	{netip.MustParseAddrPort("[2001:db8::1]:50003"), netip.MustParseAddrPort("127.0.0.1:4712")},
}

// record records connections between all ends, and returns the capture with
// all that each side sent.
func record(t *testing.T) (file []byte, streams map[[2]int][]byte) {
	t.Helper()
	var out bytes.Buffer
	recorder, err := NewRecorder(&out, "test")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_700_000_000, 0)
	recorder.now = func() time.Time { now = now.Add(time.Millisecond); return now }
	var recordings []*Recording
	for _, pair := range ends {
		recording, err := recorder.Open(pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		recordings = append(recordings, recording)
	}
	random := rand.New(rand.NewPCG(1, 2))
	streams = make(map[[2]int][]byte)
	for range 60 {
		connection, from := random.IntN(len(ends)), random.IntN(2)
		data := make([]byte, 1+random.IntN(3*mostPayload))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		if err := recordings[connection].Write(from, data); err != nil {
			t.Fatal(err)
		}
		key := [2]int{connection, from}
		streams[key] = append(streams[key], data...)
	}
	for _, recording := range recordings {
		for from := range 2 {
			if err := recording.Close(from); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.Bytes(), streams
}

func TestWhatIsRecordedIsRead(t *testing.T) {
	file, expected := record(t)
	if !Is(file[:MagicSize]) {
		t.Error("it does not look like a packet capture")
	}
	got, ended := make(map[[2]int][]byte), make(map[[2]int]bool)
	for chunk, err := range Chunks(bytes.NewReader(file), nil) {
		if err != nil {
			t.Fatal(err)
		}
		connection := -1
		for i := range ends {
			if chunk.Connection.Ends[0].Port() == ends[i][0].Port() {
				connection = i
			}
		}
		key := [2]int{connection, chunk.From}
		if chunk.Connection.Opener != 0 || !chunk.Begun || chunk.Missing != 0 || ended[key] || chunk.Time.Unix() != 1_700_000_000 {
			t.Errorf("a chunk is %+v of %+v", chunk, chunk.Connection)
		}
		got[key] = append(got[key], chunk.Data...)
		ended[key] = chunk.End
	}
	if len(got) != 2*len(ends) {
		t.Errorf("%d streams", len(got))
	}
	for key, data := range got {
		if !bytes.Equal(data, expected[key]) || !ended[key] {
			t.Errorf("%v: read %d bytes, want %d, ended %v", key, len(data), len(expected[key]), ended[key])
		}
	}
}

func TestAddressesAreKept(t *testing.T) {
	file, _ := record(t)
	want := [][2]string{
		{"192.0.2.1:50000", "127.0.0.1:4712"},
		{"[2001:db8::1]:50001", "[::1]:4712"},
		{"192.0.2.1:50002", "127.0.0.1:4712"},
		{"[2001:db8::1]:50003", "[::ffff:127.0.0.1]:4712"}, // one packet has addresses of one kind
	}
	got := make(map[[2]string]bool)
	for chunk, err := range Chunks(bytes.NewReader(file), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got[[2]string{chunk.Connection.Ends[0].String(), chunk.Connection.Ends[1].String()}] = true
	}
	for _, pair := range want {
		if !got[pair] {
			t.Errorf("%v is not among %v", pair, got)
		}
	}
}

// Wireshark finds nothing wrong with the packets that are made up.
func TestWiresharkReadsWhatIsRecorded(t *testing.T) {
	required.Programs(t, "tshark")
	file, streams := record(t)
	name := filepath.Join(t.TempDir(), "recorded.pcapng")
	if err := os.WriteFile(name, file, 0o666); err != nil {
		t.Fatal(err)
	}
	tshark := func(args ...string) string {
		t.Helper()
		var stderr bytes.Buffer
		command := exec.Command("tshark", append([]string{"-r", name, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"}, args...)...)
		command.Env = append(os.Environ(), "HOME="+t.TempDir())
		command.Stderr = &stderr
		output, err := command.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, &stderr)
		}
		return string(output)
	}
	if found := tshark("-Y", "tcp.analysis.flags || _ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0"); found != "" {
		t.Errorf("Wireshark finds fault with\n%s", found)
	}
	total, want := 0, 0
	for range strings.Lines(tshark("-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.len")) {
		total++
	}
	for _, stream := range streams {
		want += len(stream) / mostPayload
	}
	if total < want {
		t.Errorf("%d packets with data, want %d or more", total, want)
	}
}

func TestOnlyPacketCapturesAreTakenForSome(t *testing.T) {
	for _, c := range []struct {
		magic string
		want  bool
	}{
		{"\xa1\xb2\xc3\xd4", true}, {"\xd4\xc3\xb2\xa1", true}, {"\xa1\xb2\x3c\x4d", true}, {"\x4d\x3c\xb2\xa1", true},
		{"\x0a\x0d\x0d\x0a", true}, {"\x1f\x8b\x08\x00", true},
		{"\x00\x00\x00\x20", false}, {"\x00\x00\x00\x33", false}, {"{\"op", false}, {"\xa1\xb2\xc3", false}, {"", false},
	} {
		if got := Is([]byte(c.magic)); got != c.want {
			t.Errorf("%x: %v", c.magic, got)
		}
	}
}
