package mirror

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

// ErrOutOfStep is why an Update fails after a reply was lost: what the daemon
// has sent it does not send again on the same connection. Dial again and call
// Reset; a connection that reconnects by itself needs no more than that.
var ErrOutOfStep = errors.New("mirror: a reply was lost, so the updates that follow cannot be understood: connect again")

// Connection is what a mirror needs of a session. A [*session.Client] is one.
type Connection interface {
	session.Caller

	// Peer returns what was agreed on with the daemon: whether it sends partial
	// updates, and whether it answers from a cache.
	Peer() session.Peer

	// Connections returns how many times there was a login. When it is another
	// number than before, the daemon begins anew.
	Connections() int
}

// Limits bound what a daemon can make a mirror hold. A field of zero stands for
// the default.
type Limits struct {
	// Status is how many bytes the decoded PART_STATUS, GAP_STATUS and
	// REQ_STATUS of all files may have together: 64 MiB. What is sent of them
	// can be 85 times as short. 91,000 shared files of 700 MB have 7 MB.
	Status int

	// Remember is how many objects of each kind that are gone are remembered,
	// in case they come back: 16,384.
	Remember int
}

func (l Limits) withDefaults() Limits {
	if l.Status == 0 {
		l.Status = 64 << 20
	}
	if l.Remember == 0 {
		l.Remember = 16 << 10
	}
	return l
}

// Mirror follows a daemon. Its methods may be called by several goroutines at
// once.
type Mirror struct {
	snapshot atomic.Pointer[Snapshot]

	turn       chan struct{} // holds a token while one of the fields below is in use
	connection Connection
	limits     Limits
	state      *state           // nil when the next reply is the first of a connection
	number     int              // of the connection that state is of
	lost       error            // why state is of no use any more
	owed       <-chan *exchange // an exchange that nobody waited for
	reported   *Snapshot        // what Update returned changes up to
}

// exchange is a request and how it ended.
type exchange struct {
	request, reply ec.Message
	err            error
	before, after  int // numbers of the connection
}

// New returns a mirror of the daemon that the connection leads to. It is empty
// before the first Update.
//
// From then on no other GET_UPDATE may be sent over the connection, and
// GET_SHARED_FILES, GET_DLOAD_QUEUE and GET_ULOAD_QUEUE only by [Mirror.Call]:
// the daemon leaves out what it has sent before.
func New(connection Connection, limits Limits) *Mirror {
	m := &Mirror{turn: make(chan struct{}, 1), connection: connection, limits: limits.withDefaults(), reported: &Snapshot{}}
	m.snapshot.Store(m.reported)
	return m
}

// Snapshot returns the state after the last Update. It returns at once, also
// while an Update is under way.
func (m *Mirror) Snapshot() *Snapshot { return m.snapshot.Load() }

// Update asks the daemon what changed, and returns that. After the connection
// was made again, it is what changed between.
//
// When ctx ends, Update returns at once, but the reply is still taken in when it
// comes: the next Update waits for it, and returns its changes too. Other errors
// are those of the connection, [ErrOutOfStep], and errors that wrap those of
// package status, after which the daemon's updates cannot be followed any
// further over the same connection. The snapshot stays as it was.
func (m *Mirror) Update(ctx context.Context) (Changes, error) {
	if err := m.lock(ctx); err != nil {
		return Changes{}, err
	}
	defer m.unlock()
	if _, err := m.send(ctx, &ec.GetUpdate{DetailLevel: ec.DetailLevelIncUpdate}); err != nil {
		return Changes{}, err
	}
	now := m.Snapshot()
	changes := Compare(m.reported, now)
	m.reported = now
	return changes, nil
}

// Updates calls Update at once, and then again each time that so long has
// passed since the last reply. It ends with the loop, or with the error for
// which ctx ended. After another error it goes on, which is of use if the
// connection reconnects by itself; else the loop should end.
func (m *Mirror) Updates(ctx context.Context, interval time.Duration) iter.Seq2[Changes, error] {
	return func(yield func(Changes, error) bool) {
		for {
			changes, err := m.Update(ctx)
			if !yield(changes, err) || err != nil && ctx.Err() != nil {
				return
			}
			select {
			case <-time.After(interval):
			case <-ctx.Done():
				yield(Changes{}, context.Cause(ctx))
				return
			}
		}
	}
}

