package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// connected returns a connection to s within a bubble, and what is closed when
// the server has ended it.
func connected(s *Server) (near net.Conn, ended chan struct{}) {
	if s.Password.IsZero() {
		s.Password = secret
	}
	near, far := net.Pipe()
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		s.ServeConn(far)
	}()
	return near, ended
}

func TestAClientThatDoesNotLogInIsDropped(t *testing.T) {
	hello := packet(t, &ec.AuthReq{ProtocolVersion: protocolVersion})
	for _, test := range []struct {
		name  string
		speak func(net.Conn)
	}{
		{"silent", func(net.Conn) {}},
		{"half a packet", func(c net.Conn) { c.Write(hello[:9]) }},
		{"a byte now and then", func(c net.Conn) {
			for i := range hello {
				time.Sleep(3 * time.Second)
				c.Write(hello[i : i+1])
			}
		}},
		{"no second packet", func(c net.Conn) { c.Write(hello) }},
		{"after a refusal", func(c net.Conn) { c.Write(packet(t, &ec.StatReq{})) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, ended := connected(&Server{LoginTimeout: 20 * time.Second})
				go io.Copy(io.Discard, near)
				go test.speak(near)
				start := time.Now()
				<-ended
				if took := time.Since(start); took != 20*time.Second {
					t.Errorf("dropped after %v", took)
				}
				time.Sleep(time.Hour)
			})
		})
	}
}

// What is not a login ends the connection at once, without an answer.
func TestHostileLoginsAreCutOff(t *testing.T) {
	zeros := codec.Packet{Opcode: ec.OpAuthReq, Tags: []codec.Tag{codec.NewCustom(1, make([]byte, 1<<20))}}
	bomb, err := codec.AppendFrame(nil, codec.FlagBase|codec.FlagZlib, &zeros)
	if err != nil || len(bomb) > 2048 {
		t.Fatal(len(bomb), err)
	}
	deep := bytes.Repeat([]byte{0, 3, 1, 0, 0, 0, 0, 0, 1}, 200)
	for name, bytes := range map[string][]byte{
		"a large body":     {0, 0, 0, 0x20, 0, 0, 8, 1},
		"a huge body":      {0, 0, 0, 0x20, 255, 255, 255, 255},
		"an empty body":    {0, 0, 0, 0x20, 0, 0, 0, 0},
		"other flags":      {0, 0, 0, 0x60, 0, 0, 0, 1, 2},
		"a bomb":           bomb,
		"depth":            append(codec.AppendHeader(nil, codec.Header{Flags: codec.FlagBase, Length: uint32(len(deep) + 3)}), append([]byte{2, 0, 1}, deep...)...),
		"counts of no use": {0, 0, 0, 0x20, 0, 0, 0, 3, 2, 255, 255},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, ended := connected(new(Server))
				start := time.Now()
				go near.Write(bytes)
				answer, _ := io.ReadAll(near)
				<-ended
				if len(answer) > 0 || time.Since(start) > 0 {
					t.Errorf("answered %x after %v", answer, time.Since(start))
				}
				near.Close()
			})
		})
	}
}

func TestTimeoutsAfterLogin(t *testing.T) {
	request := packet(t, search("x"))
	for _, test := range []struct {
		name   string
		server *Server
		speak  func(io.Writer)
		want   time.Duration
	}{
		{"silence is allowed", &Server{}, func(io.Writer) {}, 0},
		{"unless it is not", &Server{IdleTimeout: time.Hour}, func(io.Writer) {}, time.Hour},
		{"half a request", &Server{}, func(w io.Writer) { w.Write(request[:11]) }, time.Minute},
		{"a reply that is not read", &Server{}, func(w io.Writer) { w.Write(request) }, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.server.Handler = echo(nil)
				near, ended := connected(test.server)
				logInBy(t, near)
				start := time.Now()
				go test.speak(near)
				select {
				case <-ended:
					if took := time.Since(start); took != test.want {
						t.Errorf("ended after %v, want %v", took, test.want)
					}
				case <-time.After(100 * time.Hour):
					if test.want != 0 {
						t.Error("never ended")
					}
				}
				near.Close()
				<-ended
			})
		})
	}
}

