// Package planted tests the fuzz targets: it has realistic bugs, plants them
// into the codec and into generated code, and fuzzes until one of the targets
// finds them.
//
// The product has no trace of the bugs. They are edits of its sources, which
// an overlay of the go command puts in place of the files: a build with the
// overlay has all bugs at once, and the environment variable ECGEN_PLANTED
// says which of them is alive.
package planted

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Variable is the environment variable that names the bug that is alive in a
// program that was built with the overlay.
const Variable = "ECGEN_PLANTED"

// Bug is one planted bug.
type Bug struct {
	Name  string // a Go identifier
	Doc   string // what somebody would have done wrong
	Edits []Edit
}

// Edit is a change of one place of the source.
type Edit struct {
	File string // slash-separated, from the module's root
	In   string // text before the place: the beginning of its function
	Old  string // is there once between In and the end of the function
	New  string // takes its place; BUG in it is true when the bug is alive
}

// Overlay writes edited copies of the sources of the module at root into dir,
// which it makes, with all bugs in them. It returns the name of the file for
// the go command's flag -overlay.
func Overlay(root, dir string, bugs []Bug) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	sources, switches := map[string]string{}, map[string][]string{}
	for _, bug := range bugs {
		for _, edit := range bug.Edits {
			if _, ok := sources[edit.File]; !ok {
				source, err := os.ReadFile(filepath.Join(root, edit.File))
				if err != nil {
					return "", err
				}
				sources[edit.File] = string(source)
			}
			if sources[edit.File], err = edit.apply(sources[edit.File], bug.variable()); err != nil {
				return "", fmt.Errorf("bug %s: %w", bug.Name, err)
			}
			if folder := path.Dir(edit.File); !slices.Contains(switches[folder], bug.Name) {
				switches[folder] = append(switches[folder], bug.Name)
			}
		}
	}
	for folder, names := range switches {
		sources[path.Join(folder, "planted.go")] = switchesOf(path.Base(folder), names)
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		copied := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(copied, []byte(sources[name]), 0o666); err != nil {
			return "", err
		}
		overlay.Replace[filepath.Join(root, filepath.FromSlash(name))] = copied
	}
	text, err := json.MarshalIndent(overlay, "", "\t")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, text, 0o666)
}

// variable is the name of the variable that is true when the bug is alive.
func (b *Bug) variable() string { return "planted" + b.Name }

// switchesOf returns a source file with the variables of these bugs.
func switchesOf(packageName string, bugs []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport \"os\"\n\nvar (\n", packageName)
	for _, name := range bugs {
		bug := Bug{Name: name}
		fmt.Fprintf(&b, "\t%s = os.Getenv(%q) == %q\n", bug.variable(), Variable, name)
	}
	b.WriteString(")\n")
	return b.String()
}

// apply returns the source with the edit made.
func (e *Edit) apply(source, variable string) (string, error) {
	begin := strings.Index(source, e.In)
	if begin < 0 {
		return "", fmt.Errorf("%s does not have\n%s", e.File, e.In)
	}
	end := len(source)
	if size := strings.Index(source[begin:], "\n}\n"); size >= 0 {
		end = begin + size
	}
	function := source[begin:end]
	if n := strings.Count(function, e.Old); n != 1 {
		return "", fmt.Errorf("%s has %d times, want once, behind %q\n%s", e.File, n, e.In, e.Old)
	}
	function = strings.Replace(function, e.Old, strings.ReplaceAll(e.New, "BUG", variable), 1)
	return source[:begin] + function + source[end:], nil
}
