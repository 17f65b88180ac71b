package codec_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/klauspost/compress/zlib"
)

// stream returns the worked packets in all forms, one behind the other.
func stream(t testing.TB) []byte {
	var b []byte
	for _, w := range worked {
		for _, form := range forms {
			b = append(b, framed(t, &w.packet, form.flags)...)
		}
	}
	return b
}

// frames reads all frames up to the end of a stream. Their bodies are copies.
func frames(t testing.TB, stream io.Reader) (frames []codec.Frame) {
	t.Helper()
	reader := codec.NewReader(stream, codec.DefaultLimits())
	for {
		frame, err := reader.Next()
		if err == io.EOF {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		frame.Body = bytes.Clone(frame.Body)
		frames = append(frames, frame)
	}
}

// randomly reads up to 40 bytes at a time.
type randomly struct {
	stream io.Reader
	random *rand.Rand
}

func (r randomly) Read(b []byte) (int, error) {
	return r.stream.Read(b[:min(len(b), r.random.IntN(41))])
}

func TestFramesDoNotDependOnChunks(t *testing.T) {
	all := stream(t)
	var want []codec.Frame
	for rest := all; len(rest) > 0; {
		frame, size, err := codec.ConsumeFrame(rest, codec.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, frame)
		rest = rest[size:]
	}
	if len(want) != len(worked)*len(forms) {
		t.Fatalf("%d frames, want %d", len(want), len(worked)*len(forms))
	}
	for name, chunks := range map[string]func(io.Reader) io.Reader{
		"whole":         func(r io.Reader) io.Reader { return r },
		"single bytes":  iotest.OneByteReader,
		"halves":        iotest.HalfReader,
		"EOF with data": iotest.DataErrReader,
		"random":        func(r io.Reader) io.Reader { return randomly{r, rand.New(rand.NewPCG(1, 2))} },
	} {
		got := frames(t, chunks(bytes.NewReader(all)))
		if len(got) != len(want) {
			t.Errorf("%s: %d frames, want %d", name, len(got), len(want))
			continue
		}
		for i := range want {
			if got[i].Flags != want[i].Flags || !bytes.Equal(got[i].Body, want[i].Body) {
				t.Errorf("%s: frame %d is %v, want %v", name, i, got[i], want[i])
			}
		}
	}
}

// A stream may end between two frames, and nowhere else.
func TestStreamsEndBetweenFrames(t *testing.T) {
	one := framed(t, &worked[0].packet, fixed)
	all := append(one[:len(one):len(one)], one...)
	for cut := range len(all) + 1 {
		reader := codec.NewReader(bytes.NewReader(all[:cut]), codec.DefaultLimits())
		var err error
		for err == nil {
			_, err = reader.Next()
		}
		if cut%len(one) == 0 {
			if err != io.EOF {
				t.Errorf("after %d bytes: %v, want EOF", cut, err)
			}
			continue
		}
		var e *codec.Error
		if !errors.As(err, &e) || e.Err != codec.ErrTruncated || e.Offset != cut {
			t.Errorf("after %d bytes: %v, want ErrTruncated at that offset", cut, err)
		}
		if reader.Offset() != int64(cut) {
			t.Errorf("after %d bytes Offset is %d", cut, reader.Offset())
		}
		if cut < len(one) {
			if _, size, err := codec.ConsumeFrame(all[:cut], codec.DefaultLimits()); !errors.Is(err, codec.ErrTruncated) || size != 0 {
				t.Errorf("of %d bytes ConsumeFrame takes %d, %v; want ErrTruncated", cut, size, err)
			}
		}
	}
}

// What the stream itself reports is handed on as it is.
func TestErrorsOfTheStreamAreKept(t *testing.T) {
	broken := errors.New("the line is dead")
	one := framed(t, &worked[0].packet, fixed)
	for cut := range one {
		source := io.MultiReader(bytes.NewReader(one[:cut]), iotest.ErrReader(broken))
		if _, err := codec.NewReader(source, codec.DefaultLimits()).Next(); err != broken {
			t.Errorf("after %d bytes: %v, want %v", cut, err, broken)
		}
	}
}

// A frame with refused flags is complete all the same.
func TestReadingGoesOnBehindRefusedFlags(t *testing.T) {
	good := framed(t, &worked[4].packet, fixed)
	all := append([]byte{}, good...)
	for _, flags := range []codec.Flags{0, 0x60, 0x28, 0x120} {
		all = codec.AppendHeader(all, codec.Header{Flags: flags, Length: 3})
		all = append(all, "abc"...)
	}
	all = append(all, good...)

	reader := codec.NewReader(bytes.NewReader(all), codec.DefaultLimits())
	for i, c := range []struct {
		flags codec.Flags
		err   error
		start int // of the frame
	}{
		{fixed, nil, 0},
		{0, codec.ErrFlags, len(good)},
		{0x60, codec.ErrFlags, len(good) + 11},
		{0x28, codec.ErrEncrypted, len(good) + 22},
		{0x120, codec.ErrFlags, len(good) + 33},
		{fixed, nil, len(good) + 44},
		{0, io.EOF, len(all)},
	} {
		frame, err := reader.Next()
		if !errors.Is(err, c.err) || frame.Flags != c.flags {
			t.Fatalf("frame %d: flags %#x, %v; want %#x, %v", i, uint32(frame.Flags), err, uint32(c.flags), c.err)
		}
		if c.err == nil || c.err == io.EOF {
			continue
		}
		if e, _ := errors.AsType[*codec.Error](err); e == nil || e.Offset != c.start || string(frame.Body) != "abc" {
			t.Errorf("frame %d: body %q, %v; want the body and offset %d", i, frame.Body, err, c.start)
		}
		frame, size, err := codec.ConsumeFrame(all[c.start:], codec.DefaultLimits())
		if !errors.Is(err, c.err) || size != 11 || string(frame.Body) != "abc" {
			t.Errorf("frame %d: ConsumeFrame: body %q, %d bytes, %v", i, frame.Body, size, err)
		}
	}
}

// The limit comes before the flags, as in aMule, and stands at the length.
func TestBodiesOverTheLimitAreRefused(t *testing.T) {
	head := codec.AppendHeader(nil, codec.Header{Flags: 0, Length: 2049})
	one := framed(t, &worked[4].packet, fixed)
	reader := codec.NewReader(bytes.NewReader(append(one, head...)), codec.LoginLimits())
	if _, err := reader.Next(); err != nil {
		t.Fatal(err)
	}
	frame, err := reader.Next()
	if e, _ := errors.AsType[*codec.Error](err); e == nil || e.Err != codec.ErrBodyTooLarge || e.Offset != len(one)+4 || frame.Body != nil {
		t.Errorf("%v, want ErrBodyTooLarge at offset %d", err, len(one)+4)
	}
	if _, size, err := codec.ConsumeFrame(head, codec.LoginLimits()); !errors.Is(err, codec.ErrBodyTooLarge) || size != 0 {
		t.Errorf("ConsumeFrame: %d bytes, %v; want ErrBodyTooLarge", size, err)
	}
}

func TestLimitsMayChangeBetweenFrames(t *testing.T) {
	long := framed(t, &codec.Packet{Opcode: 1, Tags: []codec.Tag{codec.NewCustom(1, make([]byte, 4000))}}, fixed)
	reader := codec.NewReader(bytes.NewReader(append(framed(t, &worked[0].packet, fixed), long...)), codec.LoginLimits())
	if _, err := reader.Next(); err != nil {
		t.Fatal(err)
	}
	reader.SetLimits(codec.DefaultLimits())
	if frame, err := reader.Next(); err != nil || len(frame.Body) != len(long)-codec.HeaderSize {
		t.Errorf("%d bytes, %v; want %d", len(frame.Body), err, len(long)-codec.HeaderSize)
	}
	reader.Reset(bytes.NewReader(long), codec.LoginLimits())
	if _, err := reader.Next(); !errors.Is(err, codec.ErrBodyTooLarge) || reader.Offset() != codec.HeaderSize {
		t.Errorf("after Reset: offset %d, %v; want ErrBodyTooLarge", reader.Offset(), err)
	}
}

func TestTrailingBytesAreIgnored(t *testing.T) {
	for _, form := range forms {
		plain := form.flags &^ zip
		body := append(written(t, &worked[5].packet, plain), "more"...)
		if form.flags&zip != 0 {
			body = deflated(t, body)
		}
		if got := read(t, body, form.flags); !got.Equal(&worked[5].packet) {
			t.Errorf("%s: read as\n%v", form.name, got)
		}
		if err := new(ec.SearchStart).UnmarshalBody(body, form.flags); err != nil {
			t.Errorf("%s: typed: %v", form.name, err)
		}
	}
}

// deflated returns b as one zlib stream.
func deflated(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// stored returns b as a zlib stream of stored blocks of at most size bytes,
// so that each byte of b stands in it at a known place.
func stored(b []byte, size int) []byte {
	out := []byte{0x78, 0x01}
	for rest := b; ; {
		n := min(size, len(rest))
		last := byte(0)
		if n == len(rest) {
			last = 1
		}
		out = append(out, last)
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out = append(out, rest[:n]...)
		if rest = rest[n:]; last == 1 {
			break
		}
	}
	a, c := uint32(1), uint32(0)
	for _, v := range b {
		a = (a + uint32(v)) % 65521
		c = (c + a) % 65521
	}
	return binary.BigEndian.AppendUint32(out, c<<16|a)
}

// aMule inflates as far as it reads: what is wrong with a stream behind the
// bytes that the tree takes does not matter. A stream that ends early is
// refused all the same.
func TestBrokenZlibStreams(t *testing.T) {
	const block = 16
	p := &codec.Packet{Opcode: ec.OpStats, Tags: []codec.Tag{
		codec.NewUint(ec.TagStatsULSpeed, 7), codec.NewString(9, "a text that takes more than one block of sixteen bytes"),
	}}
	body := written(t, p, fixed)
	good := stored(body, block)
	edit := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }
	// The second block begins here, behind the stream's head and one block.
	const second = 2 + 5 + block
	behind := stored(append(bytes.Clone(body), make([]byte, 3*block)...), block)
	lastBlock := len(behind) - 4 - 5 - (len(body) % block)

	for _, c := range []struct {
		name string
		body []byte
		want error
	}{
		{"good", good, nil},
		{"deflated by another program", deflated(t, body), nil},
		{"garbage behind it", append(bytes.Clone(good), "garbage"...), nil},
		{"another stream behind it", append(bytes.Clone(good), good...), nil},
		{"bytes behind the tree", behind, nil},
		{"a broken block behind the tree", func() []byte { b := bytes.Clone(behind); b[lastBlock] = 7; return b }(), nil},
		{"a wrong checksum behind bytes that the tree does not take", func() []byte { b := bytes.Clone(behind); b[len(b)-1] ^= 1; return b }(), nil},
		{"a wrong checksum", edit(func(b []byte) []byte { b[len(b)-1] ^= 1; return b }), codec.ErrZlib},
		{"no checksum", good[:len(good)-4], codec.ErrTruncated},
		{"half a checksum", good[:len(good)-2], codec.ErrTruncated},
		{"no last block", good[:len(good)-4-5], codec.ErrTruncated},
		{"only the first block", good[:second], codec.ErrTruncated},
		{"only the head", good[:2], codec.ErrTruncated},
		{"half the head", good[:1], codec.ErrTruncated},
		{"nothing", nil, codec.ErrTruncated},
		{"a wrong method", edit(func(b []byte) []byte { b[0] = 0x79; return b }), codec.ErrZlib},
		{"a wrong sum in the head", edit(func(b []byte) []byte { b[1] ^= 1; return b }), codec.ErrZlib},
		{"a dictionary", edit(func(b []byte) []byte { b[0], b[1] = 0x78, 0x20; return b }), codec.ErrZlib},
		{"an unknown block", edit(func(b []byte) []byte { b[second] = 7; return b }), codec.ErrZlib},
		{"a wrong length", edit(func(b []byte) []byte { b[second+1] ^= 1; return b }), codec.ErrZlib},
		{"a copy from before the beginning behind the tree", copying(body), nil},
		{"a copy from before the beginning within the tree", copying(body[:len(body)-1]), codec.ErrZlib},
		{"no stream at all", body, codec.ErrZlib},
		{"an empty body", stored(nil, block), codec.ErrTruncated},
		{"a body that ends early", stored(body[:len(body)-1], block), codec.ErrTruncated},
	} {
		for _, flags := range []codec.Flags{fixed | zip, fixed | zip | large} {
			var untyped codec.Packet
			typed := new(ec.Stats)
			for what, err := range map[string]error{
				"untyped": untyped.UnmarshalBody(c.body, flags),
				"shared":  new(codec.Packet).Decode(c.body, flags, codec.Share, codec.DefaultLimits()),
				"typed":   typed.UnmarshalBody(c.body, flags),
			} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s: %s: %v, want %v", c.name, what, err, c.want)
				}
			}
			if c.want == nil && (!untyped.Equal(p) || typed.ULSpeed != 7) {
				t.Errorf("%s: read as\n%v", c.name, &untyped)
			}
		}
	}
}

