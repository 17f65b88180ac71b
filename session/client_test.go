package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// The tests of this file run in bubbles, whose time is made up and whose
// goroutines must all have ended in the end.

// pipeline is a client and a server within a bubble, joined by a pipe.
func pipeline(t *testing.T, s *Server, o Options) *Client {
	t.Helper()
	o.DialContext = pipes(s)
	if s.Password.IsZero() {
		s.Password = secret
	}
	if o.Password.IsZero() {
		o.Password = secret
	}
	c, err := Dial(t.Context(), "daemon", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		s.Shutdown(context.Background())
	})
	return c
}

// pipes dials a server by pipe.
func pipes(s *Server) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go s.ServeConn(far)
		return near, nil
	}
}

// search is a request that is answered by its own text, as echo does.
func search(text string) *ec.SearchStart {
	return &ec.SearchStart{Query: &ec.SearchQuery{Name: text}}
}

// echo answers searches with their text, after calling wait with it.
func echo(wait func(text string)) *Mux {
	mux := library()
	Handle(mux, func(_ context.Context, _ *Conn, q *ec.SearchStart) (*ec.Strings, error) {
		if wait != nil {
			wait(q.Query.Name)
		}
		return &ec.Strings{Lines: []string{q.Query.Name}}, nil
	})
	return mux
}

// ask searches for a text, and checks that the answer is its.
func ask(ctx context.Context, c Caller, text string) error {
	answer, err := Call(ctx, c, search(text))
	if err == nil && (len(answer.Lines) != 1 || answer.Lines[0] != text) {
		return fmt.Errorf("the reply to %q is %q", text, answer.Lines)
	}
	return err
}

func TestManyGoroutinesGetTheirOwnReplies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeline(t, &Server{Handler: echo(nil)}, Options{})
		defer c.Close()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				for j := range 20 {
					if err := ask(t.Context(), c, fmt.Sprint(i, " ", j)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	})
}

// Calls that were given up leave nothing behind for the next one, wherever
// their contexts end: before their turn, while they wait, or with the reply.
func TestACallThatWasGivenUpLeavesNoStaleReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(text string) {
			if text == "slow" {
				time.Sleep(10 * time.Second)
			}
		}
		c := pipeline(t, &Server{Handler: echo(slow)}, Options{})
		defer c.Close()
		for after := range 15 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(after)*time.Second)
			start := time.Now()
			err := ask(ctx, c, "slow")
			if took := time.Since(start); after < 10 && (!errors.Is(err, context.DeadlineExceeded) || took > time.Duration(after)*time.Second) || after > 10 && err != nil {
				t.Errorf("given up after %d s: %v after %v", after, err, took)
			}
			cancel()
			if err := ask(t.Context(), c, fmt.Sprint("after ", after)); err != nil {
				t.Errorf("the next call: %v", err)
			}
		}
	})
}

func TestManyGiveUpAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeline(t, &Server{Handler: echo(func(string) { time.Sleep(time.Second) })}, Options{})
		defer c.Close()
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*time.Second/2)
				defer cancel()
				if err := ask(ctx, c, fmt.Sprint(i)); err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := ask(t.Context(), c, "last"); err != nil {
			t.Error(err)
		}
	})
}

// When a request was sent in part the connection is of no use any more, and no
// later request is taken for the rest.
func TestARequestSentInPartEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := loggedIn(t, Options{})
		go far.Read(make([]byte, 5))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := ask(ctx, c, "x"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if err := ask(t.Context(), c, "y"); !errors.Is(err, ErrConnectionLost) {
			t.Errorf("got %v", err)
		}
		c.Close()
	})
}

func TestASilentDaemonIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		block := make(chan struct{})
		c := pipeline(t, &Server{Handler: echo(func(string) { <-block })}, Options{Timeout: time.Minute})
		start := time.Now()
		if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrNoAnswer) || time.Since(start) != time.Minute {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		close(block)
		c.Close()
	})
}

