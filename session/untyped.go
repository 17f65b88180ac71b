package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
)

// Untyped is a connection to a daemon of any release since 2.0.0-rc8, logged
// in. Packets are trees with the codes of that release, which package spec has
// tables of; before 2.2 tags have no type. Its methods may be called by
// several goroutines at once; requests are sent one at a time, each after the
// reply to the one before, because daemons of 2.0 lose what comes earlier.
type Untyped struct {
	dialect dialect.Dialect
	options Options
	conn    net.Conn
	reader  *dialect.Reader
	writer  *dialect.Writer
	version string
	turn    chan struct{} // holds a token while a request is under way
	broken  error         // set by who has the turn
}

// DialUntyped connects to the daemon at address and logs in as programs of the
// dialect do. Errors are those of [Dial]. Daemons of 2.0.0-rc8 may have no
// password, and want a login without one then. Options.Capabilities, VersionID
// and Reconnect are not used: as programs of 2.3 and 3.0 do, it announces that
// it reads zlib and UTF-8 numbers, and for 3.0 large tag counts.
func DialUntyped(ctx context.Context, address string, d dialect.Dialect, options Options) (*Untyped, error) {
	o := options.withDefaults()
	ctx, cancel := o.bound(ctx)
	defer cancel()
	conn, err := o.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("session: no connection to %s: %w", address, orCause(ctx, err))
	}
	u, err := newUntyped(ctx, conn, d, o)
	if err != nil {
		conn.Close()
		return nil, err
	}
	o.Logger.Info("logged in", "address", address, "dialect", d, "version", u.version)
	return u, nil
}

// DialAny is DialUntyped with each of these dialects in turn, or with all,
// newest first, when none is given. A daemon refuses the login of another
// dialect than its own, or closes the connection; then the next one is tried,
// over a new connection. When a daemon understands the login, but refuses it
// for another reason than the dialect, that is the error; else the error has
// what came of each.
func DialAny(ctx context.Context, address string, options Options, dialects ...dialect.Dialect) (*Untyped, error) {
	if len(dialects) == 0 {
		dialects = []dialect.Dialect{dialect.V30, dialect.V22, dialect.V21, dialect.V20, dialect.RC8}
	}
	var failures []error
	for _, d := range dialects {
		u, err := DialUntyped(ctx, address, d, options)
		if err == nil {
			return u, nil
		}
		refused, ok := errors.AsType[*LoginError](err)
		foreign := ok && refused.Err == ErrProtocolVersion || errors.Is(err, ErrNotEC) || errors.Is(err, ErrConnectionLost)
		if !foreign || ctx.Err() != nil {
			return nil, err
		}
		failures = append(failures, fmt.Errorf("as %v (%s): %w", d, d.Releases(), err))
		select {
		case <-time.After(afterRefusal):
		case <-ctx.Done():
		}
	}
	return nil, errors.Join(failures...)
}

// afterRefusal is how long a daemon is left alone after it has closed a
// connection: one of 2.3.3 crashes when the next one comes within a few
// milliseconds.
const afterRefusal = 200 * time.Millisecond

// newUntyped logs in over conn until ctx ends.
func newUntyped(ctx context.Context, conn net.Conn, d dialect.Dialect, o Options) (*Untyped, error) {
	if o.Password.IsZero() && d != dialect.RC8 {
		return nil, errors.New("session: Options.Password is not set; no daemon since 2.0.0 accepts a login without one")
	}
	u := &Untyped{
		dialect: d,
		options: o,
		conn:    conn,
		reader:  dialect.NewReader(d, bufio.NewReader(conn), codec.LoginLimits()),
		writer:  dialect.NewWriter(d, conn),
		turn:    make(chan struct{}, 1),
	}
	u.reader.TakeAnySize()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	err := u.logIn()
	if !stop() || err != nil {
		return nil, u.loginFault(orCause(ctx, err))
	}
	u.reader.SetLimits(o.Limits)
	return u, nil
}

// logIn does the login of the dialect: in one step, or with a salt.
func (u *Untyped) logIn() error {
	hello := eraLogin
	if u.dialect.Salted() {
		hello = saltedLogin
		u.writer.Accepts = codec.FlagBase | codec.FlagUTF8Numbers
	}
	reply, err := u.exchange(hello(u.dialect, u.options))
	if err == nil && u.dialect.Salted() {
		reply, err = u.answerSalt(reply)
	}
	if err != nil {
		return err
	}
	if reply.Opcode != dialect.OpAuthOK {
		return u.refusal(reply)
	}
	u.version = eraText(reply, u.dialect.LoginCodes().ServerVersion)
	if u.dialect.Salted() {
		u.writer.Accepts |= codec.FlagZlib
		if reply.Find(tagCanLargeTagCount) != nil {
			u.writer.Accepts |= codec.FlagLargeTagCount
		}
	}
	return nil
}

