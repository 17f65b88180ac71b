// Package audit checks the code tables of other programs, in whatever language,
// against the code lists.
package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

// Coverage says how much of an enum of the code lists a source has.
type Coverage struct {
	File    string   `json:"file"`
	Enum    string   `json:"enum"`
	Names   int      `json:"names"`  // names that are taken for codes of the enum
	Unread  int      `json:"unread"` // those of them whose values could not be read
	Missing []string `json:"missing"`
}

// Shared is an enum that several sources have codes of, and what none of them
// has.
type Shared struct {
	Enum    string   `json:"enum"`
	Missing []string `json:"missing"`
}

// Together returns the enums that more than one of the sources has codes of.
func Together(sources []Coverage) []Shared {
	shared := []Shared{}
	for i, source := range sources {
		sameEnum := func(c Coverage) bool { return c.Enum == source.Enum }
		if slices.ContainsFunc(sources[:i], sameEnum) || !slices.ContainsFunc(sources[i+1:], sameEnum) {
			continue
		}
		missing := slices.Clone(source.Missing)
		for _, other := range sources[i+1:] {
			if sameEnum(other) {
				missing = slices.DeleteFunc(missing, func(name string) bool { return !slices.Contains(other.Missing, name) })
			}
		}
		shared = append(shared, Shared{source.Enum, missing})
	}
	return shared
}

// Present returns what is there as a line for people.
func (c Coverage) Present() string {
	text := fmt.Sprintf("%s: %d names of %s", c.File, c.Names, c.Enum)
	if c.Unread > 0 {
		text += fmt.Sprintf(", %d with values that cannot be read", c.Unread)
	}
	return text
}

// String returns what is there and what is missing as a line for people.
func (c Coverage) String() string { return c.Present() + "; " + lacking(c.Missing) }

// String returns what is missing as a line for people.
func (s Shared) String() string { return s.Enum + " together: " + lacking(s.Missing) }

func lacking(names []string) string {
	const few = 3
	switch {
	case len(names) == 0:
		return "all are there"
	case len(names) > few:
		return fmt.Sprintf("%d missing: %s, ...", len(names), strings.Join(names[:few], ", "))
	default:
		return fmt.Sprintf("%d missing: %s", len(names), strings.Join(names, ", "))
	}
}

// Check compares the constants of one source with the code lists. What is
// called as codes are, but without EC, is passed over when most of such names
// mean nothing here, and a number that is wider than those of codes: it belongs
// to another protocol. So do several names with EC of which none means anything.
// What may be no constant is passed over unless most of it are codes with their
// numbers.
func Check(entries []Entry, lists []*header.File) ([]rule.Finding, []Coverage) {
	var found []rule.Finding
	var covered []Coverage
	tables := newTables(lists)
	for _, t := range tables {
		there := map[string]bool{}
		coverage := Coverage{Enum: t.enum, Missing: []string{}}
		for _, e := range t.own(tables, entries) {
			coverage.File = e.Position.File
			coverage.Names++
			if !e.Known {
				coverage.Unread++
			}
			code := t.byName[squeeze(e.name)]
			if code != nil {
				there[code.Name] = true
			}
			if r, message := t.judge(e, code); message != "" {
				found = append(found, rule.Finding{Rule: r, Position: e.Position, Message: message})
			}
		}
		for _, code := range t.codes {
			if !there[code.Name] {
				coverage.Missing = append(coverage.Missing, code.Name)
			}
		}
		if coverage.Names > coverage.Unread {
			covered = append(covered, coverage)
		}
	}
	slices.SortStableFunc(found, func(a, b rule.Finding) int {
		return cmp.Or(cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
	return found, covered
}

// named is an entry whose name is taken apart.
type named struct {
	Entry
	identifier
}

// own returns the entries that belong to the table.
func (t *table) own(tables []*table, entries []Entry) []named {
	var own []named
	unsure, known, loose, right := 0, 0, 0, 0
	sure, strange := 0, 0
	for _, e := range entries {
		id, ok := identify(tables, e)
		if !ok || id.table != t || !id.sure && e.Known && !t.fits(e.Value) {
			continue
		}
		own = append(own, named{e, id})
		code := t.byName[squeeze(id.name)]
		switch {
		case id.loose:
			loose++
			if code != nil && t.isNumber(code, e.Value) {
				right++
			}
		case id.sure:
			sure++
			if code == nil {
				strange++
			}
		default:
			unsure++
			if code != nil {
				known++
			}
		}
	}
	const several = 3
	others := sure >= several && strange == sure
	return slices.DeleteFunc(own, func(n named) bool {
		switch {
		case n.loose:
			return 2*right <= loose
		case n.sure:
			return others
		default:
			return 2*known < unsure
		}
	})
}

// isNumber reports whether a value is that of a code, in itself or as it stands
// on the wire.
func (t *table) isNumber(code *header.Enumerator, value int64) bool {
	return uint64(value) == code.Value || t.isTags() && uint64(value)>>1 == code.Value
}

// isOwn reports whether a value is one that programs need a name of their own
// for: the flag that each packet has, to which aMule gives no name, and what is
// too large for a tag.
func (t *table) isOwn(value int64) bool {
	return t.isFlags() && value == 0x20 || t.isTags() && value > 0x7FFF
}

// judge says what is wrong with an entry that has the name of a code, or of
// none. Without a message nothing is.
func (t *table) judge(e named, code *header.Enumerator) (rule.Rule, string) {
	holder := t.holder(e.Value)
	if !e.Known {
		holder = nil
	}
	switch {
	case code == nil && holder != nil && respelt(e.name, t.short(holder.Name)):
		return staleName, fmt.Sprintf("%s is called %s in the spec", e.Name, holder.Name)
	case code == nil && e.Known && t.isOwn(e.Value):
		return rule.Rule{}, ""
	case code == nil:
		return unknownName, t.unknown(e, holder)
	case !e.Known, uint64(e.Value) == code.Value:
		return rule.Rule{}, ""
	case t.isNumber(code, e.Value):
		return doubledValue, fmt.Sprintf("%s is %s, which is %s of the spec, shifted as on the wire; the tag's number is %s",
			e.Name, t.number(e.Value), code.Name, t.number(int64(code.Value)))
	default:
		return wrongValue, fmt.Sprintf("%s is %s, but %s in the spec%s",
			e.Name, t.number(e.Value), t.number(int64(code.Value)), t.taken(e, holder))
	}
}

// unknown says what is known of a name that the spec does not have.
func (t *table) unknown(e named, holder *header.Enumerator) string {
	text := fmt.Sprintf("%s is not in %s of the spec", e.Name, t.enum)
	if release := t.last[squeeze(e.name)]; release != "" {
		text += "; aMule had it up to " + release
	} else if meant := t.suggest(e.name); meant != nil && meant != holder {
		text += fmt.Sprintf("; did you mean %s = %s?", meant.Name, t.number(int64(meant.Value)))
	}
	return text + t.taken(e, holder)
}

// taken says which code has the value of an entry.
func (t *table) taken(e named, holder *header.Enumerator) string {
	if holder == nil {
		return ""
	}
	return fmt.Sprintf("; %s is %s", t.number(e.Value), holder.Name)
}
