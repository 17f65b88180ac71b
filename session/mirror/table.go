package mirror

import (
	"cmp"
	"slices"
)

// table has the objects of one kind that are there, and remembers some that
// are not: the daemon never forgets what it has sent on a connection, so one
// that comes back, as a peer that uploads again or a file that is shared again,
// is sent only as far as it differs.
type table[T any] struct {
	items   []*T // that are there, in the order of ECIDs; the slice is replaced, never changed
	changed bool // since the last call of news

	remembered map[uint32]*T // that went, or of which too little is known yet to be shown
	most       int           // how many are remembered

	ecid  func(*T) uint32
	whole func(*T) bool // whether it can be told what the object is
	leave func(*T) *T   // what is remembered of it; nil for all
}

func newTable[T any](ecid func(*T) uint32, whole func(*T) bool, most int) table[T] {
	return table[T]{remembered: map[uint32]*T{}, most: most, ecid: ecid, whole: whole}
}

// unknown reports whether there are objects that were first met in the middle.
func (t *table[T]) unknown() bool {
	for _, item := range t.remembered {
		if !t.whole(item) {
			return true
		}
	}
	return false
}

// pass is one reply on its way into a table. Until commit nothing has changed.
type pass[T any] struct {
	*table[T]
	next   map[uint32]*T // what the objects are after the reply, as far as they differ
	listed []bool        // which of items the reply has
}

func (t *table[T]) begin() *pass[T] {
	return &pass[T]{table: t, next: map[uint32]*T{}, listed: make([]bool, len(t.items))}
}

// find returns what is known of the object so far, or nil, and notes that the
// reply lists it.
func (p *pass[T]) find(ecid uint32) *T {
	at, found := search(p.items, p.ecid, ecid)
	if found {
		p.listed[at] = true
	}
	if next := p.next[ecid]; next != nil {
		return next
	}
	if found {
		return p.items[at]
	}
	return p.remembered[ecid]
}

// went reports whether what find returned is an object that is not there any
// more. When a reply tells of it as a whole all the same, as 3.1 and an Encoder
// do, nothing of before holds.
func (p *pass[T]) went(old *T) bool {
	return old != nil && p.remembered[p.ecid(old)] == old && p.whole(old)
}

// list enters an object of the reply. Old is what find returned for it, and
// next what it is now: the same when it is unchanged, nil when nothing is known
// of it.
func (p *pass[T]) list(old, next *T) {
	if next == nil {
		return
	}
	ecid := p.ecid(next)
	if _, isItem := search(p.items, p.ecid, ecid); next != old || !isItem {
		p.next[ecid] = next
	}
}

// commit changes the table. Objects that are removed go, and, when all are
// listed, those that are not.
func (p *pass[T]) commit(removed []uint32, allListed bool) {
	going := make(map[uint32]bool, len(removed))
	for _, ecid := range removed {
		going[ecid] = true
	}
	changed := false
	items := make([]*T, 0, len(p.items)+len(p.next))
	for i, item := range p.items {
		ecid := p.ecid(item)
		next, differs := p.next[ecid]
		if differs {
			delete(p.next, ecid)
			item = next
		}
		if goes := going[ecid] || allListed && !p.listed[i]; goes {
			p.remember(p.left(item))
			differs = true
		} else {
			items = append(items, item)
		}
		changed = changed || differs
	}
	for ecid, item := range p.next {
		switch {
		case going[ecid]:
			p.remember(p.left(item))
		case p.whole(item):
			delete(p.remembered, ecid)
			items = append(items, item)
			changed = true
		default:
			p.remember(item)
		}
	}
	if changed {
		slices.SortFunc(items, func(a, b *T) int { return cmp.Compare(p.ecid(a), p.ecid(b)) })
		p.items, p.changed = items, true
	}
}

// amend changes the table by a reply that does not tell which objects are
// there: each stays where it is.
func (p *pass[T]) amend() {
	items := slices.Clone(p.items)
	for ecid, item := range p.next {
		if at, isItem := search(items, p.ecid, ecid); isItem {
			items[at] = item
			p.changed = true
		} else {
			p.remember(item)
		}
	}
	p.items = items
}

// news reports whether the table changed since the last call.
func (t *table[T]) news() bool {
	changed := t.changed
	t.changed = false
	return changed
}

func (t *table[T]) left(item *T) *T {
	if t.leave == nil {
		return item
	}
	return t.leave(item)
}

// remember keeps an object that is not there, and when there are too many of
// them forgets any other.
func (t *table[T]) remember(item *T) {
	delete(t.remembered, t.ecid(item))
	for ecid, other := range t.remembered {
		if len(t.remembered) < t.most {
			break
		}
		t.left(other)
		delete(t.remembered, ecid)
	}
	t.remembered[t.ecid(item)] = item
}
