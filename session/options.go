package session

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"time"

	"github.com/ecgen/ecgen/codec"
)

// Options say how to dial and to log in. Password is all that must be set.
type Options struct {
	Password Password

	// ClientName and ClientVersion are what the daemon writes into its log:
	// "ecgen" and "1.0" unless set.
	ClientName, ClientVersion string

	// Capabilities are announced to the daemon: DefaultCapabilities unless set,
	// and PreferNoZlib when the daemon's address is loopback, private or
	// link-local. Notify is left to Notifications.
	Capabilities *Capabilities

	// VersionID is sent when it is not zero. A daemon that was built from a
	// development snapshot wants its own; all others refuse any.
	VersionID codec.Hash

	// Timeout is how long the daemon may be silent while it owes an answer: two
	// minutes unless set. It also bounds dialling and login when the context
	// has no deadline. Who sends requests right after each other wants a shorter
	// one, and Reconnect: a busy aMule that uses Boost's sockets (2.3.3 to today,
	// src/LibSocketAsio.cpp) loses about one of 100,000 such requests, and is
	// silent on that connection from then on.
	Timeout time.Duration

	// Limits bound what reading one packet may cost: codec.DefaultLimits unless
	// set.
	Limits codec.Limits

	// Reconnect makes the client dial again when the connection was lost. The
	// request that was under way fails all the same: it may have been done.
	Reconnect *Backoff

	// Logger is told of connections and, at level Debug, of each request: nobody
	// unless set.
	Logger *slog.Logger

	// DialContext dials: net.Dialer's method unless set.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// withDefaults returns o with nothing left open but Capabilities.
func (o Options) withDefaults() Options {
	o.ClientName = cmp.Or(o.ClientName, "ecgen")
	o.ClientVersion = cmp.Or(o.ClientVersion, "1.0")
	o.Timeout = cmp.Or(o.Timeout, 2*time.Minute)
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if o.DialContext == nil {
		o.DialContext = new(net.Dialer).DialContext
	}
	return o
}

// bound returns ctx with a deadline: its own, or that of o.Timeout.
func (o Options) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, o.Timeout, ErrNoAnswer)
}

// announced returns the capabilities to announce over conn.
func (o Options) announced(conn net.Conn) Capabilities {
	if o.Capabilities != nil {
		return *o.Capabilities
	}
	c := DefaultCapabilities()
	c.PreferNoZlib = isLocal(conn.RemoteAddr())
	return c
}

// Backoff says how to dial again: at once, then after First, then after twice
// the time of before each time, up to Most.
type Backoff struct {
	First    time.Duration // one second unless set
	Most     time.Duration // one minute unless set
	Attempts int           // how often before the call fails; 0 for until its context ends
}

// pause returns how long to wait after so many attempts that failed.
func (b Backoff) pause(failed int) time.Duration {
	pause, most := cmp.Or(b.First, time.Second), cmp.Or(b.Most, time.Minute)
	for ; failed > 1 && pause < most; failed-- {
		pause *= 2
	}
	return min(pause, most)
}
