package doc

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	texttemplate "text/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

// explain returns the text of a page as Markdown: its packets and tables are
// filled in, and names of codes are links.
func (s *site) explain(name string) (string, error) {
	content, err := texts.ReadFile("text/" + name + ".md")
	if err != nil {
		return "", err
	}
	functions := texttemplate.FuncMap{
		"packet":       s.packetBlock,
		"capabilities": s.capabilities,
		"detailLevels": s.detailLevels,
		"opcodeCount":  func() int { return len(s.protocol.Opcodes) },
		"tagCount":     func() int { return len(s.protocol.Tags) },
		"releases":     s.releases,
		"legend":       s.legend,
		"page":         func(name string) string { return s.href(name, "") },
		"link":         s.href,
		"pages":        s.pageList,
	}
	parsed, err := texttemplate.New(name).Funcs(functions).Parse(s.linkSpans(string(content)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := parsed.Execute(&out, nil); err != nil {
		return "", err
	}
	return out.String(), nil
}

// packetBlock is a packet within a text, in the format of the pages.
func (s *site) packetBlock(name, caption string) (string, error) {
	p := s.shown[name]
	if p == nil {
		return "", fmt.Errorf("packets.tsv has no packet %s", name)
	}
	var out strings.Builder
	view := shownPacket{packet: p, Caption: caption, ID: name}
	if s.format == Markdown {
		err := markdownTemplates.ExecuteTemplate(&out, "packet", view)
		return out.String(), err
	}
	err := htmlTemplates.ExecuteTemplate(&out, "packet", view)
	return blankLine.ReplaceAllString(out.String(), "\n"), err
}

// legend shows what the colours of fields mean. Markdown has no colours.
func (s *site) legend() (string, error) {
	if s.format == Markdown {
		return "", nil
	}
	var out strings.Builder
	err := htmlTemplates.ExecuteTemplate(&out, "legend", nil)
	return out.String(), err
}

// blankLine ends an HTML block of Markdown too early.
var blankLine = regexp.MustCompile(`\n\s*\n`)

var (
	heading     = regexp.MustCompile(`(?m)^(##+) (.*?) \{#([a-z0-9-]+)\}\n`)
	markdownRef = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	htmlBlock   = regexp.MustCompile(`(?s)<figure.*?</figure>`)
)

// textSections returns the sections of a text: its headings of the second
// level with all that stands below them.
func textSections(text string) (sections []section) {
	text = htmlBlock.ReplaceAllString(text, "")
	begins := heading.FindAllStringSubmatchIndex(text, -1)
	for i, found := range begins {
		end := len(text)
		if i+1 < len(begins) {
			end = begins[i+1][0]
		}
		kind := "Section"
		if found[3]-found[2] > 2 {
			kind = "Part"
		}
		sections = append(sections, section{ID: text[found[6]:found[7]], Title: plain(text[found[4]:found[5]]), Kind: kind, text: plain(text[found[1]:end])})
	}
	return sections
}

// plain is a text without Markdown, on one line.
func plain(text string) string {
	text = markdownRef.ReplaceAllString(text, "$1")
	text = strings.NewReplacer("`", "", "**", "", "|", " ", "---", "").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

// toHTML renders a text. What stands in it as HTML was made here.
func toHTML(text string) ([]byte, error) {
	renderer := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithHeadingAttribute()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	var out bytes.Buffer
	err := renderer.Convert([]byte(text), &out)
	return out.Bytes(), err
}
