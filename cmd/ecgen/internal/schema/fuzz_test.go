package schema_test

import (
	"bytes"
	"reflect"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// FuzzRead checks that any two files are read, alike each time, and that all
// positions lie within them.
func FuzzRead(f *testing.F) {
	for _, path := range goldenErrors(f) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name != findingsFile {
				f.Add(file.Data, archive.Files[0].Data)
			}
		}
	}
	for _, source := range specFiles(f) {
		f.Add(source, source[:len(source)/2])
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		files := map[string][]byte{"a.yaml": a, "b.yaml": b}
		spec, findings := schema.Read(files)
		for _, finding := range findings {
			checkWithin(t, finding.Position, files)
		}
		checkPositions(t, reflect.ValueOf(spec), files)
		specAgain, findingsAgain := schema.Read(files)
		if !reflect.DeepEqual(spec, specAgain) || !reflect.DeepEqual(findings, findingsAgain) {
			t.Error("the same files are read differently")
		}
	})
}

// checkPositions checks all positions in a value.
func checkPositions(t *testing.T, value reflect.Value, files map[string][]byte) {
	if position, ok := value.Interface().(diag.Position); ok {
		if position != (diag.Position{}) {
			checkWithin(t, position, files)
		}
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			checkPositions(t, value.Elem(), files)
		}
	case reflect.Slice:
		for i := range value.Len() {
			checkPositions(t, value.Index(i), files)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			checkPositions(t, value.Field(i), files)
		}
	}
}

func checkWithin(t *testing.T, position diag.Position, files map[string][]byte) {
	t.Helper()
	source, ok := files[position.File]
	if !ok {
		t.Fatalf("%v is in no file", position)
	}
	lines := bytes.Split(source, []byte("\n"))
	if position.Line < 1 || position.Line > len(lines) {
		t.Fatalf("%v is outside of the %d lines", position, len(lines))
	}
	if width := utf8.RuneCount(lines[position.Line-1]); position.Column < 1 || position.Column > width+1 {
		t.Fatalf("%v is outside of the line's %d characters", position, width)
	}
}
