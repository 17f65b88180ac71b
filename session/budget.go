package session

import (
	"context"
	"sync"
)

// budget is an amount of bytes that several goroutines share.
type budget struct {
	mutex  sync.Mutex
	total  int
	left   int
	waiter []*claim // the first comes first
}

// claim is a part of a budget that somebody waits for.
type claim struct {
	size    int
	granted chan struct{}
}

func newBudget(total int) *budget { return &budget{total: total, left: total} }

// take waits until size bytes are left and takes them, or all of them when
// there never were so many. It returns what to give back, or an error when ctx
// ends.
func (b *budget) take(ctx context.Context, size int) (taken int, err error) {
	size = min(size, b.total)
	b.mutex.Lock()
	if len(b.waiter) == 0 && size <= b.left {
		b.left -= size
		b.mutex.Unlock()
		return size, nil
	}
	c := &claim{size, make(chan struct{})}
	b.waiter = append(b.waiter, c)
	b.mutex.Unlock()
	select {
	case <-c.granted:
		return size, nil
	case <-ctx.Done():
		b.withdraw(c)
		return 0, context.Cause(ctx)
	}
}

// give gives back what take returned.
func (b *budget) give(size int) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.left += size
	b.grant()
}

// grant gives those who wait what there is.
func (b *budget) grant() {
	for len(b.waiter) > 0 && b.waiter[0].size <= b.left {
		c := b.waiter[0]
		b.waiter = b.waiter[1:]
		b.left -= c.size
		close(c.granted)
	}
}

// withdraw takes back a claim, granted or not.
func (b *budget) withdraw(c *claim) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for i, other := range b.waiter {
		if other == c {
			b.waiter = append(b.waiter[:i], b.waiter[i+1:]...)
			b.grant()
			return
		}
	}
	b.left += c.size
	b.grant()
}
