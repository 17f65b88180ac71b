package audit

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// Entry is a constant of a source.
type Entry struct {
	Name     string
	Scopes   []string // names of what is around it, innermost last; "" for functions and the like
	Case     bool     // it stands in an enum, behind the word case
	Loose    bool     // it may be no constant but what a program does with names and numbers
	Value    int64
	Known    bool // whether the value could be read
	Position diag.Position
}

// language is what sets one apart from the others.
type language struct {
	extensions []string
	hash       bool // # begins a comment
	indented   bool // classes end where the indentation does
	counting   bool // an enum's names without a value count on
	cases      bool // an enum's names stand behind the word case, and begin with small letters
	tablesOnly bool // constants are read in another way
	also       func(name string, src []byte) []Entry
}

var languages = []language{
	{extensions: []string{".h", ".hh", ".hpp", ".c", ".cc", ".cpp", ".cxx"}, counting: true},
	{extensions: []string{".rs"}, counting: true},
	{extensions: []string{".go"}, tablesOnly: true, also: goConstants},
	{extensions: []string{".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs"}, counting: true},
	{extensions: []string{".java", ".kt", ".kts"}},
	{extensions: []string{".cs"}, counting: true},
	{extensions: []string{".swift"}, counting: true, cases: true},
	{extensions: []string{".py"}, hash: true, indented: true},
}

// Reads reports whether sources with the extension of this name can be read.
func Reads(name string) bool { return languageOf(name) != nil }

// Extensions returns those of all languages.
func Extensions() []string {
	var all []string
	for _, l := range languages {
		all = append(all, l.extensions...)
	}
	return all
}

func languageOf(name string) *language {
	for i := range languages {
		if slices.Contains(languages[i].extensions, strings.ToLower(filepath.Ext(name))) {
			return &languages[i]
		}
	}
	return nil
}

// Read returns the constants of a source, in its order.
func Read(name string, src []byte) ([]Entry, error) {
	l := languageOf(name)
	if l == nil {
		return nil, fmt.Errorf("%s: cannot tell the language by the name; known are %s", name, strings.Join(Extensions(), " "))
	}
	r := &reader{language: *l, tokens: tokenize(name, src, l.hash), values: map[string]int64{}}
	entries := r.read()
	if l.also != nil {
		entries = append(entries, l.also(name, src)...)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
	return entries, nil
}
