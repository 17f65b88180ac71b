package diag

import (
	"fmt"
	"strings"
)

// longestWord bounds the work of Nearest; nobody mistypes a longer name.
const longestWord = 100

// DidYouMean returns a hint that offers the nearest candidate, or "" if none is
// near.
func DidYouMean(word string, candidates []string) string {
	nearest := Nearest(word, candidates)
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", nearest)
}

// Nearest returns the candidate that takes the fewest edits to make from word,
// the first in alphabetical order among equals. It returns "" if even that one
// differs in more than a third of the word's letters.
func Nearest(word string, candidates []string) string {
	if len(word) > longestWord {
		return ""
	}
	nearest, fewest := "", max(1, len(word)/3)+1
	for _, candidate := range candidates {
		if len(candidate) > longestWord {
			continue
		}
		edits := distance(word, candidate)
		if edits < fewest || edits == fewest && nearest != "" && candidate < nearest {
			nearest, fewest = candidate, edits
		}
	}
	return nearest
}

// distance counts the letters to insert, drop or change, and the neighbours to
// swap, to make b from a.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// Akin reports whether two names may well stand for one thing: what is left of
// them without their first words in common is nearly the same, or the words of
// one are among those of the other.
func Akin(a, b string) bool {
	first, second := strings.Split(a, "_"), strings.Split(b, "_")
	for len(first) > 0 && len(second) > 0 && first[0] == second[0] {
		first, second = first[1:], second[1:]
	}
	return WordsAmong(first, second) || WordsAmong(second, first) ||
		Nearest(strings.Join(first, "_"), []string{strings.Join(second, "_")}) != ""
}

// WordsAmong reports whether all words stand in a list, in the same order.
func WordsAmong(words, list []string) bool {
	for _, word := range list {
		if len(words) > 0 && words[0] == word {
			words = words[1:]
		}
	}
	return len(words) == 0
}
