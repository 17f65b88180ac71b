package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// wire is a connection with its reader and writer.
type wire struct {
	net.Conn
	reader *codec.Reader
	writer *codec.Writer
	peer   Peer
	knows  func(codec.TagName) bool // whether the daemon announced this capability at login
}

// connect dials and logs in.
func connect(ctx context.Context, address string, o Options, capabilities func(net.Conn) Capabilities) (*wire, error) {
	ctx, cancel := o.bound(ctx)
	defer cancel()
	conn, err := o.DialContext(ctx, "tcp", address)
	if errors.Is(ctx.Err(), context.Canceled) && err != nil {
		return nil, fmt.Errorf("session: connecting to %s was given up: %w", address, context.Cause(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("session: no connection to %s: %w; is the daemon running, and are external connections turned on in its preferences?", address, orCause(ctx, err))
	}
	w, err := logIn(ctx, conn, o, capabilities(conn))
	if err != nil {
		conn.Close()
		return nil, err
	}
	o.Logger.Info("logged in", "address", address, "daemon", w.peer)
	return w, nil
}

// logIn logs in over conn until ctx ends.
func logIn(ctx context.Context, conn net.Conn, o Options, announced Capabilities) (*wire, error) {
	if o.Password.IsZero() {
		return nil, errors.New("session: Options.Password is not set; no daemon accepts a login without one")
	}
	w := &wire{
		Conn:   conn,
		reader: codec.NewReader(bufio.NewReader(conn), codec.LoginLimits()),
		writer: codec.NewWriter(conn),
		peer:   Peer{Capabilities: announced},
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	err := w.authenticate(o)
	if !stop() || err != nil {
		return nil, loginFault(orCause(ctx, err))
	}
	w.reader.SetLimits(o.Limits)
	w.writer.Peer = w.peer.writing()
	return w, nil
}

// authenticate exchanges the four packets of a login (reference section 3.1).
func (w *wire) authenticate(o Options) error {
	// As aMule's clients do: large counts only when the daemon has confirmed
	// them, zlib never for something this small.
	w.writer.Peer = codec.Peer{UTF8Numbers: w.peer.UTF8Numbers}
	reply, err := w.exchange(&ec.AuthReq{
		ClientName:       o.ClientName,
		ClientVersion:    o.ClientVersion,
		ProtocolVersion:  protocolVersion,
		VersionID:        o.VersionID,
		CanZlib:          w.peer.Zlib,
		CanUTF8Numbers:   w.peer.UTF8Numbers,
		CanNotify:        w.peer.Notify,
		CanLargeTagCount: w.peer.LargeTagCount,
		CanPartialUpdate: w.peer.PartialUpdate,
		PreferNoZlib:     w.peer.PreferNoZlib,
	})
	if isLost(err) {
		return fmt.Errorf("%w; is this its port for external connections?", err)
	}
	if err != nil {
		return err
	}
	salt, ok := reply.(*ec.AuthSalt)
	if !ok {
		return &UnexpectedReplyError{Request: ec.OpAuthReq, Reply: reply}
	}
	reply, err = w.exchange(&ec.AuthPasswd{Hash: o.Password.answer(salt.PasswdSalt)})
	if err != nil {
		return err
	}
	accepted, ok := reply.(*ec.AuthOK)
	if !ok {
		return &UnexpectedReplyError{Request: ec.OpAuthPasswd, Reply: reply}
	}
	w.knows = accepted.Present
	w.peer.Version = accepted.ServerVersion
	w.peer.LargeTagCount = w.peer.LargeTagCount && accepted.CanLargeTagCount
	w.peer.PartialUpdate = w.peer.PartialUpdate && accepted.CanPartialUpdate
	return nil
}

// exchange sends a packet of the login and reads the answer. AUTH_FAIL is a
// *LoginError.
func (w *wire) exchange(m ec.Message) (ec.Message, error) {
	if err := w.writer.Write(m); err != nil {
		return nil, err
	}
	frame, err := w.reader.Next()
	if err != nil {
		return nil, err
	}
	reply, err := readMessage(codec.FromDaemon, frame, codec.LoginLimits())
	if refusal, ok := reply.(*ec.AuthFail); ok {
		return nil, &LoginError{Err: refusalCause(refusal.Reason), Reason: refusal.Reason}
	}
	return reply, err
}

// readMessage is ec.Read under other limits.
func readMessage(from codec.Direction, frame codec.Frame, limits codec.Limits) (ec.Message, error) {
	op, err := frame.Opcode()
	if err != nil {
		return nil, err
	}
	m := ec.New(from, op)
	if m == nil {
		return nil, codec.UnknownOpcode(op, ec.Protocol)
	}
	if err := m.DecodeBody(frame.Body, frame.Flags, 0, limits); err != nil {
		return nil, err
	}
	return m, nil
}

// The daemon's words when it refuses a login, as far as they name a cause. They
// are facts of the protocol: nothing else tells the causes apart (reference
// section 3.1).
const (
	noVersion       = "Missing protocol version tag."
	otherVersion    = "Invalid protocol version."
	wrongPassword   = "Authentication failed: wrong password."
	missingPassword = "Authentication failed: missing password."
	unusableHash    = "Authentication failed: invalid hash specified as EC password."
)

// refusalCause returns the cause for what a daemon says in AUTH_FAIL. A daemon
// without a password says nothing.
func refusalCause(reason string) error {
	switch {
	case reason == "" || reason == unusableHash:
		return ErrNoPassword
	case reason == wrongPassword || reason == missingPassword:
		return ErrWrongPassword
	case reason == noVersion || strings.HasPrefix(reason, otherVersion):
		return ErrProtocolVersion
	case strings.Contains(reason, "snapshot"):
		return ErrVersionID
	default:
		return ErrRefused
	}
}

// loginFault returns what to tell about an error of a login.
func loginFault(err error) error {
	var refused *LoginError
	var unexpected *UnexpectedReplyError
	var malformed *codec.Error
	switch {
	case errors.As(err, &refused):
		return err
	case errors.As(err, &unexpected):
		return fmt.Errorf("session: %w: it answers %s with %s", ErrNotEC, opcodeName(unexpected.Request), opcodeName(unexpected.Reply.Opcode()))
	case errors.As(err, &malformed) && !errors.Is(err, codec.ErrTruncated):
		return fmt.Errorf("session: %w: %w", ErrNotEC, err)
	case isLost(err):
		return fmt.Errorf("session: %w, during login: %w", ErrConnectionLost, err)
	default:
		return fmt.Errorf("session: login: %w", err)
	}
}

// isLost reports whether err is of a connection that ended.
func isLost(err error) bool {
	var network *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed) || errors.Is(err, codec.ErrTruncated) ||
		errors.As(err, &network) && !errors.Is(err, os.ErrDeadlineExceeded)
}

// orCause returns the cause for which ctx ended, or err when it did not.
func orCause(ctx context.Context, err error) error {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
			<-ctx.Done() // net looks at the clock itself, and may be first
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
