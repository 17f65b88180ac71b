package codec_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/bench"
	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/klauspost/compress/zlib"
)

// A price is what a call may cost.
type price struct {
	bytes uint64
	time  time.Duration
}

// cheap is the price of refusing hostile bytes.
var cheap = price{32 << 20, 50 * time.Millisecond}

// checkPrice calls f some times and checks what it cost: the most bytes that a
// call allocated, with nothing in any pool, and the least time, which is
// multiplied where it would depend on the machine's mood.
func checkPrice(t *testing.T, p price, f func()) {
	t.Helper()
	var most uint64
	least := time.Hour
	rounds := 5
	if raceDetector || runtime.GOARCH == "arm" { // which CI emulates
		rounds, p.time = 1, 30*p.time
	}
	for range rounds {
		runtime.GC()
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		f()
		least = min(least, time.Since(start))
		runtime.ReadMemStats(&after)
		most = max(most, after.TotalAlloc-before.TotalAlloc)
	}
	if most > p.bytes {
		t.Errorf("%d bytes allocated, want at most %d", most, p.bytes)
	}
	if least > p.time {
		t.Errorf("it took %v, want at most %v", least, p.time)
	}
}

// readers are the ways to read the body of a daemon's packet.
var readers = []struct {
	name string
	read func(body []byte, flags codec.Flags, limits codec.Limits) error
}{
	{"untyped", func(body []byte, flags codec.Flags, limits codec.Limits) error {
		return new(codec.Packet).Decode(body, flags, 0, limits)
	}},
	{"untyped shared", func(body []byte, flags codec.Flags, limits codec.Limits) error {
		return new(codec.Packet).Decode(body, flags, codec.Share, limits)
	}},
	{"typed", func(body []byte, flags codec.Flags, limits codec.Limits) error {
		return typedLike(body, flags).DecodeBody(body, flags, 0, limits)
	}},
	{"typed shared", func(body []byte, flags codec.Flags, limits codec.Limits) error {
		return typedLike(body, flags).DecodeBody(body, flags, codec.Share, limits)
	}},
	{"elements", func(body []byte, flags codec.Flags, limits codec.Limits) error {
		for _, err := range codec.Elements(body, flags, limits) {
			if err != nil {
				return err
			}
		}
		return nil
	}},
}

// typedLike returns a message for the body's opcode; what is deflated has
// shared files.
func typedLike(body []byte, flags codec.Flags) ec.Message {
	op := ec.OpSharedFiles
	if flags&zip == 0 {
		op = codec.Opcode(body[0])
	}
	return ec.New(codec.FromDaemon, op)
}

// levels returns a body of tags of this name, each in the one before.
func levels(op codec.Opcode, name codec.TagName, flags codec.Flags, n int) []byte {
	body := appendCount([]byte{byte(op)}, flags, 1)
	level := appendCount(appendHead(nil, flags, name, codec.TypeCustom, 0x7F, true), flags, 1)
	return append(body, bytes.Repeat(level, n)...)
}

// promises returns a body of about n bytes in which each tag of this name
// promises as many children as the bytes behind it could hold.
func promises(op codec.Opcode, name codec.TagName, flags codec.Flags, n int) []byte {
	smallest := 7
	if flags&codec.FlagUTF8Numbers != 0 {
		smallest = 3
	}
	room := func(body []byte) int { return max(1, (n-len(body)-16)/smallest) }
	body := []byte{byte(op)}
	body = appendCount(body, flags, room(body))
	for range 200 {
		body = appendHead(body, flags, name, codec.TypeCustom, 0x7F, true)
		body = appendCount(body, flags, room(body))
	}
	return append(body, make([]byte, n-len(body))...)
}

