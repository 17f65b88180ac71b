package header

import "strings"

// leadingDoc returns the comments that end on the line above a token, as far up
// as they follow each other without a blank line. A comment behind other text on
// its line belongs to that.
func leadingDoc(documented token, tokens []token, index int) string {
	comments := documented.comments
	if index > 0 {
		comments = comments[trailing(tokens[index-1], documented):]
	}
	first, below := len(comments), documented.at.Line
	for first > 0 && comments[first-1].lastLine >= below-1 {
		first--
		below = comments[first].firstLine
	}
	return docText(comments[first:])
}

// trailingDoc returns the comments behind a token on its line.
func trailingDoc(documented, next token) string {
	return docText(next.comments[:trailing(documented, next)])
}

// trailing counts the comments before next that begin on the line where the
// token before ends.
func trailing(before, next token) int {
	count := 0
	for count < len(next.comments) && next.comments[count].firstLine == before.end.Line {
		count++
	}
	return count
}

// docText joins comments without their marks.
func docText(comments []comment) string {
	var lines []string
	for _, c := range comments {
		for line := range strings.Lines(c.text) {
			lines = append(lines, withoutCommentMark(line))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func withoutCommentMark(line string) string {
	line = strings.TrimSpace(line)
	for _, mark := range []string{"///<", "//!<", "///", "//!", "//", "/**", "/*!", "/*", "*"} {
		if rest, found := strings.CutPrefix(line, mark); found {
			return strings.TrimSpace(rest)
		}
	}
	return line
}
