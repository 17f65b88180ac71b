package header

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// macro is what #define says that a name stands for.
type macro struct {
	takes      bool // arguments in parentheses
	parameters []string
	body       []token
}

// arity returns how many arguments a macro wants at least, and whether it takes
// more. One argument may be empty, and is then none.
func (m *macro) arity() (wanted int, variadic bool) {
	wanted = max(1, len(m.parameters))
	if slices.Contains(m.parameters, "__VA_ARGS__") {
		return wanted - 1, true
	}
	return wanted, false
}

// mostExpanded bounds how many tokens the macros of a file may stand for.
const mostExpanded = 1 << 16

// predefinedMacros are those that every C++ compiler defines and that headers
// ask for.
func predefinedMacros() map[string]*macro {
	return map[string]*macro{"__cplusplus": {body: []token{{kind: number, text: "201703L"}}}}
}

// define reads the words of #define.
func (s *scanner) define(words []token) {
	if len(words) < 2 || words[1].kind != name {
		s.findings.Add(words[0].end, "#define needs a name")
		return
	}
	m := &macro{body: words[2:]}
	if len(m.body) > 0 && m.body[0].is("(") && m.body[0].at == words[1].end {
		closing := slices.IndexFunc(m.body, func(t token) bool { return t.is(")") })
		if closing < 0 {
			s.findings.Add(m.body[0].at, "this parenthesis is never closed").Hint = ") is missing"
			return
		}
		m.takes = true
		for _, t := range m.body[1:closing] {
			if t.kind == name {
				m.parameters = append(m.parameters, t.text)
			}
		}
		if closing > 1 && m.body[closing-1].is(".") { // the last of three
			m.parameters = append(m.parameters, "__VA_ARGS__")
		}
		m.body = m.body[closing+1:]
	}
	s.macros[words[1].text] = m
}

// expand returns tokens with what the macros among them stand for. The macros
// within which they stand are not looked for again.
func (s *scanner) expand(tokens []token, within []*macro) []token {
	var expanded []token
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		m := s.macros[t.text]
		if t.kind != name || m == nil || slices.Contains(within, m) {
			expanded = append(expanded, t)
			continue
		}
		body := m.body
		if m.takes {
			if i+1 == len(tokens) || !tokens[i+1].is("(") {
				expanded = append(expanded, t)
				continue
			}
			arguments, size := argumentsOf(tokens[i+1:])
			if size == 0 {
				s.findings.Add(tokens[i+1].at, "this parenthesis is never closed").Hint = ") is missing"
				return append(expanded, tokens[i:]...)
			}
			i += size
			if wanted, variadic := m.arity(); len(arguments) < wanted || len(arguments) > wanted && !variadic {
				s.findings.Add(t.at, "the macro %s takes %d arguments, not %d", t, wanted, len(arguments))
			}
			body = s.substitute(m, arguments, within)
		}
		s.expanded += len(body)
		if s.expanded > mostExpanded || len(within) == deepestNesting {
			s.giveUp(t)
			return expanded
		}
		body = s.expand(placed(body, t), append(slices.Clip(within), m))
		expanded = append(expanded, body...)
	}
	return expanded
}

// giveUp forgets all macros, because those that begin with a token stand for too
// much.
func (s *scanner) giveUp(t token) {
	s.macros = make(map[string]*macro)
	if !s.gaveUp {
		s.gaveUp = true
		s.findings.Add(t.at, "macros stand for too much here")
	}
}

// placed returns the tokens of a macro's body as if they stood where it is used.
func placed(body []token, use token) []token {
	body = slices.Clone(body)
	for i := range body {
		body[i].at, body[i].end, body[i].macro = use.at, use.end, cmp.Or(use.macro, use.text)
		body[i].comments = nil
	}
	return body
}

// argumentsOf returns the arguments of a macro, behind the parenthesis that
// tokens begin with, and how many tokens that takes: none if it is never closed.
func argumentsOf(tokens []token) (arguments [][]token, size int) {
	depth, start := 0, 1
	for i, t := range tokens {
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		}
		if depth == 0 || depth == 1 && t.is(",") {
			arguments = append(arguments, tokens[start:i])
			start = i + 1
		}
		if depth == 0 {
			return arguments, i + 1
		}
	}
	return nil, 0
}

