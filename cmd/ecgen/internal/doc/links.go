package doc

import (
	"regexp"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// use is a place where a tag stands.
type use struct {
	in    *model.Struct
	field *model.Field // the type of an item when it is of positions
}

// usesOf returns where each tag stands, in the order of the spec.
func usesOf(p *model.Protocol) map[*model.Code][]use {
	uses := make(map[*model.Code][]use)
	for _, t := range p.Shapes() {
		for _, f := range t.Fields {
			for _, code := range append([]*model.Code{f.Tag}, f.Also...) {
				uses[code] = append(uses[code], use{t, f})
			}
		}
	}
	return uses
}

// makeWords returns where the names of opcodes and tags lead to. A name that is
// both is left out, and so are the names of types.
func (s *site) makeWords() map[string]string {
	words := make(map[string]string)
	for _, code := range s.protocol.Tags {
		words[code.Name] = s.href("codes", "tag-"+code.Name)
	}
	for _, code := range s.protocol.Opcodes {
		if _, ambiguous := words[code.Name]; ambiguous {
			words[code.Name] = ""
		} else {
			words[code.Name] = s.opcodeHref(code)
		}
	}
	words["STRING"] = "" // a type, too
	return words
}

// opcodeHref leads to the message of an opcode, or if it has none or several to
// the list of codes.
func (s *site) opcodeHref(code *model.Code) string {
	if messages := s.messagesOf(code); len(messages) == 1 {
		return s.structHref(messages[0])
	}
	return s.href("codes", "op-"+code.Name)
}

func (s *site) messagesOf(code *model.Code) (messages []*model.Struct) {
	for _, m := range s.protocol.Messages {
		if m.Opcode == code {
			messages = append(messages, m)
		}
	}
	return messages
}

// word returns where a name leads to, or "". With the prefix op: or tag: it is
// that of an opcode or of a tag, and the prefix is cut off.
func (s *site) word(name string) (href, label string) {
	if rest, ok := strings.CutPrefix(name, "op:"); ok {
		return s.codeHref(s.protocol.Opcodes, rest, "op-"), rest
	}
	if rest, ok := strings.CutPrefix(name, "tag:"); ok {
		return s.codeHref(s.protocol.Tags, rest, "tag-"), rest
	}
	return s.words[name], name
}

func (s *site) codeHref(codes []*model.Code, name, prefix string) string {
	for _, code := range codes {
		if code.Name == name {
			return s.href("codes", prefix+name)
		}
	}
	return ""
}

var (
	codeName = regexp.MustCompile(`\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z][A-Z0-9]{3,}\b`)
	codeSpan = regexp.MustCompile("`((?:op:|tag:)?[A-Z][A-Z0-9_]+)`")
)

// run is a piece of text, with where it leads to if it is a code's name.
type run struct{ Text, Href string }

// runs splits text so that each code's name stands alone.
func (s *site) runs(text string) (runs []run) {
	end := 0
	for _, found := range codeName.FindAllStringIndex(text, -1) {
		name := text[found[0]:found[1]]
		href := s.words[name]
		if href == "" {
			continue
		}
		if found[0] > end {
			runs = append(runs, run{Text: text[end:found[0]]})
		}
		runs = append(runs, run{name, href})
		end = found[1]
	}
	if end < len(text) {
		runs = append(runs, run{Text: text[end:]})
	}
	return runs
}

// linkSpans makes links of the code spans of a Markdown text that are names.
func (s *site) linkSpans(text string) string {
	return codeSpan.ReplaceAllStringFunc(text, func(span string) string {
		href, label := s.word(strings.Trim(span, "`"))
		if href == "" {
			return "`" + label + "`"
		}
		return "[`" + label + "`](" + href + ")"
	})
}
