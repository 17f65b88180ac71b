package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// UntypedHandler answers requests of clients of releases before 2.3, as trees
// with the codes of their release. Those of one connection come one at a time.
// An error or a panic ends the connection, and no other.
type UntypedHandler func(ctx context.Context, from *UntypedPeer, request *codec.Packet) (*codec.Packet, error)

// UntypedPeer is a client of a release before 2.3, after login.
type UntypedPeer struct {
	Dialect       dialect.Dialect
	Name, Version string // as it says
	Address       net.Addr
}

// onlyToday is the reason for which clients of releases before 2.3 are refused
// when there is no handler for them.
const onlyToday = "This daemon serves clients of aMule 2.3.1 and newer only."

// oldDialect waits for the first packet and returns its dialect when that is
// one before 2.3, else 0. It takes nothing from the connection.
func (c *Conn) oldDialect() dialect.Dialect {
	most := codec.LoginLimits().Budgets().Body + codec.HeaderSize
	for size := 1; size <= most; size = c.input.Buffered() + 1 {
		if _, err := c.input.Peek(size); err != nil {
			return 0
		}
		start, _ := c.input.Peek(c.input.Buffered())
		d, err := dialect.DetectLogin(start, codec.LoginLimits())
		switch {
		case err == nil && d < dialect.V23:
			return d
		case !errors.Is(err, codec.ErrTruncated):
			return 0
		}
	}
	return 0
}

// oldConn is a connection to a client of a release before 2.3.
type oldConn struct {
	*Conn
	dialect dialect.Dialect
	packets *dialect.Reader
	answers *dialect.Writer
}

// serveOld logs in a client of a release before 2.3 and answers its requests
// until the connection ends. It returns why that is.
func (c *Conn) serveOld(d dialect.Dialect, end time.Time) error {
	o := &oldConn{
		Conn:    c,
		dialect: d,
		packets: dialect.NewReader(d, c.input, codec.LoginLimits()),
		answers: dialect.NewWriter(d, c.net),
	}
	peer, err := o.logIn(end)
	if err != nil {
		return err
	}
	c.server.Logger.Info("logged in", "address", peer.Address, "dialect", d, "name", peer.Name, "version", peer.Version)
	o.packets.SetLimits(c.server.Limits)
	for {
		if err := o.serveOne(peer); err != nil {
			return err
		}
	}
}

// logIn answers the login.
func (o *oldConn) logIn(end time.Time) (*UntypedPeer, error) {
	hello, err := o.read()
	if err != nil {
		return nil, err
	}
	switch reason := eraFault(o.dialect, hello); {
	case o.server.Untyped == nil:
		return nil, o.refuseOld(onlyToday)
	case o.server.Password.IsZero():
		return nil, o.refuseOld("")
	case reason != "":
		return nil, o.refuseOld(reason)
	case !o.takeTurn(end):
		return nil, o.refuseOld(tooManyLogins)
	case !eraAccepts(o.dialect, hello, o.server.Password):
		o.server.throttle.failed(o.net.RemoteAddr(), time.Now())
		return nil, o.refuseOld("Authentication failed.")
	}
	o.server.throttle.succeeded(o.net.RemoteAddr())
	o.loggedIn.Store(true)
	codes := o.dialect.LoginCodes()
	peer := &UntypedPeer{o.dialect, eraText(hello, codes.ClientName), eraText(hello, codes.ClientVersion), o.net.RemoteAddr()}
	return peer, o.answers.Write(eraAnswer(o.dialect, dialect.OpAuthOK, "", o.server.Version))
}

// read reads a packet, and notes what the client says that it can read, and the
// number of the packet, which the answer has too.
func (o *oldConn) read() (*codec.Packet, error) {
	p, err := o.packets.Next()
	if err != nil {
		return nil, err
	}
	if o.dialect.HasAccepts(p.Flags) {
		o.answers.Accepts = p.Accepts
	}
	o.answers.ID = p.ID
	return &p.Packet, nil
}

// refuseOld sends AUTH_FAIL and returns the reason. The connection is closed
// once the client has done so, or sends more.
func (o *oldConn) refuseOld(reason string) error {
	if err := o.answers.Write(eraAnswer(o.dialect, dialect.OpAuthFail, reason, o.server.Version)); err != nil {
		return err
	}
	o.input.Peek(1)
	if reason == "" {
		reason = "the server has no password"
	}
	return fmt.Errorf("refused a client of dialect %v: %s", o.dialect, reason)
}

// serveOne answers one request.
func (o *oldConn) serveOne(peer *UntypedPeer) error {
	o.net.SetDeadline(deadline(o.server.IdleTimeout))
	if _, err := o.input.Peek(1); err != nil {
		return err
	}
	o.net.SetDeadline(deadline(o.server.Timeout))
	request, err := o.read()
	if err != nil {
		return err
	}
	if !o.busy(true) {
		return net.ErrClosed
	}
	o.net.SetDeadline(time.Time{})
	reply, err := o.handleOld(peer, request)
	if err != nil {
		return err
	}
	o.net.SetDeadline(deadline(o.server.Timeout))
	if err := o.answers.Write(reply); err != nil {
		return err
	}
	if !o.busy(false) {
		return net.ErrClosed
	}
	return nil
}

// handleOld calls the handler.
func (o *oldConn) handleOld(peer *UntypedPeer, request *codec.Packet) (reply *codec.Packet, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			o.server.Logger.Error("a handler panicked", "dialect", o.dialect, "request", request.Opcode, "panic", fault, "stack", string(debug.Stack()))
			reply, err = nil, errors.New("internal error")
		}
	}()
	reply, err = o.server.Untyped(o.life, peer, request)
	if err == nil && reply == nil {
		return nil, fmt.Errorf("the handler gave no reply to opcode %#x of dialect %v", request.Opcode, o.dialect)
	}
	return reply, err
}
