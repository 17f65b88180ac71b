package codec

// Flags is the first word of a packet's header (reference section 1.2).
type Flags uint32

// The flags that aMule 3.0 knows.
const (
	FlagZlib          Flags = 0x01 // the body is one zlib stream
	FlagUTF8Numbers   Flags = 0x02 // opcode, counts, names, types and lengths are UTF-8 coded
	FlagEncrypted     Flags = 0x08 // the body is sealed; not read here, nor by aMule 3.0
	FlagLargeTagCount Flags = 0x10 // a count of 0xFFFF is followed by the real one
	FlagBase          Flags = 0x20 // set in every packet
)

const (
	fixedMask   Flags = 0x60       // of these bits exactly FlagBase is set
	refusedMask Flags = 0xff7f7f08 // EC_FLAG_UNKNOWN_MASK
)

// Check returns nil when aMule's reader obeys or ignores every bit of f.
// Else it returns [ErrEncrypted] for a sealed body and [ErrFlags] for
// anything else that aMule refuses. Bits 2, 7, 15 and 23 are ignored.
func (f Flags) Check() error {
	switch {
	case f&fixedMask == FlagBase && f&refusedMask == 0:
		return nil
	case f&fixedMask == FlagBase && f&refusedMask == FlagEncrypted:
		return ErrEncrypted
	default:
		return ErrFlags
	}
}