// logInBy logs in over a connection by hand, and leaves it to the test.
func logInBy(t testing.TB, conn net.Conn) {
	t.Helper()
	if _, err := logIn(context.Background(), conn, Options{Password: secret}.withDefaults(), Capabilities{}); err != nil {
		t.Fatal(err)
	}
}

func TestFailedLoginsAreSlowedDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Password: secret, Handler: echo(nil), LoginTimeout: time.Minute}
		try := func(p Password) (time.Duration, error) {
			start := time.Now()
			c, err := Dial(t.Context(), "", Options{Password: p, DialContext: pipes(s)})
			if err == nil {
				c.Close()
			}
			return time.Since(start), err
		}
		wrong := NewPassword("wrong")
		for i, want := range []time.Duration{0, 0, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second} {
			if took, err := try(wrong); took != want || !errors.Is(err, ErrWrongPassword) {
				t.Errorf("attempt %d took %v, want %v: %v", i+1, took, want, err)
			}
		}
		// Whoever knows the password has to wait as well, and is forgiven.
		if took, err := try(secret); took != 8*time.Second || err != nil {
			t.Errorf("%v, %v", took, err)
		}
		if took, err := try(secret); took != 0 || err != nil {
			t.Errorf("%v, %v", took, err)
		}
		// Many at once have to wait for each other.
		var all sync.WaitGroup
		var looked, refused atomic.Int64
		for range 100 {
			all.Go(func() {
				_, err := try(wrong)
				switch {
				case errors.Is(err, ErrWrongPassword):
					looked.Add(1)
				case errors.Is(err, ErrRefused):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		for range 100 {
			all.Go(func() { try(wrong) })
		}
		looked.Store(0)
		all.Wait()
		if looked.Load() > 1 {
			t.Errorf("%d passwords were looked at", looked.Load())
		}
		time.Sleep(3 * time.Hour)
	})
}

func TestTheThrottleCountsByAddress(t *testing.T) {
	throttle := newThrottle()
	now := time.Now()
	at := func(address string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address)) }
	for range 4 {
		throttle.failed(at("192.0.2.1:1"), now)
		throttle.failed(at("[2001:db8::1]:1"), now)
	}
	for address, slow := range map[string]bool{
		"192.0.2.1:9": true, "[::ffff:192.0.2.1]:9": true, "192.0.2.2:1": false,
		"[2001:db8::2]:1": true, "[2001:db8:0:1::1]:1": false,
	} {
		if wait := throttle.wait(at(address), now); wait > 0 != slow {
			t.Errorf("%s waits %v", address, wait)
		}
	}
	if wait := throttle.wait(at("192.0.2.1:1"), now.Add(time.Hour)); wait > 0 {
		t.Errorf("an hour later it waits %v", wait)
	}
	for i := range 3 * mostRecords {
		throttle.failed(at(fmt.Sprintf("10.%d.%d.1:1", i>>8, i&255)), now.Add(time.Duration(i)))
	}
	if n := len(throttle.addresses); n > mostRecords {
		t.Errorf("%d records", n)
	}
	if wait := throttle.wait(at("192.0.2.1:1"), now); wait == 0 {
		t.Error("who waits longest was forgotten first")
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{MaxConnections: 2, Handler: echo(nil)}
		a, b := pipeline(t, s, Options{}), pipeline(t, s, Options{})
		near, ended := connected(s)
		<-ended
		if n, err := near.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("the third connection: %d bytes, %v", n, err)
		}
		a.Close()
		synctest.Wait()
		pipeline(t, s, Options{})
		if err := ask(t.Context(), b, "still there"); err != nil {
			t.Error(err)
		}
	})
}

