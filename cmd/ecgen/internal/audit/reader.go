package audit

import "slices"

// reader finds constants by what they look like, whatever the language: names
// with =, names with : in tables, names in enums, and tables from numbers to
// names.
type reader struct {
	language
	tokens  []lexeme
	next    int
	scopes  []scope
	pending scope            // the next brace opens it
	values  map[string]int64 // what was read so far
	entries []Entry
}

// scope is what stands between two braces or parentheses, or by indentation in a
// class or function.
type scope struct {
	name   string
	mark   string // that opened it
	enum   bool
	table  bool  // its name is what it is assigned to
	count  int64 // what the next name of an enum without a value is
	counts bool  // whether count is known
	first  int   // index of its first entry
	column int   // of the word that opened it, 0 for marks
}

// scopeWords open a scope with a name.
var scopeWords = []string{"enum", "class", "struct", "interface", "namespace", "object", "extension"}

func (r *reader) read() []Entry {
	for r.next < len(r.tokens) {
		before := r.next
		r.step()
		if r.next == before {
			r.next++
		}
	}
	return r.entries
}

func (r *reader) peek(ahead int) lexeme {
	return r.tokens[max(0, min(r.next+ahead, len(r.tokens)-1))]
}

// step looks at the next lexeme, and passes over it and what belongs to it if it
// means something.
func (r *reader) step() {
	l := r.peek(0)
	if r.indented {
		r.closeIndented(l)
	}
	switch {
	case l.is("{"):
		r.pending.mark, r.pending.first = "{", len(r.entries)
		r.scopes, r.pending = append(r.scopes, r.pending), scope{}
	case l.is("("):
		r.scopes = append(r.scopes, scope{mark: "("})
	case l.is("}"):
		r.closeBrace()
	case l.is(")"):
		r.close("(")
	case l.is(";"), l.kind == newline && r.pending.table:
		r.pending = scope{}
	case l.is("#"):
		r.directive()
	case r.indented && l.kind == word && (l.text == "class" || l.text == "def"):
		r.indentedHead()
	case !r.indented && l.kind == word && slices.Contains(scopeWords, l.text):
		r.scopeHead()
	case l.kind == number && r.peek(1).is(":"):
		r.reversed(r.peek(2), r.peek(3))
	case l.kind == number && r.peek(1).is("]") && r.peek(2).is("=", ":") && r.peek(3).kind == quoted:
		r.reversed(r.peek(3), r.peek(4))
	case r.pair():
	case l.kind == word || l.kind == quoted:
		r.name()
	}
}

// scopeHead reads enum X, class X and the like, up to the name.
func (r *reader) scopeHead() {
	keyword := r.peek(0)
	r.next++
	if keyword.text == "enum" && slices.Contains(scopeWords, r.peek(0).text) {
		r.next++
	}
	opened := scope{enum: keyword.text == "enum", counts: true}
	if r.peek(0).kind == word {
		opened.name = r.peek(0).text
		r.next++
	}
	r.pending = opened
}

// indentedHead reads class X or def x, up to the name. What a function defines
// is its own.
func (r *reader) indentedHead() {
	opened := scope{column: r.peek(0).at.Column}
	if r.peek(0).text == "class" {
		opened.name = r.peek(1).text
	}
	r.scopes = append(r.scopes, opened)
	r.next += 2
}

// closeIndented closes the classes and functions that a line's first word does
// not stand in.
func (r *reader) closeIndented(l lexeme) {
	if l.kind == newline || r.next > 0 && r.peek(-1).kind != newline {
		return
	}
	for len(r.scopes) > 0 {
		innermost := r.scopes[len(r.scopes)-1]
		if innermost.column == 0 || l.at.Column > innermost.column {
			return
		}
		r.scopes = r.scopes[:len(r.scopes)-1]
	}
}

// closeBrace closes a scope. An enum of C may have its name behind the brace.
func (r *reader) closeBrace() {
	closed, ok := r.close("{")
	if following := r.peek(1); ok && closed.enum && closed.name == "" && following.kind == word {
		for _, entry := range r.entries[closed.first:] {
			entry.Scopes[len(entry.Scopes)-1] = following.text
		}
	}
}

