package dialect

import (
	"errors"

	"github.com/ecgen/ecgen/codec"
)

// LoginCodes are the codes of a login in one step, as the releases up to 2.2
// have it, and of the answer to any login. By Snapshot, a date in 2.0 and a hash
// later, programs that were built from a development snapshot know their like;
// it is 0 in rc8, which has none.
type LoginCodes struct {
	String, PasswdHash, ClientName, ClientVersion, ProtocolVersion, Snapshot, ServerVersion codec.TagName
}

// The opcodes of a login, which have always been the same.
const (
	OpAuthReq  codec.Opcode = 0x02
	OpAuthFail codec.Opcode = 0x03
	OpAuthOK   codec.Opcode = 0x04
)

// LoginCodes returns the codes of the dialect.
func (d Dialect) LoginCodes() LoginCodes {
	switch {
	case d.Typed():
		return LoginCodes{String: 0x0000, PasswdHash: 0x0001, ClientName: 0x0100, ClientVersion: 0x0101, ProtocolVersion: 0x0002, Snapshot: 0x0003, ServerVersion: 0x050b}
	case d == RC8:
		return LoginCodes{String: 1, PasswdHash: 2, ClientName: 3, ClientVersion: 4, ProtocolVersion: 6, ServerVersion: 0x35}
	default:
		return LoginCodes{String: 1, PasswdHash: 2, ClientName: 3, ClientVersion: 4, ProtocolVersion: 6, Snapshot: 7, ServerVersion: 0x3b}
	}
}

// Salted reports whether a login has four packets, with a salt from the daemon
// in the second, and not two.
func (d Dialect) Salted() bool { return d >= V23 }

// ProtocolVersion returns what the EC_TAG_PROTOCOL_VERSION of a login says.
func (d Dialect) ProtocolVersion(p *codec.Packet) (version uint64, ok bool) {
	t := p.Find(d.LoginCodes().ProtocolVersion)
	if t == nil || integerOf(len(t.Data)) == codec.TypeUnknown {
		return 0, false
	}
	for _, b := range t.Data {
		version = version<<8 | uint64(b)
	}
	return version, true
}

// DetectLogin returns the dialect of a client whose first packet, a login,
// begins with b: the one that b is a packet of, and whose protocol version it
// says. V30 stands for any packet that clients of 2.3 and 3.0 could have
// written, so that who speaks these need not look twice. The error is
// codec.ErrTruncated when more bytes may decide, and codec.ErrOpcode when it is
// no login of any dialect.
func DetectLogin(b []byte, limits codec.Limits) (Dialect, error) {
	var guess Dialect
	undecided := len(b) == 0
	for _, d := range All() {
		p, size, err := d.Consume(b, limits)
		switch {
		case err != nil:
			partial := errors.Is(err, codec.ErrTruncated) && size == 0 && (p == nil || d.Check(p.Flags) == nil)
			undecided = undecided || partial
		case d == V30:
			return d, nil
		case p.Opcode == OpAuthReq:
			version, ok := d.ProtocolVersion(&p.Packet)
			if ok && version == uint64(d.Protocol()) && d != V23 {
				return d, nil
			}
			if ok && guess == 0 && d < V23 {
				guess = d
			}
		}
	}
	switch {
	case undecided:
		return 0, codec.ErrTruncated
	case guess != 0:
		return guess, nil
	default:
		return 0, codec.ErrOpcode
	}
}
