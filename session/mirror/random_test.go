package mirror_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/mirror"
)

// loop is a connection to an encoder: requests and replies go through bytes, as
// they would over a network.
type loop struct {
	peer   session.Peer
	number int
	mux    session.Mux
	state  func() *mirror.Snapshot
}

func newLoop(peer session.Peer, state func() *mirror.Snapshot) *loop {
	l := &loop{peer: peer, state: state}
	l.connect()
	return l
}

// connect makes the connection a new one.
func (l *loop) connect() {
	l.number++
	l.mux = session.Mux{}
	mirror.NewEncoder(l.peer).Handle(&l.mux, l.state)
}

func (l *loop) Peer() session.Peer { return l.peer }
func (l *loop) Connections() int   { return l.number }

func (l *loop) Call(ctx context.Context, request ec.Message) (ec.Message, error) {
	flags := codec.FlagBase
	if l.peer.LargeTagCount {
		flags |= codec.FlagLargeTagCount
	}
	if l.peer.UTF8Numbers {
		flags |= codec.FlagUTF8Numbers
	}
	request, err := transmit(codec.FromClient, flags, request)
	if err != nil {
		return nil, err
	}
	reply, err := l.mux.Handle(ctx, nil, request)
	if err != nil {
		return nil, err
	}
	return transmit(codec.FromDaemon, flags, reply)
}

// transmit returns the message as the other side reads it.
func transmit(from codec.Direction, flags codec.Flags, m ec.Message) (ec.Message, error) {
	body, err := m.AppendBody(nil, flags)
	if err != nil {
		return nil, err
	}
	return ec.Read(from, codec.Frame{Flags: flags, Body: body})
}

// difference returns where two values say something else, or "". Nothing is a
// zero object, or an empty list, and a Double of no text is 0. Whether tags are
// marked as present does not matter, nor do IDs and order of names.
func difference(a, b reflect.Value) string {
	switch a.Type() {
	case reflect.TypeFor[[]byte]():
		if x, y := a.Bytes(), b.Bytes(); !bytes.Equal(x, y) {
			return fmt.Sprintf(" is %x and %x", x, y)
		}
		return ""
	case reflect.TypeFor[[]mirror.SourceName]():
		x, y := a.Interface().([]mirror.SourceName), b.Interface().([]mirror.SourceName)
		if !maps.Equal(counts(x), counts(y)) {
			return fmt.Sprintf(" is %v and %v", x, y)
		}
		return ""
	case reflect.TypeFor[codec.Double]():
		if x, y := cmp.Or(a.String(), "0"), cmp.Or(b.String(), "0"); x != y {
			return fmt.Sprintf(" is %s and %s", x, y)
		}
		return ""
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.Pointer() == b.Pointer() {
			return ""
		}
		return difference(orZero(a), orZero(b))
	case reflect.Slice:
		for i := range min(a.Len(), b.Len()) {
			if d := difference(a.Index(i), b.Index(i)); d != "" {
				return fmt.Sprintf("[%d]%s", i, d)
			}
		}
		if a.Len() != b.Len() {
			return fmt.Sprintf(" has %d and %d elements", a.Len(), b.Len())
		}
		return ""
	case reflect.Struct:
		for i := range a.NumField() {
			if !a.Field(i).CanInterface() {
				continue
			}
			if d := difference(a.Field(i), b.Field(i)); d != "" {
				return "." + a.Type().Field(i).Name + d
			}
		}
		return ""
	}
	if !a.Equal(b) {
		return fmt.Sprintf(" is %v and %v", a, b)
	}
	return ""
}

func counts(names []mirror.SourceName) map[string]uint32 {
	counts := map[string]uint32{}
	for _, name := range names {
		counts[name.Name] = name.Count
	}
	return counts
}

func orZero(p reflect.Value) reflect.Value {
	if p.IsNil() {
		return reflect.Zero(p.Type().Elem())
	}
	return p.Elem()
}

// checkAlike fails the test unless two snapshots say the same.
func checkAlike(t *testing.T, what string, want, got *mirror.Snapshot) {
	t.Helper()
	if d := difference(reflect.ValueOf(want), reflect.ValueOf(got)); d != "" {
		t.Fatalf("%s: %s", what, d)
	}
}

// Whatever happens in the daemon, and whatever else is asked over the same
// connection, after each update the mirror is what the daemon is.
func TestTheMirrorIsWhatTheDaemonIs(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 4
	}
	for _, peer := range []session.Peer{
		{},
		{Capabilities: session.Capabilities{PartialUpdate: true}},
		{Capabilities: session.Capabilities{UTF8Numbers: true, LargeTagCount: true}},
		{Capabilities: session.Capabilities{UTF8Numbers: true, LargeTagCount: true, PartialUpdate: true}},
	} {
		t.Run(peer.Capabilities.String(), func(t *testing.T) {
			t.Parallel()
			for seed := range seeds {
				followModel(t, peer, seed, 120)
			}
		})
	}
}