// copying returns b as a zlib stream, with a copy of three bytes behind it
// that would stand 24,577 bytes before its end.
func copying(b []byte) []byte {
	stream := stored(b, len(b))
	stream[2] = 0 // the block of b is not the last
	return append(stream[:len(stream)-4], 3, 0x5e, 0, 0, 0)
}

// What a body inflates to does not depend on what was inflated before it. The
// second stream here has codes that its tables leave out, and the tables of
// the first would have them.
func TestInflatingForgetsWhatWasBefore(t *testing.T) {
	before, body := unhex(t, "78da740bb445"), unhex(t, "78da320630300080ff30")
	for range 20 {
		if err := new(codec.Packet).UnmarshalBody(before, fixed|zip); err == nil {
			t.Fatal("the first stream is accepted")
		}
		if err := new(codec.Packet).UnmarshalBody(body, fixed|zip); !errors.Is(err, codec.ErrZlib) {
			t.Fatalf("%v, want ErrZlib", err)
		}
	}
}

// Peers that can read everything, and less.
var peers = []struct {
	name string
	peer codec.Peer
	// What is written to it: of at most 1,024 bytes, more, and more than 256 MiB.
	small, big, huge codec.Flags
}{
	{"plain", codec.Peer{}, 0x20, 0x20, 0x20},
	{"zlib", codec.Peer{Zlib: true}, 0x20, 0x21, 0x21},
	{"numbers", codec.Peer{UTF8Numbers: true}, 0x22, 0x22, 0x22},
	{"counts", codec.Peer{LargeTagCount: true}, 0x30, 0x30, 0x30},
	{"aMule 2.3.3", codec.Peer{Zlib: true, UTF8Numbers: true}, 0x22, 0x21, 0x21},
	{"aMule 3.0", codec.Peer{Zlib: true, UTF8Numbers: true, LargeTagCount: true}, 0x32, 0x31, 0x31},
	{"near", codec.Peer{Zlib: true, UTF8Numbers: true, LargeTagCount: true, PreferNoZlib: true}, 0x32, 0x32, 0x31},
	{"near and plain", codec.Peer{PreferNoZlib: true}, 0x20, 0x20, 0x20},
	{"near without numbers", codec.Peer{Zlib: true, PreferNoZlib: true}, 0x20, 0x20, 0x21},
}

