package session

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Server stands in for an aMule daemon. Its fields must not be changed after
// the first call of a method. The zero value of a field means its default.
type Server struct {
	// Password is what clients log in with. Without one every login is refused,
	// as aMule does.
	Password Password

	// Handler answers requests. Those of one connection come one at a time.
	Handler Handler

	// NewHandler, when set, makes a handler for each connection after its
	// login, which may have what belongs to the connection, such as the state
	// of incremental updates. Handler is not used then.
	NewHandler func(*Conn) Handler

	// Untyped answers clients of releases before 2.3. Without it they are
	// refused, in the dialect that they speak.
	Untyped UntypedHandler

	// Version is told to clients as the daemon's: "3.0.0" unless set.
	Version string

	// Capabilities are confirmed and used as far as a client announces them:
	// all unless set.
	Capabilities *Capabilities

	// Limits bound what reading one request may cost: a body of 4 MiB, which
	// inflates to at most 16 MiB, unless set. Before login codec.LoginLimits
	// hold, as in aMule.
	Limits codec.Limits

	// MaxConnections is how many there may be at once, logged in or not: 256
	// unless set. One more takes the place of the one that has been logging in
	// for longest; when all are logged in, it is closed at once.
	MaxConnections int

	// MaxUnsent bounds the memory for large replies, those over 64 KiB, that
	// clients have not read yet: 256 MiB unless set. Further ones wait. A
	// single reply may be larger.
	MaxUnsent int

	// LoginTimeout is how long a connection may take to log in: 20 seconds
	// unless set.
	LoginTimeout time.Duration

	// Timeout is how long a client may take to send a request that it has
	// begun, and how long it may be before it reads on while a reply is being
	// sent: one minute unless set.
	Timeout time.Duration

	// IdleTimeout is how long a connection may send nothing: without end
	// unless set. TCP keep-alive finds out about clients that vanished.
	IdleTimeout time.Duration

	// Logger is told of connections and, at level Debug, of each request:
	// nobody unless set.
	Logger *slog.Logger

	salt     func() uint64 // replaced by tests
	once     sync.Once
	throttle *throttle
	unsent   *budget
	life     context.Context // ends when handlers shall
	end      context.CancelCauseFunc

	mutex     sync.Mutex
	down      bool // no new connections
	listeners map[net.Listener]struct{}
	conns     map[*Conn]struct{}
	drained   chan struct{} // closed when down and the last connection ended
}

// ErrServerClosed is what Serve returns after Shutdown or Close.
var ErrServerClosed = errors.New("session: the server is closed")

// largeReply is the size of replies in bytes from which MaxUnsent counts.
const largeReply = 64 << 10

// start gives fields their defaults, once.
func (s *Server) start() {
	s.once.Do(func() {
		s.Version = cmp.Or(s.Version, "3.0.0")
		s.MaxConnections = cmp.Or(s.MaxConnections, 256)
		s.MaxUnsent = cmp.Or(s.MaxUnsent, 256<<20)
		s.LoginTimeout = cmp.Or(s.LoginTimeout, 20*time.Second)
		s.Timeout = cmp.Or(s.Timeout, time.Minute)
		s.Logger = cmp.Or(s.Logger, slog.New(slog.DiscardHandler))
		if s.Capabilities == nil {
			s.Capabilities = &Capabilities{true, true, true, true, true, true}
		}
		if s.Limits == (codec.Limits{}) {
			s.Limits, _ = codec.NewLimits(codec.Budgets{Body: 4 << 20, Inflated: 16 << 20})
		}
		if s.salt == nil {
			s.salt = newSalt
		}
		s.throttle = newThrottle()
		s.unsent = newBudget(s.MaxUnsent)
		s.life, s.end = context.WithCancelCause(context.Background())
		s.listeners = map[net.Listener]struct{}{}
		s.conns = map[*Conn]struct{}{}
		s.drained = make(chan struct{})
	})
}