// substitute returns the body of a macro with its arguments: expanded ones, but
// as they are written where # makes a text of them or ## joins them.
func (s *scanner) substitute(m *macro, arguments [][]token, within []*macro) []token {
	argument := func(t token) (written []token, found bool) {
		i := slices.Index(m.parameters, t.text)
		if t.kind != name || i < 0 {
			return nil, false
		}
		if i < len(arguments) {
			written = arguments[i]
		}
		if t.is("__VA_ARGS__") {
			for _, more := range arguments[min(i+1, len(arguments)):] {
				written = append(append(slices.Clip(written), token{kind: punctuation, text: ","}), more...)
			}
		}
		return written, true
	}
	var body []token
	for i, t := range m.body {
		joined := i > 0 && m.body[i-1].is("##") || i+1 < len(m.body) && m.body[i+1].is("##")
		written, found := argument(t)
		switch {
		case found && i > 0 && m.body[i-1].is("#"):
			body[len(body)-1] = token{kind: literal, text: `"` + spell(written) + `"`}
		case found && joined && len(written) == 0:
			body = append(body, token{kind: punctuation}) // nothing, to be joined
		case found && joined:
			body = append(body, written...)
		case found:
			body = append(body, s.expand(written, append(slices.Clip(within), nil))...) // one level more
		default:
			body = append(body, t)
		}
	}
	return paste(body)
}

// paste makes one token of two that ## stands between.
func paste(body []token) []token {
	var joined []token
	for i := 0; i < len(body); i++ {
		last := len(joined) - 1
		if !body[i].is("##") || last < 0 || i+1 == len(body) {
			joined = append(joined, body[i])
			continue
		}
		i++
		text := joined[last].text + body[i].text
		joined[last] = body[i]
		if words := scanText(text, diag.Position{}, new(diag.List)); len(words) > 1 {
			joined[last] = words[0]
		}
	}
	return slices.DeleteFunc(joined, func(t token) bool { return t.text == "" })
}

// answerDefined replaces defined NAME and defined(NAME), in words that end with
// the end of the line, by 1 or 0.
func (s *scanner) answerDefined(words []token) ([]token, *expressionError) {
	var answered []token
	for i := 0; i < len(words); i++ {
		if !words[i].is("defined") {
			answered = append(answered, words[i])
			continue
		}
		i++
		parenthesis := words[i].is("(")
		if parenthesis {
			i++
		}
		asked := words[i]
		if asked.kind != name {
			return nil, &expressionError{asked.at, "a name is missing before " + asked.text}
		}
		if parenthesis {
			if i++; !words[i].is(")") {
				return nil, &expressionError{words[i].at, ") is missing before " + words[i].text}
			}
		}
		answer := token{kind: number, text: "0", at: asked.at, end: asked.end}
		if s.macros[asked.text] != nil {
			answer.text = "1"
		}
		answered = append(answered, answer)
	}
	return answered, nil
}

// withoutAttributes drops what says how a compiler should treat a name.
func withoutAttributes(tokens []token) []token {
	kept := make([]token, 0, len(tokens))
	var comments []comment
	for i := 0; i < len(tokens); i++ {
		if size := attribute(tokens[i:]); size > 0 {
			comments = append(comments, tokens[i].comments...)
			i += size - 1
			continue
		}
		t := tokens[i]
		if len(comments) > 0 {
			t.comments = slices.Concat(comments, t.comments)
			comments = nil
		}
		kept = append(kept, t)
	}
	return kept
}

// attribute returns how many tokens the attribute takes that tokens begin with,
// or 0.
func attribute(tokens []token) int {
	open, closing := "(", ")"
	switch {
	case tokens[0].is("[") && len(tokens) > 1 && tokens[1].is("["):
		open, closing = "[", "]"
	case !slices.Contains([]string{"__attribute__", "__declspec", "alignas", "_Pragma"}, tokens[0].text):
		return 0
	}
	const longest = 100 // else many that are never closed would take long
	depth := 0
	for i, t := range tokens[:min(len(tokens), longest)] {
		switch {
		case t.is(open):
			depth++
		case t.is(closing):
			depth--
		case depth == 0 && i > 0, t.is(";"), t.is("{"), t.kind == end:
			return 0
		}
		if depth == 0 && i > 0 {
			return i + 1
		}
	}
	return 0
}

// spell writes tokens as one text, with spaces only where names would run
// together.
func spell(words []token) string {
	var b strings.Builder
	for i, t := range words {
		if i > 0 && t.kind == name && words[i-1].kind == name {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
