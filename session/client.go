package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Client is a connection to a daemon, logged in. Its methods may be called by
// several goroutines at once; requests are sent one at a time, in the order in
// which Call gets its turn.
type Client struct {
	address string // empty when there is nothing to dial
	options Options

	turn chan struct{}           // holds a token while a request is under way, or its reply is still owed
	life context.Context         // ends with Close
	end  context.CancelCauseFunc // ends life

	mutex sync.Mutex
	link  *link // the present connection, or the one that was lost
	links int   // how many there were
}

// Dial connects to the daemon at address, as "localhost:4712", and logs in. The
// error is a [*LoginError] when the daemon refuses, else it wraps [ErrNotEC],
// [ErrConnectionLost], [ErrNoAnswer], the cause for which ctx ended, or what
// dialling returned. When ctx ends later, that does nothing to the client.
func Dial(ctx context.Context, address string, options Options) (*Client, error) {
	c := newClient(address, options)
	w, err := connect(ctx, address, c.options, c.announced)
	if err != nil {
		return nil, err
	}
	c.use(w)
	return c, nil
}

// NewClient logs in over a connection that is there. The client owns conn, and
// closes it also when the login fails. Options.Reconnect and
// Options.DialContext are not used.
func NewClient(ctx context.Context, conn net.Conn, options Options) (*Client, error) {
	c := newClient("", options)
	c.options.Reconnect = nil
	ctx, cancel := c.options.bound(ctx)
	defer cancel()
	w, err := logIn(ctx, conn, c.options, c.announced(conn))
	if err != nil {
		conn.Close()
		return nil, err
	}
	c.use(w)
	return c, nil
}

func newClient(address string, options Options) *Client {
	c := &Client{address: address, options: options.withDefaults(), turn: make(chan struct{}, 1)}
	c.life, c.end = context.WithCancelCause(context.Background())
	return c
}

// announced returns what to announce over conn: never Notify, because a pushed
// packet may have the opcode of a reply.
func (c *Client) announced(conn net.Conn) Capabilities {
	announced := c.options.announced(conn)
	announced.Notify = false
	return announced
}

// use makes w the present connection, unless the client was closed meanwhile.
func (c *Client) use(w *wire) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.life.Err() != nil {
		w.Close()
		return context.Cause(c.life)
	}
	c.link = newLink(w, c.options)
	c.links++
	return nil
}

// present returns the present connection, or the one that was lost.
func (c *Client) present() *link {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.link
}

// Peer returns what is known of the daemon, on the present connection.
func (c *Client) Peer() Peer { return c.present().peer }

// Connections returns how many times the client has logged in: 1, and one more
// for each time it connected again. What a daemon remembers of incremental
// updates ends with a connection.
func (c *Client) Connections() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.links
}

// Close closes the connection. Calls under way return an error that wraps
// [ErrClosed].
func (c *Client) Close() error {
	c.mutex.Lock()
	c.end(errClosed)
	l := c.link
	c.mutex.Unlock()
	l.abort(errClosed)
	<-l.ended
	return nil
}

// Caller is what sends requests: a [*Client], or something in front of one.
type Caller interface {
	Call(ctx context.Context, request ec.Message) (ec.Message, error)
}

// Call sends a request and returns its reply, with the type that the protocol
// gives it:
//
//	shared, err := session.Call(ctx, client, &ec.GetSharedFiles{})
//
// has shared as an [*ec.SharedFiles]. Errors are those of [Client.Call].
func Call[R ec.Message](ctx context.Context, c Caller, request ec.Request[R]) (reply R, err error) {
	m, err := c.Call(ctx, request)
	if err != nil {
		return reply, err
	}
	reply, ok := m.(R)
	if !ok {
		return reply, &UnexpectedReplyError{Request: request.Opcode(), Reply: m}
	}
	return reply, nil
}

