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

// String returns it as a line for people.
func (c Coverage) String() string {
	text := fmt.Sprintf("%s: %d names of %s", c.File, c.Names, c.Enum)
	if c.Unread > 0 {
		text += fmt.Sprintf(", %d with values that cannot be read", c.Unread)
	}
	if len(c.Missing) == 0 {
		return text + "; all are there"
	}
	const few = 3
	text += fmt.Sprintf("; %d missing: %s", len(c.Missing), strings.Join(c.Missing[:min(few, len(c.Missing))], ", "))
	if len(c.Missing) > few {
		text += ", ..."
	}
	return text
}

// Check compares the constants of one source with the code lists. What is
// called as codes are, but without EC, is passed over when most of such names
// mean nothing here: it belongs to another protocol.
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
	unsure, known := 0, 0
	for _, e := range entries {
		id, ok := identify(tables, e)
		if !ok || id.table != t {
			continue
		}
		own = append(own, named{e, id})
		if !id.sure {
			unsure++
			if t.byName[squeeze(id.name)] != nil {
				known++
			}
		}
	}
	if 2*known < unsure {
		own = slices.DeleteFunc(own, func(n named) bool { return !n.sure })
	}
	return own
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
	case code == nil:
		return unknownName, t.unknown(e, holder)
	case !e.Known, uint64(e.Value) == code.Value:
		return rule.Rule{}, ""
	case t.isTags() && uint64(e.Value)>>1 == code.Value:
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
	if meant := t.suggest(e.name); meant != nil && meant != holder {
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
