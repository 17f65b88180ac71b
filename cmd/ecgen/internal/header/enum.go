package header

import "math/big"

// enum reads an enum or, where the keyword only repeats that a name is one,
// passes over it.
func (p *cppParser) enum() {
	first, keyword := p.declaration, p.next
	enum, scoped := p.enumHead()
	enum.Doc = leadingDoc(p.tokens[first], p.tokens, first)
	if !p.peek().is("{") {
		p.enumWithoutBody(enum)
		return
	}
	p.requireFinished(keyword, specifiers...)
	p.next++
	p.declareEnum(enum)
	body := enumBody{cppParser: p, enum: &enum, names: p.innermost().names}
	if scoped {
		body.names = make(definitions)
	}
	closed := body.read()
	if !scoped {
		body.promote()
	}
	p.innermost().inner[enum.Name] = &scope{keyword: p.tokens[keyword], names: body.names}
	if closed {
		p.enumTail(&enum, p.tokens[first].is("typedef"))
	}
	p.declaration = p.next
	p.file.Enums = append(p.file.Enums, enum)
}

// enumHead reads the keyword, the name and the type.
func (p *cppParser) enumHead() (enum Enum, scoped bool) {
	enum.Position = p.peek().at
	p.next++
	scoped = p.accept("class") || p.accept("struct")
	if t := p.peek(); t.kind == name && !t.endsEnum() {
		enum.Name, enum.Position = t.text, t.at
		p.next++
	}
	if !p.accept(":") {
		return enum, scoped
	}
	start := p.next
	for p.peek().kind == name || p.peek().is("::") {
		p.next++
	}
	if p.next == start {
		p.findings.Add(p.behind(), "a type is missing before %s", p.peek())
	}
	enum.Type = spell(p.tokens[start:p.next])
	return enum, scoped
}

// enumTail looks at what stands behind the closing brace: the name that a typedef
// gives, variables, or only the semicolon.
func (p *cppParser) enumTail(enum *Enum, typedef bool) {
	if !p.peek().is(";") && !p.beginsDeclarator() {
		p.findings.Add(p.behind(), "; is missing after %s", describe(*enum))
	} else if typedef && enum.Name == "" && p.peek().kind == name {
		enum.Name = p.peek().text
		p.declareEnum(*enum)
	}
}

// beginsDeclarator reports whether a variable of the type just defined follows.
func (p *cppParser) beginsDeclarator() bool {
	switch p.peek().text {
	case "*", "&":
		return true
	}
	switch p.peekAt(1).text {
	case ";", ",", "=", "[":
		return p.peek().kind == name
	default:
		return false
	}
}

func describe(enum Enum) string {
	if enum.Name == "" {
		return "this enum"
	}
	return "enum " + enum.Name
}

func (p *cppParser) declareEnum(enum Enum) {
	if enum.Name != "" {
		p.innermost().enums.define(enum.Name, enum.Position, constant{}, p.findings)
	}
}

// enumWithoutBody passes over an enum that is only declared or used, and reports
// one whose brace is missing.
func (p *cppParser) enumWithoutBody(enum Enum) {
	if enum.Name == "" || p.bodyWithoutBrace() {
		p.findings.Add(p.behind(), "{ is missing after %s", describe(enum))
		for !p.peek().is(";") && p.peek().kind != end {
			p.next++
		}
		p.declaration = p.next
	}
}

// bodyWithoutBrace reports whether a closing brace comes before anything that
// could have opened it or ended the declaration, or something stands before the
// opening one.
func (p *cppParser) bodyWithoutBrace() bool {
	if p.peekAt(1).is("{") {
		return true
	}
	if !p.peek().endsEnumerator() && !p.peekAt(1).endsEnumerator() {
		return false
	}
	for ahead := p.next; ; ahead++ {
		switch t := p.tokens[ahead]; {
		case t.is("}"):
			return true
		case t.is(";"), t.is("("), t.is(")"), t.endsEnum():
			return false
		}
	}
}

// enumBody reads what stands between the braces of an enum.
type enumBody struct {
	*cppParser
	enum     *Enum
	names    definitions
	previous constant
}

// read reports whether the closing brace was there.
func (e *enumBody) read() bool {
	e.previous = integer(-1, signed32)
	for {
		switch t := e.peek(); {
		case t.is("}"):
			e.next++
			return true
		case t.endsEnum(), t.is(";"):
			e.findings.Add(e.behind(), "} is missing at the end of %s", describe(*e.enum))
			return false
		case t.kind == name:
			e.enumerator()
		case t.is(","):
			e.findings.Add(t.at, "a name is missing before this comma")
			e.next++
		default:
			e.findings.Add(t.at, "%s is not expected here, but the name of a value", t)
			e.skipEnumerator()
		}
	}
}

