package session

import (
	"log/slog"
	"net"
	"net/netip"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// protocolVersion is the only one that aMule 2.3.1 to 3.0 accept.
const protocolVersion = 0x0204

// Capabilities are what the two sides of a connection agree on at login. A
// client announces them in AUTH_REQ; a daemon confirms two of them in AUTH_OK.
type Capabilities struct {
	Zlib          bool // the client reads deflated bodies
	UTF8Numbers   bool // the client reads UTF-8 coded numbers
	Notify        bool // the client wants what the daemon sends unasked; see Notifications
	LargeTagCount bool // both read counts beyond 65,534, if the daemon confirms it; since aMule 3.0
	PartialUpdate bool // the daemon leaves out unchanged files, if it confirms it; since aMule 3.0
	PreferNoZlib  bool // the daemon shall deflate only what exceeds 256 MiB; since aMule 3.0
}

// DefaultCapabilities are those that aMule's own clients announce to a daemon
// that is neither on this machine nor in its local network.
func DefaultCapabilities() Capabilities {
	return Capabilities{Zlib: true, UTF8Numbers: true, LargeTagCount: true, PartialUpdate: true}
}

// Peer is the other side of a connection, after login.
type Peer struct {
	Name    string // CLIENT_NAME; a daemon has none
	Version string // of its program, as 2.3.3

	// Capabilities are those in effect on the connection: what the client
	// announced, of LargeTagCount and PartialUpdate what the daemon confirmed.
	Capabilities
}

// LogValue is what log/slog writes.
func (p Peer) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("name", p.Name),
		slog.String("version", p.Version),
		slog.String("capabilities", p.Capabilities.String()),
	)
}

// String returns the names of the capabilities, joined by "|".
func (c Capabilities) String() string {
	var names []string
	for _, capability := range []struct {
		has  bool
		name string
	}{
		{c.Zlib, "ZLIB"},
		{c.UTF8Numbers, "UTF8_NUMBERS"},
		{c.Notify, "NOTIFY"},
		{c.LargeTagCount, "LARGE_TAG_COUNT"},
		{c.PartialUpdate, "PARTIAL_UPDATE"},
		{c.PreferNoZlib, "PREFER_NO_ZLIB"},
	} {
		if capability.has {
			names = append(names, capability.name)
		}
	}
	return strings.Join(names, "|")
}

// announcedBy returns the capabilities that a client announces.
func announcedBy(m *ec.AuthReq) Capabilities {
	return Capabilities{
		Zlib:          m.CanZlib,
		UTF8Numbers:   m.CanUTF8Numbers,
		Notify:        m.CanNotify,
		LargeTagCount: m.CanLargeTagCount,
		PartialUpdate: m.CanPartialUpdate,
		PreferNoZlib:  m.PreferNoZlib,
	}
}

// writing returns how packets are written on a connection with these
// capabilities, by either side.
func (c Capabilities) writing() codec.Peer {
	return codec.Peer{Zlib: c.Zlib, UTF8Numbers: c.UTF8Numbers, LargeTagCount: c.LargeTagCount, PreferNoZlib: c.PreferNoZlib}
}

// isLocal reports whether the network between both ends of a connection to this
// address is taken to be fast: it is a loopback, private or link-local address.
func isLocal(address net.Addr) bool {
	from, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return false
	}
	ip := from.Addr().Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
}
