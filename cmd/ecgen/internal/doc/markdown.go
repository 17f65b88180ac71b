package doc

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

// markdownTemplates are also those of packets within a text, for which they do
// not depend on the site.
var markdownTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"hex":    func(digits int, v uint64) string { return fmt.Sprintf("0x%0*X", digits, v) },
	"cell":   cell,
	"value":  func(text string) string { return cell(markdownSpecial.Replace(text)) },
	"deep":   func(depth int) string { return strings.Repeat("\u00a0\u00a0", depth) },
	"indent": func(depth int) string { return strings.Repeat("  ", depth) },
	"below":  func(depth int, tree []*branch) below { return below{depth, tree} },
}).ParseFS(files, "templates/*.md"))

// below is a tree at a depth of the list.
type below struct {
	Depth int
	Tree  []*branch
}

// Deeper is the tree below a branch.
func (b below) Deeper(branch *branch) below { return below{b.Depth + 1, branch.Below} }

// markdownPage is what the frame of a page shows.
type markdownPage struct {
	*page
	Site *site
	Main string
}

// Text is a text of the spec, with links.
func (s *site) Text(text string) string { return s.markdownText(text) }

// Text is a text of the spec, with links.
func (t *tag) Text(text string) string { return t.site.markdownText(text) }

func (s *site) markdown() (map[string][]byte, error) {
	out := make(map[string][]byte)
	for _, p := range s.pages {
		main, err := s.markdownMain(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		var b bytes.Buffer
		if err := markdownTemplates.ExecuteTemplate(&b, "page", markdownPage{p, s, main}); err != nil {
			return nil, err
		}
		out[p.Name+".md"] = manyLines.ReplaceAll(b.Bytes(), []byte("\n\n"))
	}
	return out, nil
}

// manyLines are empty lines that templates leave.
var manyLines = regexp.MustCompile(`\n\s*\n(\s*\n)*`)

func (s *site) markdownMain(p *page) (string, error) {
	if p.text != "" {
		return heading.ReplaceAllString(p.text, "<a id=\"$3\"></a>\n\n$1 $2\n"), nil
	}
	var b strings.Builder
	name, data := s.listing(p)
	err := markdownTemplates.ExecuteTemplate(&b, name, data)
	return b.String(), err
}

var markdownSpecial = strings.NewReplacer(`\`, `\\`, "<", "&lt;", "*", `\*`, "[", `\[`, "]", `\]`)

// markdownText is a text of the spec as Markdown.
func (s *site) markdownText(text string) string {
	var b strings.Builder
	for _, r := range s.runs(text) {
		if r.Href == "" {
			b.WriteString(markdownSpecial.Replace(r.Text))
		} else {
			b.WriteString("[" + r.Text + "](" + r.Href + ")")
		}
	}
	return b.String()
}