// endsEnum reports whether a token shows that the closing brace is missing.
func (t token) endsEnum() bool {
	switch t.text {
	case "enum", "typedef", "using", "class", "struct", "union", "namespace", "{":
		return true
	default:
		return t.kind == end
	}
}

// enumerator reads one name, its value and the comma behind.
func (e *enumBody) enumerator() {
	first := e.peek()
	doc := leadingDoc(first, e.tokens, e.next)
	e.next++
	value, stated := constant{}, e.accept("=")
	broken := false
	if stated {
		value, broken = e.value()
	} else {
		value = e.following(first)
	}
	value = e.checked(first, value)
	e.previous = value
	e.names.define(first.text, first.at, value, e.findings)
	if doc == "" {
		doc = trailingDoc(e.tokens[e.next-1], e.peek())
	}
	e.separator(broken)
	if doc == "" {
		doc = trailingDoc(e.tokens[e.next-1], e.peek())
	}
	e.enum.Values = append(e.enum.Values, newEnumerator(first.text, value, doc, first.at))
}

// value reads what stands behind the equals sign; broken tells that something
// was wrong with it.
func (e *enumBody) value() (value constant, broken bool) {
	expression := expression{tokens: e.tokens, next: e.next, lookup: e.lookup, types: e.underlyingType}
	value, err := expression.evaluate()
	e.next = expression.next
	if err != nil {
		e.findings.Add(err.at, "%s", err.reason)
		return constant{}, true
	}
	return value, false
}

// lookup finds an enumerator in the enum itself or in the scopes around it.
func (e *enumBody) lookup(path string) (constant, bool) {
	if found, ok := e.names[path]; ok {
		return found.value, true
	}
	return e.cppParser.lookup(path)
}

// following returns the value of an enumerator that states none.
func (e *enumBody) following(named token) constant {
	value, ok := after(e.previous)
	if !ok {
		e.findings.Add(named.at, "the value of %s does not fit in 64 bits", named)
	}
	return value
}

// checked returns the value unless the type of the enum cannot hold it.
func (e *enumBody) checked(named token, value constant) constant {
	underlying, known := e.underlyingType(e.enum.Type)
	if known && value.known() && !fits(value.value, underlying.bits, underlying.signed) {
		e.findings.Add(named.at, "the value of %s, %s, does not fit in %s", named, value.value, e.enum.Type)
		return constant{}
	}
	return value
}

// separator passes over the comma behind an enumerator, or to the next place
// where one can begin.
func (e *enumBody) separator(broken bool) {
	switch t := e.peek(); {
	case e.accept(","), t.is("}"), t.endsEnum():
	case broken:
		e.skipEnumerator()
	case t.kind == name:
		e.findings.Add(e.behind(), ", is missing before %s", t)
	case t.is(";") && e.beginsEnumerator(1):
		e.findings.Add(t.at, "a comma is expected here, not a semicolon")
		e.next++
	case t.is(";"):
		// What follows is no enumerator, so it is the brace that is missing.
	default:
		e.findings.Add(t.at, "%s is not expected here, but a comma or }", t)
		e.skipEnumerator()
	}
}

func (e *enumBody) beginsEnumerator(ahead int) bool {
	return e.peekAt(ahead).kind == name && e.peekAt(ahead+1).endsEnumerator()
}

// endsEnumerator reports whether a token can follow the name of an enumerator.
func (t token) endsEnumerator() bool {
	return t.is("=") || t.is(",") || t.is("}")
}

// skipEnumerator passes over the rest of an enumerator that cannot be read.
func (e *enumBody) skipEnumerator() {
	for {
		t := e.peek()
		if t.is("}") || t.endsEnum() {
			return
		}
		e.next++
		if t.is(",") || t.is(";") {
			return
		}
	}
}

// promote gives the enumerators of a closed enum the type that C++ computes with
// outside of it.
func (e *enumBody) promote() {
	kind := signed32
	for _, candidate := range everyKind {
		kind = candidate
		if e.allFit(candidate) {
			break
		}
	}
	for _, value := range e.enum.Values {
		if found := e.names[value.Name]; found.at == value.Position && found.value.known() {
			found.value.kind = kind
			e.names[value.Name] = found
		}
	}
}

func (e *enumBody) allFit(kind integerKind) bool {
	for _, value := range e.enum.Values {
		number := new(big.Int).SetUint64(value.Value)
		if value.Negative {
			number.SetInt64(int64(value.Value))
		}
		if !fits(number, kind.bits(), kind.signed()) {
			return false
		}
	}
	return true
}
