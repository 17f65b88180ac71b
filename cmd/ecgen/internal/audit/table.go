package audit

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// table is one enum of the code lists: what others call opcodes, tag names and
// so on.
type table struct {
	enum     string
	prefix   string // of its names: EC_TAG_
	codes    []header.Enumerator
	byName   map[string]*header.Enumerator // by squeezed names without the prefix
	last     map[string]string             // by such names: the last release that had what the spec may lack
	prefixes []string                      // what others begin such names with, squeezed
	scopes   []string                      // squeezed names of enums or classes that hold such codes
}

// otherWords are what others call the codes of a prefix.
var otherWords = map[string]string{"EC_OP_": "EC_OPCODE_"}

// dialectKinds are what spec.Dialects calls the codes of a prefix.
var dialectKinds = map[string]string{"EC_OP_": "opcode", "EC_TAG_": "tag"}

// newTables makes a table of each enum whose names begin alike.
func newTables(lists []*header.File) []*table {
	var tables []*table
	last := lastWith()
	for _, list := range lists {
		for _, enum := range list.Enums {
			prefix := enum.Prefix()
			if enum.Name == "" || prefix == "" {
				continue
			}
			t := &table{enum: enum.Name, prefix: prefix, codes: enum.Values, byName: map[string]*header.Enumerator{}}
			for i := range enum.Values {
				t.byName[squeeze(t.short(enum.Values[i].Name))] = &enum.Values[i]
			}
			t.last = map[string]string{}
			for code, release := range last {
				if name, ok := strings.CutPrefix(code, dialectKinds[prefix]+" "); ok {
					t.last[name] = release
				}
			}
			t.prefixes = []string{squeeze(prefix)}
			t.scopes = []string{singular(enum.Name), singular(prefix)}
			if other, ok := otherWords[prefix]; ok {
				t.prefixes = append(t.prefixes, squeeze(other))
				t.scopes = append(t.scopes, singular(other))
			}
			tables = append(tables, t)
		}
	}
	slices.SortStableFunc(tables, func(a, b *table) int { return len(b.prefix) - len(a.prefix) })
	return tables
}

func (t *table) short(name string) string { return strings.TrimPrefix(name, t.prefix) }

// isTags reports whether the codes stand on the wire with a bit behind them.
func (t *table) isTags() bool { return t.prefix == "EC_TAG_" }

// isFlags reports whether the codes are those of packet headers.
func (t *table) isFlags() bool { return t.prefix == "EC_FLAG_" }

// fits reports whether a value has no more bytes than the largest code.
func (t *table) fits(value int64) bool {
	bytes := func(n uint64) int { return (bits.Len64(n) + 7) / 8 }
	return value >= 0 && bytes(uint64(value)) <= max(1, bytes(t.largest()))
}

func (t *table) largest() uint64 {
	var largest uint64
	for _, code := range t.codes {
		largest = max(largest, code.Value)
	}
	return largest
}

// holder returns the code that has a value.
func (t *table) holder(value int64) *header.Enumerator {
	for i := range t.codes {
		if t.codes[i].Value == uint64(value) {
			return &t.codes[i]
		}
	}
	return nil
}

// number writes a value as those of the table are written.
func (t *table) number(value int64) string {
	return compare.Number(header.Enumerator{Name: t.prefix, Value: uint64(value), Negative: value < 0})
}

// suggest returns the code whose name a misspelt one may stand for.
func (t *table) suggest(name string) *header.Enumerator {
	var best *header.Enumerator
	words := strings.Split(name, "_")
	for i, code := range t.codes {
		if diag.WordsAmong(words, strings.Split(t.short(code.Name), "_")) && (best == nil || len(code.Name) < len(best.Name)) {
			best = &t.codes[i]
		}
	}
	if best != nil {
		return best
	}
	var names []string
	for squeezed := range t.byName {
		names = append(names, squeezed)
	}
	if nearest := diag.Nearest(squeeze(name), names); respelt(nearest, name) {
		return t.byName[nearest]
	}
	return nil
}

// identifier is a name in a source, taken apart.
type identifier struct {
	table *table
	name  string // without prefix, as the code lists would write it
	sure  bool   // its prefix or the enum around it says EC
	loose bool   // that it is a code at all is to be seen
}

