package breaking

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/emit"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

// goAPI compares the packages that would be generated.
func goAPI(old, new compare.Version) ([]rule.Finding, error) {
	was, err := apiOf(old.Protocol)
	if err != nil {
		return nil, err
	}
	is, err := apiOf(new.Protocol)
	if err != nil {
		return nil, err
	}
	oldPlaces, newPlaces := places(old.Protocol), places(new.Protocol)
	var found []rule.Finding
	report := func(r rule.Rule, name, format string, args ...any) {
		at, known := newPlaces[name]
		if owner, _, _ := strings.Cut(name, "."); !known {
			at, known = newPlaces[owner]
		}
		if !known {
			at = diag.Position{File: new.FileLike(oldPlaces[name].File)}
		}
		found = append(found, rule.Finding{Rule: r, Position: at, Message: name + " " + fmt.Sprintf(format, args...)})
	}
	for _, name := range slices.Sorted(maps.Keys(was.constants)) {
		if !is.constants[name] {
			report(constRemoved, name, "is gone")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was.types)) {
		switch sort, there := is.types[name]; {
		case !there:
			report(typeRemoved, name, "is gone")
		case sort != was.types[name]:
			report(typeChanged, name, "is a %s, was a %s", sort, was.types[name])
		}
	}
	for _, member := range slices.Sorted(maps.Keys(was.members)) {
		owner, _, _ := strings.Cut(member, ".")
		before, now := was.members[member], is.members[member]
		switch {
		case is.types[owner] != was.types[owner] || before == now:
			// Nothing, or the type was reported.
		case before == method:
			report(typeChanged, owner, "has no method %s any more", member)
		case now == "":
			report(fieldRemoved, member, "is gone")
		default:
			report(fieldTypeChanged, member, "is a %s, was a %s", now, before)
		}
	}
	return found, nil
}

// api is what a generated package offers.
type api struct {
	constants map[string]bool
	types     map[string]string // the sort of type
	members   map[string]string // Type.Field to its type, Type.Method to method
}

const method = "method"

func apiOf(p *model.Protocol) (*api, error) {
	files, err := emit.Generate(p, emit.Options{Package: "ec", Module: "github.com/ecgen/ecgen"})
	if err != nil {
		return nil, err
	}
	a := &api{map[string]bool{}, map[string]string{}, map[string]string{}}
	embedded := map[string][]string{} // by the types that embed
	fileSet := token.NewFileSet()
	for name, content := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fileSet, name, content, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declaration := range file.Decls {
			a.declaration(declaration, embedded)
		}
	}
	for owner, names := range embedded {
		for _, name := range names {
			a.promote(name, owner)
		}
	}
	maps.DeleteFunc(a.members, func(member, _ string) bool { return !ast.IsExported(member) })
	return a, nil
}

// declaration notes what a declaration offers, with the methods of types that
// are not exported, because others may embed them.
func (a *api) declaration(declaration ast.Decl, embedded map[string][]string) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && d.Name.IsExported() {
			receiver := strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*")
			a.members[receiver+"."+d.Name.Name] = method
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if d.Tok == token.CONST && name.IsExported() {
						a.constants[name.Name] = true
					}
				}
			case *ast.TypeSpec:
				a.typeSpec(s, embedded)
			}
		}
	}
}

func (a *api) typeSpec(s *ast.TypeSpec, embedded map[string][]string) {
	structure, isStruct := s.Type.(*ast.StructType)
	if !isStruct {
		if s.Name.IsExported() {
			a.types[s.Name.Name] = types.ExprString(s.Type)
		}
		return
	}
	if s.Name.IsExported() {
		a.types[s.Name.Name] = "struct"
	}
	for _, field := range structure.Fields.List {
		if len(field.Names) == 0 {
			embedded[s.Name.Name] = append(embedded[s.Name.Name], types.ExprString(field.Type))
		}
		for _, name := range field.Names {
			if name.IsExported() {
				a.members[s.Name.Name+"."+name.Name] = types.ExprString(field.Type)
			}
		}
	}
}

// promote gives a type the members of one that it embeds.
func (a *api) promote(embedded, owner string) {
	for member, is := range maps.Clone(a.members) {
		if name, found := strings.CutPrefix(member, embedded+"."); found {
			a.members[owner+"."+name] = cmp.Or(a.members[owner+"."+name], is)
		}
	}
}

// places returns where each Go name of the package comes from.
func places(p *model.Protocol) map[string]diag.Position {
	at := map[string]diag.Position{}
	for _, code := range slices.Concat(p.Opcodes, p.Tags) {
		at[code.Constant] = code.Position
	}
	for _, enum := range p.Enums {
		at[enum.Name] = enum.Position
		for _, value := range enum.Values {
			at[value.Go] = enum.Position
		}
	}
	for _, s := range slices.Concat(p.Objects, p.Messages) {
		at[s.Name] = s.Position
		for _, list := range s.Lists {
			at[list.Element] = s.Position
		}
		for _, f := range slices.Concat(s.Fields, s.Own) {
			at[s.Name+"."+f.Name] = f.Position
		}
	}
	return at
}