// Who opens many connections and does not log in keeps nobody out.
func TestALoginTakesThePlaceOfOneThatTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{MaxConnections: 3, Handler: echo(nil)}
		first := pipeline(t, s, Options{})
		var ends []chan struct{}
		for range 5 {
			near, ended := connected(s)
			defer near.Close()
			ends = append(ends, ended)
			time.Sleep(time.Second)
		}
		for i, ended := range ends {
			select {
			case <-ended:
				if i >= 3 {
					t.Errorf("connection %d was closed, which is one of the last two", i)
				}
			default:
				if i < 3 {
					t.Errorf("connection %d is still there", i)
				}
			}
		}
		second := pipeline(t, s, Options{})
		for _, c := range []*Client{first, second} {
			if err := ask(t.Context(), c, "here"); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestHandlersErrorsAndPanicsAreFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mux Mux
		Handle(&mux, func(_ context.Context, _ *Conn, q *ec.SearchStart) (*ec.Strings, error) {
			switch q.Query.Name {
			case "error":
				return nil, errors.New("no such thing")
			case "failed":
				return nil, fmt.Errorf("wrapped: %w", &FailedError{Reply: &ec.Failed{Category: 3, CategoryPath: "/old"}})
			case "panic":
				panic("ouch")
			case "failed without words":
				return nil, &FailedError{}
			}
			return nil, nil
		})
		mux.functions[ec.OpStatReq] = func(context.Context, *Conn, ec.Message) (ec.Message, error) { return (*ec.Stats)(nil), nil }
		c := pipeline(t, &Server{Handler: &mux}, Options{})
		for text, want := range map[string]string{
			"error":  "SEARCH_START failed: no such thing",
			"failed": `category 3 keeps the directory "/old"`,
			"panic":  "internal error",
			"nil":    "gave no reply",

			"failed without words": "SEARCH_START failed",
		} {
			if err := ask(t.Context(), c, text); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", text, err)
			}
		}
		if _, err := Call(t.Context(), c, &ec.StatReq{}); err == nil || !strings.Contains(err.Error(), "gave no reply") {
			t.Error("a nil pointer:", err)
		}
		if _, err := Call(t.Context(), c, &ec.GetSharedFiles{}); err == nil || !strings.Contains(err.Error(), "Invalid opcode") {
			t.Error(err)
		}
		if _, err := c.Call(t.Context(), &ec.AuthReq{}); err == nil || !strings.Contains(err.Error(), "Invalid opcode") {
			t.Error("a second login:", err)
		}
	})
}

func TestEachConnectionMayHaveItsOwnHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Int64
		s := &Server{NewHandler: func(c *Conn) Handler {
			calls := 0
			context.AfterFunc(c.Context(), func() { ended.Add(1) })
			return HandlerFunc(func(context.Context, *Conn, ec.Message) (ec.Message, error) {
				calls++
				return &ec.Strings{Lines: []string{fmt.Sprint(calls)}}, nil
			})
		}}
		a, b := pipeline(t, s, Options{}), pipeline(t, s, Options{})
		for i := range 3 {
			for _, c := range []*Client{a, b} {
				got, err := Call(t.Context(), c, search(""))
				if err != nil || got.Lines[0] != fmt.Sprint(i+1) {
					t.Errorf("%v, %v", got, err)
				}
			}
		}
		a.Close()
		synctest.Wait()
		if ended.Load() != 1 {
			t.Errorf("%d contexts ended", ended.Load())
		}
	})
}

func TestShutdownLetsRequestsFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Handler: echo(func(string) { time.Sleep(10 * time.Second) })}
		busy, idle := pipeline(t, s, Options{}), pipeline(t, s, Options{})
		done := make(chan error)
		go func() { done <- ask(t.Context(), busy, "under way") }()
		synctest.Wait()
		start := time.Now()
		if err := s.Shutdown(t.Context()); err != nil || time.Since(start) != 10*time.Second {
			t.Errorf("Shutdown: %v after %v", err, time.Since(start))
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := ask(t.Context(), idle, "x"); !errors.Is(err, ErrConnectionLost) {
			t.Error(err)
		}
		near, ended := connected(s)
		<-ended
		near.Close()
		if err := s.Serve(noListener{}); err != ErrServerClosed {
			t.Error(err)
		}
	})
}

