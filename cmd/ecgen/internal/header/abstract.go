package header

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// parseAbstract reads the sections from which aMule generates its headers. Those
// of the type Define hold macros and are passed over.
func parseAbstract(file *File, src []byte, findings *diag.List) {
	p := &abstractParser{
		file:     file,
		findings: findings,
		names:    make(definitions),
		types:    make(definitions),
	}
	number := 0
	for line := range bytes.Lines(withoutMark(src)) {
		number++
		p.line(p.words(number, string(line)))
	}
	p.endOfFile()
}

type abstractParser struct {
	file     *File
	findings *diag.List
	names    definitions // enumerators
	types    definitions // enums and typedefs

	doc     []string // lines that belong to the next item
	section *section // nil between sections
}

// section is the section at hand: what it says of itself before its values.
type section struct {
	at      diag.Position
	content bool   // not a description of the file
	kind    string // Enum, TypeDef, Define or, before it is known, empty
	enum    Enum
}

// word is one word of a line and its place.
type word struct {
	text string
	at   diag.Position
}

// words splits a line at white space.
func (p *abstractParser) words(number int, line string) []word {
	var words []word
	start, column := 0, 0
	at := diag.Position{File: p.file.Name, Line: number}
	for i, r := range line + "\n" {
		column++
		switch {
		case !unicode.IsSpace(r) && at.Column == 0:
			start, at.Column = i, column
		case unicode.IsSpace(r) && at.Column > 0:
			words = append(words, word{line[start:i], at})
			at.Column = 0
		}
	}
	return words
}

func (p *abstractParser) line(words []word) {
	switch {
	case len(words) == 0:
		return
	case strings.HasPrefix(words[0].text, "##"):
		p.doc = append(p.doc, strings.TrimSpace(strings.TrimLeft(join(words), "#")))
		return
	case strings.HasPrefix(words[0].text, "#"):
		return
	case strings.HasPrefix(words[0].text, "["):
		p.bracket(words)
	case p.section == nil:
		p.findings.Add(words[0].at, "%s stands outside of a section", words[0].text)
	case p.section.content:
		p.content(words)
	}
	p.doc = nil
}

func join(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// bracket opens or closes a section.
func (p *abstractParser) bracket(words []word) {
	at := words[0].at
	switch text := join(words); text {
	case "[Section Definition]", "[Section Content]":
		if p.section != nil {
			p.findings.Add(at, "the section from line %d is still open", p.section.at.Line).Hint = "[/Section] is missing"
			p.closeSection()
		}
		p.section = &section{at: at, content: text == "[Section Content]"}
		p.section.enum = Enum{Doc: strings.Join(p.doc, "\n"), Position: at}
	case "[/Section]":
		if p.section == nil {
			p.findings.Add(at, "no section is open")
			return
		}
		p.closeSection()
	default:
		p.findings.Add(at, "unknown section mark %s", text).Hint =
			diag.DidYouMean(text, []string{"[Section Definition]", "[Section Content]", "[/Section]"})
	}
}

func (p *abstractParser) endOfFile() {
	if p.section != nil {
		p.findings.Add(p.section.at, "this section is never closed").Hint = "[/Section] is missing"
		p.closeSection()
	}
}

func (p *abstractParser) closeSection() {
	if s := p.section; s.content && s.kind == "" {
		p.findings.Add(s.at, "this section has no Type")
	} else if s.kind == "Enum" {
		if s.enum.Name == "" {
			p.findings.Add(s.at, "this enum has no Name")
		}
		p.file.Enums = append(p.file.Enums, s.enum)
	}
	p.section = nil
}

// content reads a line of a section that defines something. The first abstract
// file had enums only and no Type.
func (p *abstractParser) content(words []word) {
	s := p.section
	if s.kind == "" && words[0].text == "Name" {
		s.kind = "Enum"
	}
	switch {
	case s.kind == "":
		p.sectionType(words)
	case s.kind == "TypeDef":
		p.typedef(words)
	case s.kind == "Enum" && words[0].text == "Name" && len(s.enum.Values) == 0:
		p.enumName(words)
	case s.kind == "Enum" && words[0].text == "DataType" && len(s.enum.Values) == 0:
		p.enumType(words)
	case s.kind == "Enum":
		p.enumerator(words)
	}
}

func (p *abstractParser) sectionType(words []word) {
	kinds := []string{"Enum", "TypeDef", "Define"}
	p.section.kind = "unknown"
	if words[0].text != "Type" || len(words) != 2 {
		p.findings.Add(words[0].at, "a section begins with Type and one of %s", strings.Join(kinds, ", "))
		return
	}
	for _, kind := range kinds {
		if words[1].text == kind {
			p.section.kind = kind
			return
		}
	}
	p.findings.Add(words[1].at, "unknown section type %s", words[1].text).Hint = diag.DidYouMean(words[1].text, kinds)
}

func (p *abstractParser) enumName(words []word) {
	enum := &p.section.enum
	switch {
	case len(words) != 2 || !isName(words[1].text):
		p.findings.Add(words[0].at, "Name needs one name")
	case enum.Name != "":
		p.findings.Add(words[0].at, "this enum has a Name already")
	default:
		enum.Name, enum.Position = words[1].text, words[1].at
		p.types.define(words[1].text, words[1].at, constant{}, p.findings)
	}
}

func (p *abstractParser) enumType(words []word) {
	enum := &p.section.enum
	switch {
	case len(words) != 2:
		p.findings.Add(words[0].at, "DataType needs one type")
	case enum.Type != "":
		p.findings.Add(words[0].at, "this enum has a DataType already")
	default:
		enum.Type = words[1].text
		if _, known := integerTypes[enum.Type]; !known {
			p.findings.Add(words[1].at, "unknown type %s", enum.Type).Hint =
				diag.DidYouMean(enum.Type, []string{"uint8", "uint16", "uint32", "uint64"})
		}
	}
}

func (p *abstractParser) typedef(words []word) {
	if len(words) != 2 || !isName(words[0].text) || !isName(words[1].text) {
		p.findings.Add(words[0].at, "a line of a TypeDef section is a name and a type")
		return
	}
	p.types.define(words[0].text, words[0].at, constant{}, p.findings)
	p.file.Typedefs = append(p.file.Typedefs, Typedef{words[0].text, words[1].text, words[0].at})
}

func (p *abstractParser) enumerator(words []word) {
	if len(words) != 2 || !isName(words[0].text) {
		p.findings.Add(words[0].at, "a line of an Enum section is a name and a value")
		return
	}
	named, enum := words[0], &p.section.enum
	value := p.value(words[1])
	if held, known := integerTypes[enum.Type]; known && value.known() && !fits(value.value, held.bits, held.signed) {
		p.findings.Add(words[1].at, "the value of %s, %s, does not fit in %s", named.text, value.value, enum.Type)
		value = constant{}
	}
	p.names.define(named.text, named.at, value, p.findings)
	enum.Values = append(enum.Values, newEnumerator(named.text, value, strings.Join(p.doc, "\n"), named.at))
}

// value computes what the generated header has behind the equals sign.
func (p *abstractParser) value(w word) constant {
	e := expression{
		tokens: scanText(w.text, w.at, p.findings),
		lookup: func(name string) (constant, bool) {
			found, ok := p.names[name]
			return found.value, ok
		},
	}
	value, err := e.evaluateAll()
	if err != nil {
		p.findings.Add(err.at, "%s", err.reason)
		return constant{}
	}
	return value
}
