package session

import (
	"context"
	"fmt"
	"iter"
	"net"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Notifications logs in and yields what the daemon sends unasked: first each
// download (DLOAD_QUEUE), the state of the connections (STATS) and each shared
// file (SHARED_FILES), then what changes (reference section 4.8). They come over
// a connection of their own, because on a shared one nothing tells a pushed
// DLOAD_QUEUE from the reply to a request.
//
// The sequence ends when the loop does, or with an error: those of [Dial], and
// those of [Client.Call] about connections and contexts. A message that cannot
// be read is an error too, after which the sequence goes on.
func Notifications(ctx context.Context, address string, options Options) iter.Seq2[ec.Message, error] {
	return func(yield func(ec.Message, error) bool) {
		o := options.withDefaults()
		w, err := connect(ctx, address, o, func(conn net.Conn) Capabilities {
			announced := o.announced(conn)
			announced.Notify = true
			return announced
		})
		if err != nil {
			yield(nil, err)
			return
		}
		defer w.Close()
		defer context.AfterFunc(ctx, func() { w.SetDeadline(time.Unix(1, 0)) })()
		for {
			frame, err := w.reader.Next()
			if err != nil {
				yield(nil, pushFault(ctx, err))
				return
			}
			m, err := readMessage(codec.FromDaemon, frame, o.Limits)
			if err != nil {
				err = fmt.Errorf("session: a notification: %w", err)
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// pushFault returns what to tell about the end of a connection.
func pushFault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("session: %w", context.Cause(ctx))
	}
	return fmt.Errorf("session: %w: %w", ErrConnectionLost, err)
}