// zeros returns n zeros, a multiple of 1 MiB, as a zlib stream.
func zeros(t testing.TB, n int) []byte {
	t.Helper()
	var stream bytes.Buffer
	writer := zlib.NewWriter(&stream)
	block := make([]byte, 1<<20)
	for range 2 {
		stream.Reset()
		if _, err := writer.Write(block); err != nil {
			t.Fatal(err)
		}
		if err := writer.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	// Each block that follows another is like the second.
	blocks := bytes.Repeat(stream.Bytes(), n>>20)
	bomb := append([]byte{0x78, 0x9c}, blocks...)
	bomb = append(bomb, 3, 0) // the last block, which is empty
	return binary.BigEndian.AppendUint32(bomb, uint32(n%65521)<<16|1)
}

// Under the default limits no bytes are expensive, whoever reads them.
func TestHostileBodiesAreCheap(t *testing.T) {
	short := func(text string) []byte { return append(unhex(t, text), make([]byte, 32)...) }
	for _, c := range []struct {
		name  string
		flags codec.Flags
		body  []byte
		want  error
		price price
	}{
		{"levels", fixed, levels(ec.OpSharedFiles, ec.TagKnownFile, fixed, 200_000), codec.ErrTooDeep, cheap},
		{"levels coded", utf8, levels(ec.OpSharedFiles, ec.TagKnownFile, utf8, 200_000), codec.ErrTooDeep, cheap},
		{"levels of objects", fixed, levels(ec.OpStatsTree, ec.TagStatTreeNode, fixed, 200_000), codec.ErrTooDeep, cheap},
		{"levels of objects coded", utf8, levels(ec.OpStatsTree, ec.TagStatTreeNode, utf8, 200_000), codec.ErrTooDeep, cheap},
		{"count", fixed | large, short("22" + "ffff" + "ffffffff"), codec.ErrTruncated, cheap},
		{"count coded", utf8 | large, short("22" + "efbfbf" + "fdbfbfbfbfbf"), codec.ErrTruncated, cheap},
		{"count of 16 bits", fixed, short("22" + "ffff"), codec.ErrTruncated, cheap},
		{"count below", fixed | large, short("22" + "0001" + "0801" + "01" + "00000000" + "ffff" + "ffffffff"), codec.ErrTruncated, cheap},
		{"count below coded", utf8 | large, short("22" + "01" + "e0a081" + "01" + "00" + "efbfbf" + "fdbfbfbfbfbf"), codec.ErrTruncated, cheap},
		{"length", fixed, short("22" + "0001" + "0800" + "01" + "ffffffff"), codec.ErrTruncated, cheap},
		{"length coded", utf8, short("22" + "01" + "e0a080" + "01" + "fdbfbfbfbfbf"), codec.ErrTruncated, cheap},
		{"length of a parent", fixed, short("22" + "0001" + "0801" + "01" + "ffffffff" + "0001" + "0200" + "01" + "00000000"), codec.ErrTruncated, cheap},
		{"length of a string", fixed, short("22" + "0001" + "0801" + "02" + "00000008" + "0001" + "0602" + "06" + "fffffff0"), codec.ErrTruncated, cheap},
		{"promises", fixed, promises(ec.OpSharedFiles, ec.TagKnownFile, fixed|large, 1<<20), codec.ErrTruncated, cheap},
		{"promises of unknown tags", fixed | large, promises(ec.OpSharedFiles, 9, fixed|large, 1<<20), codec.ErrTruncated, cheap},
		{"promises of files", fixed | large, promises(ec.OpSharedFiles, ec.TagKnownFile, fixed|large, 1<<20), codec.ErrTruncated, cheap},
		{"promises of objects", fixed | large, promises(ec.OpStatsTree, ec.TagStatTreeNode, fixed|large, 1<<20), codec.ErrTruncated, cheap},
		{"promises coded", utf8 | large, promises(ec.OpSharedFiles, 9, utf8|large, 1<<20), codec.ErrTruncated, cheap},
		{"bomb", fixed | zip, zeros(t, 1<<30), codec.ErrInflatedTooBig, price{64 << 20, 200 * time.Millisecond}},
		{"bomb coded", utf8 | zip, zeros(t, 1<<30), codec.ErrInflatedTooBig, price{64 << 20, 200 * time.Millisecond}},
	} {
		for _, reader := range readers {
			t.Run(c.name+"/"+reader.name, func(t *testing.T) {
				checkPrice(t, c.price, func() {
					if err := reader.read(c.body, c.flags, codec.DefaultLimits()); !errors.Is(err, c.want) {
						t.Errorf("%v, want %v", errors.Unwrap(err), c.want)
					}
				})
			})
		}
	}
}

// A header alone costs next to nothing, whatever it promises.
func TestPromisedBodiesAreNotAllocated(t *testing.T) {
	stream := codec.AppendHeader(nil, codec.Header{Flags: codec.FlagBase, Length: 256 << 20})
	stream = append(stream, "some bytes"...)
	checkPrice(t, price{128 << 10, 50 * time.Millisecond}, func() {
		reader := codec.NewReader(bytes.NewReader(stream), codec.DefaultLimits())
		if _, err := reader.Next(); !errors.Is(err, codec.ErrTruncated) {
			t.Errorf("%v, want ErrTruncated", err)
		}
	})
}

// Memory grows with the body at most as the budgets say, also for bodies of
// nothing but the smallest tags.
func TestMemoryIsBoundedByTheBody(t *testing.T) {
	sizes := []int{64 << 10, 1 << 20, 3 << 20}
	if raceDetector {
		t.Log("of a small body only, because of the race detector")
		sizes = sizes[:1]
	}
	for _, size := range sizes {
		n := size / 3
		body := append(appendCount([]byte{byte(ec.OpSharedFiles)}, utf8|large, n), bytes.Repeat([]byte{6, 1, 0}, n)...)
		budgets := codec.DefaultLimits().Budgets()
		most := uint64(budgets.Allocation + budgets.AllocationFactor*len(body))
		for _, reader := range readers {
			t.Run(fmt.Sprint(size>>10, "KiB/", reader.name), func(t *testing.T) {
				checkPrice(t, price{most, time.Second}, func() {
					if err := reader.read(body, utf8|large, codec.DefaultLimits()); err != nil && !errors.Is(err, codec.ErrTooMuchMemory) {
						t.Error(err)
					}
				})
			})
		}
	}
}

// Beyond 50 times what was transmitted, what it inflates to pays for no memory.
func TestMemoryIsBoundedByWhatWasTransmitted(t *testing.T) {
	const files = 1 << 20 // of which nothing is said
	body := appendCount([]byte{byte(ec.OpSharedFiles)}, fixed|large, files)
	body = append(body, bytes.Repeat(appendHead(nil, fixed, ec.TagKnownFile, codec.TypeCustom, 0, false), files)...)
	small := deflated(t, body)

	budgets := codec.DefaultLimits().Budgets()
	most := uint64(budgets.Allocation + 50*budgets.AllocationFactor*len(small) + 3*len(body)) // with what inflating takes
	for _, reader := range readers {
		t.Run(reader.name, func(t *testing.T) {
			checkPrice(t, price{most, 200 * time.Millisecond}, func() {
				err := reader.read(small, fixed|zip|large, codec.DefaultLimits())
				if err != nil && !errors.Is(err, codec.ErrTooMuchMemory) {
					t.Error(err)
				}
				if strings.HasPrefix(reader.name, "typed") && err == nil {
					t.Error("a million files were paid for")
				}
			})
		})
	}
}

// A real library passes the default limits: 91,000 shared files of about 45 MB.
func TestARealLibraryIsRead(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: a library of 45 MB, because of -short")
	}
	files := 91_000
	if raceDetector {
		t.Log("a twentieth of it only, because of the race detector")
		files /= 20
	}
	library := bench.SharedFiles(files)
	for i := range library.Files {
		library.Files[i].KnownFile.Location += strings.Repeat("/a folder below it", 14)
	}
	if size := library.SizeBody(fixed); size < 460*files || size > 700*files {
		t.Fatalf("the library has %d bytes, want about 500 for each of %d files", size, files)
	}
	for _, form := range forms {
		if form.flags&large == 0 {
			continue // the list would be cut
		}
		t.Run(form.name, func(t *testing.T) {
			frame := framed(t, library, form.flags)
			reader := codec.NewReader(bytes.NewReader(frame), codec.DefaultLimits())
			next, err := reader.Next()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := reader.Next(); err != io.EOF {
				t.Errorf("%v, want EOF", err)
			}
			body, want := next.Body, written(t, library, form.flags&^zip)
			var typed ec.SharedFiles
			if err := typed.UnmarshalBody(body, form.flags); err != nil {
				t.Fatal(err)
			}
			if len(typed.Files) != files || !bytes.Equal(written(t, &typed, form.flags&^zip), want) {
				t.Errorf("typed: read and written again it is not the same")
			}
			if !bytes.Equal(written(t, read(t, body, form.flags), form.flags&^zip), want) {
				t.Errorf("untyped: read and written again it is not the same")
			}
			count := 0
			for _, err := range codec.Elements(body, form.flags, codec.DefaultLimits()) {
				if err != nil {
					t.Fatal(err)
				}
				count++
			}
			if count != files {
				t.Errorf("%d elements, want %d", count, files)
			}
		})
	}
}

