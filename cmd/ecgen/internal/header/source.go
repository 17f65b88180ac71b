package header

import (
	"bytes"
	"unicode/utf8"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// character is one character of a source and its place.
type character struct {
	rune         rune
	line, column int
}

// characters splits a source that begins at a place in its file. Lines that end
// in a backslash are joined with the next, and carriage returns before a line's
// end are left out, so that nobody else has to think of them.
func characters(src []byte, at diag.Position) []character {
	split := make([]character, 0, len(src))
	line, column := at.Line, at.Column
	for len(src) > 0 {
		if ending := lineEnding(src); src[0] == '\\' && lineEnding(src[1:]) > 0 {
			src = src[1+lineEnding(src[1:]):]
			line, column = line+1, 1
			continue
		} else if ending > 0 {
			split = append(split, character{'\n', line, column})
			src = src[ending:]
			line, column = line+1, 1
			continue
		}
		r, size := utf8.DecodeRune(src)
		split = append(split, character{r, line, column})
		src = src[size:]
		column++
	}
	return split
}

// lineEnding returns the length of the line ending that src begins with, or 0.
func lineEnding(src []byte) int {
	switch {
	case bytes.HasPrefix(src, []byte("\n")):
		return 1
	case bytes.HasPrefix(src, []byte("\r\n")):
		return 2
	default:
		return 0
	}
}

// withoutMark drops the byte order mark that some editors put first.
func withoutMark(src []byte) []byte {
	return bytes.TrimPrefix(src, []byte("\ufeff"))
}
