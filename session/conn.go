package session

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Conn is a server's connection to a client that has logged in.
type Conn struct {
	server *Server
	net    net.Conn
	input  *bufio.Reader
	reader *codec.Reader
	peer   Peer
	began  time.Time

	loggedIn atomic.Bool

	life context.Context // ends with the connection
	end  context.CancelCauseFunc

	writing sync.Mutex // one packet at a time
	frame   []byte     // memory for packets that are not large; used by who has writing

	mutex  sync.Mutex
	last   bool // end after the request under way
	idle   bool // no request is under way
	pushes *pushQueue
}

func newConn(s *Server, conn net.Conn) *Conn {
	input := bufio.NewReader(conn)
	c := &Conn{server: s, net: conn, input: input, reader: codec.NewReader(input, codec.LoginLimits()), began: time.Now(), idle: true}
	c.life, c.end = context.WithCancelCause(s.life)
	return c
}

// Peer returns what the client said of itself, and which capabilities are in
// effect.
func (c *Conn) Peer() Peer { return c.peer }

// RemoteAddr returns the client's address.
func (c *Conn) RemoteAddr() net.Addr { return c.net.RemoteAddr() }

// Context returns a context that ends with the connection.
func (c *Conn) Context() context.Context { return c.life }

// Close closes the connection at once.
func (c *Conn) Close() error {
	c.end(net.ErrClosed)
	return c.net.Close()
}

// finish closes the connection once no request is under way.
func (c *Conn) finish() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.last = true
	if c.idle {
		c.Close()
	}
}

// busy says whether a request is under way. It returns false when the
// connection shall end.
func (c *Conn) busy(is bool) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.idle = !is
	return !c.last
}

// serve logs in and answers requests until the connection ends.
func (c *Conn) serve() {
	log := c.server.Logger.With("address", c.net.RemoteAddr())
	end := time.Now().Add(c.server.LoginTimeout)
	c.net.SetDeadline(end)
	if d := c.oldDialect(); d != 0 {
		err := c.serveOld(d, end)
		c.end(err)
		log.Info("connection ended", "dialect", d, "error", err)
		return
	}
	if err := c.logIn(end); err != nil {
		log.Warn("not logged in", "error", err)
		return
	}
	log.Info("logged in", "client", c.peer)
	c.reader.SetLimits(c.server.Limits)
	handler := c.server.Handler
	if c.server.NewHandler != nil {
		handler = c.server.NewHandler(c)
	}
	if c.peer.Notify {
		defer c.startPushing()()
	}
	err := c.answerAll(handler)
	c.end(err)
	level := slog.LevelWarn
	if isLost(err) {
		level = slog.LevelInfo
	}
	log.Log(context.Background(), level, "connection ended", "error", err)
}

// answerAll answers requests until the connection ends, and returns why.
func (c *Conn) answerAll(handler Handler) error {
	for {
		frame, err := c.next()
		if err != nil {
			return err
		}
		if !c.busy(true) {
			return net.ErrClosed
		}
		if err := c.answer(handler, frame); err != nil {
			return err
		}
		if len(frame.Body) > largeReply {
			c.reader = codec.NewReader(c.input, c.server.Limits) // without the memory for this request
		}
		if !c.busy(false) {
			return net.ErrClosed
		}
	}
}

// next reads the next request.
func (c *Conn) next() (codec.Frame, error) {
	c.net.SetReadDeadline(deadline(c.server.IdleTimeout))
	if _, err := c.input.Peek(1); err != nil {
		return codec.Frame{}, err
	}
	c.net.SetReadDeadline(deadline(c.server.Timeout))
	return c.reader.Next()
}

// deadline returns the time after a timeout, which may be none.
func deadline(timeout time.Duration) time.Time {
	if timeout <= 0 {
		return time.Time{}
	}
	return time.Now().Add(timeout)
}

// answer answers one request. The error ends the connection: a request that
// cannot be read, as in aMule, or a client that does not take its reply.
func (c *Conn) answer(handler Handler, frame codec.Frame) error {
	start := time.Now()
	request, err := readMessage(codec.FromClient, frame, c.server.Limits)
	if errors.Is(err, codec.ErrOpcode) {
		err = checkBody(frame, c.server.Limits)
	}
	if err != nil {
		return err
	}
	op, _ := frame.Opcode()
	reply, err := c.handle(handler, request)
	if err != nil {
		reply = refusal(err)
	}
	c.server.Logger.Debug("answered", "address", c.net.RemoteAddr(), "request", opcodeName(op), "reply", opcodeName(reply.Opcode()), "took", time.Since(start), "error", err)
	return c.write(reply)
}

// checkBody reads a body that nobody understands: even so it must be one.
func checkBody(frame codec.Frame, limits codec.Limits) error {
	return new(codec.Packet).Decode(frame.Body, frame.Flags, codec.Share, limits)
}

// handle calls the handler. What nobody understands, and a second login, is an
// unknown request.
func (c *Conn) handle(handler Handler, request ec.Message) (reply ec.Message, err error) {
	switch request.(type) {
	case nil, *ec.AuthReq, *ec.AuthPasswd:
		return nil, ErrUnknownRequest
	}
	if handler == nil {
		return nil, ErrUnknownRequest
	}
	defer func() {
		if fault := recover(); fault != nil {
			c.server.Logger.Error("a handler panicked", "request", opcodeName(request.Opcode()), "panic", fault, "stack", string(debug.Stack()))
			reply, err = nil, errors.New("internal error")
		}
	}()
	reply, err = handler.Handle(c.life, c, request)
	if err == nil && isNil(reply) {
		return nil, fmt.Errorf("the handler of %s gave no reply", opcodeName(request.Opcode()))
	}
	return reply, err
}

// isNil reports whether there is no message: none at all, or a nil pointer.
func isNil(m ec.Message) bool { return m == nil || reflect.ValueOf(m).IsNil() }

// refusal returns the reply for a handler's error.
func refusal(err error) ec.Message {
	if failed, ok := errors.AsType[*FailedError](err); ok {
		return cmp.Or(failed.Reply, &ec.Failed{})
	}
	return &ec.Failed{Reason: err.Error()}
}

// write writes a packet, as aMule would for this client.
func (c *Conn) write(m ec.Message) error {
	size := m.SizeBody(codec.FlagBase)
	if size <= largeReply {
		c.writing.Lock()
		defer c.writing.Unlock()
		var err error
		if c.frame, err = c.encode(c.frame[:0], m); err != nil {
			return err
		}
		return c.transmit(c.frame)
	}
	taken, err := c.server.unsent.take(c.life, size)
	if err != nil {
		return err
	}
	defer c.server.unsent.give(taken)
	frame, err := c.encode(make([]byte, 0, size+codec.HeaderSize), m)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.transmit(frame)
}

// encode appends the packet for m to dst.
func (c *Conn) encode(dst []byte, m ec.Message) ([]byte, error) {
	return codec.AppendFrame(dst, c.peer.writing().Flags(m), m)
}

// transmit sends the bytes of packets. The client may take as long as it likes
// while it reads on.
func (c *Conn) transmit(packets []byte) error {
	const piece = 64 << 10
	for len(packets) > 0 {
		c.net.SetWriteDeadline(time.Now().Add(c.server.Timeout))
		n, err := c.net.Write(packets[:min(piece, len(packets))])
		if err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				err = fmt.Errorf("the client did not read its reply within Server.Timeout: %w", err)
			}
			c.Close()
			return err
		}
		packets = packets[n:]
	}
	return nil
}
