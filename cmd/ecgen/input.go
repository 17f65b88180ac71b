package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
	"github.com/ecgen/ecgen/spec"
)

// module is the path of ecgen's own module.
const module = "github.com/ecgen/ecgen"

// input is what the verbs read, as their flags say.
type input struct {
	headers string // directory; empty for that of the spec
	spec    string // directory; empty for the module's, or else the embedded spec
}

func (in *input) addFlags(flags *flag.FlagSet) {
	flags.StringVar(&in.headers, "headers", "", "take the codes from this `directory`: of an aMule tree, or with ECCodes.h and ECTagTypes.h or the .abstract files (default: with the spec); of an older aMule, what it lacks is left out")
	flags.StringVar(&in.spec, "spec", "", "read *.yaml in this `directory` (default: ./spec within ecgen's own module, else the built-in spec)")
}

// loaded is what was read.
type loaded struct {
	codes    []*header.File
	protocol *model.Protocol
	findings diag.List
	sources  map[string][]byte // by the names that findings have
	headers  []string          // names of the files
	leftOut  []string          // codes of the spec that these headers do not have
	yaml     []string
}

// place is a directory and the name that findings show for it.
type place struct {
	files fs.FS
	name  string
}

func directory(name string) place { return place{os.DirFS(name), name} }

// load reads and resolves everything that the flags name.
func (in *input) load() (*loaded, error) {
	if in.spec == "" {
		if root := ownModule(); root != "" {
			in.spec = filepath.Join(root, "spec")
		}
	}
	yaml := place{spec.Files, "built-in spec"}
	if in.spec != "" {
		yaml = directory(in.spec)
	}
	headers := yaml
	if in.headers != "" {
		headers = directory(in.headers)
	}
	return load(yaml, headers)
}

// load reads and resolves a spec and code headers. Of headers that are not the
// spec's own, what they lack is left out of the spec. The error says that
// something could not be read; what is wrong with what was read stands in the
// findings.
func load(spec, headers place) (*loaded, error) {
	l := &loaded{sources: map[string][]byte{}}
	yamlNames, err := fs.Glob(spec.files, "*.yaml")
	if err == nil && len(yamlNames) == 0 {
		err = fmt.Errorf("no *.yaml files in %s", spec.name)
	}
	if err != nil {
		return nil, err
	}
	yaml := map[string][]byte{}
	for _, name := range yamlNames {
		if err := l.read(spec, name, yaml); err != nil {
			return nil, err
		}
	}
	l.yaml = slices.Sorted(maps.Keys(yaml))
	if err := l.readCodes(headers); err != nil {
		return nil, err
	}
	read, specFindings := schema.Read(yaml)
	l.findings = append(l.findings, specFindings...)
	if len(l.findings) > 0 {
		return l, nil
	}
	if headers != spec {
		l.leftOut = model.LeaveOut(read, ownCodes(spec), l.codes)
	}
	l.protocol, l.findings = model.Build(l.codes, read)
	return l, nil
}

// ownCodes reads the code headers that stand with a spec, which need not have any.
func ownCodes(spec place) []*header.File {
	own := &loaded{sources: map[string][]byte{}}
	if own.readCodes(spec) != nil {
		return nil
	}
	return own.codes
}

// readCodes reads the code headers of a directory.
func (l *loaded) readCodes(headers place) error {
	names, err := findHeaders(headers.files)
	if err != nil {
		return fmt.Errorf("%s: %w", headers.name, err)
	}
	sources := map[string][]byte{}
	for _, name := range names {
		if err := l.read(headers, name, sources); err != nil {
			return err
		}
	}
	l.headers = slices.Sorted(maps.Keys(sources))
	for _, name := range l.headers {
		l.parse(name, sources[name])
	}
	return nil
}

func (l *loaded) parse(name string, source []byte) {
	file, findings := header.Parse(name, source)
	l.codes = append(l.codes, file)
	l.findings = append(l.findings, findings...)
}

// read reads a file under the name that findings show: relative to where ecgen
// runs, if that is shorter.
func (l *loaded) read(from place, name string, into map[string][]byte) error {
	content, err := fs.ReadFile(from.files, name)
	if err != nil {
		return fmt.Errorf("%s: %w", from.name, err)
	}
	shown := shorten(path.Join(filepath.ToSlash(from.name), name))
	l.sources[shown], into[shown] = content, content
	return nil
}

// headerPlaces are where code headers stand, in the order in which they are
// looked for: the directory itself, or the places in an aMule tree. The newest
// trees have only the abstract files; the last three places are those of aMule
// 2.1 and 2.0.
var headerPlaces = []struct{ directory, codes, extension string }{
	{".", "ECCodes", ".h"},
	{".", "ECCodes", ".abstract"},
	{"src/libs/ec/cpp", "ECCodes", ".h"},
	{"src/libs/ec/abstracts", "ECCodes", ".abstract"},
	{"src/libs/ec", "ECCodes", ".h"},
	{"src/libs/ec", "ECcodes", ".h"},
	{"src", "ECcodes", ".h"},
}

func findHeaders(files fs.FS) ([]string, error) {
	for _, place := range headerPlaces {
		codes := path.Join(place.directory, place.codes+place.extension)
		if _, err := fs.Stat(files, codes); err != nil {
			continue
		}
		types := path.Join(place.directory, "ECTagTypes"+place.extension)
		if _, err := fs.Stat(files, types); err != nil {
			return []string{codes}, nil
		}
		return []string{codes, types}, nil
	}
	return nil, errors.New("no ECCodes.h or ECCodes.abstract, neither there nor where an aMule tree has them")
}

// ownModule returns the root of ecgen's own module when ecgen runs in it, else
// "".
func ownModule() string {
	directory, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		content, err := os.ReadFile(filepath.Join(directory, "go.mod"))
		if err == nil {
			first, _, _ := strings.Cut(string(content), "\n")
			if strings.TrimSpace(first) == "module "+module {
				return directory
			}
			return ""
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return ""
		}
		directory = parent
	}
}

// shorten returns name relative to the working directory when it lies below.
func shorten(name string) string {
	directory, err := os.Getwd()
	if err != nil || !filepath.IsAbs(name) {
		return name
	}
	relative, err := filepath.Rel(directory, name)
	if err != nil || strings.HasPrefix(relative, "..") {
		return name
	}
	return filepath.ToSlash(relative)
}

// report prints findings. It returns the exit code for them.
func (l *loaded) report(stderr io.Writer) int {
	if len(l.findings) == 0 {
		return good
	}
	l.findings.Print(stderr, l.sources, isTerminal(stderr))
	return findings
}

// isTerminal reports whether w is a terminal that wants colours.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