// An idle daemon's graphs are a megabyte of zeros, which are no bomb. Beyond
// 8 MiB they are one.
func TestTheRatioCountsBeyondEightMegabytes(t *testing.T) {
	graphs := func(n int) ([]byte, []byte) {
		plain := appendCount([]byte{byte(ec.OpStatsGraphs)}, fixed, 1)
		plain = append(appendHead(plain, fixed, ec.TagStatsGraphData, codec.TypeCustom, n, false), make([]byte, n)...)
		var deflated bytes.Buffer
		writer := zlib.NewWriter(&deflated)
		writer.Write(plain)
		writer.Close()
		return deflated.Bytes(), plain
	}
	deflated, plain := graphs(8<<20 - 10)
	if got := read(t, deflated, fixed|zip); !got.Equal(read(t, plain, fixed)) {
		t.Error("graphs of 8 MiB read as something else")
	}
	deflated, _ = graphs(16 << 20)
	if err := new(ec.StatsGraphs).UnmarshalBody(deflated, fixed|zip); !errors.Is(err, codec.ErrInflatedTooBig) {
		t.Errorf("graphs of 16 MiB: %v, want ErrInflatedTooBig", err)
	}
	trusting := limits(t, codec.Budgets{Ratio: 10_000})
	if err := new(ec.StatsGraphs).DecodeBody(deflated, fixed|zip, 0, trusting); err != nil {
		t.Errorf("graphs of 16 MiB with a ratio of 10,000: %v", err)
	}
}

