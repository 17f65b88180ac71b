package header

import (
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// parseCpp reads a C++ header: its enums and typedefs wherever they stand, and
// of everything else only as much as is needed to pass over it.
func parseCpp(file *File, src []byte, findings *diag.List) {
	start := diag.Position{File: file.Name, Line: 1, Column: 1}
	p := &cppParser{
		file:     file,
		tokens:   withoutAttributes(newScanner(withoutMark(src), start, findings).scan()),
		findings: findings,
		scopes:   []*scope{newScope(token{})},
		aliases:  make(map[string]string),
	}
	p.declarations()
}

type cppParser struct {
	file     *File
	tokens   []token
	next     int
	findings *diag.List
	scopes   []*scope

	declaration int // the first token of the declaration at hand
	aliases     map[string]string
}

// scope is what stands between two braces in which names are declared; the
// outermost one is the file.
type scope struct {
	keyword token // opened it
	names   definitions
	enums   definitions
	inner   map[string]*scope // what NAME:: is looked up in
}

func newScope(keyword token) *scope {
	return &scope{keyword, make(definitions), make(definitions), make(map[string]*scope)}
}

// lookup finds a name, or a path of names with :: between them, in this scope.
func (s *scope) lookup(path string) (constant, bool) {
	for s != nil {
		first, rest, qualified := strings.Cut(path, "::")
		if !qualified {
			found, ok := s.names[path]
			return found.value, ok
		}
		s, path = s.inner[first], rest
	}
	return constant{}, false
}

// lookup finds a name in the scopes around the place at hand.
func (p *cppParser) lookup(path string) (constant, bool) {
	for i := len(p.scopes) - 1; i >= 0; i-- {
		if value, ok := p.scopes[i].lookup(path); ok {
			return value, true
		}
	}
	return constant{}, false
}

func (p *cppParser) peek() token { return p.tokens[p.next] }

func (p *cppParser) peekAt(ahead int) token {
	return p.tokens[min(p.next+ahead, len(p.tokens)-1)]
}

// accept passes over the next token if it is the given one.
func (p *cppParser) accept(text string) bool {
	if p.peek().is(text) {
		p.next++
		return true
	}
	return false
}

// behind returns the place after the token that was read last.
func (p *cppParser) behind() diag.Position {
	if p.next == 0 {
		return p.peek().at
	}
	return p.tokens[p.next-1].end
}

func (p *cppParser) innermost() *scope { return p.scopes[len(p.scopes)-1] }

func (p *cppParser) declarations() {
	for {
		switch t := p.peek(); t.text {
		case ";":
			p.next++
			p.declaration = p.next
		case "enum":
			p.enum()
		case "typedef", "using":
			p.alias()
		case "class", "struct", "union", "namespace", "extern":
			p.scopeHead()
		case "public", "private", "protected":
			p.next++
			if p.accept(":") {
				p.declaration = p.next
			}
		case "template":
			p.templateHead()
		case "{":
			p.block()
		case "}":
			p.closeScope()
		default:
			if t.kind == end {
				p.closeFile()
				return
			}
			if p.next == p.declaration && !t.beginsDeclaration() {
				p.findings.Add(t.at, "%s cannot begin a declaration", t)
			}
			p.next++
			if t.is("=") {
				p.initializer()
			}
		}
	}
}

// beginsDeclaration is about tokens that begin no declaration of their own kind.
func (t token) beginsDeclaration() bool {
	return t.kind == name || t.is("::") || t.is("~") || t.is("[")
}

// specifiers may stand before an enum in its declaration.
var specifiers = []string{"typedef", "static", "const", "constexpr", "extern", "inline", "friend", "volatile", "mutable"}

// requireFinished reports a declaration that another one follows, from the token
// of that index on, without a semicolon. Only the allowed words may stand before.
func (p *cppParser) requireFinished(following int, allowed ...string) {
	for _, t := range p.tokens[p.declaration:following] {
		if !slices.Contains(allowed, t.text) {
			p.findings.Add(p.tokens[following-1].end, "; is missing before %s", p.tokens[following])
			break
		}
	}
	p.declaration = following
}

func (p *cppParser) closeFile() {
	p.requireFinished(p.next)
	for _, open := range p.scopes[1:] {
		p.findings.Add(open.keyword.at, "this %s is never closed", open.keyword).Hint = "} is missing"
	}
}

// scopeHead reads from a keyword up to the brace of a scope, if there is one.
func (p *cppParser) scopeHead() {
	keyword := p.peek()
	if p.tokens[p.declaration].is("}") || keyword.is("namespace") {
		p.requireFinished(p.next, "inline", "using")
	}
	p.next++
	start := p.next
	for !p.peek().endsScopeHead() {
		p.next++
	}
	if !p.peek().is("{") {
		return
	}
	if len(p.scopes) > deepestNesting {
		p.findings.Add(keyword.at, "this %s is nested too deeply", keyword)
		p.skipBraces()
		return
	}
	p.scopes = append(p.scopes, p.openScope(start, p.next))
	p.next++
	p.declaration = p.next
}

// scopePath returns the names by which others find a scope: several for a
// namespace a::b, none for one without a name. The last word before a colon or
// the brace counts; there may be macros before it that nobody has defined.
func scopePath(head []token) (path []string) {
	for i, t := range head {
		switch {
		case t.is(":"), t.is("final"):
			return path
		case t.kind != name:
		case i > 0 && head[i-1].is("::"):
			path = append(path, t.text)
		default:
			path = []string{t.text}
		}
	}
	return path
}

// openScope returns the scope whose keyword stands before the tokens from start
// to stop, new or, of a namespace, open again. What extern "C", a namespace
// without a name and an inline one hold can be named from around them as well.
func (p *cppParser) openScope(start, stop int) *scope {
	keyword, around := p.tokens[start-1], p.innermost()
	path := scopePath(p.tokens[start:stop])
	inline := start > 1 && p.tokens[start-2].is("inline")
	if keyword.is("extern") || keyword.is("namespace") && (inline || len(path) == 0) {
		if inline && len(path) > 0 {
			around.inner[path[0]] = around
		}
		return &scope{keyword, around.names, around.enums, around.inner}
	}
	if len(path) == 0 {
		return newScope(keyword)
	}
	for _, step := range path {
		opened, again := around.inner[step]
		if !again || !keyword.is("namespace") {
			opened = newScope(keyword)
			around.inner[step] = opened
		}
		around = opened
	}
	return around
}

// templateHead passes over template and the parameters behind it.
func (p *cppParser) templateHead() {
	p.next++
	if !p.peek().is("<") {
		return
	}
	parentheses, angles := 0, 0
	for p.peek().kind != end && !p.peek().is(";") && !p.peek().is("{") {
		t := p.peek()
		p.next++
		switch {
		case t.is("("):
			parentheses++
		case t.is(")"):
			parentheses--
		case parentheses > 0:
		case t.is("<"):
			angles++
		case t.is(">"):
			angles--
		case t.is(">>"):
			angles -= 2
		}
		if angles <= 0 {
			p.declaration = p.next
			return
		}
	}
}

// initializer looks at what stands behind an equals sign: the values of an enum
// can name an integer constant.
func (p *cppParser) initializer() {
	words := p.tokens[p.declaration : p.next-1]
	isConstant := func(t token) bool { return t.is("const") || t.is("constexpr") }
	const most = 10 // static inline constexpr unsigned long long int NAME, and some more
	if len(words) < 3 || len(words) > most || words[len(words)-1].kind != name || !slices.ContainsFunc(words, isConstant) {
		return
	}
	named := words[len(words)-1]
	kind := slices.DeleteFunc(slices.Clone(words[:len(words)-1]), func(t token) bool { return slices.Contains(specifiers, t.text) })
	held, known := p.underlyingType(spell(kind))
	e := expression{tokens: p.tokens, next: p.next, lookup: p.lookup, types: p.underlyingType}
	value, err := e.evaluate()
	if known && err == nil && value.known() && (e.peek().is(";") || e.peek().is(",")) {
		p.innermost().names[named.text] = definition{named.at, held.hold(value.value)}
	}
}

func (t token) endsScopeHead() bool {
	switch t.text {
	case "{", "}", ";", "(", ")", "=", "enum", "typedef", "using":
		return true
	default:
		return t.kind == end
	}
}

func (p *cppParser) closeScope() {
	brace := p.peek()
	if len(p.scopes) == 1 {
		p.findings.Add(brace.at, "this brace closes nothing")
		p.next++
		p.declaration = p.next
		return
	}
	p.requireFinished(p.next)
	closed := p.innermost()
	p.scopes = p.scopes[:len(p.scopes)-1]
	p.declaration = p.next
	p.next++
	if closed.keyword.is("namespace") || closed.keyword.is("extern") {
		p.declaration = p.next
	}
}

// block passes over the body of a function or the values of a variable.
func (p *cppParser) block() {
	introduced := slices.ContainsFunc(p.tokens[p.declaration:p.next], func(t token) bool {
		return t.is("(") || t.is("=") || slices.Contains(specifiers, t.text)
	})
	if !introduced {
		p.reportStrayBlock()
	}
	p.skipBraces()
	if !p.peek().is(",") {
		p.declaration = p.next
	}
}

func (p *cppParser) reportStrayBlock() {
	finding := p.findings.Add(p.peek().at, "this block belongs to no enum, class, namespace or function")
	if p.declaration < p.next {
		finding.Hint = diag.DidYouMean(p.tokens[p.declaration].text, []string{"enum", "class", "struct", "union", "namespace"})
	}
}

// skipBraces passes over a brace and everything up to its partner.
func (p *cppParser) skipBraces() {
	brace := p.peek()
	depth := 0
	for p.peek().kind != end {
		if p.peek().is("{") {
			depth++
		} else if p.peek().is("}") {
			depth--
		}
		p.next++
		if depth == 0 {
			return
		}
	}
	p.findings.Add(brace.at, "this brace is never closed").Hint = "} is missing"
}

// alias reads a typedef or its newer form with using. Where the type is defined
// on the spot, only the keyword is passed over.
func (p *cppParser) alias() {
	keyword := p.peek()
	p.requireFinished(p.next)
	p.next++
	switch p.peek().text {
	case "enum", "class", "struct", "union", "namespace":
		return
	}
	start := p.next
	for !p.peek().endsAlias() {
		p.next++
	}
	words := p.tokens[start:p.next]
	if !p.peek().is(";") {
		p.findings.Add(p.behind(), "; is missing before %s", p.peek())
		p.declaration = p.next
	}
	if len(words) < 2 && keyword.is("typedef") {
		p.findings.Add(keyword.at, "a typedef needs a type and a name")
	}
	if typedef, ok := plainAlias(keyword, words); ok {
		p.file.Typedefs = append(p.file.Typedefs, typedef)
		p.aliases[typedef.Name] = typedef.Type
	}
}

func (t token) endsAlias() bool {
	switch t.text {
	case ";", "{", "}", "enum", "typedef", "using", "class", "struct", "union", "namespace":
		return true
	default:
		return t.kind == end
	}
}

// plainAlias returns what an alias defines if it gives a name to a named type.
func plainAlias(keyword token, words []token) (Typedef, bool) {
	if len(words) < 2 {
		return Typedef{}, false
	}
	alias, aliased := words[len(words)-1], words[:len(words)-1]
	if keyword.is("using") {
		if len(words) < 3 || !words[1].is("=") {
			return Typedef{}, false
		}
		alias, aliased = words[0], words[2:]
	}
	if alias.kind != name {
		return Typedef{}, false
	}
	for _, t := range aliased {
		if t.kind != name && !t.is("::") {
			return Typedef{}, false
		}
	}
	return Typedef{Name: alias.text, Type: spell(aliased), Position: alias.at}, true
}
