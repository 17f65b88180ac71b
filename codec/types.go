package codec

import (
	"encoding/hex"
	"math"
	"net/netip"
	"strconv"
)

// Opcode says what a packet is for: one of the EC_OP_ codes of aMule's
// ECCodes.h.
type Opcode uint8

// TagName is the name of a tag: one of the EC_TAG_ codes of ECCodes.h. Names
// have 15 bits; the wire carries them shifted left by one.
type TagName uint16

// MaxTagName is the largest name that the wire can carry.
const MaxTagName TagName = 1<<15 - 1

// Type is the type of a tag's own data: one of the EC_TAGTYPE_ codes of
// aMule's ECTagTypes.h. Types that are not listed here are kept as bytes.
type Type uint8

// The types of aMule 3.0 (reference section 1.10).
const (
	TypeUnknown Type = 0  // never written by aMule
	TypeCustom  Type = 1  // raw bytes; without data a flag or a container
	TypeUint8   Type = 2  // one byte
	TypeUint16  Type = 3  // two bytes, big-endian
	TypeUint32  Type = 4  // four bytes, big-endian
	TypeUint64  Type = 5  // eight bytes, big-endian
	TypeString  Type = 6  // UTF-8 and one NUL, which is counted
	TypeDouble  Type = 7  // decimal text and one NUL
	TypeIPv4    Type = 8  // four address bytes in textual order, port big-endian
	TypeHash16  Type = 9  // sixteen bytes
	TypeUint128 Type = 10 // sixteen bytes, big-endian
)

var typeNames = [...]string{
	"UNKNOWN", "CUSTOM", "UINT8", "UINT16", "UINT32", "UINT64",
	"STRING", "DOUBLE", "IPV4", "HASH16", "UINT128",
}

// String returns the type's name without EC_TAGTYPE_, or its number in
// decimal when it has none.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return strconv.Itoa(int(t))
}

// Direction says which side wrote a packet. Some opcodes mean different
// things in the two directions.
type Direction uint8

// The two directions of a connection.
const (
	FromClient Direction = iota // written by amulecmd, amuleweb, amulegui ...
	FromDaemon                  // written by amuled, or aMule itself
)

// String returns "client" or "daemon".
func (d Direction) String() string {
	if d == FromDaemon {
		return "daemon"
	}
	return "client"
}

// Hash is the payload of a HASH16 tag, such as the MD4 hash of an eD2k file.
type Hash [16]byte

// String returns the hash as 32 lower-case hex digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// UInt128 is the payload of a UINT128 tag: a number, most significant byte
// first. Only KAD_ID has this type.
type UInt128 [16]byte

// String returns the number as 32 lower-case hex digits.
func (u UInt128) String() string { return hex.EncodeToString(u[:]) }

// IPv4 is the payload of an IPV4 tag: an address and a port.
type IPv4 struct {
	Address [4]byte // in textual order: 127, 0, 0, 1
	Port    uint16
}

// AddrPort returns the address and port as the standard library's type.
func (p IPv4) AddrPort() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4(p.Address), p.Port)
}

// String returns address and port as in 127.0.0.1:4662.
func (p IPv4) String() string { return p.AddrPort().String() }

// Double is the payload of a DOUBLE tag without its NUL: a number as decimal
// text, kept as it was written. aMule writes six significant digits, and
// "nan", "-nan" or "inf" for a ratio without a base.
type Double string

// NewDouble returns f as aMule writes it: up to six significant digits, an
// exponent of at least two digits where one is needed.
func NewDouble(f float64) Double {
	switch {
	case f != f && math.Signbit(f): // as 0/0 is on x86
		return "-nan"
	case f != f:
		return "nan"
	case f > maxFloat:
		return "inf"
	case f < -maxFloat:
		return "-inf"
	}
	return Double(strconv.FormatFloat(f, 'g', 6, 64))
}

const maxFloat = 0x1p1023 * (1 + (1 - 0x1p-52))

// Float64 returns the number that the text stands for. The empty text is 0.
// The error is strconv's when the text is not a number.
func (d Double) Float64() (float64, error) {
	switch d {
	case "":
		return 0, nil
	case "-nan":
		return strconv.ParseFloat("nan", 64)
	}
	return strconv.ParseFloat(string(d), 64)
}

// Switch is a boolean of the preferences. The daemon writes it as an empty
// tag whose presence means true; a client that asks for detail level FULL
// writes it as an integer 0 or 1 and leaves it out for "unchanged". The four
// states are kept apart so that nothing is lost (reference section 4.5).
type Switch uint8

// The states of a Switch.
const (
	SwitchAbsent Switch = iota // the tag is not there
	SwitchEmpty                // an empty tag
	SwitchOff                  // an integer 0
	SwitchOn                   // an integer 1
)

// SwitchOf returns SwitchOn or SwitchOff.
func SwitchOf(on bool) Switch {
	if on {
		return SwitchOn
	}
	return SwitchOff
}

// Present gives the reading by presence, which is right for what a daemon
// writes, and for what a client writes at a detail level other than FULL.
func (s Switch) Present() bool { return s != SwitchAbsent }

// On gives the reading by value, which is right for what a client writes at
// detail level FULL. An empty tag reads as 0 there.
func (s Switch) On() bool { return s == SwitchOn }

// String returns "absent", "empty", "off" or "on".
func (s Switch) String() string {
	return [...]string{"absent", "empty", "off", "on"}[s&3]
}