// Each budget is obeyed exactly: what just fits passes, one less does not.
func TestBudgetsAreExact(t *testing.T) {
	p := &codec.Packet{Opcode: ec.OpSharedFiles, Tags: []codec.Tag{
		codec.NewUint(ec.TagKnownFile, 1, codec.NewUint(ec.TagKnownFilePrio, 2), codec.NewCustom(9, nil, codec.NewCustom(9, nil))),
		codec.NewUint(ec.TagFileRemoved, 3),
	}}
	size := p.SizeBody(fixed)
	for _, c := range []struct {
		name      string
		flags     codec.Flags
		fits, not codec.Budgets
		want      error
	}{
		{"depth", fixed, codec.Budgets{Depth: 2}, codec.Budgets{Depth: 1}, codec.ErrTooDeep},
		{"tags", fixed, codec.Budgets{Tags: 5}, codec.Budgets{Tags: 4}, codec.ErrTooManyTags},
		{"tags coded", utf8, codec.Budgets{Tags: 5}, codec.Budgets{Tags: 4}, codec.ErrTooManyTags},
		{"inflated", fixed | zip, codec.Budgets{Inflated: size}, codec.Budgets{Inflated: size - 1}, codec.ErrInflatedTooBig},
	} {
		body := written(t, p, c.flags)
		for _, reader := range readers {
			if err := reader.read(body, c.flags, limits(t, c.fits)); err != nil {
				t.Errorf("%s/%s: %v under %+v, want it to fit", c.name, reader.name, err, c.fits)
			}
			if err := reader.read(body, c.flags, limits(t, c.not)); !errors.Is(err, c.want) {
				t.Errorf("%s/%s: %v under %+v, want %v", c.name, reader.name, err, c.not, c.want)
			}
		}
	}
	frame := framed(t, p, fixed)
	if _, _, err := codec.ConsumeFrame(frame, limits(t, codec.Budgets{Body: size})); err != nil {
		t.Errorf("a body of the limit's size: %v", err)
	}
	if _, _, err := codec.ConsumeFrame(frame, limits(t, codec.Budgets{Body: size - 1})); !errors.Is(err, codec.ErrBodyTooLarge) {
		t.Errorf("a body of one byte more than the limit: %v, want ErrBodyTooLarge", err)
	}
}