// identify finds out what table a name belongs to: by its prefix with EC, by the
// name of what it stands in, or by its prefix without EC. The name of a type, as
// in ECTagName = IntEnum(...), belongs to none.
func identify(tables []*table, e Entry) (identifier, bool) {
	isType := func(t *table) bool { return !e.Known && t.holds([]string{e.Name}) }
	if e.Name == "" || slices.ContainsFunc(tables, isType) {
		return identifier{}, false
	}
	if constant, ok := strings.CutPrefix(e.Name, "k"); ok && constant != "" && isCapital(constant) {
		e.Name = constant // kTagPartfileName, as some write in C++
	}
	words := split(e.Name)
	for _, t := range tables {
		if rest, ok := t.cut(words, ""); ok {
			return identifier{t, rest, isCapital(e.Name) || t.surelyHolds(e.Scopes), e.Loose}, true
		}
	}
	for _, t := range tables {
		if t.holds(e.Scopes) && e.Known {
			rest, ok := t.cut(words, "EC")
			if !ok {
				rest = strings.Join(words, "_")
			}
			return identifier{t, rest, t.surelyHolds(e.Scopes), e.Loose || !isCapital(e.Name) && !e.Case}, true
		}
	}
	for _, t := range tables {
		if rest, ok := t.cut(words, "EC"); ok {
			return identifier{t, rest, false, e.Loose}, true
		}
	}
	return identifier{}, false
}

// cut takes away the words of one of the table's prefixes, of which what is
// without is left out, and joins the rest. Something must be left.
func (t *table) cut(words []string, without string) (rest string, ok bool) {
	for _, prefix := range t.prefixes {
		if rest, ok = cut(words, strings.TrimPrefix(prefix, without)); ok {
			return rest, true
		}
	}
	return "", false
}

// isCapital reports whether a name begins as those of constants do, and not as
// those of variables.
func isCapital(name string) bool { return unicode.IsUpper([]rune(name)[0]) }

// holds reports whether the innermost scope is named as the table's enum is.
func (t *table) holds(scopes []string) bool {
	if len(scopes) == 0 {
		return false
	}
	innermost := scopes[len(scopes)-1]
	return slices.Contains(t.scopes, singular(innermost))
}

func (t *table) surelyHolds(scopes []string) bool {
	return t.holds(scopes) && slices.ContainsFunc(scopes, func(s string) bool { return split(s)[0] == "EC" })
}

// cut takes the words of a squeezed prefix away and joins the rest.
func cut(words []string, prefix string) (rest string, ok bool) {
	for i, word := range words[:len(words)-1] {
		if prefix, ok = strings.CutPrefix(prefix, word); !ok {
			return "", false
		}
		if prefix == "" {
			return strings.Join(words[i+1:], "_"), true
		}
	}
	return "", false
}

// split returns the words of a name in capitals: of EC_TAG_NAME as of EcTagName.
func split(name string) []string {
	var words []string
	var word []rune
	runes := []rune(name)
	end := func() {
		if len(word) > 0 {
			words, word = append(words, strings.ToUpper(string(word))), nil
		}
	}
	for i, r := range runes {
		afterSmall := i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(runes[i-1])
		beforeSmall := i > 0 && i+1 < len(runes) && unicode.IsUpper(r) && unicode.IsLower(runes[i+1])
		if afterSmall || beforeSmall {
			end()
		}
		if r == '_' || r == '$' || r == '-' || unicode.IsSpace(r) {
			end()
			continue
		}
		word = append(word, r)
	}
	end()
	if words == nil {
		return []string{""}
	}
	return words
}

// squeeze returns a name in capitals without underscores.
func squeeze(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "_", "")) }

// singular returns what is left of the name of an enum or class when it is
// squeezed, without EC and without the s of a plural.
func singular(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(squeeze(name), "EC"), "S")
}

// respelt reports whether a name is another one with a letter or two more, less
// or different, or with words cut short.
func respelt(a, b string) bool {
	if abbreviated(strings.Split(a, "_"), strings.Split(b, "_")) {
		return true
	}
	a, b = squeeze(a), squeeze(b)
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 2 && len(b) <= 2
}

// abbreviated reports whether each word of one name begins the word of the
// other, or the other way round.
func abbreviated(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !strings.HasPrefix(a[i], b[i]) && !strings.HasPrefix(b[i], a[i]) {
			return false
		}
	}
	return true
}
