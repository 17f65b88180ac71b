package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/spec"
)

const dialectDetails = `
NAME is how the programs of some releases write packets: rc8, 2.0, 2005-11 (the
trunk of that time, never released), 2.1, 2.2, 2.3 or 3.0, or a release such as
2.0.1. With auto it is found out from the first MiB, which is awaited unless the
stream ends before. What it is, or could be, is said on standard error; when
nothing tells several apart, nothing is printed and the exit code is 1.
`

// era is a dialect, and the names that a release gave to the codes.
type era struct {
	dialect dialect.Dialect
	codes   *dialect.Codes // nil for those that the viewer of today knows
	names   codec.Names
	viewer  *view.Viewer
	today   map[string]codec.Opcode // the opcodes of today by name
}

// tables are the tables of codes in package spec, by dialect. Where there are
// several, the last one is of the latest release.
var tables = map[dialect.Dialect][]string{
	dialect.RC8:   {"rc8"},
	dialect.V20:   {"2.0.0", "2.0.2"},
	dialect.Trunk: {"2.1"},
	dialect.V21:   {"2.1"},
	dialect.V22:   {"2.2"},
	dialect.V23:   {"2.3"},
}

// releaseTables are those of releases that do not have their dialect's last.
var releaseTables = map[string]string{"2.0.0": "2.0.0", "2.0.1": "2.0.0"}

func readTable(name string) *dialect.Codes {
	text, err := spec.Dialects.ReadFile("dialects/" + name + ".tsv")
	if err != nil {
		panic(err)
	}
	codes, err := dialect.ParseCodes(string(text))
	if err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	return codes
}

// codesOf returns all tables of a dialect.
func codesOf(d dialect.Dialect) (all []*dialect.Codes) {
	for _, name := range tables[d] {
		all = append(all, readTable(name))
	}
	if all == nil {
		all = append(all, dialect.CodesOf(ec.Protocol))
	}
	return all
}

// dialectNames returns what --dialect takes beside releases.
func dialectNames() []string {
	names := []string{"auto"}
	for _, d := range dialect.All() {
		names = append(names, d.String())
	}
	return names
}

// newEra returns the era of a dialect or release.
func newEra(name string) (era, error) {
	d, ok := dialect.Parse(name)
	if !ok {
		return era{}, usageError(fmt.Sprintf("there is no dialect %q: want %s or a release", name, strings.Join(dialectNames(), ", ")))
	}
	if table := releaseTables[name]; table != "" {
		return eraWith(d, readTable(table)), nil
	}
	all := codesOf(d)
	return eraWith(d, all[len(all)-1]), nil
}

func eraWith(d dialect.Dialect, codes *dialect.Codes) era {
	if d >= dialect.V23 {
		e := era{dialect: d, names: ec.Protocol, viewer: viewer, today: make(map[string]codec.Opcode)}
		for op, label := range ec.Protocol.Opcodes {
			e.today[label.Go] = op
		}
		return e
	}
	e := era{dialect: d, codes: codes, names: codes, viewer: view.New(codes.Protocol()), today: make(map[string]codec.Opcode)}
	for op, label := range ec.Protocol.Opcodes {
		e.today[label.Protocol] = op
	}
	return e
}

// mostLookedAt is how much of a stream is read to find out its dialect.
const mostLookedAt = 1 << 20

// openEra returns the era that name says, or that in is found to be of, and
// the whole of in again. It prints what was found, and returns found when that
// is not one dialect.
func (c *call) openEra(name string, in io.Reader) (e era, whole io.Reader, found bool, err error) {
	if name != "auto" {
		e, err = newEra(name)
		return e, in, false, err
	}
	start := make([]byte, mostLookedAt)
	n, err := io.ReadFull(in, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return era{}, nil, false, err
	}
	if n == 0 {
		return eraWith(dialect.V30, nil), in, false, nil // it does not matter
	}
	candidates := dialect.Detect(start[:n], err == nil, codesOf, codec.DefaultLimits())
	d, likely, ok := dialect.Recognised(candidates)
	if len(likely) == 0 && slices.ContainsFunc(candidates, isCutOff) {
		candidates = dialect.Detect(start[:n], true, codesOf, codec.DefaultLimits())
		d, likely, ok = dialect.Recognised(candidates)
	}
	if !ok {
		c.printCandidates(candidates, likely)
		return era{}, nil, true, nil
	}
	fmt.Fprintf(c.stderr, "ec %s: this is %v (%s)%s\n", c.verb.name, d, d.Releases(), reasonFor(likely))
	return eraWith(d, likely[0].Codes), io.MultiReader(bytes.NewReader(start[:n]), in), false, nil
}

