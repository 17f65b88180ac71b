package emit

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Syntax is parsed code, without comments.
type Syntax struct {
	Positions *token.FileSet
	Files     map[string]*ast.File // by name
}

// TypeCheck type-checks the files as one package in directory, which need not
// exist yet, without writing them. Its imports are resolved by the module that
// the directory belongs to, which requires the given one.
func TypeCheck(directory, module string, files map[string][]byte) (*Syntax, error) {
	syntax := &Syntax{token.NewFileSet(), map[string]*ast.File{}}
	var inOrder []*ast.File
	imports := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		file, err := parser.ParseFile(syntax.Positions, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("generated code does not parse: %w", err)
		}
		syntax.Files[name] = file
		inOrder = append(inOrder, file)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			imports[path] = true
		}
	}
	dependencies, err := newImporter(syntax.Positions, directory, module, slices.Sorted(maps.Keys(imports)))
	if err != nil {
		return nil, err
	}
	config := types.Config{Importer: dependencies}
	if _, err := config.Check("generated", syntax.Positions, inOrder, nil); err != nil {
		return nil, fmt.Errorf("generated code does not compile: %w", err)
	}
	return syntax, nil
}
