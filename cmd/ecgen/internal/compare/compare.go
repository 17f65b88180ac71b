package compare

import (
	"path"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// Version is one side of a comparison: code lists and, for a whole spec, what
// was built from them.
type Version struct {
	Codes    []*header.File
	Protocol *model.Protocol // may be nil
}

// Versions returns the changes from old to new: those of the code lists in the
// order of the files and then, when both sides have a spec, those of the spec.
// Texts for people are no part of the protocol: comments, conditions in words
// and releases.
func Versions(old, new Version) []Change {
	c := &comparison{
		changes: []Change{},
		new:     new,
		homes:   map[string]diag.Position{},
		whole:   map[string]bool{},
		renamed: map[reference]string{},
	}
	c.codes(old.Codes, new.Codes)
	if old.Protocol != nil && new.Protocol != nil {
		c.specs(old.Protocol, new.Protocol)
	}
	return c.changes
}

// FileLike returns the file of the version that has the base name of a file of
// another one; where none has it, any of its files.
func (v Version) FileLike(other string) string {
	files := v.files()
	for _, name := range files {
		if path.Base(name) == path.Base(other) {
			return name
		}
	}
	return append(files, other)[0]
}

func (v Version) files() []string {
	var names []string
	for _, file := range v.Codes {
		names = append(names, file.Name)
	}
	if v.Protocol != nil {
		for _, s := range v.Protocol.Shapes() {
			names = append(names, s.Position.File)
		}
		for _, enum := range v.Protocol.Enums {
			names = append(names, enum.Position.File)
		}
	}
	return names
}

// item is a thing that both versions may have.
type item struct {
	what     What
	name     string
	where    string
	value    string
	aspects  []aspect
	members  []string // names of what stands in it
	position diag.Position
}

// label tells the item from all others of its sort.
func (i *item) label() string {
	if i.what == Message {
		return i.name + " from " + i.where
	}
	return i.name
}

// aspect is one property that can change.
type aspect struct {
	name, text string
	meaning    meaningOf
}

// meaningOf says what it means that an aspect changes, and why.
type meaningOf func(old, new string) (Meaning, string)

// sameness reports whether two items are one.
type sameness func(old, new *item) bool

// comparison collects changes.
type comparison struct {
	changes []Change
	new     Version
	homes   map[string]diag.Position // where enums, messages and objects stand in the new version
	whole   map[string]bool          // what was added or removed with all that stands in it
	renamed map[reference]string     // old label to new
}

// reference is a thing of the old version.
type reference struct {
	what  What
	label string
}

// items compares things of one sort. Samenesses are tried one after another on
// what is not coupled yet.
func (c *comparison) items(old, new []item, rules ...sameness) {
	partners := couple(old, new, rules)
	coupled := map[*item]bool{}
	for i := range new {
		now := &new[i]
		c.homes[now.label()] = now.position
		before := partners[now]
		if before == nil {
			c.oneSided(Added, now, now.position, old)
			continue
		}
		coupled[before] = true
		c.renamed[reference{now.what, before.label()}] = now.label()
		c.twoSided(before, now)
	}
	for i := range old {
		if before := &old[i]; !coupled[before] {
			at, known := c.homes[before.where]
			if !known {
				at = diag.Position{File: c.new.FileLike(before.position.File)}
			}
			c.oneSided(Removed, before, at, new)
		}
	}
}

// couple finds the old item of each new one.
func couple(old, new []item, rules []sameness) map[*item]*item {
	partners := map[*item]*item{}
	taken := map[*item]bool{}
	for _, same := range rules {
		for i := range new {
			now := &new[i]
			if partners[now] != nil {
				continue
			}
			for j := range old {
				if before := &old[j]; !taken[before] && same(before, now) {
					partners[now], taken[before] = before, true
					break
				}
			}
		}
	}
	return partners
}

func unmoved(old, new *item) bool  { return old.name == new.name && old.where == new.where }
func namesake(old, new *item) bool { return old.name == new.name }

func sameNumber(old, new *item) bool { return old.value == new.value && old.where == new.where }

// sameMembers reports whether most of what stood in the old item stands in the
// new one.
func sameMembers(old, new *item) bool {
	members := map[string]bool{}
	for _, name := range old.members {
		members[name] = true
	}
	kept := 0
	for _, name := range new.members {
		if members[name] {
			kept++
		}
	}
	return 2*kept > max(len(old.members), len(new.members))
}

// oneSided reports an item that the others, on the other side, do not have.
func (c *comparison) oneSided(kind Kind, i *item, at diag.Position, others []item) {
	if c.whole[i.where] {
		return
	}
	if i.what == Enum || i.what == Object || i.what == Message {
		c.whole[i.label()] = true
	}
	change := Change{Kind: kind, What: i.what, Name: i.name, Where: i.where, Value: i.value, Position: at}
	change.Meaning, change.Note = oneSidedMeaning(kind, i, others)
	c.changes = append(c.changes, change)
}

// twoSided reports what differs between the two sides of an item.
func (c *comparison) twoSided(before, now *item) {
	report := func(kind Kind, aspect, old, new string, meaning Meaning, note string) {
		if old != new {
			c.changes = append(c.changes, Change{
				Kind: kind, What: now.what, Name: now.name, Where: now.where, Value: now.value,
				Aspect: aspect, Old: old, New: new, Meaning: meaning, Note: note, Position: now.position,
			})
		}
	}
	meaning, note := renamedMeaning(before, now)
	report(Renamed, "", before.name, now.name, meaning, note)
	report(Moved, "", before.where, now.where, movedMeaning(now.what, now.where), "")
	meaning, note = renumberedMeaning(now.name, before.value, now.value)
	report(Renumbered, "", before.value, now.value, meaning, note)
	for i, is := range now.aspects {
		was := before.aspects[i]
		meaning, note = is.meaning(was.text, is.text)
		if is.name == "type" {
			report(Retyped, "", was.text, is.text, meaning, note)
		} else {
			report(Changed, is.name, was.text, is.text, meaning, note)
		}
	}
}

// now returns the label that the new version has for a thing of the old one.
func (c *comparison) now(what What, old string) string {
	if label, ok := c.renamed[reference{what, old}]; ok {
		return label
	}
	return old
}