// close closes the scope that a mark opened, and those in it.
func (r *reader) close(mark string) (closed scope, ok bool) {
	for i := len(r.scopes) - 1; i >= 0; i-- {
		if r.scopes[i].mark == mark {
			closed = r.scopes[i]
			r.scopes = r.scopes[:i]
			return closed, true
		}
	}
	return scope{}, false
}

// directive reads #define NAME VALUE.
func (r *reader) directive() {
	if name := r.peek(2); r.peek(1).text == "define" && name.kind == word && r.peek(3).kind != newline {
		value, known := evaluate(r.tokens, r.next+3, r.values)
		if isMacroCall := r.peek(3).is("(") && !known; !isMacroCall {
			r.add(name, value, known)
		}
	}
	for r.peek(0).kind != newline && r.peek(0).kind != end {
		r.next++
	}
}

// reversed reads 1: "NAME", [1] = "NAME" and 1: NAME in a table from numbers to
// names.
func (r *reader) reversed(name, following lexeme) {
	value, known := parseNumber(r.peek(0).text)
	if known && (name.kind == quoted || name.kind == word) && (following.is(",", "}") || following.kind == newline) {
		r.add(name, value, true)
		r.next += 3
	}
}

// pair reads {1, "NAME"} and ("NAME", 1) of a list of pairs, in any brackets but
// those of an index or a call that does not fill a table. It reports whether
// there was one.
func (r *reader) pair() bool {
	if !r.peek(1).is(",") || !r.beginsRow() {
		return false
	}
	name, value := r.peek(0), r.next+2
	if name.kind == number {
		name, value = r.peek(2), r.next
	}
	n, known := evaluate(r.tokens, value, r.values)
	if name.kind != quoted || !known {
		return false
	}
	r.addLoose(name, n)
	r.next += 3
	return true
}

// fillingCalls are what methods are called that add an entry to a table.
var fillingCalls = []string{"put", "set", "entry"}

// beginsRow reports whether the next lexeme is the first in brackets that may
// hold an entry.
func (r *reader) beginsRow() bool {
	at := r.next - 1
	for at > 0 && r.tokens[at].kind == newline {
		at--
	}
	switch {
	case at < 0 || !r.tokens[at].is("{", "[", "("):
		return false
	case at == 0 || r.tokens[at].is("{"):
		return true
	case r.tokens[at-1].kind == word:
		return r.tokens[at].is("(") && slices.Contains(fillingCalls, r.tokens[at-1].text)
	default:
		return !r.tokens[at-1].is(")", "]")
	}
}

// subscript reads table["NAME"] = 1.
func (r *reader) subscript() {
	if value, known := evaluate(r.tokens, r.next+5, r.values); known {
		r.scopes = append(r.scopes, scope{name: r.peek(0).text})
		r.addLoose(r.peek(2), value)
		r.scopes = r.scopes[:len(r.scopes)-1]
	}
	r.next += 5
}

// addLoose adds an entry that may as well be no constant.
func (r *reader) addLoose(name lexeme, value int64) {
	r.add(name, value, true)
	r.entries[len(r.entries)-1].Loose = true
}

// name reads a name that begins an entry.
func (r *reader) name() {
	name, following, previous := r.peek(0), r.peek(1), r.before()
	switch {
	case name.kind == word && following.is("[") && r.peek(2).kind == quoted && r.peek(3).is("]") && r.peek(4).is("="):
		r.subscript()
	case r.tablesOnly && following.is("=", ":="):
		r.pending = scope{name: name.text, table: true}
	case following.is("="):
		r.assigned(name, r.next+2)
		r.next += 2
	case r.indented && following.is(",") && r.bracketless():
		r.unpacked()
	case r.counting && !r.tablesOnly && following.is("{") && r.peek(2).kind == number && r.peek(3).is("}"):
		r.assigned(name, r.next+2)
		r.next += 4
	case following.is(":") && !previous.is("?", ".") && previous.text != "case":
		from := r.behindType()
		switch {
		case from > 0 && !r.tablesOnly:
			r.assigned(name, from)
			r.next = from
		case previous.is("{", ","):
			r.assigned(name, r.next+2)
			r.next += 2
		}
	case r.inEnum() && following.is("(") && previous.is("{", ","):
		r.assigned(name, r.next+2)
		for !r.peek(0).is(")") && r.peek(0).kind != end {
			r.next++
		}
	case r.inEnum() && r.counting && name.kind == word && r.endsEnumerator() && r.beginsEnumerator(previous):
		innermost := &r.scopes[len(r.scopes)-1]
		r.add(name, innermost.count, innermost.counts)
	}
}