// isCutOff reports whether only the last of several packets is not of the
// dialect, because the bytes end within it, as in a capture that was stopped.
func isCutOff(c dialect.Candidate) bool {
	return c.Packets > 0 && errors.Is(c.Refused, codec.ErrTruncated)
}

// reasonFor says why the first of the candidates is the one.
func reasonFor(likely []dialect.Candidate) string {
	switch {
	case likely[0].Certain != "":
		return ": " + likely[0].Certain
	case len(likely) == 1:
		return ": every other dialect refuses it"
	}
	var others []string
	for _, c := range likely[1:] {
		if len(c.Doubts) > 0 {
			others = append(others, fmt.Sprintf("not %v, because %s", c.Dialect, c.Doubts[0]))
		}
	}
	return ": " + strings.Join(others, "; ")
}

// printCandidates says what speaks for and against each dialect.
func (c *call) printCandidates(candidates, likely []dialect.Candidate) {
	switch len(likely) {
	case 0:
		fmt.Fprintf(c.stderr, "ec %s: this is of no dialect\n", c.verb.name)
	default:
		fmt.Fprintf(c.stderr, "ec %s: nothing tells apart what this could be; choose one with --dialect\n", c.verb.name)
	}
	for _, l := range likely {
		reason := "nothing speaks against it"
		if len(l.Doubts) > 0 {
			reason = "though " + strings.Join(l.Doubts, "; ")
		}
		fmt.Fprintf(c.stderr, "  %-8v %s\n", l.Dialect, reason)
	}
	for _, other := range candidates {
		if wrong, ok := errors.AsType[*codec.Error](other.Refused); ok {
			fmt.Fprintf(c.stderr, "  %-8v not: %s at %d\n", other.Dialect, wrong.Err, wrong.Offset)
		}
	}
}

// oldPacket is what a frame of another dialect has beside its message.
type oldPacket struct {
	*dialect.Packet
	dialect dialect.Dialect
	today   codec.Opcode // the number of the opcode in 3.0, or 0
	queued  bool         // the packet stands within the length of another one
}

// readFrames reads packets as readFrames of the dialect of today does.
func (e era) readFrames(stream io.Reader, keepGoing bool) iter.Seq2[*frame, error] {
	return func(yield func(*frame, error) bool) {
		r := dialect.NewReader(e.dialect, bufio.NewReaderSize(stream, 64<<10), codec.DefaultLimits())
		for {
			offset := r.Offset()
			p, err := r.Next()
			wrong, isWrong := errors.AsType[*codec.Error](err)
			if err == io.EOF {
				return
			}
			if err != nil && !isWrong {
				yield(nil, err)
				return
			}
			f := e.frame(p, offset, false)
			if isWrong {
				f.refused = e.refuse(p, offset, wrong)
			}
			lost := isWrong && r.Offset() == offset
			if !yield(f, nil) || lost || isWrong && !keepGoing {
				return
			}
			for _, q := range e.queued(f) {
				if !yield(e.frame(q, offset, true), nil) {
					return
				}
			}
		}
	}
}

func (e era) frame(p *dialect.Packet, offset int64, queued bool) *frame {
	f := &frame{offset: offset, old: &oldPacket{Packet: p, dialect: e.dialect, queued: queued}}
	if p != nil {
		f.message = view.Message{Flags: p.Flags, Packet: p.Packet}
		f.old.today = e.today[e.names.OpcodeName(p.Opcode)]
	}
	return f
}

// queued returns the packets that stand within the length of f behind it.
func (e era) queued(f *frame) []*dialect.Packet {
	if f.refused != nil {
		return nil
	}
	return e.dialect.Queued(f.old.Packet, codec.DefaultLimits())
}

// appendOld appends the packet as it is written again. One that stands within
// the length of another was written with that.
func (f *frame) appendOld(dst []byte) ([]byte, *refusal) {
	if f.old.queued {
		return dst, nil
	}
	dst, err := f.old.dialect.Append(dst, f.old.Packet)
	if err != nil {
		return dst, &refusal{"it cannot be written again: " + err.Error(), f.offset}
	}
	return dst, nil
}