// answerSalt answers AUTH_SALT.
func (u *Untyped) answerSalt(p *codec.Packet) (*codec.Packet, error) {
	d, salt := u.dialect, p.Find(tagPasswdSalt)
	if p.Opcode != opAuthSalt || salt == nil {
		return nil, u.refusal(p)
	}
	number, _ := salt.Uint()
	answer := d.Hash(d.LoginCodes().PasswdHash, u.options.Password.answer(number))
	return u.exchange(&codec.Packet{Opcode: opAuthPasswd, Tags: []codec.Tag{answer}})
}

// What a login with a salt has beside the codes of the others.
const (
	opAuthSalt   codec.Opcode = 0x4f
	opAuthPasswd codec.Opcode = 0x50

	tagPasswdSalt       codec.TagName = 0x000b
	tagCanZlib          codec.TagName = 0x000c
	tagCanUTF8Numbers   codec.TagName = 0x000d
	tagCanLargeTagCount codec.TagName = 0x0011
)

// saltedLogin returns the AUTH_REQ of a login with a salt.
func saltedLogin(d dialect.Dialect, o Options) *codec.Packet {
	p := eraHello(d, o)
	p.Tags = append(p.Tags, d.Empty(tagCanZlib), d.Empty(tagCanUTF8Numbers))
	if d == dialect.V30 {
		p.Tags = append(p.Tags, d.Empty(tagCanLargeTagCount))
	}
	return p
}

// refusal returns the error for an answer to a login that does not accept it.
func (u *Untyped) refusal(reply *codec.Packet) error {
	if reply.Opcode != dialect.OpAuthFail {
		return codec.ErrOpcode
	}
	reason := eraText(reply, u.dialect.LoginCodes().String)
	return &LoginError{Err: eraCause(reason), Reason: reason}
}

// loginFault returns what to tell about an error of a login.
func (u *Untyped) loginFault(err error) error {
	if errors.Is(err, codec.ErrOpcode) {
		return fmt.Errorf("session: %w: it answers the login with another packet", ErrNotEC)
	}
	err = loginFault(err)
	if errors.Is(err, ErrConnectionLost) && !u.dialect.Salted() {
		return fmt.Errorf("%w (daemons of 2.2 also do so after a wrong password)", err)
	}
	return err
}

// exchange sends a packet, with a number if the daemon reads these, and reads
// one.
func (u *Untyped) exchange(p *codec.Packet) (*codec.Packet, error) {
	u.writer.ID++
	if err := u.writer.Write(p); err != nil {
		return nil, err
	}
	reply, err := u.reader.Next()
	if err != nil {
		return nil, err
	}
	if u.dialect.HasAccepts(reply.Flags) {
		u.writer.Accepts = reply.Accepts
	}
	return &reply.Packet, nil
}

// Dialect returns the dialect that is spoken.
func (u *Untyped) Dialect() dialect.Dialect { return u.dialect }

// Version returns what the daemon says that it is, as 2.1.3.
func (u *Untyped) Version() string { return u.version }

// Call sends a request and returns its reply, which is the caller's. After any
// error, also when ctx ends meanwhile, the connection is closed, and each
// later call returns an error that wraps [ErrConnectionLost].
func (u *Untyped) Call(ctx context.Context, request *codec.Packet) (*codec.Packet, error) {
	select {
	case u.turn <- struct{}{}:
		defer func() { <-u.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("session: the request was given up: %w", context.Cause(ctx))
	}
	if u.broken != nil {
		return nil, u.broken
	}
	ctx, cancel := u.options.bound(ctx)
	defer cancel()
	u.conn.SetDeadline(time.Time{})
	stop := context.AfterFunc(ctx, func() { u.conn.SetDeadline(time.Unix(1, 0)) })
	reply, err := u.exchange(request)
	if stop() && err == nil {
		return reply, nil
	}
	u.conn.Close()
	u.broken = fmt.Errorf("session: %w: %w", ErrConnectionLost, orCause(ctx, err))
	return nil, u.broken
}

// Close closes the connection.
func (u *Untyped) Close() error { return u.conn.Close() }