// Call sends a request over the mirror's connection and returns its reply. It
// must be used instead of the connection's own method for GET_SHARED_FILES,
// GET_DLOAD_QUEUE and GET_ULOAD_QUEUE, and may be for any other. It should be
// for DELETE_CATEGORY: aMule 3.0 does not report which downloads that moves, and
// of a deletion that the mirror does not see they keep the old number in it until
// something else of them changes.
//
// In replies at level UPDATE the coded fields are differences to what was sent
// before; see Snapshot for their values. At other levels [NewDownload] and
// [NewSharedFile] decode them.
func (m *Mirror) Call(ctx context.Context, request ec.Message) (ec.Message, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	if !shares(request) {
		connection := m.connection
		m.unlock()
		return connection.Call(ctx, request)
	}
	defer m.unlock()
	return m.send(ctx, request)
}

// Reset makes the mirror follow another connection, to the same daemon or
// another. The snapshot stays until the next Update, which returns what differs.
// It waits for an Update or Call that is under way.
func (m *Mirror) Reset(connection Connection) {
	m.turn <- struct{}{}
	defer m.unlock()
	m.connection, m.state, m.owed = connection, nil, nil
}

// lock waits for the mirror's turn.
func (m *Mirror) lock(ctx context.Context) error {
	select {
	case m.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return m.given(ctx)
	}
}

func (m *Mirror) unlock() { <-m.turn }

func (m *Mirror) given(ctx context.Context) error {
	return fmt.Errorf("mirror: the update was given up: %w", context.Cause(ctx))
}

// send sends a request that has to do with the daemon's memory, and takes in
// what the reply tells. The caller has the turn.
func (m *Mirror) send(ctx context.Context, request ec.Message) (ec.Message, error) {
	if m.owed != nil {
		if _, err := m.await(ctx, m.owed); err != nil && ctx.Err() != nil {
			return nil, err
		}
	}
	done, connection := make(chan *exchange, 1), m.connection
	go func() {
		e := &exchange{request: request, before: connection.Connections()}
		// Its reply is wanted, whoever waits for it.
		e.reply, e.err = connection.Call(context.WithoutCancel(ctx), request)
		e.after = connection.Connections()
		done <- e
	}()
	return m.await(ctx, done)
}

// await waits for an exchange and takes in what it tells.
func (m *Mirror) await(ctx context.Context, done <-chan *exchange) (ec.Message, error) {
	m.owed = done
	select {
	case e := <-done:
		m.owed = nil
		if err := m.take(e); err != nil {
			return nil, err
		}
		return e.reply, nil
	case <-ctx.Done():
		return nil, m.given(ctx)
	}
}

// take takes in what an exchange tells.
func (m *Mirror) take(e *exchange) error {
	if m.state == nil || e.after != m.number {
		m.state, m.number, m.lost = newState(m.limits), e.after, nil
	}
	if deletion, ok := e.request.(*ec.DeleteCategory); ok {
		// It leaves what the daemon remembers of updates alone.
		if e.err == nil {
			m.state.deleteCategory(deletion.Category)
		}
		return e.err
	}
	var failed *session.FailedError
	switch {
	case errors.As(e.err, &failed):
		return e.err // the daemon did nothing
	case e.err != nil:
		m.lost = e.err
		return e.err
	case m.lost != nil:
		return fmt.Errorf("%w (it was lost because of this: %w)", ErrOutOfStep, m.lost)
	}
	peer := m.connection.Peer()
	if _, isUpdate := e.request.(*ec.GetUpdate); !isUpdate {
		m.lost = m.state.observe(e.request, e.reply, peer)
		return m.lost
	}
	reply, ok := e.reply.(*ec.SharedFiles)
	if !ok {
		m.lost = fmt.Errorf("mirror: GET_UPDATE is answered with a %T", e.reply)
		return m.lost
	}
	if m.lost = m.state.update(reply, peer.PartialUpdate); m.lost != nil {
		return m.lost
	}
	if e.before != e.after && (m.state.files.unknown() || m.state.clients.unknown()) {
		// The reply came over the connection of before, just before it was lost.
		m.state = nil
		return ErrOutOfStep
	}
	m.snapshot.Store(m.state.snapshot)
	return nil
}
