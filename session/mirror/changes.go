package mirror

import (
	"reflect"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Change is one object before and after. What is new has no Old, what is gone
// no New. Neither may be changed.
type Change[T any] struct{ Old, New *T }

// Changes are the differences between two snapshots, each list in the order of
// ECIDs.
//
// A finished download that is cleared goes under its ECID and comes back as a
// shared file under a new one; Cleared pairs the two.
type Changes struct {
	Downloads   []Change[Download]
	SharedFiles []Change[SharedFile]
	Clients     []Change[ec.Client]
	Servers     []Change[ec.Server]
	Friends     []Change[ec.Friend]
}

// Empty reports whether nothing changed.
func (c *Changes) Empty() bool {
	return len(c.Downloads)+len(c.SharedFiles)+len(c.Clients)+len(c.Servers)+len(c.Friends) == 0
}

// Cleared is a finished download that was taken off the list, and the shared
// file that it now is.
type Cleared struct {
	Download   *Download
	SharedFile *SharedFile
}

// Cleared returns the downloads that went while a shared file with the same
// hash came. Both stand in the lists of changes too.
func (c *Changes) Cleared() (cleared []Cleared) {
	gone := map[codec.Hash]*Download{}
	for _, change := range c.Downloads {
		if change.New == nil {
			gone[change.Old.Hash] = change.Old
		}
	}
	for _, change := range c.SharedFiles {
		if change.Old != nil {
			continue
		}
		if download := gone[change.New.Hash]; download != nil {
			cleared = append(cleared, Cleared{download, change.New})
		}
	}
	return cleared
}

// Compare returns what differs between two snapshots. An object whose hash
// differs is another one, although it has the ECID of one that is gone: after a
// restart a daemon counts anew.
func Compare(old, new *Snapshot) Changes {
	return Changes{
		Downloads:   compare(old.Downloads, new.Downloads, downloadECID, func(d *Download) codec.Hash { return d.Hash }),
		SharedFiles: compare(old.SharedFiles, new.SharedFiles, sharedFileECID, func(f *SharedFile) codec.Hash { return f.Hash }),
		Clients:     compare(old.Clients, new.Clients, clientECID, func(c *ec.Client) codec.Hash { return c.Hash }),
		Servers:     compare(old.Servers, new.Servers, serverECID, nil),
		Friends:     compare(old.Friends, new.Friends, friendECID, nil),
	}
}

// compare walks two sorted lists. Elements that are the same pointer are equal
// without a look.
func compare[T any](old, new []*T, ecid func(*T) uint32, hash func(*T) codec.Hash) (changes []Change[T]) {
	for len(old) > 0 || len(new) > 0 {
		switch {
		case len(new) == 0 || len(old) > 0 && ecid(old[0]) < ecid(new[0]):
			changes = append(changes, Change[T]{Old: old[0]})
			old = old[1:]
			continue
		case len(old) == 0 || ecid(new[0]) < ecid(old[0]):
			changes = append(changes, Change[T]{New: new[0]})
			new = new[1:]
			continue
		case old[0] == new[0] || reflect.DeepEqual(old[0], new[0]):
		case hash != nil && hash(old[0]) != hash(new[0]):
			changes = append(changes, Change[T]{Old: old[0]}, Change[T]{New: new[0]})
		default:
			changes = append(changes, Change[T]{Old: old[0], New: new[0]})
		}
		old, new = old[1:], new[1:]
	}
	return changes
}