// ListenAndServe listens on a TCP address, as "localhost:4712", and serves.
func (s *Server) ListenAndServe(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

// Serve serves the connections that l accepts, until Shutdown or Close, and
// then returns ErrServerClosed; or until accepting fails for good. It closes l.
func (s *Server) Serve(l net.Listener) error {
	s.start()
	defer l.Close()
	if !s.listen(l) {
		return ErrServerClosed
	}
	defer s.unlisten(l)
	var pause time.Duration
	for {
		conn, err := l.Accept()
		if err == nil {
			pause = 0
			go s.ServeConn(conn)
			continue
		}
		if s.isDown() {
			return ErrServerClosed
		}
		// Running out of file descriptors is no reason to end.
		if temporary, ok := errors.AsType[interface {
			error
			Temporary() bool
		}](err); !ok || !temporary.Temporary() {
			return err
		}
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		s.Logger.Warn("accepting failed", "error", err, "next in", pause)
		select {
		case <-time.After(pause):
		case <-s.life.Done():
		}
	}
}

// ServeConn serves one connection until it ends, and closes it.
func (s *Server) ServeConn(conn net.Conn) {
	s.start()
	defer conn.Close()
	c := newConn(s, conn)
	defer c.end(nil)
	if err := s.add(c); err != nil {
		s.Logger.Warn("connection refused", "address", conn.RemoteAddr(), "error", err)
		return
	}
	defer s.remove(c)
	c.serve()
}

// Notify sends a message unasked to all connections that announced Notify; see
// [Conn.Notify].
func (s *Server) Notify(m ec.Message) {
	s.start()
	for _, c := range s.connections() {
		c.Notify(m)
	}
}

// Shutdown ends the server gracefully: it accepts nothing more, closes
// connections that wait for a request, lets the others finish theirs, and
// returns when all have ended. When ctx ends first it closes the rest and
// returns the cause.
func (s *Server) Shutdown(ctx context.Context) error {
	s.start()
	s.goDown()
	for _, c := range s.connections() {
		c.finish()
	}
	select {
	case <-s.drained:
		s.end(ErrServerClosed)
		return nil
	case <-ctx.Done():
		s.Close()
		return context.Cause(ctx)
	}
}

// Close ends the server at once. The contexts of handlers end; Close does not
// wait for them.
func (s *Server) Close() error {
	s.start()
	s.goDown()
	s.end(ErrServerClosed)
	for _, c := range s.connections() {
		c.Close()
	}
	return nil
}

// goDown closes the listeners and refuses new connections.
func (s *Server) goDown() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.down {
		return
	}
	s.down = true
	for l := range s.listeners {
		l.Close()
	}
	if len(s.conns) == 0 {
		close(s.drained)
	}
}

func (s *Server) isDown() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.down
}

func (s *Server) listen(l net.Listener) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.down {
		s.listeners[l] = struct{}{}
	}
	return !s.down
}

func (s *Server) unlisten(l net.Listener) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.listeners, l)
}

func (s *Server) add(c *Conn) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.down {
		return ErrServerClosed
	}
	if len(s.conns) >= s.MaxConnections && !s.makeRoom() {
		return errors.New("there are as many connections as Server.MaxConnections allows")
	}
	s.conns[c] = struct{}{}
	return nil
}

// makeRoom closes the connection that has been logging in for longest. It
// returns false when there is none.
func (s *Server) makeRoom() bool {
	var longest *Conn
	for c := range s.conns {
		if !c.loggedIn.Load() && (longest == nil || c.began.Before(longest.began)) {
			longest = c
		}
	}
	if longest == nil {
		return false
	}
	delete(s.conns, longest)
	longest.Close()
	return true
}

func (s *Server) remove(c *Conn) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, there := s.conns[c]; !there {
		return
	}
	delete(s.conns, c)
	if s.down && len(s.conns) == 0 {
		close(s.drained)
	}
}

// connections returns those that there are now.
func (s *Server) connections() []*Conn {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	conns := make([]*Conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	return conns
}