func TestBudgetsMayBeZeroButNotNegative(t *testing.T) {
	const most = int(^uint(0) >> 1)
	standard := codec.DefaultLimits().Budgets()
	for _, c := range []struct {
		budgets codec.Budgets
		failing string // empty for none
	}{
		{codec.Budgets{}, ""},
		{codec.Budgets{Depth: 100_000}, ""},
		{codec.Budgets{Depth: 100_001}, "Depth"},
		{codec.Budgets{Body: -1}, "Body"},
		{codec.Budgets{Inflated: -1}, "Inflated"},
		{codec.Budgets{Ratio: -1}, "Ratio"},
		{codec.Budgets{Depth: -1}, "Depth"},
		{codec.Budgets{Tags: -1}, "Tags"},
		{codec.Budgets{Allocation: -1}, "Allocation"},
		{codec.Budgets{AllocationFactor: -most}, "AllocationFactor"},
		{codec.Budgets{Body: most, Inflated: most, Ratio: most, Tags: most, Allocation: most, AllocationFactor: most}, ""},
	} {
		l, err := codec.NewLimits(c.budgets)
		if (err == nil) != (c.failing == "") || err != nil && !strings.Contains(err.Error(), c.failing+" is ") {
			t.Errorf("%+v: %v, want an error about %q", c.budgets, err, c.failing)
		}
		if c.budgets == (codec.Budgets{}) && l.Budgets() != standard {
			t.Errorf("zero budgets are %+v, want the default", l.Budgets())
		}
	}
	if one := limits(t, codec.Budgets{Depth: 7}).Budgets(); one.Depth != 7 || one.Body != standard.Body {
		t.Errorf("with Depth of 7 the budgets are %+v", one)
	}
	if (codec.Limits{}).Budgets() != standard {
		t.Error("the zero Limits are not the default")
	}
}

// Budgets as large as can be read what any others read.
func TestUnlimitedBudgetsWork(t *testing.T) {
	const most = int(^uint(0) >> 1)
	all := limits(t, codec.Budgets{Body: most, Inflated: most, Ratio: most, Depth: 100_000, Tags: most, Allocation: most, AllocationFactor: most})
	for _, form := range forms {
		body := written(t, &worked[0].packet, form.flags)
		var p codec.Packet
		if err := p.Decode(body, form.flags, 0, all); err != nil || !p.Equal(&worked[0].packet) {
			t.Errorf("%s: %v", form.name, err)
		}
	}
	deep := levels(ec.OpStatsTree, 9, fixed, 99_999)
	if err := new(codec.Packet).Decode(deep, fixed, 0, all); !errors.Is(err, codec.ErrTruncated) {
		t.Errorf("99,999 levels: %v, want ErrTruncated", errors.Unwrap(err))
	}
	deep = levels(ec.OpStatsTree, 9, fixed, 100_010)
	if err := new(codec.Packet).Decode(deep, fixed, 0, all); !errors.Is(err, codec.ErrTooDeep) {
		t.Errorf("100,010 levels: %v, want ErrTooDeep", errors.Unwrap(err))
	}
}

func TestLoginLimits(t *testing.T) {
	for _, c := range []struct {
		length int
		want   error
	}{{2048, nil}, {2049, codec.ErrBodyTooLarge}, {1 << 30, codec.ErrBodyTooLarge}} {
		stream := codec.AppendHeader(nil, codec.Header{Flags: fixed, Length: uint32(c.length)})
		stream = append(stream, make([]byte, min(c.length, 4096))...)
		reader := codec.NewReader(bytes.NewReader(stream), codec.LoginLimits())
		if _, err := reader.Next(); !errors.Is(err, c.want) {
			t.Errorf("a body of %d bytes: %v, want %v", c.length, err, c.want)
		}
	}
	for _, w := range worked {
		for _, form := range forms {
			if err := new(codec.Packet).Decode(written(t, &w.packet, form.flags), form.flags, 0, codec.LoginLimits()); err != nil {
				t.Errorf("%s %s: %v", w.name, form.name, err)
			}
		}
	}
	bomb := zeros(t, 1<<20)
	if err := new(codec.Packet).Decode(bomb, fixed|zip, 0, codec.LoginLimits()); !errors.Is(err, codec.ErrInflatedTooBig) {
		t.Errorf("a megabyte of zeros: %v, want ErrInflatedTooBig", err)
	}
}
