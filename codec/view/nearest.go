package view

import (
	"fmt"
	"iter"
)

// unknownName is the error for a name that is none of these, with the one
// that was probably meant.
func unknownName(what, name string, names iter.Seq[string]) error {
	hint := ""
	if near := nearest(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return failf("there is no %s %q here%s", what, short(name), hint)
}

// short returns the beginning of a text that is too long for an error.
func short(text string) string {
	if len(text) > longestName {
		return text[:longestName] + "..."
	}
	return text
}

// longestName bounds the work of nearest.
const longestName = 64

// nearest returns the name that takes the fewest edits to make of word, the
// first in alphabetical order among equals, or "" when that is more than a
// third of it, rounded up.
func nearest(word string, names iter.Seq[string]) (near string) {
	if len(word) > longestName {
		return ""
	}
	fewest := (len(word) + 2) / 3
	for name := range names {
		if len(name) > longestName {
			continue
		}
		if n := edits(word, name); n < fewest || n == fewest && (near == "" || name < near) {
			near, fewest = name, n
		}
	}
	return near
}

// edits returns how many letters must be added, dropped or replaced to make b
// of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1) // the answers for a prefix of a and all prefixes of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			replaced := corner
			if a[i] != b[j] {
				replaced++
			}
			corner = row[j+1]
			row[j+1] = min(replaced, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}
