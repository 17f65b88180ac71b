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

// TypeCheck type-checks the files as one package in directory, which need not
// exist yet, without writing them. Its imports are resolved by the module that
// the directory belongs to, which requires the given one.
func TypeCheck(directory, module string, files map[string][]byte) error {
	fileSet := token.NewFileSet()
	var parsed []*ast.File
	imports := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		file, err := parser.ParseFile(fileSet, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("generated code does not parse: %w", err)
		}
		parsed = append(parsed, file)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[path] = true
		}
	}
	dependencies, err := newImporter(fileSet, directory, module, slices.Sorted(maps.Keys(imports)))
	if err != nil {
		return err
	}
	config := types.Config{Importer: dependencies}
	if _, err := config.Check("generated", fileSet, parsed, nil); err != nil {
		return fmt.Errorf("generated code does not compile: %w", err)
	}
	return nil
}