// refuse says what is wrong with a packet, of which at least the flags are
// known unless p is nil, and where.
func (e era) refuse(p *dialect.Packet, offset int64, wrong *codec.Error) *refusal {
	reason := wrong.Err.Error()
	if path := wrong.WithNames(e.names).PathString(); path != "" {
		reason += " in " + path
	}
	inHead := p == nil || e.dialect.Check(p.Flags) != nil || errors.Is(wrong, codec.ErrBodyTooLarge)
	if inHead || p.Flags&codec.FlagZlib == 0 {
		return &refusal{reason, int64(wrong.Offset)}
	}
	return &refusal{fmt.Sprintf("%s at byte %d of the inflated body", reason, wrong.Offset), offset + int64(e.dialect.HeadSize(p))}
}

// append appends a packet in one of the three forms of dump.
func (e era) append(dst []byte, f *frame, d *dumper, color bool) []byte {
	p, m := f.old.Packet, f.message
	if d.raw {
		return append(e.addWords(view.AppendRaw(dst, &m), p), '\n')
	}
	if d.explain {
		return e.appendExplained(dst, p)
	}
	if e.codes != nil {
		m.Packet = *e.codes.Interpret(e.dialect, &p.Packet)
	}
	if d.json {
		return append(e.addWords(e.viewer.AppendJSON(dst, &m), p), '\n')
	}
	return e.viewer.AppendTreeNoted(dst, &m, e.note(p), color)
}

// appendExplained appends a line for each number and own data of a packet, as
// it is written.
func (e era) appendExplained(dst []byte, p *dialect.Packet) []byte {
	packet, err := e.dialect.Append(nil, p)
	if err != nil {
		return fmt.Appendf(dst, "it cannot be written again: %v\n", err)
	}
	codes := e.codes
	if codes == nil {
		codes = dialect.CodesOf(ec.Protocol)
	}
	lines, err := e.dialect.Explain(packet, codes, codec.DefaultLimits())
	if err != nil {
		return fmt.Appendf(dst, "it cannot be read again: %v\n", err)
	}
	for _, line := range lines {
		digits := fmt.Sprintf("%x", line.Bytes)
		if len(digits) > mostDigits {
			digits = digits[:mostDigits-3] + "..."
		}
		dst = fmt.Appendf(dst, "%-*s %s%s\n", mostDigits, digits, strings.Repeat("  ", line.Depth), line.Text)
	}
	return append(dst, '\n')
}

// mostDigits is how many hex digits of a line are printed.
const mostDigits = 32

// addWords adds to a JSON object, behind the flags, what else stands before
// the body.
func (e era) addWords(object []byte, p *dialect.Packet) []byte {
	var words string
	if e.dialect.HasAccepts(p.Flags) {
		words += fmt.Sprintf(`,"accepts":%d`, uint32(p.Accepts))
	}
	if e.dialect.HasID(p.Flags) {
		words += fmt.Sprintf(`,"id":%d`, p.ID)
	}
	const key = `"flags":`
	flags := bytes.Index(object, []byte(key)) + len(key)
	end := flags + bytes.IndexAny(object[flags:], ",}")
	return append(object[:end:end], append([]byte(words), object[end:]...)...)
}

// note spells out what stands before the body.
func (e era) note(p *dialect.Packet) string {
	parts := e.dialect.FlagNames(p.Flags &^ dialect.FlagID &^ dialect.FlagAccepts)
	if e.dialect == dialect.V30 {
		parts = e.dialect.FlagNames(p.Flags)
	}
	if e.dialect.HasAccepts(p.Flags) {
		parts = append(parts, fmt.Sprintf("accepts %#x", uint32(p.Accepts)))
	}
	if e.dialect.HasID(p.Flags) {
		parts = append(parts, fmt.Sprintf("packet %d", p.ID))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// dumpEra is dump with --dialect.
func (d *dumper) dumpEra(c *call, stream io.Reader, out io.Writer) (found bool, err error) {
	if d.body != "" {
		return false, usageError("--dialect and --body exclude each other")
	}
	if d.packets.port != 0 || d.packets.connection != 0 {
		return false, usageError("--port and --connection are for packet captures, which --dialect does not read")
	}
	in := bufio.NewReaderSize(stream, 64<<10)
	if isPacketCapture(in) {
		return false, usageError("--dialect reads one direction of a connection, not a packet capture")
	}
	e, whole, found, err := c.openEra(d.dialect, in)
	if found || err != nil {
		return found, err
	}
	frames := e.readFrames(whole, d.keepGoing)
	if !d.raw {
		frames = direct(frames, d.from)
	}
	color := d.color.on(c.stdout)
	var text []byte
	return printAll(frames, func(f *frame) error {
		if f.refused != nil {
			text = f.refused.appendLine(text[:0])
		} else {
			text = e.append(text[:0], f, d, color)
		}
		_, err := out.Write(text)
		return err
	})
}
