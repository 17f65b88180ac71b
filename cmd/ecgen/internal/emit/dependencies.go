package emit

import (
	"bytes"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

// newImporter returns an importer of packages as seen from directory, or from the
// nearest directory above that exists. Nothing is written there: where go.mod
// and go.sum lack what "go mod tidy" is going to add, a copy of them gets it.
func newImporter(fileSet *token.FileSet, directory, module string, paths []string) (types.Importer, error) {
	directory, err := nearest(directory, "")
	if err != nil {
		return nil, err
	}
	compiled, err := compile(directory, paths)
	if err != nil {
		if copied, remove, ok := copyModule(directory, module); ok {
			compiled, err = compile(directory, paths, "-mod=mod", "-modfile="+copied)
			remove()
		}
	}
	if err == nil {
		return importer.ForCompiler(fileSet, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) }), nil
	}
	return nil, fmt.Errorf("the packages that generated code needs cannot be loaded from %s; does its module require them?\n%w", directory, err)
}

// compile returns by path the files in which the compiler wrote the types of
// packages.
func compile(directory string, paths []string, flags ...string) (map[string]string, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode:       packages.NeedName | packages.NeedExportFile,
		Dir:        directory,
		BuildFlags: flags,
	}, paths...)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	var problems []error
	for _, p := range loaded {
		for _, problem := range p.Errors {
			problems = append(problems, problem)
		}
		files[p.PkgPath] = p.ExportFile
	}
	for _, path := range paths {
		if files[path] == "" && path != "unsafe" { // the go command has no words for it when go.mod needs updates
			problems = append(problems, fmt.Errorf("no package %s", path))
		}
	}
	return files, errors.Join(problems...)
}

// copyModule copies go.mod and go.sum of a module that names the one that is
// required.
func copyModule(directory, required string) (copied string, remove func(), ok bool) {
	root, err := nearest(directory, "go.mod")
	if err != nil {
		return "", nil, false
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || !bytes.Contains(mod, []byte(required)) {
		return "", nil, false
	}
	temporary, err := os.MkdirTemp("", "ecgen-")
	if err != nil {
		return "", nil, false
	}
	remove = func() { os.RemoveAll(temporary) }
	copied = filepath.Join(temporary, "go.mod")
	err = os.WriteFile(copied, mod, 0o600)
	if sum, missing := os.ReadFile(filepath.Join(root, "go.sum")); err == nil && missing == nil {
		err = os.WriteFile(filepath.Join(temporary, "go.sum"), sum, 0o600)
	}
	if err != nil {
		remove()
		return "", nil, false
	}
	return copied, remove, true
}

// nearest returns the directory, or the first one above it, that has this file,
// or that exists when the name is empty.
func nearest(directory, file string) (string, error) {
	directory, err := filepath.Abs(directory)
	for err == nil {
		if _, err = os.Stat(filepath.Join(directory, file)); err == nil {
			return directory, nil
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			break
		}
		directory, err = parent, nil
	}
	return "", err
}
