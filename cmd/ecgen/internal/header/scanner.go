package header

import (
	"slices"
	"strings"
	"unicode"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

type tokenKind int

const (
	end tokenKind = iota // of the tokens; its text says of what
	name
	number
	literal // a string or a character in quotes
	punctuation
)

// token is one word of C++. Its comments are those between the token before and
// itself; its macro is the one that stands for it in the file.
type token struct {
	kind     tokenKind
	text     string
	at, end  diag.Position
	comments []comment
	macro    string
}

func (t token) is(text string) bool {
	return t.text == text
}

// String returns the token as a finding names it.
func (t token) String() string { return t.text }

type comment struct {
	text                string
	firstLine, lastLine int
}

// scanner turns characters into tokens and obeys the directives among them.
type scanner struct {
	file       string
	characters []character
	next       int
	findings   *diag.List

	tokens     []token
	comments   []comment
	attached   int // how many comments belong to a token already
	conditions []condition
	macros     map[string]*macro
	expanded   int  // tokens that macros stood for
	gaveUp     bool // because that were too many
}

func newScanner(src []byte, at diag.Position, findings *diag.List) *scanner {
	return &scanner{
		file:       at.File,
		characters: characters(src, at),
		findings:   findings,
		macros:     predefinedMacros(),
	}
}

// scan returns the tokens that a compiler would see. The last one stands for the
// end of the file.
func (s *scanner) scan() []token {
	lineStart := true
	for {
		if s.skipBlank("\n") {
			lineStart = true
		}
		if s.next == len(s.characters) {
			break
		}
		if lineStart && s.peek(0) == '#' {
			s.directive()
			continue
		}
		lineStart = false
		active := s.active()
		if t := s.token(active); active {
			s.add(t)
		}
	}
	for _, open := range s.conditions {
		s.findings.Add(open.at, "#%s has no #endif", open.directive)
	}
	s.add(endAt(s.position(s.next), "the end of the file"))
	return s.tokens
}

// scanText returns the tokens of a piece of text that begins at a place in its
// file and holds no directives.
func scanText(text string, at diag.Position, findings *diag.List) []token {
	s := newScanner([]byte(text), at, findings)
	for s.skipBlank("\n"); s.next < len(s.characters); s.skipBlank("\n") {
		s.add(s.token(true))
	}
	s.add(endAt(s.position(s.next), "the end of the line"))
	return s.tokens
}

func endAt(at diag.Position, text string) token {
	return token{kind: end, text: text, at: at, end: at}
}

// add adds a token, or what it stands for.
func (s *scanner) add(t token) {
	tokens := []token{t}
	if m := s.macros[t.text]; t.kind == name && m != nil {
		if m.takes {
			tokens = append(tokens, s.parentheses()...)
		}
		if tokens = s.expand(tokens, nil); len(tokens) == 0 {
			return
		}
	}
	tokens[0].comments = s.comments[s.attached:]
	s.attached = len(s.comments)
	s.tokens = append(s.tokens, tokens...)
}

// parentheses reads what stands next if it is in parentheses.
func (s *scanner) parentheses() (tokens []token) {
	start, comments := s.next, len(s.comments)
	s.skipBlank("\n")
	if s.peek(0) != '(' {
		s.next, s.comments = start, s.comments[:comments]
		return nil
	}
	depth := 0
	for s.next < len(s.characters) {
		t := s.token(true)
		tokens = append(tokens, t)
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		}
		if depth == 0 {
			break
		}
		s.skipBlank("\n")
	}
	return tokens
}

// peek returns the character some steps ahead, 0 beyond the end.
func (s *scanner) peek(ahead int) rune {
	if s.next+ahead >= len(s.characters) {
		return 0
	}
	return s.characters[s.next+ahead].rune
}

// position returns the place of a character. The end of the file stands
// on the line that ends with it.
func (s *scanner) position(index int) diag.Position {
	switch {
	case index < len(s.characters):
		c := s.characters[index]
		return diag.Position{File: s.file, Line: c.line, Column: c.column}
	case index == 0:
		return diag.Position{File: s.file, Line: 1, Column: 1}
	case s.characters[index-1].rune == '\n':
		return s.position(index - 1)
	default:
		return s.behind(index - 1)
	}
}

// behind returns the place that follows a character on its line.
func (s *scanner) behind(index int) diag.Position {
	c := s.characters[index]
	return diag.Position{File: s.file, Line: c.line, Column: c.column + 1}
}

// skipBlank passes over white space, of line ends only those in the argument,
// and over comments. It reports whether a line ended outside of a comment.
func (s *scanner) skipBlank(lineEnds string) (lineEnded bool) {
	for s.next < len(s.characters) {
		switch c := s.peek(0); {
		case c == '\n' && lineEnds == "":
			return lineEnded
		case c == '\n':
			lineEnded = true
			s.next++
		case c == '/' && s.peek(1) == '/':
			s.comment("\n")
		case c == '/' && s.peek(1) == '*':
			s.comment("*/")
		case unicode.IsSpace(c):
			s.next++
		default:
			return lineEnded
		}
	}
	return lineEnded
}

