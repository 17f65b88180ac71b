package codec

import "io"

// Peer is what the other side of a connection can read, as it said at login.
// The zero value is a peer that reads only the plain form.
type Peer struct {
	Zlib          bool // CAN_ZLIB; a client may set it without being told: every daemon reads zlib
	UTF8Numbers   bool // CAN_UTF8_NUMBERS; a client may set it from its first packet on
	LargeTagCount bool // CAN_LARGE_TAG_COUNT, echoed by the daemon
	PreferNoZlib  bool // PREFER_NO_ZLIB: zlib only for what would exceed 256 MiB
}

const (
	mostUninflated = 1024      // EC_MAX_UNCOMPRESSED
	mostLocal      = 256 << 20 // kLocalPeerZlibBypassMax
)

// Flags returns the flags that aMule's writer picks for m (reference section
// 1.2): zlib for a nominal size over 1,024 bytes, else UTF-8 numbers, and
// large counts always, each as far as the peer reads it.
func (p Peer) Flags(m Appender) Flags {
	nominal := m.SizeBody(FlagBase|FlagLargeTagCount) - 1 - countSize(0, FlagBase)
	flags := FlagBase
	if p.LargeTagCount {
		flags |= FlagLargeTagCount
	}
	switch {
	case p.Zlib && nominal > mostUninflated && !(p.PreferNoZlib && nominal <= mostLocal):
		flags |= FlagZlib
	case p.UTF8Numbers:
		flags |= FlagUTF8Numbers
	}
	return flags
}

// Writer writes frames to a stream, each with one call of Write.
type Writer struct {
	// Peer decides which flags Write picks. It may be changed between two
	// frames, as after login.
	Peer Peer

	stream io.Writer
	frame  []byte
}

// NewWriter returns a Writer for a peer that reads only the plain form, until
// its field Peer says otherwise.
func NewWriter(stream io.Writer) *Writer { return &Writer{stream: stream} }

// Reset makes w write to another stream, for a peer that reads only the plain
// form.
func (w *Writer) Reset(stream io.Writer) { *w = Writer{stream: stream, frame: w.frame} }

// Write writes m with the flags that aMule would pick for the peer.
func (w *Writer) Write(m Appender) error { return w.WriteFlags(m, w.Peer.Flags(m)) }

// WriteFlags writes m with these flags.
func (w *Writer) WriteFlags(m Appender, flags Flags) error {
	frame, err := AppendFrame(w.frame[:0], flags, m)
	if err != nil {
		return err
	}
	w.frame = frame
	_, err = w.stream.Write(frame)
	return err
}
