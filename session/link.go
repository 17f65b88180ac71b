package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// link is a client's connection after login. A goroutine reads all that comes,
// so that the end of the connection is noticed at once and a reply that nobody
// waits for any more still makes room for the next.
type link struct {
	*wire
	timeout time.Duration
	limits  codec.Limits
	logger  *slog.Logger
	ended   chan struct{} // closed when the goroutine has ended

	sent    int // bytes of the request that is being sent
	mutex   sync.Mutex
	awaited *exchange // whose reply the daemon owes; nil when it owes none
	cause   error     // why the connection was closed from this side
	err     error     // why it ended
}

// exchange is one request and its reply.
type exchange struct {
	request codec.Opcode
	dropped atomic.Bool  // nobody waits for the reply
	done    chan result  // has room for it
	halves  atomic.Int32 // of the exchange that have ended: sending, and receiving
	finish  func()       // called when both have
}

// half notes that sending has ended, or receiving.
func (e *exchange) half() {
	if e.halves.Add(1) == 2 {
		e.finish()
	}
}

func newLink(w *wire, o Options) *link {
	l := &link{wire: w, timeout: o.Timeout, limits: o.Limits, logger: o.Logger, ended: make(chan struct{})}
	l.reader.Reset(bufio.NewReader(reading{l}), o.Limits)
	l.writer = codec.NewWriter(writing{l})
	l.writer.Peer = w.peer.writing()
	go l.receive()
	return l
}

// send sends a request. Then e is finished sooner or later, also after an
// error.
func (l *link) send(ctx context.Context, request ec.Message, e *exchange) error {
	defer e.half()
	if err := l.await(e); err != nil {
		e.half()
		return err
	}
	halted := make(chan struct{})
	l.SetWriteDeadline(time.Now().Add(l.timeout))
	stop := context.AfterFunc(ctx, func() {
		defer close(halted)
		l.SetWriteDeadline(time.Unix(1, 0))
	})
	l.sent = 0
	err := l.writer.Write(request)
	if !stop() {
		<-halted
	}
	if err == nil {
		return nil
	}
	err = orCause(ctx, err)
	switch {
	case l.sent == 0 && (ctx.Err() != nil || errors.Is(err, codec.ErrNotEncodable)) && l.taken() == e:
		e.half()
		return fmt.Errorf("session: %s was not sent: %w", opcodeName(e.request), err)
	default:
		l.abort(fmt.Errorf("session: %w: %s could not be sent: %w", ErrConnectionLost, opcodeName(e.request), err))
		return nil
	}
}

// await makes e the exchange whose reply comes next, unless the connection
// ended.
func (l *link) await(e *exchange) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.err == nil {
		l.awaited = e
		l.SetReadDeadline(time.Now().Add(l.timeout))
	}
	return l.err
}

// taken returns the exchange that what comes now belongs to, if any, and awaits
// nothing more.
func (l *link) taken() *exchange {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	e := l.awaited
	l.awaited = nil
	l.SetReadDeadline(time.Time{})
	return e
}

// writing writes to the connection and counts.
type writing struct{ *link }

func (w writing) Write(b []byte) (int, error) {
	n, err := w.Conn.Write(b)
	w.sent += n
	return n, err
}

// reading reads from the connection. A reply may take as long as it likes while
// bytes come.
type reading struct{ *link }

func (r reading) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.awaited != nil {
		r.SetReadDeadline(time.Now().Add(r.timeout))
	}
	return n, err
}

// receive reads replies until the connection ends.
func (l *link) receive() {
	defer close(l.ended)
	for {
		frame, err := l.reader.Next()
		if err != nil {
			l.end(err)
			return
		}
		e := l.taken()
		if e == nil {
			l.end(errors.New("it sent a packet that was not asked for"))
			return
		}
		var r result
		if !e.dropped.Load() {
			if r.reply, r.err = readMessage(codec.FromDaemon, frame, l.limits); r.err != nil {
				r.err = fmt.Errorf("session: the reply to %s: %w", opcodeName(e.request), r.err)
			}
		}
		e.done <- r
		e.half()
	}
}

// abort closes the connection from this side.
func (l *link) abort(cause error) {
	l.mutex.Lock()
	if l.cause == nil {
		l.cause = cause
	}
	l.mutex.Unlock()
	l.Close()
}

// end is called once, with what reading returned.
func (l *link) end(err error) {
	l.Close()
	l.mutex.Lock()
	switch {
	case l.cause != nil:
		l.err = l.cause
	case errors.Is(err, os.ErrDeadlineExceeded):
		l.err = fmt.Errorf("session: %w", ErrNoAnswer)
	default:
		l.err = fmt.Errorf("session: %w: %w", ErrConnectionLost, err)
	}
	e := l.awaited
	l.awaited = nil
	l.mutex.Unlock()
	if !errors.Is(l.err, ErrClosed) {
		l.logger.Warn("connection ended", "error", l.err)
	}
	if e != nil {
		e.done <- result{err: l.err}
		e.half()
	}
}

// lost returns why the connection ended, or nil.
func (l *link) lost() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.err
}