// Call sends a request and returns its reply, which is the caller's. The reply
// FAILED is a [*FailedError], one that does not belong to the request an
// [*UnexpectedReplyError], and one that cannot be read wraps a [*codec.Error];
// after these, and after [ErrUnsupported], the connection is as good as before.
// Other errors wrap [ErrConnectionLost], [ErrNoAnswer], [ErrClosed], or the cause for which ctx
// ended.
//
// When ctx ends, Call returns at once. A reply that is still owed is dropped
// when it comes, before the next request is sent; what the daemon did it has
// done. Of incremental updates it takes a dropped reply for known: only a new
// connection begins anew.
func (c *Client) Call(ctx context.Context, request ec.Message) (ec.Message, error) {
	if err := ctx.Err(); err != nil {
		return nil, c.given(ctx, request)
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, c.given(ctx, request)
	case <-c.life.Done():
		return nil, context.Cause(c.life)
	}
	l, err := c.connected(ctx)
	if err != nil {
		<-c.turn
		return nil, err
	}
	if tag, needed := ec.Capability(request.Opcode()); needed && !l.knows(tag) {
		<-c.turn
		return nil, fmt.Errorf("session: %s: %w: it did not announce %s", opcodeName(request.Opcode()), ErrUnsupported, ec.Protocol.Tags[tag].Protocol)
	}
	start := time.Now()
	e := &exchange{request: request.Opcode(), done: make(chan result, 1), finish: func() { <-c.turn }}
	if err := l.send(ctx, request, e); err != nil {
		return nil, err
	}
	select {
	case r := <-e.done:
		c.options.Logger.Debug("called", "request", opcodeName(e.request), "took", time.Since(start), "error", r.err)
		return r.check(e.request)
	case <-ctx.Done():
		e.dropped.Store(true)
		return nil, c.given(ctx, request)
	}
}

// given returns the error for a call that was given up because ctx ended.
func (c *Client) given(ctx context.Context, request ec.Message) error {
	return fmt.Errorf("session: %s was given up: %w", opcodeName(request.Opcode()), context.Cause(ctx))
}

// connected returns a connection, after dialling again if that is wanted and
// needed. The caller has the turn.
func (c *Client) connected(ctx context.Context) (*link, error) {
	l := c.present()
	lost := l.lost()
	if lost == nil || c.options.Reconnect == nil || c.life.Err() != nil {
		return l, lost
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(c.life, func() { cancel(context.Cause(c.life)) })
	defer stop()
	if err := c.reconnect(ctx, *c.options.Reconnect); err != nil {
		return nil, err
	}
	return c.present(), nil
}

// reconnect dials until a login succeeds or is refused, attempts are used up,
// or ctx ends.
func (c *Client) reconnect(ctx context.Context, backoff Backoff) error {
	for failed := 1; ; failed++ {
		w, err := connect(ctx, c.address, c.options, c.announced)
		if err == nil {
			return c.use(w)
		}
		var refused *LoginError
		if ctx.Err() != nil || errors.As(err, &refused) || failed == backoff.Attempts {
			return err
		}
		pause := backoff.pause(failed)
		c.options.Logger.Warn("connecting again failed", "address", c.address, "attempt", failed, "next in", pause, "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("session: connecting again was given up: %w; the last attempt: %w", context.Cause(ctx), err)
		}
	}
}

// result is how an exchange ended.
type result struct {
	reply ec.Message
	err   error
}

// check makes errors of replies that say that the request failed, or that do
// not belong to it.
func (r result) check(request codec.Opcode) (ec.Message, error) {
	if r.err != nil {
		return nil, r.err
	}
	if failed, ok := r.reply.(*ec.Failed); ok {
		return nil, &FailedError{Request: request, Reply: failed}
	}
	if replies, known := ec.Protocol.Replies[request]; known && !slices.Contains(replies, r.reply.Opcode()) {
		return nil, &UnexpectedReplyError{Request: request, Reply: r.reply}
	}
	return r.reply, nil
}
