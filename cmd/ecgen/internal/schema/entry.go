package schema

import (
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// form is one of the shapes of an Entry: the key that marks it, the keys that
// it needs besides, and those that it may have.
type form struct {
	mark  string
	needs []string
	may   []string
}

// entryForms stand in the order in which marks decide: an Entry with positions
// has a tag too.
var entryForms = []form{
	{"group", nil, conditions},
	{"list", []string{"element", "of", "doc"}, conditions},
	{"positions", []string{"tag", "element", "doc"}, append(slices.Clone(conditions), "go")},
	{"tag", []string{"type", "doc"}, slices.Concat(conditions,
		[]string{"presence", "enum", "unit", "go", "also_named"})},
}

// conditions are the keys that restrict when a tag is there.
var conditions = []string{"detail", "capability", "incremental", "when", "since"}

// takes reports whether a key may stand in an Entry of this form.
func (f form) takes(name string) bool {
	return name == f.mark || slices.Contains(f.needs, name) || slices.Contains(f.may, name)
}

// checkEntry checks what the keys of an Entry say about each other.
func (r *reader) checkEntry(at diag.Position, keys []key, given map[string]diag.Position) {
	has := func(name string) bool { _, ok := given[name]; return ok }
	var subjects []string
	for _, subject := range []string{"group", "tag", "list"} {
		if has(subject) {
			subjects = append(subjects, subject)
		}
	}
	if len(subjects) != 1 {
		found := r.findings.Add(at, "an entry has one of group, tag and list")
		if len(subjects) > 1 {
			found.Hint = "this one has " + strings.Join(subjects, " and ")
		}
		return
	}
	f := entryForms[slices.IndexFunc(entryForms, func(f form) bool { return has(f.mark) })]
	for _, k := range keys {
		switch {
		case has(k.name) && !f.takes(k.name):
			r.findings.Add(given[k.name], "%s cannot stand beside %s", k.name, f.mark)
		case !has(k.name) && slices.Contains(f.needs, k.name):
			r.missing(at, "an entry with "+f.mark, k)
		}
	}
}
