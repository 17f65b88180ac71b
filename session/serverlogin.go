package session

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// The daemon's words when it refuses a login, beside those by which clients
// know the cause.
const (
	notLoggedIn   = "Invalid request, please authenticate first."
	otherSnapshot = "This is a release, which refuses clients of a development snapshot."
	tooManyLogins = "Too many failed logins, try again later."
)

// logIn takes a client through the login (reference section 3.1): AUTH_REQ,
// then AUTH_PASSWD. Anything else is answered with AUTH_FAIL; there is no
// second try on one connection, and no more time than until end.
func (c *Conn) logIn(end time.Time) error {
	defer c.net.SetDeadline(time.Time{})
	request, err := c.loginPacket()
	if err != nil {
		return err
	}
	if c.server.Password.IsZero() {
		return c.refuse("")
	}
	hello, ok := request.(*ec.AuthReq)
	if !ok {
		return c.refuse(notLoggedIn)
	}
	if reason := fault(hello); reason != "" {
		return c.refuse(reason)
	}
	c.agree(hello)
	salt := c.server.salt()
	if err := c.write(&ec.AuthSalt{PasswdSalt: salt}); err != nil {
		return err
	}
	if request, err = c.loginPacket(); err != nil {
		return err
	}
	password, ok := request.(*ec.AuthPasswd)
	switch {
	case !ok:
		return c.refuse(notLoggedIn)
	case !password.Present(ec.TagPasswdHash):
		return c.refuse(missingPassword)
	case !c.takeTurn(end):
		return c.refuse(tooManyLogins)
	case !c.server.Password.accepts(password.Hash, salt):
		c.server.throttle.failed(c.net.RemoteAddr(), time.Now())
		return c.refuse(wrongPassword)
	}
	c.server.throttle.succeeded(c.net.RemoteAddr())
	c.loggedIn.Store(true)
	return c.write(&ec.AuthOK{
		ServerVersion:    c.server.Version,
		CanLargeTagCount: c.peer.LargeTagCount,
		CanPartialUpdate: c.peer.PartialUpdate,
	})
}

// loginPacket reads a packet of the login. One that no client is known to write
// is nil.
func (c *Conn) loginPacket() (ec.Message, error) {
	frame, err := c.reader.Next()
	if err != nil {
		return nil, err
	}
	return c.readLogin(frame)
}

func (c *Conn) readLogin(frame codec.Frame) (ec.Message, error) {
	op, err := frame.Opcode()
	if err != nil {
		return nil, err
	}
	if op != ec.OpAuthReq && op != ec.OpAuthPasswd {
		return nil, checkBody(frame, codec.LoginLimits())
	}
	return readMessage(codec.FromClient, frame, codec.LoginLimits())
}

// agree notes what the client says of itself. Its capabilities are in effect
// from here on, so before AUTH_SALT, but not for the refusal of an AUTH_REQ.
func (c *Conn) agree(hello *ec.AuthReq) {
	announced, offered := announcedBy(hello), *c.server.Capabilities
	c.peer = Peer{
		Name:    hello.ClientName,
		Version: hello.ClientVersion,
		Capabilities: Capabilities{
			Zlib:          announced.Zlib && offered.Zlib,
			UTF8Numbers:   announced.UTF8Numbers && offered.UTF8Numbers,
			Notify:        announced.Notify && offered.Notify,
			LargeTagCount: announced.LargeTagCount && offered.LargeTagCount,
			PartialUpdate: announced.PartialUpdate && offered.PartialUpdate,
			PreferNoZlib:  announced.PreferNoZlib && offered.PreferNoZlib,
		},
	}
}

// fault returns why a client is refused whatever its password, or "".
func fault(hello *ec.AuthReq) string {
	switch {
	case hello.Present(ec.TagVersionID):
		return otherSnapshot
	case !hello.Present(ec.TagProtocolVersion):
		return noVersion
	case hello.ProtocolVersion != protocolVersion:
		return fmt.Sprintf("%s( 0x%04x != 0x%04x )", otherVersion, hello.ProtocolVersion, protocolVersion)
	default:
		return ""
	}
}

// takeTurn waits as long as the client's address has to after failed logins. It
// returns false when that is longer than the login may take.
func (c *Conn) takeTurn(end time.Time) bool {
	now := time.Now()
	pause := c.server.throttle.wait(c.net.RemoteAddr(), now)
	if now.Add(pause).After(end) {
		return false
	}
	select {
	case <-time.After(pause):
		return true
	case <-c.life.Done():
		return false
	}
}

// refuse sends AUTH_FAIL and waits until the client closes the connection or
// sends something else, as aMule does. It returns the reason.
func (c *Conn) refuse(reason string) error {
	if err := c.write(&ec.AuthFail{Reason: reason}); err != nil {
		return err
	}
	c.reader.Next()
	if reason == "" {
		reason = "the server has no password"
	}
	return fmt.Errorf("refused: %s", reason)
}

// newSalt returns a random number.
func newSalt() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}

// accepts reports, in constant time, whether hash is the answer to the salt.
func (p Password) accepts(hash codec.Hash, salt uint64) bool {
	want := p.answer(salt)
	return subtle.ConstantTimeCompare(hash[:], want[:]) == 1
}
