package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

// at returns the spec's directory as it was at a ref: another directory, or a
// revision of the git repository that the spec is in.
func (in *input) at(ref string) (place, error) {
	if info, err := os.Stat(ref); err == nil && info.IsDir() {
		return directory(ref), nil
	}
	switch {
	case in.spec == "":
		return place{}, fmt.Errorf("%s is no directory, and the built-in spec has no history; name a spec with --spec", ref)
	case strings.HasPrefix(ref, "-"):
		return place{}, fmt.Errorf("%q is neither a directory nor a revision", ref)
	}
	archive, err := git(in.spec, "archive", "--format=tar", ref)
	if err != nil {
		hint := ""
		if shallow, _ := git(in.spec, "rev-parse", "--is-shallow-repository"); strings.TrimSpace(string(shallow)) == "true" {
			hint = "; the clone is shallow, and git fetch --unshallow --tags brings what it lacks"
		}
		return place{}, fmt.Errorf("%s is no directory, and no revision of what %s is in: %w%s", ref, in.spec, err, hint)
	}
	files, err := untar(archive)
	if err != nil {
		return place{}, fmt.Errorf("%s: %w", ref, err)
	}
	tree, err := txtar.FS(files)
	return place{tree, path.Join(ref+":", filepath.Base(in.spec))}, err
}

// git runs git in a directory and returns what it prints.
func git(directory string, args ...string) ([]byte, error) {
	output, err := exec.Command("git", append([]string{"-C", directory}, args...)...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return output, err
}

// untar reads the regular files of a tar archive.
func untar(archive []byte) (*txtar.Archive, error) {
	files := &txtar.Archive{}
	reader := tar.NewReader(bytes.NewReader(archive))
	for {
		entry, err := reader.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if entry.Typeflag != tar.TypeReg {
			continue
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			return nil, err
		}
		files.Files = append(files.Files, txtar.File{Name: entry.Name, Data: content})
	}
}
