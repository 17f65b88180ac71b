package session

import (
	"context"
	"errors"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Handler answers requests.
type Handler interface {
	// Handle returns the reply to a request that c sent. An error is answered
	// with FAILED: a *FailedError with its Reply, ErrUnknownRequest as aMule
	// answers an opcode that it does not know, any other error with its text.
	// ctx ends with the connection.
	Handle(ctx context.Context, c *Conn, request ec.Message) (ec.Message, error)
}

// HandlerFunc is a function as a Handler.
type HandlerFunc func(ctx context.Context, c *Conn, request ec.Message) (ec.Message, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, c *Conn, request ec.Message) (ec.Message, error) {
	return f(ctx, c, request)
}

// ErrUnknownRequest is answered as aMule answers what it does not understand;
// the connection stays.
var ErrUnknownRequest = errors.New("Invalid opcode (wrong protocol version?)") //lint:ignore ST1005 aMule's words

// Mux gives each request to the function for its type, and answers what has
// none with [ErrUnknownRequest]. It may be used by several connections once all
// functions are there.
type Mux struct {
	functions map[codec.Opcode]HandlerFunc
}

// Handle makes f answer the requests of its type:
//
//	session.Handle(&mux, func(ctx context.Context, c *session.Conn, request *ec.GetSharedFiles) (*ec.SharedFiles, error) {
//
// The compiler checks that the reply belongs to the request.
func Handle[Q ec.Request[R], R ec.Message](mux *Mux, f func(ctx context.Context, c *Conn, request Q) (R, error)) {
	var request Q
	if mux.functions == nil {
		mux.functions = map[codec.Opcode]HandlerFunc{}
	}
	mux.functions[request.Opcode()] = func(ctx context.Context, c *Conn, m ec.Message) (ec.Message, error) {
		return f(ctx, c, m.(Q))
	}
}

// Handle gives the request to its function.
func (m *Mux) Handle(ctx context.Context, c *Conn, request ec.Message) (ec.Message, error) {
	f := m.functions[request.Opcode()]
	if f == nil {
		return nil, ErrUnknownRequest
	}
	return f(ctx, c, request)
}
