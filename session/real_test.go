package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
)

// The tests of this file are about a real daemon.

// add adds a download.
func add(t *testing.T, client *session.Client, name string, size int, hash codec.Hash) {
	t.Helper()
	link := fmt.Sprintf("ed2k://|file|%s|%d|%v|/", name, size, hash)
	if _, err := session.Call(t.Context(), client, &ec.AddLink{Links: []ec.Link{{URL: link}}}); err != nil {
		t.Fatal(err)
	}
}

func dialDaemon(t *testing.T, daemon *amuletest.Daemon) *session.Client {
	t.Helper()
	config, err := session.ReadConfig(daemon.Config)
	if err != nil {
		t.Fatal(err)
	}
	if config.Address != daemon.Address || !config.Accepts {
		t.Errorf("amuled's own amule.conf reads as %+v", config)
	}
	client, err := amuletest.Dial(t, config.Address, session.Options{Password: config.Password})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestARealDaemonRefusesEachWrongLogin(t *testing.T) {
	daemon := amuletest.StartDaemon(t, nil)
	version := amuletest.Version(t, "amuled")
	confirms := !strings.HasPrefix(version, "2.") // what a client announces, since 3.0
	password := session.NewPassword(amuletest.Password)
	for _, test := range []struct {
		name    string
		options session.Options
		want    error
	}{
		{"another password", session.Options{Password: session.NewPassword("wrong")}, session.ErrWrongPassword},
		{"a snapshot's id", session.Options{Password: password, VersionID: codec.Hash{1}}, session.ErrVersionID},
		{"the right one", session.Options{Password: password}, nil},
		{"without capabilities", session.Options{Password: password, Capabilities: &session.Capabilities{}}, nil},
		{"zlib only", session.Options{Password: password, Capabilities: &session.Capabilities{Zlib: true}}, nil},
		{"UTF-8 numbers only", session.Options{Password: password, Capabilities: &session.Capabilities{UTF8Numbers: true}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, err := amuletest.Dial(t, daemon.Address, test.options)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err != nil {
				return
			}
			confirmed := confirms && test.options.Capabilities == nil
			if peer := client.Peer(); peer.Version != version || peer.LargeTagCount != confirmed || peer.PartialUpdate != confirmed {
				t.Errorf("the daemon is %+v", peer)
			}
			tree, err := session.Call(t.Context(), client, &ec.GetStatsTree{})
			if err != nil || tree.Root == nil || tree.Root.Label != "Statistics" {
				t.Errorf("got %v, %v", tree, err)
			}
		})
	}
}

func TestARealDaemonNotifies(t *testing.T) {
	daemon := amuletest.StartDaemon(t, nil)
	client := dialDaemon(t, daemon)
	add(t, client, "first.bin", 1000, codec.Hash{1})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	seen := map[string]bool{}
	err := amuletest.Persist(t, func() error {
		for m, err := range session.Notifications(ctx, daemon.Address, session.Options{Password: session.NewPassword(amuletest.Password)}) {
			if err != nil {
				return err
			}
			switch m := m.(type) {
			case *ec.Stats:
				seen["stats"] = true
			case *ec.DLoadQueue:
				for _, file := range m.PartFiles {
					seen[file.Name] = true
				}
			}
			if seen["first.bin"] && !seen["asked"] {
				seen["asked"] = true
				add(t, client, "second.bin", 2000, codec.Hash{2})
			}
			if seen["second.bin"] && seen["stats"] {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v, after %v\n%s", err, seen, daemon.Output())
	}
}

// After the daemon was restarted the same client goes on.
func TestAClientConnectsAgainToARealDaemon(t *testing.T) {
	daemon := amuletest.StartDaemon(t, nil)
	options := session.Options{Password: session.NewPassword(amuletest.Password), Reconnect: &session.Backoff{First: 50 * time.Millisecond, Most: time.Second}}
	client, err := amuletest.Dial(t, daemon.Address, options)
	if err != nil {
		t.Fatal(err)
	}
	daemon.Stop()
	daemon.Restart(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		_, err := session.Call(ctx, client, &ec.StatReq{})
		if err == nil {
			break
		}
		if !errors.Is(err, session.ErrConnectionLost) {
			t.Fatal(err)
		}
	}
	if n := client.Connections(); n != 2 {
		t.Errorf("%d connections", n)
	}
}
