package doc

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

//go:embed templates/* static/*
var files embed.FS

var htmlTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"hex":   func(digits int, v uint64) string { return fmt.Sprintf("0x%0*X", digits, v) },
	"break": breakable,
}).ParseFS(files, "templates/*.html"))

// breakable lets a line break behind the underscores of a name.
func breakable(name string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(name), "_", "_<wbr>"))
}

// htmlPage is what the frame of a page shows.
type htmlPage struct {
	*page
	Site *site
	Main template.HTML
}

// html returns the files of the site.
func (s *site) html() (map[string][]byte, error) {
	out := map[string][]byte{"search.js": s.searchIndex()}
	for _, name := range []string{"site.css", "site.js"} {
		content, err := files.ReadFile("static/" + name)
		if err != nil {
			return nil, err
		}
		out[name] = content
	}
	for _, p := range s.pages {
		main, err := s.main(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		b := bytes.NewBufferString("<!doctype html>\n<!-- Made by ecgen doc. -->\n") // the templates' package drops comments
		if err := htmlTemplates.ExecuteTemplate(b, "page", htmlPage{p, s, template.HTML(main)}); err != nil {
			return nil, err
		}
		out[p.Name+".html"] = tidy(b.Bytes())
	}
	return out, nil
}

// main returns what is special to a page.
func (s *site) main(p *page) ([]byte, error) {
	if p.text != "" {
		main, err := toHTML(p.text)
		return wrapTables(main), err
	}
	var b bytes.Buffer
	name, data := s.listing(p)
	err := htmlTemplates.ExecuteTemplate(&b, name, data)
	return b.Bytes(), err
}

// wrapTables lets wide tables scroll by themselves.
func wrapTables(main []byte) []byte {
	main = bytes.ReplaceAll(main, []byte("<table>"), []byte(`<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>`))
	return bytes.ReplaceAll(main, []byte("</table>"), []byte("</table></div>"))
}

var space = regexp.MustCompile(`\n\s+`)

// tidy takes out the indentation of templates. No page has preformatted text
// that would need it, but for code blocks, which are left as they are.
func tidy(page []byte) []byte {
	var out []byte
	for {
		before, rest, found := bytes.Cut(page, []byte("<pre>"))
		out = append(out, space.ReplaceAll(before, []byte("\n"))...)
		if !found {
			return out
		}
		block, after, _ := bytes.Cut(rest, []byte("</pre>"))
		out = append(append(append(out, "<pre>"...), block...), "</pre>"...)
		page = after
	}
}

// entry is what the search finds: title, kind, where it is, and a text.
type entry [4]string

// searchIndex is a script, because pages that are opened as files cannot read
// other files.
func (s *site) searchIndex() []byte {
	var entries []entry
	for _, p := range s.pages {
		entries = append(entries, entry{p.Title, "Page", s.href(p.Name, ""), p.Summary})
		for _, part := range p.Sections {
			entries = append(entries, entry{part.Title, part.Kind, s.href(p.Name, part.ID), part.text})
		}
	}
	for _, c := range s.opcodes() {
		entries = append(entries, entry{c.Name, "Opcode", s.href("codes", c.ID), fmt.Sprintf("0x%02X %d %s", c.Value, c.Value, c.Unused)})
	}
	for _, c := range s.tagNames() {
		text := fmt.Sprintf("0x%04X %d %s", c.Value, c.Value, c.Unused)
		if len(c.Uses) > 0 {
			text += c.Uses[0].Meaning()
		}
		entries = append(entries, entry{c.Name, "Tag", s.href("codes", c.ID), text})
	}
	for _, e := range s.protocol.Enums {
		for _, v := range e.Values {
			entries = append(entries, entry{v.Name, e.Name, s.href("enums", e.Name+"."+v.Name), fmt.Sprintf("%d %s", v.Value, v.Doc)})
		}
	}
	var b bytes.Buffer
	b.WriteString("// Written by ecgen doc: what the search finds, as title, kind, place and text.\nwindow.ecgenIndex = [\n")
	for _, e := range entries {
		line, _ := json.Marshal(e) // strings are always encodable
		b.WriteString(strings.TrimSpace(string(line)) + ",\n")
	}
	b.WriteString("];\n")
	return b.Bytes()
}