func followModel(t *testing.T, peer session.Peer, seed uint64, steps int) {
	daemon := newModel(seed)
	connection := newLoop(peer, func() *mirror.Snapshot { return daemon.snapshot() })
	m := mirror.New(connection, mirror.Limits{})
	before, kept := m.Snapshot(), map[*mirror.Snapshot]*mirror.Snapshot{}
	for step := range steps {
		daemon.step()
		for daemon.IntN(4) == 0 {
			ask(t, daemon, m)
			daemon.step()
		}
		if daemon.IntN(50) == 0 {
			connection.connect()
		}
		changes, err := m.Update(t.Context())
		if err != nil {
			t.Fatalf("seed %d, step %d: %v", seed, step, err)
		}
		now := m.Snapshot()
		checkAlike(t, fmt.Sprintf("seed %d, step %d: daemon and mirror differ", seed, step), daemon.snapshot(), now)
		checkAlike(t, fmt.Sprintf("seed %d, step %d: what the changes lead to and the mirror differ", seed, step), apply(before, changes), now)
		if before = now; step%20 == 0 {
			kept[now] = copyOf(now)
		}
	}
	checkKept(t, kept)
}

// checkKept fails the test if a snapshot was changed after it was copied.
func checkKept(t *testing.T, kept map[*mirror.Snapshot]*mirror.Snapshot) {
	t.Helper()
	for snapshot, before := range kept {
		checkAlike(t, "a snapshot was changed", before, snapshot)
	}
}

// copyOf returns a copy of a snapshot that shares no memory with it.
func copyOf(s *mirror.Snapshot) *mirror.Snapshot {
	return clone(reflect.ValueOf(s)).Interface().(*mirror.Snapshot)
}

func clone(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		c.Set(reflect.New(v.Type().Elem()))
		c.Elem().Set(clone(v.Elem()))
	case v.Kind() == reflect.Slice && !v.IsNil():
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(clone(v.Index(i)))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if c.Field(i).CanSet() {
				c.Field(i).Set(clone(v.Field(i)))
			}
		}
	}
	return c
}

// ask sends one of the other requests that have to do with what was sent.
func ask(t *testing.T, daemon *model, m *mirror.Mirror) {
	level := ec.DetailLevel(daemon.IntN(4))
	var ecids []uint32
	var request ec.Message
	switch daemon.IntN(3) {
	case 0:
		if id := anyOf(daemon, daemon.shared); daemon.IntN(3) == 0 && id != 0 {
			ecids = []uint32{id}
		}
		request = &ec.GetSharedFiles{DetailLevel: level, ECIDs: ecids}
	case 1:
		if id := anyOf(daemon, daemon.downloads); daemon.IntN(3) == 0 && id != 0 {
			ecids = []uint32{id}
		}
		request = &ec.GetDLoadQueue{DetailLevel: level, ECIDs: ecids}
	default:
		request = &ec.GetULoadQueue{DetailLevel: ec.DetailLevel(daemon.IntN(5))}
	}
	if level == ec.DetailLevelCMD {
		request.SetPresent(ec.TagDetailLevel, true)
	}
	if _, err := m.Call(t.Context(), request); err != nil {
		t.Fatalf("%v: %v", request, err)
	}
}

// apply returns what changes make of a snapshot.
func apply(before *mirror.Snapshot, changes mirror.Changes) *mirror.Snapshot {
	return &mirror.Snapshot{
		Downloads:   applyTo(before.Downloads, changes.Downloads, func(d *mirror.Download) uint32 { return d.ECID }),
		SharedFiles: applyTo(before.SharedFiles, changes.SharedFiles, func(f *mirror.SharedFile) uint32 { return f.ECID }),
		Clients:     applyTo(before.Clients, changes.Clients, func(c *ec.Client) uint32 { return c.ECID }),
		Servers:     applyTo(before.Servers, changes.Servers, func(s *ec.Server) uint32 { return s.ECID }),
		Friends:     applyTo(before.Friends, changes.Friends, func(f *ec.Friend) uint32 { return f.ECID }),
	}
}

func applyTo[T any](list []*T, changes []mirror.Change[T], ecid func(*T) uint32) []*T {
	objects := map[uint32]*T{}
	for _, object := range list {
		objects[ecid(object)] = object
	}
	for _, change := range changes {
		if change.Old != nil {
			delete(objects, ecid(change.Old))
		}
		if change.New != nil {
			objects[ecid(change.New)] = change.New
		}
	}
	return inOrder(objects)
}
