package dialect

import (
	"io"

	"github.com/ecgen/ecgen/codec"
)

// mostUninflated is the nominal size beyond which the old programs deflate.
const mostUninflated = 1024

// Flags returns the flags with which a program of the dialect writes p to a
// peer that reads what accepts says: zlib for a nominal size of over 1,024
// bytes, else UTF-8 numbers, as far as the peer reads them.
//
// What the peer reads is known in 2.0 and the trunk from its accepts word, and
// is nothing before that has come; in 2.3 and 3.0 from the CAN_ tags of the
// login. Programs of rc8 always write 0x20; those of 2.1 ask nobody; those of
// 2.2 neither, unless an accepts word has come: before, it is 0x23.
//
// A body that is too long for the UTF-8 form, but whose peer does not read
// zlib, is written plain up to 2.2, and with UTF-8 numbers since 2.3.
func (d Dialect) Flags(p *codec.Packet, accepts codec.Flags) codec.Flags {
	r := d.rules()
	if d == V21 {
		accepts = r.writes
	}
	accepts &= r.writes
	w := treeWriter{rules: r}
	long := w.measure(p.Tags) > mostUninflated
	flags := codec.FlagBase
	if r.large {
		flags |= accepts & codec.FlagLargeTagCount
	}
	switch {
	case long && (!r.current || accepts&codec.FlagZlib != 0):
		return flags | accepts&codec.FlagZlib
	default:
		return flags | accepts&codec.FlagUTF8Numbers
	}
}

// Announces returns the accepts word that a program of the dialect sends with
// its first packet, or 0 when it sends none. Those of 2.0.3 meant to send the
// one of 2.0, but never did. In the trunk it is that of amuled and amulegui;
// amulecmd and amuleweb, which wait for each answer, sent 0x23 and refuse
// numbers.
func (d Dialect) Announces() codec.Flags {
	switch d {
	case V20:
		return 0x23
	case Trunk:
		return 0x27
	default:
		return 0
	}
}

// Writer writes packets of one dialect to a stream, as the program at one end
// of a connection does.
type Writer struct {
	// Accepts is what the peer reads. See [Dialect.Flags]. It may be changed
	// between two packets, as when an accepts word has come.
	Accepts codec.Flags

	// ID is the number of the next packet, in the trunk and if the peer reads
	// numbers; 0 writes none. A daemon of the trunk leaves requests without a
	// number unanswered once its client has said that it reads them, and a
	// client waits for an answer with the number of its request.
	ID uint32

	dialect Dialect
	stream  io.Writer
	begun   bool
	buffer  []byte
}

// NewWriter returns a Writer for a peer of which nothing has been heard.
func NewWriter(d Dialect, stream io.Writer) *Writer {
	w := &Writer{dialect: d, stream: stream}
	if d == V22 {
		w.Accepts = 0x23
	}
	return w
}

// Write writes p with the flags that a program of the dialect picks, and with
// its accepts word when it is the first packet of a dialect that has one.
func (w *Writer) Write(p *codec.Packet) error {
	q := &Packet{Packet: *p, Flags: w.dialect.Flags(p, w.Accepts)}
	if word := w.dialect.Announces(); word != 0 && !w.begun {
		q.Flags |= FlagAccepts
		q.Accepts = word
	}
	if w.numbers() && w.ID != 0 {
		q.Flags |= FlagID
		q.ID = w.ID
	}
	return w.WritePacket(q)
}

// numbers reports whether the peer reads numbers of packets.
func (w *Writer) numbers() bool { return w.dialect.HasID(w.Accepts) }

// WritePacket writes p as it is.
func (w *Writer) WritePacket(p *Packet) (err error) {
	if w.buffer, err = w.dialect.Append(w.buffer[:0], p); err != nil {
		return err
	}
	w.begun = true
	_, err = w.stream.Write(w.buffer)
	return err
}
