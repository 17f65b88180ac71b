package session_test

import (
	"bytes"
	"log/slog"
	"net"
	"sync"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// recorder has the byte streams of all connections of a listener.
type recorder struct {
	mutex sync.Mutex
	conns []*recordedConn
}

type recordingListener struct {
	net.Listener
	recorder *recorder
}

func (l *recordingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &recordedConn{Conn: conn}
	l.recorder.mutex.Lock()
	defer l.recorder.mutex.Unlock()
	l.recorder.conns = append(l.recorder.conns, c)
	return c, nil
}

// recordedConn notes what is read and written.
type recordedConn struct {
	net.Conn
	client, daemon safeBuffer
}

func (c *recordedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.client.Write(b[:n])
	return n, err
}

func (c *recordedConn) Write(b []byte) (int, error) {
	c.daemon.Write(b) // also what a client that has gone does not take
	return c.Conn.Write(b)
}

// count returns how many connections there were.
func (r *recorder) count() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.conns)
}

// check reads all streams: each is whole packets, each of them is typed, none
// has an unknown tag, no request failed, and each has its reply.
func (r *recorder) check(t *testing.T) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	total := 0
	for _, c := range r.conns {
		requests := typed(t, codec.FromClient, c.client.Bytes())
		replies := typed(t, codec.FromDaemon, c.daemon.Bytes())
		total += len(requests)
		if len(requests) != len(replies) {
			t.Errorf("%d requests have %d replies", len(requests), len(replies))
		}
	}
	t.Logf("recorded %d requests and their replies over %d connections", total, len(r.conns))
}

// typed reads the packets of a stream.
func typed(t *testing.T, from codec.Direction, stream []byte) (messages []ec.Message) {
	reader := codec.NewReader(bytes.NewReader(stream), codec.DefaultLimits())
	for reader.Offset() < int64(len(stream)) {
		frame, err := reader.Next()
		if err != nil {
			t.Errorf("the stream of the %v: %v", from, err)
			break
		}
		m, err := ec.Read(from, frame)
		if err != nil {
			t.Errorf("the stream of the %v: %v", from, err)
			continue
		}
		if text, err := m.MarshalJSON(); err != nil || bytes.Contains(text, []byte(`"unknown_tags"`)) {
			t.Errorf("unknown tags from the %v: %s, %v", from, text, err)
		}
		if failed, ok := m.(*ec.Failed); ok {
			t.Errorf("a request failed: %s", failed.Reason)
		}
		messages = append(messages, m)
	}
	return messages
}

func logTo(b *safeBuffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

// safeBuffer is a buffer for several goroutines.
type safeBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *safeBuffer) Bytes() []byte {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return bytes.Clone(b.buffer.Bytes())
}

func (b *safeBuffer) String() string { return string(b.Bytes()) }
