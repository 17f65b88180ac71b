package header

import (
	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// condition is an open #if and what follows it up to #endif.
type condition struct {
	directive string
	at        diag.Position
	outside   bool // the text around it is read
	active    bool // the branch at hand is read
	taken     bool // some branch was read
	last      bool // #else was seen
}

// active reports whether the text at hand is read.
func (s *scanner) active() bool {
	return len(s.conditions) == 0 || s.conditions[len(s.conditions)-1].active
}

// directive reads a line that begins with #.
func (s *scanner) directive() {
	at := s.position(s.next)
	s.next++
	words := s.restOfLine()
	if len(words) == 0 {
		return
	}
	switch directive := words[0].text; directive {
	case "if", "ifdef", "ifndef":
		outside := s.active()
		s.conditions = append(s.conditions, condition{directive: directive, at: at, outside: outside})
		s.enterBranch(outside && s.holds(words))
	case "elif":
		if open := s.openCondition(words[0]); open != nil {
			s.enterBranch(open.outside && !open.taken && s.holds(words))
		}
	case "else":
		if open := s.openCondition(words[0]); open != nil {
			s.enterBranch(open.outside && !open.taken)
			open.last = true
		}
	case "endif":
		if len(s.conditions) == 0 {
			s.findings.Add(at, "#endif without #if")
			return
		}
		s.conditions = s.conditions[:len(s.conditions)-1]
	default:
		if s.active() {
			s.obey(words)
		}
	}
}

// obey follows a directive that does not choose what is read.
func (s *scanner) obey(words []token) {
	directive := words[0]
	if directive.kind == number { // where a preprocessor says that lines are from
		return
	}
	switch directive.text {
	case "define":
		s.define(words)
	case "undef":
		if len(words) > 1 {
			delete(s.macros, words[1].text)
		}
	case "include", "include_next", "import", "pragma", "line", "warning", "ident":
	case "error":
		s.findings.Add(directive.at, "the header refuses to be compiled without macros or other headers")
	default:
		s.findings.Add(directive.at, "unknown directive #%s", directive).Hint =
			diag.DidYouMean(directive.text, []string{"define", "elif", "else", "endif", "error", "if", "ifdef", "ifndef", "include", "pragma", "undef"})
	}
}

// openCondition returns the innermost condition for a branch that is not its
// first, or nil after saying what is wrong.
func (s *scanner) openCondition(directive token) *condition {
	if len(s.conditions) == 0 {
		s.findings.Add(directive.at, "#%s without #if", directive)
		return nil
	}
	open := &s.conditions[len(s.conditions)-1]
	if open.last {
		s.findings.Add(directive.at, "#%s after #else", directive)
		return nil
	}
	return open
}

func (s *scanner) enterBranch(active bool) {
	open := &s.conditions[len(s.conditions)-1]
	open.active = active
	open.taken = open.taken || active
}

// holds evaluates the condition of #if, #elif, #ifdef or #ifndef.
func (s *scanner) holds(words []token) bool {
	directive, rest := words[0], words[1:]
	if directive.text == "if" || directive.text == "elif" {
		return s.evaluateCondition(directive, rest)
	}
	if len(rest) == 0 || rest[0].kind != name {
		s.findings.Add(directive.end, "#%s needs a name", directive)
		return false
	}
	_, defined := s.macros[rest[0].text]
	return defined == (directive.text == "ifdef")
}

// evaluateCondition computes an expression in which names that are no macros
// count as 0.
func (s *scanner) evaluateCondition(directive token, words []token) bool {
	if len(words) == 0 {
		s.findings.Add(directive.end, "#%s needs a condition", directive)
		return false
	}
	var value constant
	answered, err := s.answerDefined(append(words, endAt(words[len(words)-1].end, "the end of the line")))
	if err == nil {
		e := expression{
			tokens: s.expand(answered, nil),
			wide:   true,
			lookup: func(string) (constant, bool) { return integer(0, signed64), true },
		}
		value, err = e.evaluateAll()
	}
	if err != nil {
		s.findings.Add(err.at, "the condition cannot be evaluated: %s", err.reason)
		return false
	}
	return value.isTrue()
}

// restOfLine reads the tokens up to the end of the line.
func (s *scanner) restOfLine() []token {
	var words []token
	for {
		s.skipBlank("")
		if s.next == len(s.characters) || s.peek(0) == '\n' {
			return words
		}
		words = append(words, s.token(false))
	}
}
