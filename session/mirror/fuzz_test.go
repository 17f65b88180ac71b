package mirror_test

import (
	"reflect"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/mirror"
)

// Whatever two updates say, a mirror takes them in or says why not, and what it
// has then goes through an encoder to another mirror unchanged.
func FuzzUpdate(f *testing.F) {
	all, err := readConversations()
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range all {
		var bodies [][]byte
		for _, e := range c.exchanges {
			if e.request.Opcode() == ec.OpGetUpdate {
				body, err := e.reply.AppendBody(nil, codec.FlagBase)
				if err != nil {
					f.Fatal(err)
				}
				bodies = append(bodies, body)
			}
		}
		if len(bodies) >= 2 {
			f.Add(bodies[0], bodies[1], c.peer.PartialUpdate)
		}
	}
	limits := mirror.Limits{Status: 1 << 16, Remember: 100}
	f.Fuzz(func(t *testing.T, first, second []byte, partial bool) {
		peer := session.Peer{Capabilities: session.Capabilities{PartialUpdate: partial}}
		var replies []any
		for _, body := range [][]byte{first, second} {
			m, err := ec.Read(codec.FromDaemon, codec.Frame{Flags: codec.FlagBase, Body: body})
			if err != nil {
				return
			}
			replies = append(replies, m)
		}
		connection := &script{answers: replies, peer: peer, number: 1}
		m := mirror.New(connection, limits)
		states := []*mirror.Snapshot{}
		for range replies {
			before := m.Snapshot()
			changes, err := m.Update(t.Context())
			if err != nil {
				return
			}
			if d := difference(reflect.ValueOf(apply(before, changes)), reflect.ValueOf(m.Snapshot())); d != "" {
				t.Fatalf("the changes lead elsewhere: %s", d)
			}
			states = append(states, m.Snapshot())
		}

		var now *mirror.Snapshot
		another := mirror.New(newLoop(peer, func() *mirror.Snapshot { return now }), mirror.Limits{Remember: 100})
		for _, now = range states {
			if _, err := another.Update(t.Context()); err != nil {
				t.Fatal(err)
			}
			if d := difference(reflect.ValueOf(now), reflect.ValueOf(another.Snapshot())); d != "" {
				t.Fatalf("another mirror differs: %s", d)
			}
		}
	})
}
