package audit

import (
	"strconv"
	"strings"
)

// expression computes what stands from a lexeme on, as far as all languages
// agree about it.
type expression struct {
	lexemes []lexeme
	next    int
	values  map[string]int64 // of names that were read before
	depth   int
}

// deepest is how deeply parentheses and signs may be nested.
const deepest = 50

// evaluate returns the value of an expression that ends where an entry can end.
func evaluate(lexemes []lexeme, from int, values map[string]int64) (value int64, ok bool) {
	e := &expression{lexemes: lexemes, next: from, values: values}
	value, ok = e.sum(0)
	if e.acceptWord("as") { // const, or a type
		e.next++
	}
	last := e.peek()
	return value, ok && (last.kind == newline || last.kind == end || last.is(",", ";", "}", ")", "]"))
}

func (e *expression) peek() lexeme { return e.lexemes[min(e.next, len(e.lexemes)-1)] }

func (e *expression) accept(m string) bool {
	if e.peek().is(m) {
		e.next++
		return true
	}
	return false
}

// acceptWord accepts a word that means something between values.
func (e *expression) acceptWord(text string) bool {
	if l := e.peek(); l.kind == word && l.text == text {
		e.next++
		return true
	}
	return false
}

// operators by how tightly they bind.
var operators = []struct {
	mark  string
	level int
	apply func(a, b int64) int64
}{
	{"|", 1, func(a, b int64) int64 { return a | b }},
	{"^", 2, func(a, b int64) int64 { return a ^ b }},
	{"&", 3, func(a, b int64) int64 { return a & b }},
	{"<<", 4, shiftLeft},
	{">>", 4, shiftRight},
	{"+", 5, func(a, b int64) int64 { return a + b }},
	{"-", 5, func(a, b int64) int64 { return a - b }},
	{"*", 6, func(a, b int64) int64 { return a * b }},
	{"or", 1, func(a, b int64) int64 { return a | b }}, // in Kotlin, where words bind alike
	{"shl", 1, shiftLeft},
	{"shr", 1, shiftRight},
}

func shiftLeft(a, b int64) int64  { return a << (uint64(b) & 63) }
func shiftRight(a, b int64) int64 { return a >> (uint64(b) & 63) }

// sum reads operands and the operators between them that bind more tightly than
// a level.
func (e *expression) sum(level int) (int64, bool) {
	value, ok := e.operand()
	for ok {
		found := false
		for _, operator := range operators {
			if operator.level > level && (e.accept(operator.mark) || e.acceptWord(operator.mark)) {
				var right int64
				right, ok = e.sum(operator.level)
				value, found = operator.apply(value, right), true
				break
			}
		}
		if !found {
			break
		}
	}
	return value, ok
}

func (e *expression) operand() (value int64, ok bool) {
	e.depth++
	defer func() { e.depth-- }()
	l := e.peek()
	e.next++
	switch {
	case e.depth > deepest:
		return 0, false
	case l.is("-"):
		value, ok = e.operand()
		return -value, ok
	case l.is("~"):
		value, ok = e.operand()
		return ^value, ok
	case l.is("("):
		value, ok = e.parenthesis()
	case l.kind == number:
		value, ok = parseNumber(l.text)
		ok = ok && e.converted()
	case l.kind == word:
		value, ok = e.name(l.text)
	default:
		return 0, false
	}
	return value, ok
}

// converted passes over a conversion behind a value, such as .toByte().
func (e *expression) converted() bool {
	if !e.accept(".") {
		return true
	}
	e.next++
	return e.accept("(") && e.accept(")")
}

// parenthesis reads an expression in parentheses, or a cast such as (byte) 1.
func (e *expression) parenthesis() (int64, bool) {
	if start := e.next; e.peek().kind == word {
		for e.peek().kind == word {
			e.next++
		}
		following := e.lexemes[min(e.next+1, len(e.lexemes)-1)]
		if e.peek().is(")") && (following.kind == number || following.kind == word || following.is("(")) {
			e.next++
			return e.operand()
		}
		e.next = start
	}
	value, ok := e.sum(0)
	return value, ok && e.accept(")")
}

// name reads what begins with a word: a conversion such as uint8(1),
// static_cast<int>(1) or Flags(rawValue: 1), or a name, perhaps a qualified one.
func (e *expression) name(text string) (int64, bool) {
	for e.accept(".") || e.accept("::") {
		text = e.peek().text
		e.next++
	}
	if e.accept("<") {
		for e.peek().kind == word || e.peek().is("::") {
			e.next++
		}
		if !e.accept(">") || !e.peek().is("(") {
			return 0, false
		}
	}
	if e.accept("(") {
		if e.acceptWord("rawValue") {
			e.accept(":")
		}
		value, ok := e.sum(0)
		return value, ok && e.accept(")")
	}
	value, ok := e.values[text]
	return value, ok
}

// parseNumber reads an integer with any of the suffixes and separators.
func parseNumber(s string) (int64, bool) {
	s = strings.ReplaceAll(strings.TrimRight(s, "uUlLn"), "'", "")
	value, err := strconv.ParseInt(s, 0, 64)
	return value, err == nil
}