// nominal is a packet whose tags have this nominal size.
func nominal(size int) *codec.Packet {
	return &codec.Packet{Opcode: 1, Tags: []codec.Tag{
		codec.NewCustom(1, nil, codec.NewCustom(2, make([]byte, size-7-2-7))),
	}}
}

func TestFlagsAreThoseThatAMulePicks(t *testing.T) {
	for _, p := range peers {
		for _, c := range []struct {
			size int
			want codec.Flags
		}{
			{16, p.small}, {1023, p.small}, {1024, p.small}, {1025, p.big}, {100_000, p.big},
			{256 << 20, p.big}, {256<<20 + 1, p.huge},
		} {
			if got := p.peer.Flags(nominal(c.size)); got != c.want {
				t.Errorf("%s, %d bytes: flags %#x, want %#x", p.name, c.size, uint32(got), uint32(c.want))
			}
		}
		if got := p.peer.Flags(&codec.Packet{Opcode: 1}); got != p.small {
			t.Errorf("%s, no tags: flags %#x, want %#x", p.name, uint32(got), uint32(p.small))
		}
		failed := &ec.Failed{Reason: string(make([]byte, 1024-8))}
		if got := p.peer.Flags(failed); got != p.small {
			t.Errorf("%s, a typed message of 1,024 bytes: flags %#x, want %#x", p.name, uint32(got), uint32(p.small))
		}
		failed.Reason += "."
		if got := p.peer.Flags(failed); got != p.big {
			t.Errorf("%s, a typed message of 1,025 bytes: flags %#x, want %#x", p.name, uint32(got), uint32(p.big))
		}
	}
}

