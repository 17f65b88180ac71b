package schema

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// checkCharacters reports the first character that has no place in a spec: a
// tab in the indentation, an invisible character, or no UTF-8 at all. Lines end
// where an editor says so, not at YAML's further line breaks.
func checkCharacters(file string, lines [][]byte, findings *diag.List) bool {
	for number, line := range lines {
		at := diag.Position{File: file, Line: number + 1, Column: 1}
		line = bytes.TrimSuffix(line, []byte("\r"))
		indented := true
		for len(line) > 0 {
			r, size := utf8.DecodeRune(line)
			indented = indented && (r == ' ' || r == '\t')
			switch {
			case r == utf8.RuneError && size == 1:
				findings.Add(at, "the file is not UTF-8: byte 0x%02x", line[0])
				return false
			case r == '\t' && indented:
				findings.Add(at, "a tab in the indentation").Hint = "indent with spaces"
				return false
			case r != '\t' && !unicode.IsGraphic(r):
				findings.Add(at, "an invisible character: %U", r)
				return false
			}
			line = line[size:]
			at.Column++
		}
	}
	return true
}
