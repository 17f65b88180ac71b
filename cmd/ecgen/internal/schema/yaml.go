package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// parser turns one file into nodes. It alone knows the YAML library, and what
// of YAML the language does without.
type parser struct {
	file     string
	widths   []int
	findings *diag.List
}

// parse returns what a file holds: nothing if it has only comments, and refused
// if it cannot be read.
func parse(file string, source []byte, findings *diag.List) node {
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	lines := bytes.Split(source, []byte("\n"))
	if !checkCharacters(file, lines, findings) {
		return node{kind: refused}
	}
	p := parser{file: file, findings: findings}
	for _, line := range lines {
		p.widths = append(p.widths, utf8.RuneCount(line))
	}
	return p.onlyDocument(source)
}

// onlyDocument returns the first YAML document and reports a second one.
func (p *parser) onlyDocument(source []byte) node {
	var first, second yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(source))
	if err == nil {
		err = loader.Load(&first)
	}
	switch {
	case err == io.EOF:
		return node{kind: nothing}
	case err != nil:
		p.syntaxError(err)
		return node{kind: refused}
	}
	switch err := loader.Load(&second); {
	case err == nil:
		p.findings.Add(p.at(second.Line, second.Column), "a second YAML document starts here").Hint =
			"one file is one document"
	case err != io.EOF:
		p.syntaxError(err)
	}
	return p.node(first.Content[0])
}

func (p *parser) node(y *yaml.Node) node {
	n := node{position: p.at(y.Line, y.Column)}
	if y.Anchor != "" {
		p.absent(n.position, "anchors")
	}
	if y.Style&yaml.TaggedStyle != 0 || y.Tag == "!" {
		p.absent(n.position, "YAML tags")
	}
	switch y.Kind {
	case yaml.ScalarNode:
		n.kind = text
		n.text = strings.TrimSpace(y.Value)
		n.quoted = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
		if n.text == "" && !n.quoted {
			n.kind = nothing
		}
	case yaml.SequenceNode:
		n.kind = list
		for _, item := range y.Content {
			n.items = append(n.items, p.node(item))
		}
	case yaml.MappingNode:
		n.kind = mapping
		n.pairs = p.pairs(y.Content)
	default:
		p.absent(n.position, "aliases")
		n.kind = refused
	}
	return n
}

func (p *parser) pairs(content []*yaml.Node) []pair {
	var pairs []pair
	for i := 0; i < len(content); i += 2 {
		if content[i].ShortTag() == "!!merge" {
			p.absent(p.at(content[i].Line, content[i].Column), "merge keys")
			continue
		}
		next := pair{p.node(content[i]), p.node(content[i+1])}
		switch next.key.kind {
		case list, mapping:
			p.findings.Add(next.key.position, "a key must be text, not %s", next.key.kind)
		case text, nothing:
			pairs = append(pairs, next)
		}
	}
	return pairs
}

func (p *parser) absent(at diag.Position, what string) {
	p.findings.Add(at, "the schema language has no %s", what)
}

// at keeps positions within the text, as the library puts some behind its end.
func (p *parser) at(line, column int) diag.Position {
	if p.isEnd(line) {
		line, column = len(p.widths)-1, math.MaxInt
	}
	line = min(max(line, 1), len(p.widths))
	return diag.Position{File: p.file, Line: line, Column: min(max(column, 1), p.widths[line-1]+1)}
}

// isEnd reports whether a line is what follows the last line break.
func (p *parser) isEnd(line int) bool {
	return line >= len(p.widths) && p.widths[len(p.widths)-1] == 0
}

// syntaxError reports what the library says. At the end of the file there is
// nothing to see, so the start of what is still open is shown instead.
func (p *parser) syntaxError(err error) {
	failure, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		p.findings.Add(diag.Position{File: p.file}, "not YAML: %v", err)
		return
	}
	at, message := p.at(failure.Mark.Line, failure.Mark.Column), failure.Message
	if failure.ContextMark.Line > 0 {
		start := p.at(failure.ContextMark.Line, failure.ContextMark.Column)
		message += " " + failure.ContextMsg
		if p.isEnd(failure.Mark.Line) {
			at = start
		} else if start.Line != at.Line {
			message += fmt.Sprintf(" from line %d", start.Line)
		}
	}
	p.findings.Add(at, "not YAML: %s", message).Hint = syntaxHint(failure.Message)
}

// syntaxHints say what usually helps, by how the library's message starts.
var syntaxHints = []struct{ message, hint string }{
	{"block sequence entries are not allowed", "a list starts on a line of its own"},
	{"could not find expected ':'", "a line of a mapping is a key, a colon and a value"},
	{"did not find expected ',' or", "text that has any of , [ ] { }, or a colon and a space, needs quotes here"},
	{"did not find expected '-' indicator", "the items of a list start in one column"},
	{"did not find expected key", "the lines of a mapping start in one column; text is quoted as a whole or not at all"},
	{"did not find expected node content", "text that starts with any of , [ ] { } needs quotes"},
	{"found character that cannot start any token", "text that starts with any of @ ` % needs quotes"},
	{"found unexpected end of stream", "the closing quote is missing"},
	{"found unknown escape character", `in double quotes \ starts an escape; single quotes leave it alone`},
	{"mapping values are not allowed", "text that has a colon and a space needs quotes"},
	{"unknown anchor", "text that starts with * needs quotes"},
}

func syntaxHint(message string) string {
	for _, known := range syntaxHints {
		if strings.HasPrefix(message, known.message) {
			return known.hint
		}
	}
	return ""
}
