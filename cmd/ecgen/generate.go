package main

import (
	"flag"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/describe"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/dissector"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/emit"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// target is what generate and check are told by flags.
type target struct {
	input
	out         string
	packageName string
}

func (t *target) flagSet(name, text string) *flag.FlagSet {
	flags := flag.NewFlagSet("ecgen "+name, flag.ContinueOnError)
	t.addFlags(flags)
	flags.StringVar(&t.out, "out", "", "write the package to this `directory`, whose module must require "+module+" (default: ./generated/ec within ecgen's own module)")
	flags.StringVar(&t.packageName, "package", "", "the package's `name` (default: the last part of --out)")
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "Usage: ecgen %s [flags]\n\n%s\n\nFlags:\n", name, text)
		flags.PrintDefaults()
	}
	return flags
}

// resolve fills in what the flags left open.
func (t *target) resolve() error {
	root := ownModule()
	if t.out == "" {
		if root == "" {
			return fmt.Errorf("there is no spec to regenerate from here, which is outside ecgen's own module; say where to write with --out")
		}
		t.out = filepath.Join(root, "generated", "ec")
	}
	if t.packageName == "" {
		absolute, err := filepath.Abs(t.out)
		if err != nil {
			return err
		}
		t.packageName = filepath.Base(absolute)
	}
	if !token.IsIdentifier(t.packageName) {
		return fmt.Errorf("%q cannot be a package's name; give one with --package", t.packageName)
	}
	return nil
}

// built is what was read, and what was made of it: the products, and the syntax
// of the Go package, which is type-checked.
type built struct {
	*loaded
	syntax   *emit.Syntax
	products []*product
}

// build makes all products in memory. When code is not good, what is wrong was
// printed.
func (t *target) build(stderr io.Writer) (b *built, code int) {
	fail := func(err error) (*built, int) {
		fmt.Fprintln(stderr, "ecgen:", err)
		return nil, failed
	}
	if err := t.resolve(); err != nil {
		return fail(err)
	}
	l, err := t.load()
	if err != nil {
		return fail(err)
	}
	if code := l.report(stderr); code != good {
		return nil, code
	}
	files, err := emit.Generate(l.protocol, emit.Options{Package: t.packageName, Module: module})
	if err != nil {
		return fail(err)
	}
	syntax, err := emit.TypeCheck(t.out, module, files)
	if err != nil {
		return fail(err)
	}
	products := []*product{{directory: t.out, files: files}}
	root := ownModule()
	if root != "" && isDirectory(t.spec, filepath.Join(root, "spec")) {
		products = append(products, &product{directory: t.spec, files: map[string][]byte{"schema.json": schema.JSONSchema()}})
	}
	if root != "" && isDirectory(t.out, filepath.Join(root, "generated", "ec")) {
		files, err := forOthers(l.protocol)
		if err != nil {
			return fail(err)
		}
		products = append(products, &product{directory: filepath.Join(root, "generated"), files: files})
	}
	return &built{l, syntax, products}, good
}

// isDirectory reports whether a name, however it is written, is that of a directory.
func isDirectory(name, directory string) bool {
	absolute, err := filepath.Abs(name)
	return err == nil && absolute == directory
}

// forOthers returns what is made from the spec beside the Go package.
func forOthers(p *model.Protocol) (map[string][]byte, error) {
	description, err := describe.From(p).Encode()
	if err != nil {
		return nil, err
	}
	script, err := dissector.Generate(p)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"protocol.json":     description,
		describe.SchemaName: describe.JSONSchema(),
		dissector.Name:      script,
	}, nil
}

func generate(args []string, stdout, stderr io.Writer) int {
	var t target
	flags := t.flagSet("generate", "Writes the Go package, and within ecgen's own module what else is made from the spec.\nNothing is written unless everything succeeded; files that\nare up to date are not touched; generated files that are no longer needed are removed.")
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	b, code := t.build(stderr)
	if code != good {
		return code
	}
	fmt.Fprintf(stdout, "read   %s: %d opcodes, %d tags\n", strings.Join(b.headers, ", "), len(b.protocol.Opcodes), len(b.protocol.Tags))
	fmt.Fprintf(stdout, "read   %s: %d messages, %d objects, %d enums\n", summarize(b.yaml), len(b.protocol.Messages), len(b.protocol.Objects), len(b.protocol.Enums))
	if len(b.leftOut) > 0 {
		fmt.Fprintf(stdout, "left out %d codes of the spec that these headers do not have, from %s to %s\n", len(b.leftOut), b.leftOut[0], b.leftOut[len(b.leftOut)-1])
	}
	for _, p := range b.products {
		differences, err := p.compare()
		if err == nil {
			err = p.write(differences)
		}
		if err != nil {
			fmt.Fprintln(stderr, "ecgen:", err)
			return failed
		}
		printWritten(stdout, p, differences)
	}
	printSize(stdout, b.protocol, b.syntax)
	if open := model.Lint(b.protocol); len(open) > 0 {
		fmt.Fprintf(stderr, "ecgen: lint has %d findings; ecgen lint prints them\n", len(open))
	}
	return good
}

// summarize names one file, or says how many there are in which directory.
func summarize(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s (%d files)", filepath.ToSlash(filepath.Join(filepath.Dir(names[0]), "*"+filepath.Ext(names[0]))), len(names))
}

func printWritten(w io.Writer, p *product, differences []difference) {
	written, removed := 0, 0
	for _, d := range differences {
		if d.kind == "superfluous" {
			removed++
		} else {
			written++
		}
	}
	fmt.Fprintf(w, "wrote  %s: %d of %d files", shorten(p.directory), written, len(p.files))
	if removed > 0 {
		fmt.Fprintf(w, ", removed %d", removed)
	}
	fmt.Fprintln(w)
}

func check(args []string, stdout, stderr io.Writer) int {
	var t target
	flags := t.flagSet("check", "Compares the generated files with what generate would write. Names what is stale,\nmissing or superfluous and exits with 1 when there is any. Writes nothing.")
	if code, done := parseFlags(flags, args, stdout, stderr); done {
		return code
	}
	b, code := t.build(stderr)
	if code != good {
		return code
	}
	for _, p := range b.products {
		differences, err := p.compare()
		if err != nil {
			fmt.Fprintln(stderr, "ecgen:", err)
			return failed
		}
		for _, d := range differences {
			fmt.Fprintf(stdout, "%s: %s\n", shorten(filepath.Join(p.directory, d.name)), d.kind)
			code = findings
		}
	}
	return code
}
