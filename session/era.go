package session

import (
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// Before 2.3 a login has two packets: the client sends its name and the MD5 of
// the password, the daemon says AUTH_OK or AUTH_FAIL. This file has what both
// sides need of it.

// eraLogin returns the AUTH_REQ of such a login.
func eraLogin(d dialect.Dialect, o Options) *codec.Packet {
	p := eraHello(d, o)
	if !o.Password.IsZero() {
		p.Tags = append(p.Tags, eraHash(d, o.Password))
	}
	return p
}

// eraHello returns the AUTH_REQ of any login but for the password.
func eraHello(d dialect.Dialect, o Options) *codec.Packet {
	codes := d.LoginCodes()
	return &codec.Packet{Opcode: dialect.OpAuthReq, Tags: []codec.Tag{
		d.Text(codes.ClientName, o.ClientName),
		d.Text(codes.ClientVersion, o.ClientVersion),
		d.Uint(codes.ProtocolVersion, uint64(d.Protocol()), 2),
	}}
}

// eraHash returns the PASSWD_HASH of a login: 32 hex digits in rc8, and 16
// bytes later.
func eraHash(d dialect.Dialect, p Password) codec.Tag {
	name, sum := d.LoginCodes().PasswdHash, p.sum()
	if d == dialect.RC8 {
		return d.Text(name, hex.EncodeToString(sum[:]))
	}
	return d.Hash(name, sum)
}

// eraFault returns why a daemon of the dialect refuses a login whatever its
// password, or "".
func eraFault(d dialect.Dialect, hello *codec.Packet) string {
	version, ok := d.ProtocolVersion(hello)
	snapshot := d.LoginCodes().Snapshot
	if d == dialect.Trunk {
		snapshot = 0 // of which there were snapshots only
	}
	switch {
	case hello.Opcode != dialect.OpAuthReq:
		return "Invalid request, you should first authenticate."
	case snapshot != 0 && hello.Find(snapshot) != nil:
		return otherSnapshot
	case !ok:
		return noVersion
	case version != uint64(d.Protocol()):
		return otherVersion
	default:
		return ""
	}
}

// eraAccepts reports, in constant time, whether a login has the password.
func eraAccepts(d dialect.Dialect, hello *codec.Packet, p Password) bool {
	want := eraHash(d, p)
	got := hello.Find(want.Name)
	return got != nil && subtle.ConstantTimeCompare(got.Data, want.Data) == 1
}

// eraAnswer returns AUTH_OK, or AUTH_FAIL for a reason. A daemon without a
// password gives none, nor anything else.
func eraAnswer(d dialect.Dialect, op codec.Opcode, reason, version string) *codec.Packet {
	codes := d.LoginCodes()
	p := &codec.Packet{Opcode: op}
	if op == dialect.OpAuthFail {
		if reason == "" {
			return p
		}
		p.Tags = append(p.Tags, d.Text(codes.String, reason))
	}
	p.Tags = append(p.Tags, d.Text(codes.ServerVersion, version))
	return p
}

// eraText returns the text of a tag, or "".
func eraText(p *codec.Packet, name codec.TagName) string {
	t := p.Find(name)
	if t == nil {
		return ""
	}
	return strings.TrimSuffix(string(t.Data), "\x00")
}

// eraCause returns the cause for what a daemon before 2.3 says in AUTH_FAIL.
func eraCause(reason string) error {
	switch {
	case reason == "Authentication failed.":
		return ErrWrongPassword
	case strings.HasPrefix(reason, "Incorrect ") || strings.Contains(reason, "arbitrary"):
		return ErrVersionID
	default:
		return refusalCause(reason)
	}
}
