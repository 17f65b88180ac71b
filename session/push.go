package session

import (
	"errors"
	"sync"

	"github.com/ecgen/ecgen/generated/ec"
)

// Errors of [Conn.Notify].
var (
	ErrNotNotified = errors.New("session: the client did not ask for notifications")
	ErrSlowReader  = errors.New("session: the client does not read its notifications, so its connection was closed")
)

// mostPushed is how many bytes of notifications may wait for a client.
const mostPushed = 1 << 20

// pushQueue has the packets that are to be sent unasked.
type pushQueue struct {
	mutex   sync.Mutex
	packets []byte
	wake    chan struct{} // has room for one
}

// Notify sends a message unasked, between replies. It does not wait for the
// client: the packet is queued. A client that leaves more than 1 MiB unread is
// disconnected, because what it knows would be wrong from then on.
func (c *Conn) Notify(m ec.Message) error {
	c.mutex.Lock()
	q := c.pushes
	c.mutex.Unlock()
	if q == nil {
		return ErrNotNotified
	}
	q.mutex.Lock()
	defer q.mutex.Unlock()
	before := len(q.packets)
	packets, err := c.encode(q.packets, m)
	if err != nil {
		return err
	}
	if before > 0 && len(packets) > mostPushed {
		c.end(ErrSlowReader)
		c.net.Close()
		return ErrSlowReader
	}
	q.packets = packets
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// startPushing begins to send what is queued, and returns a function that ends
// it.
func (c *Conn) startPushing() (stop func()) {
	q := &pushQueue{wake: make(chan struct{}, 1)}
	c.mutex.Lock()
	c.pushes = q
	c.mutex.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-q.wake:
			case <-c.life.Done():
				return
			}
			q.mutex.Lock()
			packets := q.packets
			q.packets = nil
			q.mutex.Unlock()
			c.writing.Lock()
			err := c.transmit(packets)
			c.writing.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return func() {
		c.Close()
		<-ended
	}
}
