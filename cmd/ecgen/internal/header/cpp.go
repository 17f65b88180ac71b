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
		tokens:   newScanner(withoutMark(src), start, findings).scan(),
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
}

func newScope(keyword token) *scope {
	return &scope{keyword, make(definitions), make(definitions)}
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
	opened := newScope(keyword)
	if keyword.is("extern") {
		opened.names, opened.enums = p.innermost().names, p.innermost().enums
	}
	p.scopes = append(p.scopes, opened)
	p.next++
	p.declaration = p.next
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
		return t.is("(") || t.is("=")
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

// spell writes the name of a type.
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