// A reply that takes long is no silence as long as bytes come.
func TestASlowReplyIsNotSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reply := packet(t, &ec.Strings{Lines: []string{"slow"}})
		c, far := loggedIn(t, Options{Timeout: time.Minute})
		go func() {
			far.Read(make([]byte, 1000))
			for i := range reply {
				time.Sleep(50 * time.Second)
				far.Write(reply[i : i+1])
			}
		}()
		if err := ask(t.Context(), c, "slow"); err != nil {
			t.Error(err)
		}
		c.Close()
	})
}

// loggedIn returns a client whose daemon is played by the test.
func loggedIn(t *testing.T, o Options) (*Client, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	go func() {
		for _, m := range []ec.Message{&ec.AuthSalt{PasswdSalt: 1}, &ec.AuthOK{ServerVersion: "2.3.3"}} {
			far.Read(make([]byte, 2048))
			far.Write(packet(t, m))
		}
	}()
	o.Password = secret
	c, err := NewClient(t.Context(), near, o)
	if err != nil {
		t.Fatal(err)
	}
	return c, far
}

func TestAPacketThatNobodyAskedForEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := loggedIn(t, Options{})
		far.Write(packet(t, &ec.Strings{Lines: []string{"stale"}}))
		synctest.Wait()
		if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrConnectionLost) {
			t.Errorf("got %v", err)
		}
		c.Close()
	})
}

// Replies that are wrong in themselves do not end the connection.
func TestWrongRepliesAreErrorsOfOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := loggedIn(t, Options{})
		answer := func(packet []byte) {
			far.Read(make([]byte, 2048))
			far.Write(packet)
		}
		go answer(packet(t, &ec.NoOp{}))
		if _, err := Call(t.Context(), c, &ec.GetDLoadQueue{}); err == nil || err.Error() != "session: the daemon answers GET_DLOAD_QUEUE with NOOP" {
			t.Errorf("got %v", err)
		}
		go answer([]byte("\x00\x00\x00\x20\x00\x00\x00\x03\xfe\x00\x00"))
		if _, err := Call(t.Context(), c, &ec.GetDLoadQueue{}); !errors.Is(err, codec.ErrOpcode) {
			t.Errorf("got %v", err)
		}
		go answer([]byte("\x00\x00\x00\x20\x00\x00\x00\x03\x1f\x00\x01"))
		if _, err := Call(t.Context(), c, &ec.GetDLoadQueue{}); !errors.Is(err, codec.ErrTruncated) {
			t.Errorf("got %v", err)
		}
		go answer(packet(t, &ec.Strings{Lines: []string{"fine"}}))
		if err := ask(t.Context(), c, "fine"); err != nil {
			t.Error(err)
		}
		c.Close()
	})
}

// Old daemons do not bear requests of later ones.
func TestWhatTheDaemonDidNotAnnounceIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeline(t, &Server{Handler: echo(nil)}, Options{})
		for op := range ec.Protocol.Opcodes {
			request := ec.New(codec.FromClient, op)
			if _, needed := ec.Capability(op); !needed || request == nil {
				continue
			}
			if _, err := c.Call(t.Context(), request); !errors.Is(err, ErrUnsupported) {
				t.Errorf("%s: %v", opcodeName(op), err)
			}
		}
		if err := ask(t.Context(), c, "still there"); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseEndsCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := pipeline(t, &Server{Handler: echo(func(string) { time.Sleep(time.Hour) })}, Options{})
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrClosed) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		c.Close()
		c.Close()
		all.Wait()
		if err := ask(t.Context(), c, "y"); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWithoutReconnectALostConnectionStaysLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Handler: echo(nil)}
		c := pipeline(t, s, Options{})
		s.Close()
		synctest.Wait()
		for range 2 {
			if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrConnectionLost) {
				t.Errorf("got %v", err)
			}
		}
		c.Close()
	})
}

