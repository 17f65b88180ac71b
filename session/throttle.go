package session

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// throttle slows down addresses from which logins fail. The second failure in a
// row makes the address wait before its next password is looked at, each one
// after it twice as long.
type throttle struct {
	mutex     sync.Mutex
	addresses map[netip.Prefix]*record
}

// record is what is known of an address.
type record struct {
	failures int
	next     time.Time // when a password may be looked at again
}

const (
	freeFailures = 2
	firstPause   = 500 * time.Millisecond
	mostPause    = time.Minute
	forgetAfter  = 10 * time.Minute
	mostRecords  = 4096
)

func newThrottle() *throttle { return &throttle{addresses: map[netip.Prefix]*record{}} }

// wait returns how long to wait before a password from this address is looked
// at, and reserves the time after it.
func (t *throttle) wait(from net.Addr, now time.Time) time.Duration {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	r := t.addresses[source(from)]
	if r == nil || r.failures < freeFailures || now.Sub(r.next) > forgetAfter {
		return 0
	}
	begin := r.next
	if begin.Before(now) {
		begin = now
	}
	r.next = begin.Add(pauseAfter(r.failures))
	return begin.Sub(now)
}

// failed notes a wrong password.
func (t *throttle) failed(from net.Addr, now time.Time) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	key := source(from)
	r := t.addresses[key]
	if r == nil {
		t.forget()
		r = new(record)
		t.addresses[key] = r
	}
	if now.Sub(r.next) > forgetAfter {
		*r = record{next: now}
	}
	r.failures++
	if next := now.Add(pauseAfter(r.failures)); r.next.Before(next) {
		r.next = next
	}
}

// succeeded forgets the failures of an address.
func (t *throttle) succeeded(from net.Addr) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	delete(t.addresses, source(from))
}

// forget makes room for one more record when there is none: of a few records,
// whichever they are, it drops the one that waits least.
func (t *throttle) forget() {
	if len(t.addresses) < mostRecords {
		return
	}
	const few = 16
	var least netip.Prefix
	looked := 0
	for key, r := range t.addresses {
		if other := t.addresses[least]; other == nil || r.next.Before(other.next) {
			least = key
		}
		if looked++; looked == few {
			break
		}
	}
	delete(t.addresses, least)
}

// pauseAfter returns how long an address waits after so many failures.
func pauseAfter(failures int) time.Duration {
	if failures < freeFailures {
		return 0
	}
	pause := firstPause
	for ; failures > freeFailures && pause < mostPause; failures-- {
		pause *= 2
	}
	return min(pause, mostPause)
}

// source returns what failures are counted by: an IPv4 address, or the network
// of an IPv6 address, which one host may have all addresses of.
func source(address net.Addr) netip.Prefix {
	from, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := from.Addr().Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	prefix, _ := ip.Prefix(bits)
	return prefix
}