// bracketless reports whether a statement may begin here: no bracket is open.
func (r *reader) bracketless() bool {
	return (len(r.scopes) == 0 || r.scopes[len(r.scopes)-1].mark == "") && (r.next == 0 || r.peek(-1).kind == newline || r.peek(-1).is(";"))
}

// unpacked reads A, B = 1, 2.
func (r *reader) unpacked() {
	var names []lexeme
	at := r.next
	for r.tokens[at].kind == word && at+1 < len(r.tokens) {
		names = append(names, r.tokens[at])
		at += 2
		if !r.tokens[at-1].is(",") {
			break
		}
	}
	if !r.tokens[at-1].is("=") {
		return
	}
	for _, name := range names {
		r.assigned(name, at)
		for at < len(r.tokens)-1 && !r.tokens[at].is(",") && r.tokens[at].kind != newline {
			at++
		}
		if r.tokens[at].is(",") {
			at++
		}
	}
	r.next = at
}

// before returns the lexeme before the next one that is no newline.
func (r *reader) before() lexeme {
	for i := r.next - 1; i >= 0; i-- {
		if r.tokens[i].kind != newline {
			return r.tokens[i]
		}
	}
	return lexeme{}
}

func (r *reader) inEnum() bool { return len(r.scopes) > 0 && r.scopes[len(r.scopes)-1].enum }

// beginsEnumerator reports whether a name behind this lexeme may be one of an
// enum.
func (r *reader) beginsEnumerator(previous lexeme) bool {
	return previous.is(",") || previous.is("{") && !r.cases || previous.text == "case" && r.cases
}

// endsEnumerator reports whether a comma or the brace follows the name, or the
// end of the line where each has a line of its own.
func (r *reader) endsEnumerator() bool {
	if r.cases && r.peek(1).kind == newline {
		return true
	}
	ahead := 1
	for r.peek(ahead).kind == newline {
		ahead++
	}
	return r.peek(ahead).is(",", "}")
}

// behindType returns what follows the = of name: type =, or 0.
func (r *reader) behindType() int {
	for i := r.next + 2; i < len(r.tokens); i++ {
		switch l := r.tokens[i]; {
		case l.is("="):
			return i + 1
		case l.kind != word && !l.is(".", "<", ">", "[", "]", "|"):
			return 0
		}
	}
	return 0
}

// assigned reads the value that begins at a lexeme. If it is none, it may be a
// table, whose name this is.
func (r *reader) assigned(name lexeme, from int) {
	value, known := evaluate(r.tokens, from, r.values)
	if !known {
		r.pending = scope{name: name.text, table: true}
	}
	if known || r.tokens[from].kind == word {
		r.add(name, value, known)
	}
}

// deepestScopes is how many scopes around an entry are told.
const deepestScopes = 4

func (r *reader) add(name lexeme, value int64, known bool) {
	entry := Entry{Name: name.text, Value: value, Known: known, Case: r.cases && r.inEnum(), Position: name.at}
	for _, s := range r.scopes[max(0, len(r.scopes)-deepestScopes):] {
		entry.Scopes = append(entry.Scopes, s.name)
	}
	if len(r.scopes) > 0 {
		innermost := &r.scopes[len(r.scopes)-1]
		innermost.count, innermost.counts = value+1, known
	}
	if known {
		r.values[name.text] = value
	}
	r.entries = append(r.entries, entry)
}