// Each login begins anew: what one daemon can is not believed of the next.
func TestReconnectBacksOffAndNegotiatesAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		newer := &Server{Password: secret, Handler: echo(nil)}
		older := &Server{Password: secret, Handler: echo(nil), Version: "2.3.3", Capabilities: &Capabilities{Zlib: true, UTF8Numbers: true}}
		var failing atomic.Int64
		now := newer
		dial := func(ctx context.Context, network, address string) (net.Conn, error) {
			if failing.Add(-1) >= 0 {
				return nil, errors.New("nobody there")
			}
			return pipes(now)(ctx, network, address)
		}
		c, err := Dial(t.Context(), "daemon", Options{Password: secret, DialContext: dial, Reconnect: &Backoff{First: time.Second, Most: 5 * time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		if !c.Peer().LargeTagCount || c.Connections() != 1 {
			t.Errorf("%+v, %d connections", c.Peer(), c.Connections())
		}
		newer.Close()
		synctest.Wait()
		now = older
		failing.Store(5)
		start := time.Now()
		if err := ask(t.Context(), c, "again"); err != nil {
			t.Error(err)
		}
		if took, want := time.Since(start), (1+2+4+5+5)*time.Second; took != want {
			t.Errorf("connected again after %v, want %v", took, want)
		}
		if c.Peer().LargeTagCount || c.Peer().Version != "2.3.3" || c.Connections() != 2 {
			t.Errorf("%+v, %d connections", c.Peer(), c.Connections())
		}

		older.Close()
		now = &Server{Password: NewPassword("another"), Handler: echo(nil)}
		synctest.Wait()
		if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("a refused login is tried again: %v", err)
		}
		failing.Store(1000)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := ask(ctx, c, "x"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		go func() {
			time.Sleep(time.Minute)
			c.Close()
		}()
		if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
	})
}

func TestReconnectGivesUpAfterItsAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Password: secret, Handler: echo(nil)}
		o := Options{Password: secret, Reconnect: &Backoff{Attempts: 3}}
		dials := 0
		o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			dials++
			return pipes(s)(ctx, network, address)
		}
		c, err := Dial(t.Context(), "daemon", o)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		synctest.Wait()
		if err := ask(t.Context(), c, "x"); !errors.Is(err, ErrConnectionLost) || dials != 4 {
			t.Errorf("got %v after %d dials", err, dials)
		}
		c.Close()
	})
}

func TestNotificationsComeApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Password: secret, Handler: echo(nil)}
		c := pipeline(t, s, Options{})
		defer c.Close()
		o := Options{Password: secret, DialContext: pipes(s)}
		var got []ec.Message
		pushed := make(chan struct{})
		go func() {
			defer close(pushed)
			for m, err := range Notifications(t.Context(), "daemon", o) {
				if err != nil {
					if !errors.Is(err, ErrConnectionLost) {
						t.Error(err)
					}
					return
				}
				got = append(got, m)
			}
		}()
		synctest.Wait()
		const many = 20
		for i := range many {
			s.Notify(&ec.Strings{Lines: []string{"pushed"}})
			if err := ask(t.Context(), c, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		s.Close()
		<-pushed
		if len(got) != many {
			t.Errorf("%d notifications, want %d", len(got), many)
		}
	})
}

func TestNotificationsEndWithTheirContextAndTheirLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Password: secret}
		o := Options{Password: secret, DialContext: pipes(s)}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, cancel)
		for m, err := range Notifications(ctx, "daemon", o) {
			if m != nil || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, %v", m, err)
			}
		}
		time.AfterFunc(time.Hour, func() { s.Notify(&ec.NoOp{}) })
		for m, err := range Notifications(t.Context(), "daemon", o) {
			if m == nil || err != nil {
				t.Errorf("got %v, %v", m, err)
			}
			break
		}
		o.Password = NewPassword("wrong")
		for m, err := range Notifications(t.Context(), "daemon", o) {
			if m != nil || !errors.Is(err, ErrWrongPassword) {
				t.Errorf("got %v, %v", m, err)
			}
		}
	})
}