// comment passes over a comment that is open until a line end or until */.
func (s *scanner) comment(until string) {
	start := s.next
	s.next += 2
	for !s.at(until) && s.next < len(s.characters) {
		s.next++
	}
	stop := s.next
	if until == "*/" {
		if stop == len(s.characters) {
			s.findings.Add(s.position(start), "this comment is never closed").Hint = "*/ is missing"
		} else {
			s.next += len(until)
		}
	}
	if s.active() {
		s.comments = append(s.comments, comment{
			text:      s.text(start, stop),
			firstLine: s.characters[start].line,
			lastLine:  s.characters[max(start, s.next-1)].line,
		})
	}
}

func (s *scanner) at(text string) bool {
	for i, r := range text {
		if s.peek(i) != r {
			return false
		}
	}
	return true
}

func (s *scanner) text(start, stop int) string {
	var b strings.Builder
	for _, c := range s.characters[start:stop] {
		b.WriteRune(c.rune)
	}
	return b.String()
}

// token reads the token that stands next, strictly where an open quote is a
// finding.
func (s *scanner) token(strict bool) token {
	start, kind := s.next, punctuation
	switch c := s.peek(0); {
	case isNameStart(c):
		kind = name
		s.skipWhile(isNamePart)
		if quote := s.peek(0); isLiteralPrefix(s.text(start, s.next), quote) {
			kind, start = literal, s.next
			if raw := s.characters[s.next-1].rune == 'R'; raw {
				s.skipRawLiteral(strict)
			} else {
				s.skipLiteral(quote, strict)
			}
		}
	case isDigit(c) || c == '.' && isDigit(s.peek(1)):
		kind = number
		s.skipNumber()
	case c == '"' || c == '\'':
		kind = literal
		s.skipLiteral(c, strict)
	default:
		s.next += s.operatorLength()
	}
	t := token{
		kind: kind,
		text: s.text(start, s.next),
		at:   s.position(start),
		end:  s.behind(s.next - 1),
	}
	if operator, ok := spelledOperators[t.text]; ok {
		t.kind, t.text = punctuation, operator
	}
	return t
}

// spelledOperators are other ways to write punctuation.
var spelledOperators = map[string]string{
	"and": "&&", "or": "||", "not": "!", "bitand": "&", "bitor": "|", "xor": "^", "compl": "~", "not_eq": "!=",
	"<%": "{", "%>": "}", "<:": "[", ":>": "]",
}

func (s *scanner) skipWhile(accept func(rune) bool) {
	for accept(s.peek(0)) {
		s.next++
	}
}

// skipNumber passes over everything that C++ takes for one number, however
// wrong: letters, points, digit separators, and signs behind an exponent.
func (s *scanner) skipNumber() {
	for {
		c, following := s.peek(0), s.peek(1)
		switch {
		case strings.ContainsRune("eEpP", c) && (following == '+' || following == '-'):
			s.next += 2
		case isNamePart(c) || c == '.':
			s.next++
		case c == '\'' && isNamePart(following):
			s.next += 2
		default:
			return
		}
	}
}

// isLiteralPrefix reports whether a name before a quote says of which kind the
// literal is.
func isLiteralPrefix(text string, quote rune) bool {
	encoding, raw := strings.CutSuffix(text, "R")
	known := slices.Contains([]string{"", "L", "u", "U", "u8"}, encoding)
	return known && (quote == '"' || quote == '\'' && !raw)
}

// skipRawLiteral passes over "DELIMITER( ... )DELIMITER".
func (s *scanner) skipRawLiteral(strict bool) {
	start := s.next
	for s.next < len(s.characters) && s.peek(0) != '(' {
		s.next++
	}
	closing := ")" + s.text(start+1, s.next) + `"`
	for s.next < len(s.characters) && !s.at(closing) {
		s.next++
	}
	if s.next == len(s.characters) && strict {
		s.findings.Add(s.position(start), "this quote is never closed").Hint = closing + " is missing"
	}
	s.next = min(s.next+len(closing), len(s.characters))
}

func (s *scanner) skipLiteral(quote rune, strict bool) {
	start := s.next
	s.next++
	for {
		switch c := s.peek(0); {
		case c == quote:
			s.next++
			return
		case c == '\n' || s.next == len(s.characters):
			if strict {
				s.findings.Add(s.position(start), "this quote is never closed").Hint = string(quote) + " is missing"
			}
			return
		case c == '\\' && s.peek(1) != '\n' && s.next+1 < len(s.characters):
			s.next += 2
		default:
			s.next++
		}
	}
}

// longOperators are the operators of more than one character that a constant
// expression, a qualified name or a macro can hold, and other ways to write
// brackets.
var longOperators = []string{"::", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "##", "<%", "%>", "<:", ":>"}

func (s *scanner) operatorLength() int {
	for _, operator := range longOperators {
		if s.at(operator) {
			return len(operator)
		}
	}
	return 1
}

func isDigit(r rune) bool     { return '0' <= r && r <= '9' }
func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }
func isNamePart(r rune) bool  { return isNameStart(r) || isDigit(r) }

func isName(text string) bool {
	for i, r := range text {
		if !isNamePart(r) || i == 0 && !isNameStart(r) {
			return false
		}
	}
	return text != ""
}