// The nominal size counts large counts whether the peer reads them or not.
func TestFlagsForLongLists(t *testing.T) {
	p := &codec.Packet{Opcode: 1, Tags: make([]codec.Tag, 70_000)}
	if got := (codec.Peer{Zlib: true, UTF8Numbers: true}).Flags(p); got != 0x21 {
		t.Errorf("flags %#x, want 0x21", uint32(got))
	}
}

// writes keeps what each call of Write got.
type writes [][]byte

func (w *writes) Write(b []byte) (int, error) {
	*w = append(*w, bytes.Clone(b))
	return len(b), nil
}

func TestWriterWritesWholeFrames(t *testing.T) {
	for _, p := range peers {
		var got writes
		writer := codec.NewWriter(&got)
		writer.Peer = p.peer
		sizes := []int{16, 1024, 1025, 70_000, 30}
		for _, size := range sizes {
			if err := writer.Write(nominal(size)); err != nil {
				t.Fatal(err)
			}
		}
		if len(got) != len(sizes) {
			t.Fatalf("%s: %d calls of Write, want one for each frame", p.name, len(got))
		}
		for i, size := range sizes {
			want := p.small
			if size > 1024 {
				want = p.big
			}
			frame, taken, err := codec.ConsumeFrame(got[i], codec.DefaultLimits())
			if err != nil || taken != len(got[i]) || frame.Flags != want {
				t.Errorf("%s, %d bytes: flags %#x, %v; want %#x", p.name, size, uint32(frame.Flags), err, uint32(want))
			}
			if !read(t, frame.Body, frame.Flags).Equal(nominal(size)) {
				t.Errorf("%s, %d bytes: another tree is written", p.name, size)
			}
		}
	}
}

