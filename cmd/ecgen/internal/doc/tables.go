package doc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// The tables and lists of this file stand within texts. They are Markdown.

// capabilities lists the tags of the login by which a client says what it can
// do: those without a value.
func (s *site) capabilities() string {
	var b strings.Builder
	b.WriteString("| tag | number | since | meaning | echoed in AUTH_OK |\n| --- | --- | --- | --- | --- |\n")
	echoed := map[string]bool{}
	for _, t := range s.structs() {
		if t.Opcode != nil && t.Opcode.Name == "AUTH_OK" {
			for _, f := range t.Fields {
				echoed[f.Tag.Name] = true
			}
		}
	}
	for _, t := range s.structs() {
		if t.Opcode == nil || t.Opcode.Name != "AUTH_REQ" {
			continue
		}
		for _, f := range t.Fields {
			if f.TypeName() != "empty" {
				continue
			}
			echo := "no"
			if echoed[f.Tag.Name] {
				echo = "yes"
			}
			since := cmp.Or(f.Since, "2.3.3")
			if f.Provisional {
				since += ", provisional"
			}
			fmt.Fprintf(&b, "| [`%s`](%s) | `0x%02X` | %s | %s | %s |\n", f.Tag.Name, s.words[f.Tag.Name], f.Tag.Value, since, cell(s.markdownText(model.Sentence(f.Doc))), echo)
		}
	}
	return b.String()
}

// releases lists what each release brought.
func (s *site) releases() string {
	var b strings.Builder
	for _, release := range s.protocol.Releases {
		fmt.Fprintf(&b, "- **%s**. %s", release.Name, model.Sentence(release.Doc))
		if release.Provisional {
			b.WriteString(" What it brings is marked as *provisional*.")
		}
		var links []string
		for _, m := range s.protocol.Messages {
			link := fmt.Sprintf("[`%s`](%s)", m.Opcode.Name, s.opcodeHref(m.Opcode))
			if m.Since == release.Name && !slices.Contains(links, link) {
				links = append(links, link)
			}
		}
		if len(links) > 0 {
			b.WriteString(" New messages: " + strings.Join(links, ", ") + ".")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// detailLevels lists the values of the level that requests have.
func (s *site) detailLevels() string {
	var b strings.Builder
	b.WriteString("| level | value | meaning |\n| --- | --- | --- |\n")
	for _, e := range s.protocol.Enums {
		if e.Name != "DetailLevel" {
			continue
		}
		for _, v := range e.Values {
			fmt.Fprintf(&b, "| [%s](%s) | %d | %s |\n", v.Name, s.href("enums", e.Name+"."+v.Name), v.Value, cell(model.Sentence(v.Doc)))
		}
	}
	return b.String()
}

// pageList lists all other pages.
func (s *site) pageList() string {
	var b strings.Builder
	for _, p := range s.pages {
		if p.Name != "index" {
			fmt.Fprintf(&b, "- [%s](%s): %s\n", p.Title, s.href(p.Name, ""), p.Summary)
		}
	}
	return b.String()
}

// cell is text within a table of Markdown.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
