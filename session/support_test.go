package session

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
)

var secret = NewPassword("ectest")

// serve runs a server on a loopback address until the test ends, and returns
// that address.
func serve(t testing.TB, s *Server) string {
	t.Helper()
	if s.Password.IsZero() {
		s.Password = secret
	}
	return serveAsIs(t, s)
}

func serveAsIs(t testing.TB, s *Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-ended; err != ErrServerClosed {
			t.Errorf("Serve returned %v", err)
		}
	})
	return l.Addr().String()
}

// dial returns a client that is closed when the test ends.
func dial(t testing.TB, address string, o Options) *Client {
	t.Helper()
	if o.Password.IsZero() {
		o.Password = secret
	}
	c, err := Dial(context.Background(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// within returns a context that ends before a test hangs.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// library answers GET_SHARED_FILES with one file.
func library() *Mux {
	var mux Mux
	Handle(&mux, func(context.Context, *Conn, *ec.GetSharedFiles) (*ec.SharedFiles, error) {
		return &ec.SharedFiles{Files: []ec.SharedFile{{KnownFile: &ec.KnownFile{ECID: 7, Name: "debian.iso"}}}}, nil
	})
	Handle(&mux, func(context.Context, *Conn, *ec.AddLink) (*ec.NoOp, error) {
		return nil, Failed("Invalid link or already on list.")
	})
	return &mux
}
