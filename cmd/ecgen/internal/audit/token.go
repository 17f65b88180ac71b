package audit

import (
	"strings"
	"unicode"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

type kind int

const (
	end kind = iota
	newline
	word
	number
	quoted // its text is what stands between the quotes
	mark
)

// lexeme is a word of a source in any of the languages.
type lexeme struct {
	kind kind
	text string
	at   diag.Position
}

func (l lexeme) is(marks ...string) bool {
	for _, m := range marks {
		if l.kind == mark && l.text == m {
			return true
		}
	}
	return false
}

// longMarks are the marks of several characters that are no two marks.
var longMarks = []string{"===", "!==", "==", "!=", "<=", ">=", "=>", "->", "::", ":=", "<<", ">>", "&&", "||", "+=", "-=", "|=", "&="}

// tokenizer splits a source into lexemes.
type tokenizer struct {
	runes   []rune
	next    int
	at      diag.Position
	lexemes []lexeme
}

// tokenize splits a source. Comments are left out; # begins one if hash is set.
// The last lexeme is the end.
func tokenize(name string, src []byte, hash bool) []lexeme {
	t := &tokenizer{runes: []rune(string(src)), at: diag.Position{File: name, Line: 1, Column: 1}}
	for t.next < len(t.runes) {
		start, at := t.next, t.at
		switch c := t.peek(0); {
		case c == '\n':
			t.skip(1)
			t.add(newline, "\n", at)
		case c == '\\' && t.peek(1) == '\n':
			t.skip(2)
		case unicode.IsSpace(c) || c == '\ufeff':
			t.skip(1)
		case t.begins("//") && !hash, c == '#' && hash:
			t.skipTo("\n")
		case t.begins("/*") && !hash:
			t.skip(2)
			t.skipTo("*/")
			t.skip(2)
		case isDigit(c):
			for isWordPart(t.peek(0)) || t.peek(0) == '\'' && isDigit(t.peek(1)) {
				t.skip(1)
			}
			t.add(number, string(t.runes[start:t.next]), at)
		case isWordPart(c):
			for isWordPart(t.peek(0)) {
				t.skip(1)
			}
			t.add(word, string(t.runes[start:t.next]), at)
		case t.begins(`"""`), t.begins("'''"):
			quote := string(t.runes[start : start+3])
			t.skip(3)
			t.skipTo(quote)
			t.skip(3)
		case c == '"', c == '\'', c == '`':
			t.add(quoted, t.quoted(c), at)
		default:
			t.add(mark, t.mark(), at)
		}
	}
	t.add(newline, "\n", t.at)
	t.add(end, "", t.at)
	return t.lexemes
}

func (t *tokenizer) add(k kind, text string, at diag.Position) {
	t.lexemes = append(t.lexemes, lexeme{k, text, at})
}

func (t *tokenizer) peek(ahead int) rune {
	if t.next+ahead >= len(t.runes) {
		return 0
	}
	return t.runes[t.next+ahead]
}

func (t *tokenizer) begins(with string) bool {
	for i, r := range []rune(with) {
		if t.peek(i) != r {
			return false
		}
	}
	return true
}

func (t *tokenizer) skip(n int) {
	for ; n > 0 && t.next < len(t.runes); n-- {
		t.at.Column++
		if t.runes[t.next] == '\n' {
			t.at.Line, t.at.Column = t.at.Line+1, 1
		}
		t.next++
	}
}

// skipTo goes on until the given text or the end.
func (t *tokenizer) skipTo(text string) {
	for t.next < len(t.runes) && !t.begins(text) {
		t.skip(1)
	}
}

// quoted passes over a string, which ends with its line unless ` began it.
func (t *tokenizer) quoted(quote rune) string {
	t.skip(1)
	var b strings.Builder
	for t.next < len(t.runes) && t.peek(0) != quote && (t.peek(0) != '\n' || quote == '`') {
		if t.peek(0) == '\\' {
			t.skip(1)
		}
		b.WriteRune(t.peek(0))
		t.skip(1)
	}
	if t.peek(0) == quote {
		t.skip(1)
	}
	return b.String()
}

func (t *tokenizer) mark() string {
	for _, m := range longMarks {
		if t.begins(m) {
			t.skip(len(m))
			return m
		}
	}
	m := string(t.peek(0))
	t.skip(1)
	return m
}

func isDigit(r rune) bool    { return '0' <= r && r <= '9' }
func isWordPart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || isDigit(r) }
