// Package texts has what holds for all texts that ecgen reads, whatever is in
// them, as functions of bytes for those who try many: no panic, no place
// outside of the file, and the same findings each time.
package texts

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// Header reads a code header of this name; one that ends in .abstract has the
// grammar of those files. It returns what does not hold.
func Header(name string, source []byte) error {
	file, findings := header.Parse(name, source)
	again, findingsAgain := header.Parse(name, source)
	return errors.Join(
		inside(map[string][]byte{name: source}, file, findings),
		alike(file, again), alike(findings, findingsAgain),
	)
}

// Spec reads a txtar archive of spec files, of which what stands before its
// first file is one too. It returns what does not hold.
func Spec(archive []byte) error {
	parsed := txtar.Parse(archive)
	files := map[string][]byte{"comment.yaml": parsed.Comment}
	for _, file := range parsed.Files {
		files[file.Name] = file.Data
	}
	spec, findings := schema.Read(files)
	again, findingsAgain := schema.Read(files)
	return errors.Join(inside(files, spec, findings), alike(spec, again), alike(findings, findingsAgain))
}

func alike(a, b any) error {
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("read as %+v, and then as %+v", a, b)
	}
	return nil
}

// inside returns an error unless all positions lie in the files.
func inside(files map[string][]byte, parsed any, findings diag.List) error {
	widths := map[string][]int{}
	for name, source := range files {
		for line := range bytes.SplitSeq(source, []byte("\n")) {
			widths[name] = append(widths[name], utf8.RuneCount(line))
		}
	}
	var positions []diag.Position
	for _, finding := range findings {
		positions = append(positions, finding.Position)
	}
	for _, at := range positionsOf(reflect.ValueOf(parsed), positions) {
		lines := widths[at.File]
		if at.Line < 1 || at.Line > len(lines) || at.Column < 1 || at.Column > lines[at.Line-1]+1 {
			return fmt.Errorf("%v is outside of the files", at)
		}
	}
	return nil
}

// positionsOf appends all positions in a value. Those of parts that are not
// there are zero and left out.
func positionsOf(value reflect.Value, positions []diag.Position) []diag.Position {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			positions = positionsOf(value.Elem(), positions)
		}
	case reflect.Slice:
		for i := range value.Len() {
			positions = positionsOf(value.Index(i), positions)
		}
	case reflect.Struct:
		if value.Type() == reflect.TypeFor[diag.Position]() {
			if at := value.Interface().(diag.Position); at != (diag.Position{}) {
				positions = append(positions, at)
			}
			return positions
		}
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				positions = positionsOf(value.Field(i), positions)
			}
		}
	}
	return positions
}
