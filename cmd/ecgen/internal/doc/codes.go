package doc

import (
	"cmp"
	"slices"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// codeSections are the codes for the search; the navigation has only their
// lists.
func codeSections(p *model.Protocol) []section {
	sections := []section{
		{ID: "opcodes", Title: "Opcodes", Kind: "Section"},
		{ID: "tags", Title: "Tag names", Kind: "Section"},
	}
	if len(p.Unused) > 0 {
		sections = append(sections, section{ID: "unused", Title: "Unused codes", Kind: "Section"})
	}
	return sections
}

// code is a line of the list of codes.
type code struct {
	*model.Code
	ID       string
	Unused   string // the reason
	Messages []*message
	Uses     []*tag
	Forms    string // of its own data, if several are possible
}

func (s *site) opcodes() (codes []code) {
	for _, c := range byValue(s.protocol.Opcodes) {
		line := code{Code: c, ID: "op-" + c.Name, Unused: s.reason(c)}
		for _, m := range s.messagesOf(c) {
			line.Messages = append(line.Messages, s.message(m))
		}
		codes = append(codes, line)
	}
	return codes
}

func (s *site) tagNames() (codes []code) {
	for _, c := range byValue(s.protocol.Tags) {
		line := code{Code: c, ID: "tag-" + c.Name, Unused: s.reason(c)}
		var all []string
		for _, use := range s.uses[c] {
			line.Uses = append(line.Uses, s.Use(use))
			for _, form := range forms(use.field) {
				if !slices.Contains(all, form) {
					all = append(all, form)
				}
			}
		}
		if len(all) > 1 {
			line.Forms = model.AnyOf(all)
		}
		codes = append(codes, line)
	}
	return codes
}

// byValue returns codes in the order of their numbers.
func byValue(codes []*model.Code) []*model.Code {
	return slices.SortedStableFunc(slices.Values(codes), func(a, b *model.Code) int { return cmp.Compare(a.Value, b.Value) })
}

func (s *site) reason(c *model.Code) string {
	if slices.Contains(s.protocol.Unused, c) {
		return model.Sentence(c.Doc)
	}
	return ""
}

// enum is what a page says of an enumeration.
type enum struct {
	*model.Enum
	Uses []*tag
}

func (s *site) enums() (enums []enum) {
	for _, e := range s.protocol.Enums {
		line := enum{Enum: e}
		for _, t := range s.structs() {
			for _, f := range slices.Concat(t.Own, t.Fields) {
				if f.Enum == e {
					line.Uses = append(line.Uses, &tag{Field: f, site: s, in: t})
				}
			}
		}
		enums = append(enums, line)
	}
	return enums
}
