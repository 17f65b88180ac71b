package audit

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"unicode/utf8"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// goConstants returns the constants of a Go file with the values that a compiler
// gives them, as far as the file alone tells. The scope of a constant is its
// type.
func goConstants(name string, src []byte) []Entry {
	fileSet := token.NewFileSet()
	file, _ := parser.ParseFile(fileSet, name, src, parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	var entries []Entry
	var names []*ast.Ident
	forEachConstant(file, func(of string, name *ast.Ident) {
		at := fileSet.Position(name.Pos())
		column := utf8.RuneCount(src[at.Offset-at.Column+1:at.Offset]) + 1
		entry := Entry{Name: name.Name, Position: diag.Position{File: at.Filename, Line: at.Line, Column: column}}
		if of != "" {
			entry.Scopes = []string{of}
		}
		entries, names = append(entries, entry), append(names, name)
	})
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Error: func(error) {}, FakeImportC: true}
	config.Check("audited", fileSet, []*ast.File{file}, info)
	for i, name := range names {
		if c, ok := info.Defs[name].(*types.Const); ok {
			entries[i].Value, entries[i].Known = constant.Int64Val(constant.ToInt(c.Val()))
		}
	}
	return entries
}

// forEachConstant calls do with the constants of a file and the names of their
// types. It takes the types off, and conversions with them, because other files
// may define them; the numbers stay the same.
func forEachConstant(file *ast.File, do func(of string, name *ast.Ident)) {
	ast.Inspect(file, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			return true
		}
		of := ""
		for _, s := range d.Specs {
			spec := s.(*ast.ValueSpec)
			if spec.Type != nil || len(spec.Values) > 0 {
				of = typeName(spec.Type)
			}
			spec.Type = nil
			for i, value := range spec.Values {
				if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 {
					spec.Values[i] = call.Args[0]
					of = typeName(call.Fun)
				}
			}
			for _, name := range spec.Names {
				do(of, name)
			}
		}
		return false
	})
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}
