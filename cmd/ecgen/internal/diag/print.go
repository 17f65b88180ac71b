package diag

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
)

const (
	bold  = "\x1b[1m"
	red   = "\x1b[31m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"

	indent       = "    "
	excerptWidth = 120

	byteOrderMark = "\ufeff"
)

// Print writes the findings for people: each with the line of source that it is
// about, a caret under the column and its hint. Lines are taken from sources, by
// file name; findings in files that are not there are written without.
func (l List) Print(w io.Writer, sources map[string][]byte, color bool) {
	paint := func(style, text string) string {
		if !color {
			return text
		}
		return style + text + reset
	}
	lines := make(map[string][][]byte)
	for _, d := range l {
		if _, split := lines[d.File]; !split {
			lines[d.File] = bytes.Split(sources[d.File], []byte("\n"))
		}
		fmt.Fprintf(w, "%s %s\n", paint(bold, d.Position.String()+":"), d.Message)
		if text, caret, ok := excerpt(lines[d.File], d.Position); ok {
			fmt.Fprintf(w, "%s%s\n", indent, text)
			if caret != "" {
				fmt.Fprintf(w, "%s%s\n", indent, paint(red, caret))
			}
		}
		if d.Hint != "" {
			fmt.Fprintf(w, "%s%s\n", indent, paint(cyan, d.Hint))
		}
	}
	if len(l) > 1 {
		fmt.Fprintf(w, "%d findings\n", len(l))
	}
}

// excerpt returns the line at a position and the line to print below it, which
// keeps the tabs so that the caret stands under its column. Of a very long line
// only the surroundings of the column are shown.
func excerpt(lines [][]byte, at Position) (text, caret string, ok bool) {
	if at.Line < 1 || at.Line > len(lines) {
		return "", "", false
	}
	line := []rune(strings.TrimPrefix(strings.TrimSuffix(string(lines[at.Line-1]), "\r"), byteOrderMark))
	if len(line) == 0 {
		return "", "", false
	}
	column := min(max(at.Column, 1), len(line)+1)
	start := 0
	if len(line) > excerptWidth {
		start = max(0, column-1-excerptWidth/2)
	}
	shown := line[start:min(len(line), start+excerptWidth)]
	text = strings.Map(printable, string(shown))
	if at.Column == 0 {
		return text, "", true
	}
	before := strings.Map(blank, string(shown[:column-1-start]))
	return text, before + "^", true
}

// printable keeps what a terminal shows as itself.
func printable(r rune) rune {
	if r == '\t' || unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}

// blank turns everything but tabs into spaces.
func blank(r rune) rune {
	if r == '\t' {
		return r
	}
	return ' '
}
