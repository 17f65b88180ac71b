package emit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// TypeCheck type-checks the files as one package in directory, which need not
// exist yet, without writing them. Its imports are resolved by the module that
// the directory belongs to.
func TypeCheck(directory string, files map[string][]byte) error {
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
	dependencies, err := loadPackages(directory, slices.Sorted(maps.Keys(imports)))
	if err != nil {
		return err
	}
	config := types.Config{Importer: dependencies}
	if _, err := config.Check("generated", fileSet, parsed, nil); err != nil {
		return fmt.Errorf("generated code does not compile: %w", err)
	}
	return nil
}

// imported is an importer for packages that are loaded already.
type imported map[string]*types.Package

// Import returns the package of this path.
func (i imported) Import(path string) (*types.Package, error) {
	if p := i[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("package %s is not loaded", path)
}

// loadPackages loads the types of packages as seen from directory, or from the
// nearest directory above that exists.
func loadPackages(directory string, paths []string) (imported, error) {
	directory, err := filepath.Abs(directory)
	if err != nil {
		return nil, err
	}
	for {
		if _, err := os.Stat(directory); err == nil || directory == filepath.Dir(directory) {
			break
		}
		directory = filepath.Dir(directory)
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile,
		Dir:  directory,
	}, paths...)
	if err != nil {
		return nil, err
	}
	result := imported{}
	var problems []error
	for _, p := range loaded {
		for _, problem := range p.Errors {
			problems = append(problems, problem)
		}
		result[p.PkgPath] = p.Types
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("the packages that generated code needs cannot be loaded from %s; does its module require them?\n%w", directory, err)
	}
	return result, nil
}
