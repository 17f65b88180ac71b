package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"io"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/emit"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// printSize says how much code was generated, and how much of it there is for
// each field: its comment and declaration, its presence bit, its case in the
// reader, its part of the writer, its line in the table.
func printSize(w io.Writer, p *model.Protocol, code *emit.Syntax) {
	lines, ofFields, fields := 0, 0, 0
	line := func(p token.Pos) int { return code.Positions.Position(p).Line }
	for name, file := range code.Files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		lines += code.Positions.File(file.FileStart).LineCount()
		ast.Inspect(file, func(n ast.Node) bool {
			switch {
			case n == nil:
			case belongsToFields(n):
				ofFields += line(n.End()) - line(n.Pos()) - 1
			default:
				return true
			}
			return false
		})
	}
	for _, s := range p.Shapes() {
		fields += s.Bits()
	}
	ofFields += fields // the table
	fmt.Fprintf(w, "total  %d lines of code, %.1f of them for each of %d fields\n", lines, float64(ofFields)/float64(fields), fields)
}

// belongsToFields reports whether each line of a declaration or statement is
// for one field or another.
func belongsToFields(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.StructType:
		return true
	case *ast.GenDecl:
		return n.Tok == token.CONST && len(n.Specs) > 0 && strings.HasPrefix(n.Specs[0].(*ast.ValueSpec).Names[0].Name, "bit")
	case *ast.SwitchStmt:
		return true
	case *ast.FuncDecl:
		return n.Name.Name == "appendTags"
	default:
		return false
	}
}
