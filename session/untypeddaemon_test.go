package session_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
)

// A real daemon of 2.3 takes the logins of 2.3 and 3.0, and refuses those of
// releases before, with or without a word.
func TestUntypedLoginsAtARealDaemon(t *testing.T) {
	daemon := amuletest.StartDaemon(t, nil)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, d := range []dialect.Dialect{dialect.V23, dialect.V30} {
		err := amuletest.Persist(t, func() error {
			u, err := session.DialUntyped(ctx, daemon.Address, d, options)
			if err != nil {
				return err
			}
			defer u.Close()
			for range 3 {
				reply, err := u.Call(ctx, &codec.Packet{Opcode: 0x0a}) // STAT_REQ
				if err != nil {
					return err
				}
				if reply.Opcode != 0x0c || len(reply.Tags) == 0 {
					t.Errorf("%v: STAT_REQ is answered with %v", d, reply)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%v: %v", d, err)
		}
	}
	for _, d := range []dialect.Dialect{dialect.RC8, dialect.V20, dialect.V21, dialect.V22} {
		short := options
		short.Timeout = 5 * time.Second // for dialects in which it waits for more
		_, err := session.DialUntyped(context.Background(), daemon.Address, d, short)
		time.Sleep(500 * time.Millisecond) // else the daemon crashes on the next connection
		if !errors.Is(err, session.ErrProtocolVersion) && !errors.Is(err, session.ErrConnectionLost) && !errors.Is(err, session.ErrNoAnswer) {
			t.Errorf("%v: %v", d, err)
		}
	}
	err := amuletest.Persist(t, func() error {
		u, err := session.DialAny(ctx, daemon.Address, options)
		if err != nil {
			return err
		}
		defer u.Close()
		if u.Dialect() != dialect.V30 {
			t.Errorf("it speaks %v", u.Dialect())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
