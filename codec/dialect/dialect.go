package dialect

import (
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// Dialect is how the programs of some releases of aMule write and read
// packets. The zero value is none; its methods must not be called.
type Dialect uint8

// The dialects, oldest first.
const (
	RC8   Dialect = 1 + iota // 2.0.0-rc8, December 2004
	V20                      // 2.0.0 to 2.0.3, 2005
	Trunk                    // the development trunk from 2005-11-14 to 2005-12-16, never released
	V21                      // 2.1.0 to 2.1.3, 2006
	V22                      // 2.2.1 to 2.2.6, 2008 and 2009
	V23                      // 2.3.1 to 2.3.3, 2011 to 2021
	V30                      // 3.0.0, 2026
)

// All returns all dialects, oldest first.
func All() []Dialect { return []Dialect{RC8, V20, Trunk, V21, V22, V23, V30} }

// Flags that only old dialects know. FlagAccepts is the bit that 3.0 uses as
// codec.FlagLargeTagCount.
const (
	FlagID      codec.Flags = 0x04 // four bytes with the packet's number stand before the opcode
	FlagAccepts codec.Flags = 0x10 // a word with the flags that the writer can read stands behind the flags
)

// Framing is how the end of a packet is found.
type Framing uint8

// The two framings.
const (
	SelfDelimiting Framing = iota // the packet ends where its tree ends
	ByLength                      // a header of eight bytes says the length of the body
)

// rules are what a dialect does differently.
type rules struct {
	name     string
	releases string
	protocol uint16 // EC_TAG_PROTOCOL_VERSION at login

	framing Framing     // SelfDelimiting has flags of one to four bytes, least significant first
	refused codec.Flags // bits that a reader refuses
	writes  codec.Flags // bits that its programs write
	accepts bool        // FlagAccepts announces a word
	id      bool        // FlagID announces four bytes
	large   bool        // codec.FlagLargeTagCount is obeyed

	childBit uint16 // of the coded name, which says that there are children
	typed    bool   // tags have a type
	narrow   bool   // integers are written in the narrowest type that holds them
	reversed bool   // hashes are written last byte first

	most  int // largest body that a reader takes, 0 for any
	level int // of zlib when writing
	chunk int // how many bytes its programs hand over to zlib at once

	current bool // read by package codec, which also writes the last of them
}

// Bits 7, 15 and 23 say in flags of several bytes that one more follows. That
// is why all readers since have let them pass.
const continued codec.Flags = 0x808080

var table = [...]rules{
	RC8: {
		name: "rc8", releases: "2.0.0-rc8", protocol: 0x01f0,
		framing: SelfDelimiting, refused: 0xff7f7f0f, writes: 0x20, accepts: true,
		childBit: 1 << 15, reversed: true,
	},
	V20: {
		name: "2.0", releases: "2.0.0 to 2.0.3", protocol: 0x01f1,
		framing: SelfDelimiting, refused: 0xff7f7f0c, writes: 0x33, accepts: true,
		childBit: 1, level: 9, chunk: 32 << 10,
	},
	Trunk: {
		name: "2005-11", releases: "trunk of 2005-11-14 to 2005-12-16", protocol: 0x01f3,
		framing: SelfDelimiting, refused: 0xff7f7f08 | continued, writes: 0x37, accepts: true, id: true,
		childBit: 1, level: 9, chunk: 32 << 10,
	},
	V21: {
		name: "2.1", releases: "2.1.0 to 2.1.3", protocol: 0x01f3,
		framing: ByLength, refused: 0xff7f7f08, writes: 0x23,
		childBit: 1, most: 16 << 20, level: 9, chunk: 2 << 10,
	},
	V22: {
		name: "2.2", releases: "2.2.1 to 2.2.6", protocol: 0x0200,
		framing: ByLength, refused: 0xff7f7f08, writes: 0x23, accepts: true,
		childBit: 1, typed: true, narrow: true, most: 16 << 20, level: 9, chunk: 2 << 10,
	},
	V23: {
		name: "2.3", releases: "2.3.1 to 2.3.3", protocol: 0x0204,
		framing: ByLength, refused: 0xff7f7f08, writes: 0x23,
		childBit: 1, typed: true, narrow: true, most: 16 << 20, level: 6, chunk: 2 << 10, current: true,
	},
	V30: {
		name: "3.0", releases: "3.0.0", protocol: 0x0204,
		framing: ByLength, refused: 0xff7f7f08, writes: 0x33, large: true,
		childBit: 1, typed: true, narrow: true, level: 6, chunk: 2 << 10, current: true,
	},
}

func (d Dialect) rules() *rules { return &table[d] }

// String returns the name by which Parse finds the dialect: rc8, 2.0,
// 2005-11, 2.1, 2.2, 2.3 or 3.0.
func (d Dialect) String() string {
	if d < RC8 || d > V30 {
		return "none"
	}
	return d.rules().name
}

// Parse finds a dialect by its name, or by that of a release such as 2.1.3.
func Parse(name string) (d Dialect, ok bool) {
	if name == RC8.Releases() {
		return RC8, true
	}
	if series, _, found := cutRelease(name); found {
		name = series
	}
	for _, d := range All() {
		if d.String() == name {
			return d, true
		}
	}
	return 0, false
}

// cutRelease splits 2.1.3 into 2.1 and 3.
func cutRelease(name string) (series, patch string, ok bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || strings.Count(name, ".") != 2 || i == len(name)-1 {
		return "", "", false
	}
	return name[:i], name[i+1:], strings.Trim(name[i+1:], "0123456789") == ""
}

// Releases returns the releases that speak the dialect, as in "2.1.0 to
// 2.1.3".
func (d Dialect) Releases() string { return d.rules().releases }

// Protocol returns the value of EC_TAG_PROTOCOL_VERSION that clients send at
// login, and that daemons want.
func (d Dialect) Protocol() uint16 { return d.rules().protocol }

// Framing returns how the end of a packet is found.
func (d Dialect) Framing() Framing { return d.rules().framing }

// Typed reports whether tags have a type on the wire. Where they have none,
// Type is codec.TypeUnknown after reading and left out in writing.
func (d Dialect) Typed() bool { return d.rules().typed }

// Check returns nil when a reader of the dialect takes a packet with these
// flags, else codec.ErrFlags or codec.ErrEncrypted.
func (d Dialect) Check(flags codec.Flags) error {
	r := d.rules()
	switch {
	case r.current:
		return flags.Check()
	case flags&0x60 != codec.FlagBase || flags&r.refused != 0:
		return codec.ErrFlags
	default:
		return nil
	}
}
