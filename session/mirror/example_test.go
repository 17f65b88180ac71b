package mirror_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"sync/atomic"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/mirror"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// A table of downloads that follows the daemon.
func Example() {
	config, err := session.ReadConfig("/home/me/.aMule/amule.conf")
	if err != nil {
		log.Fatal(err)
	}
	client, err := session.Dial(context.Background(), config.Address, session.Options{Password: config.Password})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	m := mirror.New(client, mirror.Limits{})
	for changes, err := range m.Updates(context.Background(), time.Second) {
		if err != nil {
			log.Fatal(err)
		}
		if changes.Empty() {
			continue
		}
		for _, d := range m.Snapshot().Downloads {
			fmt.Printf("%-40s %3d %% of %d bytes in %d pieces\n", d.Name, 100*d.SizeDone/max(1, d.SizeFull), d.SizeFull, len(d.Gaps))
		}
	}
}

// Both ends: a server that has a state, and a mirror that follows it.
func ExampleEncoder() {
	var state atomic.Pointer[mirror.Snapshot]
	state.Store(&mirror.Snapshot{Downloads: []*mirror.Download{{
		PartFile: ec.PartFile{ECID: 7, Name: "debian.iso", Hash: [16]byte{1}, SizeFull: 1000},
		Gaps:     []status.Range{{Start: 0, End: 999}},
	}}})
	server := &session.Server{
		Password: session.NewPassword("secret"),
		NewHandler: func(c *session.Conn) session.Handler {
			mux := &session.Mux{}
			mirror.NewEncoder(c.Peer()).Handle(mux, state.Load)
			return mux
		},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go server.Serve(listener)
	defer server.Close()

	ctx := context.Background()
	client, err := session.Dial(ctx, listener.Addr().String(), session.Options{Password: session.NewPassword("secret")})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	m := mirror.New(client, mirror.Limits{})
	follow := func() {
		changes, err := m.Update(ctx)
		if err != nil {
			log.Fatal(err)
		}
		for _, change := range changes.Downloads {
			switch {
			case change.Old == nil:
				fmt.Println("new:", change.New.Name, change.New.Gaps)
			case change.New == nil:
				fmt.Println("gone:", change.Old.Name)
			default:
				fmt.Println("changed:", change.New.Name, change.New.Gaps)
			}
		}
	}
	follow()

	// A state is replaced, never changed.
	half := *state.Load().Downloads[0]
	half.Gaps = []status.Range{{Start: 0, End: 499}}
	state.Store(&mirror.Snapshot{Downloads: []*mirror.Download{&half}})
	follow()

	state.Store(&mirror.Snapshot{})
	follow()
	// Output:
	// new: debian.iso [{0 999}]
	// changed: debian.iso [{0 499}]
	// gone: debian.iso
}