func TestWriterReports(t *testing.T) {
	broken := errors.New("the line is dead")
	writer := codec.NewWriter(iotest.TruncateWriter(nil, 0))
	writer.Reset(failing{broken})
	if err := writer.Write(&worked[0].packet); err != broken {
		t.Errorf("%v, want %v", err, broken)
	}
	var got writes
	writer.Reset(&got)
	if err := writer.WriteFlags(&worked[0].packet, 0x60); !errors.Is(err, codec.ErrFlags) || len(got) != 0 {
		t.Errorf("%d frames, %v; want none and ErrFlags", len(got), err)
	}
	if writer.Peer != (codec.Peer{}) {
		t.Error("Reset keeps the peer")
	}
	if err := writer.Write(&worked[0].packet); err != nil || fmt.Sprintf("%x", got[0]) != worked[0].frames[fixed] {
		t.Errorf("after an error: %x, %v", got, err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A frame is appended behind what is there, which stays when it fails.
func TestFramesAreAppended(t *testing.T) {
	for _, form := range forms {
		for _, m := range []codec.Appender{&worked[4].packet, &ec.Failed{Reason: "no"}} {
			frame := framed(t, m, form.flags)
			got, err := codec.AppendFrame([]byte("before"), form.flags, m)
			if err != nil || string(got) != "before"+string(frame) {
				t.Errorf("%s, %T: %q, %v; want it behind what was there", form.name, m, got, err)
			}
			got, err = codec.AppendFrame([]byte("before"), form.flags|0x40, m)
			if !errors.Is(err, codec.ErrFlags) || string(got) != "before" {
				t.Errorf("%s, %T: %q, %v; want only what was there and ErrFlags", form.name, m, got, err)
			}
			got, err = m.AppendBody([]byte("before"), form.flags)
			if err != nil || string(got) != "before"+string(frame[codec.HeaderSize:]) {
				t.Errorf("%s, %T: body %q, %v", form.name, m, got, err)
			}
		}
	}
}
