package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// fewKeys is how many keys a hint lists.
const fewKeys = 8

// Read reads the files, given by their names, as one spec, and reports all that
// is wrong with their form. With findings, the spec is what could be read.
func Read(files map[string][]byte) (*Spec, diag.List) {
	spec := new(Spec)
	r := reader{firsts: make(map[identity]diag.Position)}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if root := parse(file, files[file], &r.findings); root.kind != nothing {
			r.structure(root, "a spec file", reflect.ValueOf(spec).Elem())
		}
	}
	r.findings.Sort()
	return spec, r.findings
}

// reader fills structs from nodes, guided by the keys of their types.
type reader struct {
	findings diag.List
	firsts   map[identity]diag.Position
}

// identity is what only one item of all files may have.
type identity struct {
	kind reflect.Type
	name string
}

// value reads a node into a target of any type of the language. Messages call
// it what.
func (r *reader) value(n node, what string, choices []string, target reflect.Value) {
	switch value := target.Addr().Interface().(type) {
	case *Text:
		r.text(n, what, choices, value)
	case *Number:
		r.number(n, what, value)
	case *Flag:
		r.flag(n, what, value)
	default:
		switch of := target.Type(); {
		case of.Kind() == reflect.Struct:
			r.structure(n, what, target)
		case of.Kind() == reflect.Pointer:
			target.Set(reflect.New(of.Elem()))
			r.structure(n, what, target.Elem())
		case isNamed(of.Elem()):
			r.named(n, what, target)
		default:
			r.list(n, what, target)
		}
	}
}

func (r *reader) list(n node, what string, target reflect.Value) {
	if !r.is(n, list, what) {
		return
	}
	for _, child := range n.items {
		item := reflect.New(target.Type().Elem()).Elem()
		r.value(child, "an item of "+what, nil, item)
		target.Set(reflect.Append(target, item))
	}
}

// named reads the lines of a mapping as items with a Name.
func (r *reader) named(n node, what string, target reflect.Value) {
	if !r.is(n, mapping, what) {
		return
	}
	for _, line := range n.pairs {
		item := reflect.New(target.Type().Elem()).Elem()
		name := item.FieldByName("Name").Addr().Interface().(*Text)
		if !r.text(line.key, "a key of "+what, nil, name) {
			continue
		}
		id := identity{item.Type(), name.Value}
		if first, taken := r.firsts[id]; taken {
			r.findings.Add(name.Position, "%.60q is twice in %s, first at %s", name.Value, what, first)
			continue
		}
		r.firsts[id] = name.Position
		self := fmt.Sprintf("%.60s", name.Value)
		if word, ok := item.Addr().Interface().(*Word); ok {
			r.text(line.value, self, nil, &word.Go)
		} else {
			r.structure(line.value, self, item)
		}
		target.Set(reflect.Append(target, item))
	}
}

func (r *reader) structure(n node, what string, target reflect.Value) {
	if !r.is(n, mapping, what) {
		return
	}
	if position := target.FieldByName("Position"); position.IsValid() {
		position.Set(reflect.ValueOf(n.position))
	}
	keys := keysOf(target.Type())
	given := make(map[string]diag.Position)
	for _, line := range n.pairs {
		name, at := line.key.text, line.key.position
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		if i < 0 {
			r.findings.Add(at, "unknown key %.60q in %s", name, what).Hint = hint(name, namesOf(keys))
			continue
		}
		if first, twice := given[name]; twice {
			r.findings.Add(at, "%s is given twice, first on line %d", name, first.Line)
			continue
		}
		given[name] = at
		r.value(line.value, name, keys[i].choices, target.Field(keys[i].field))
	}
	for _, k := range keys {
		if _, ok := given[k.name]; k.required && !ok {
			r.missing(n.position, what, k)
		}
	}
	if target.Type() == reflect.TypeFor[Entry]() {
		r.checkEntry(n.position, keys, given)
	}
}

// is reports whether a node is of the wanted kind, and if not, that finding.
func (r *reader) is(n node, want kind, what string) bool {
	if n.kind != want {
		r.mismatch(n, what, string(want))
	}
	return n.kind == want
}

func (r *reader) mismatch(n node, what, want string) {
	if n.kind == refused {
		return
	}
	found := r.findings.Add(n.position, "%s must be %s, not %s", what, want, n.kind)
	if want == string(list) && n.kind == nothing {
		found.Hint = "[] is an empty list"
	}
}

func (r *reader) missing(at diag.Position, what string, k key) {
	r.findings.Add(at, "%s has no %s", what, k.name).Hint = k.name + ": " + k.doc
}

func namesOf(keys []key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

// hint offers the nearest of some candidates, or all if they are few.
func hint(word string, candidates []string) string {
	if near := diag.DidYouMean(word, candidates); near != "" || len(candidates) > fewKeys {
		return near
	}
	return "possible: " + strings.Join(candidates, ", ")
}