type noListener struct{ net.Listener }

func (noListener) Close() error { return nil }

func TestShutdownEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Handler: HandlerFunc(func(ctx context.Context, _ *Conn, _ ec.Message) (ec.Message, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})}
		c := pipeline(t, s, Options{})
		go ask(context.Background(), c, "x")
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestAClientThatDoesNotReadItsNotificationsIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conns := make(chan *Conn, 2)
		s := &Server{NewHandler: func(c *Conn) Handler { conns <- c; return echo(nil) }}
		near, ended := connected(s)
		if _, err := logIn(t.Context(), near, Options{Password: secret}.withDefaults(), Capabilities{Notify: true}); err != nil {
			t.Fatal(err)
		}
		c := <-conns
		synctest.Wait()
		line := &ec.Strings{Lines: []string{strings.Repeat("x", 100_000)}}
		var sent int
		for ; sent < 100; sent++ {
			if err := c.Notify(line); err != nil {
				if err != ErrSlowReader {
					t.Error(err)
				}
				break
			}
			synctest.Wait()
		}
		if sent > 12 {
			t.Errorf("%d notifications of 100 kB were kept", sent)
		}
		<-ended
		near.Close()

		quiet, ended := connected(s)
		logInBy(t, quiet)
		if err := (<-conns).Notify(line); err != ErrNotNotified {
			t.Error(err)
		}
		quiet.Close()
		<-ended
	})
}

// Slow readers of large replies share Server.MaxUnsent, and the others do not
// notice.
func TestSlowReadersOfLargeRepliesShareABudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 1 << 20
		large := &ec.Strings{Lines: []string{strings.Repeat("x", size)}}
		mux := echo(nil)
		Handle(mux, func(context.Context, *Conn, *ec.Connect) (*ec.Strings, error) { return large, nil })
		s := &Server{Password: secret, MaxUnsent: 4*size + size/2, Handler: mux}
		var all sync.WaitGroup
		for range 20 {
			near, ended := connected(s)
			logInBy(t, near)
			near.Write(packet(t, &ec.Connect{}))
			all.Go(func() { <-ended; near.Close() })
		}
		synctest.Wait()
		if got := s.MaxUnsent - s.unsent.left; got != 4*(size+19) && got > s.MaxUnsent {
			t.Errorf("%d bytes are unsent", got)
		}
		if waiting := len(s.unsent.waiter); waiting != 16 {
			t.Errorf("%d replies wait", waiting)
		}
		c := pipeline(t, s, Options{Timeout: time.Hour})
		if err := ask(t.Context(), c, "small"); err != nil {
			t.Error(err)
		}
		start := time.Now()
		if _, err := Call(t.Context(), c, &ec.Connect{}); err != nil || time.Since(start) > 5*time.Minute {
			t.Errorf("a reader in time waits %v: %v", time.Since(start), err)
		}
		all.Wait()
		synctest.Wait()
		if s.unsent.left != s.MaxUnsent {
			t.Errorf("of the budget %d bytes are gone", s.MaxUnsent-s.unsent.left)
		}
	})
}

func TestABudgetIsHandedOutInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(10)
		if n, _ := b.take(t.Context(), 100); n != 10 {
			t.Errorf("all of it is %d", n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var order []int
		var mutex sync.Mutex
		for i, size := range []int{5, 10, 1} {
			go func() {
				at := t.Context()
				if size == 10 {
					at = ctx
				}
				n, err := b.take(at, size)
				mutex.Lock()
				defer mutex.Unlock()
				if err == nil {
					order = append(order, i)
					b.give(n)
				}
			}()
			synctest.Wait()
		}
		cancel()
		synctest.Wait()
		b.give(2)
		synctest.Wait()
		if len(order) > 0 {
			t.Errorf("%v came before its turn", order)
		}
		b.give(8)
		synctest.Wait()
		if len(order) != 2 || b.left != 10 {
			t.Errorf("%v, %d left", order, b.left)
		}
	})
}
