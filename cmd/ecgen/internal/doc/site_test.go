package doc

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// document is a parsed page.
type document struct {
	name string
	root *html.Node
	ids  map[string]*html.Node
}

// parse parses all pages. Markdown becomes HTML first.
func parse(t *testing.T, files map[string][]byte) map[string]*document {
	t.Helper()
	documents := make(map[string]*document)
	for name, content := range files {
		switch path.Ext(name) {
		case ".md":
			var err error
			if content, err = toHTML(string(content)); err != nil {
				t.Fatal(err)
			}
		case ".html":
		default:
			continue
		}
		root, err := html.Parse(bytes.NewReader(content))
		if err != nil {
			t.Fatal(name, err)
		}
		d := &document{name, root, make(map[string]*html.Node)}
		for n := range root.Descendants() {
			id, ok := attribute(n, "id")
			if !ok {
				continue
			}
			if d.ids[id] != nil {
				t.Errorf("%s: the id %s stands there twice", name, id)
			}
			d.ids[id] = n
		}
		documents[name] = d
	}
	return documents
}

func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// all returns the elements below a node that have this tag.
func all(n *html.Node, tag atom.Atom) (found []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.DataAtom == tag {
			found = append(found, d)
		}
	}
	return found
}

// hasClass reports whether an element has a class.
func hasClass(n *html.Node, class string) bool {
	value, _ := attribute(n, "class")
	return slices.Contains(strings.Fields(value), class)
}

// textOf is the text below a node, its white space made single blanks.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestEveryCodeIsOnTheSite(t *testing.T) {
	for _, directory := range []string{ownSpec, features} {
		protocol := readProtocol(t, directory)
		documents := parse(t, generatedFrom(t, directory, HTML))
		codes := documents["codes.html"]
		line := func(id string, code *model.Code) string {
			n := codes.ids[id]
			if n == nil {
				t.Errorf("codes.html has no %s", id)
				return ""
			}
			text := textOf(n)
			if !strings.Contains(text, code.Name) || !strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", code.Value)) {
				t.Errorf("%s reads %q", id, text)
			}
			return text
		}
		unused := 0
		for _, code := range slices.Concat(protocol.Opcodes, protocol.Tags) {
			id := "tag-" + code.Name
			if slices.Contains(protocol.Opcodes, code) {
				id = "op-" + code.Name
			}
			text := line(id, code)
			if slices.Contains(protocol.Unused, code) {
				unused++
				if !strings.Contains(text, model.Sentence(code.Doc)) {
					t.Errorf("%s is unused, which its line does not explain: %q", id, text)
				}
			} else if !code.Alias && len(all(codes.ids[id], atom.A)) == 0 {
				t.Errorf("%s leads nowhere: %q", id, text)
			}
		}
		if unused != len(protocol.Unused) {
			t.Errorf("%d of %d unused codes", unused, len(protocol.Unused))
		}
	}
}

func TestEveryMessageObjectAndEnumIsDescribed(t *testing.T) {
	for _, directory := range []string{ownSpec, features} {
		protocol := readProtocol(t, directory)
		documents := parse(t, generatedFrom(t, directory, HTML))
		for _, s := range protocol.Shapes() {
			d := documents["messages-"+s.File+".html"]
			if d == nil || d.ids[s.Name] == nil {
				t.Fatalf("there is no %s", s.Name)
			}
			article := textOf(d.ids[s.Name].Parent)
			want := []string{s.Doc, s.SinceText()}
			if s.Opcode != nil {
				want = append(want, s.Opcode.Name, fmt.Sprintf("0x%02X", s.Opcode.Value))
			}
			if s.Capability != nil {
				want = append(want, s.Capability.Name)
			}
			for _, reply := range s.Replies {
				want = append(want, reply.Message.Opcode.Name, reply.When)
				if reply.Origin != s.Origin {
					want = append(want, reply.SinceText())
				}
			}
			for _, text := range want {
				if !strings.Contains(article, strings.Join(strings.Fields(text), " ")) {
					t.Errorf("%s does not say %q", s.Name, text)
				}
			}
			for _, f := range slices.Concat(s.Own, s.Fields) {
				checkTag(t, d, s, f)
			}
		}
		for _, e := range protocol.Enums {
			for _, v := range e.Values {
				n := documents["enums.html"].ids[e.Name+"."+v.Name]
				if n == nil || !strings.Contains(textOf(n), strings.Join(strings.Fields(v.Doc), " ")) || !strings.Contains(textOf(n), v.SinceText()) {
					t.Errorf("%s.%s is not described", e.Name, v.Name)
				}
			}
		}
	}
}

// checkTag checks that all that is known of a tag stands at its place.
func checkTag(t *testing.T, d *document, s *model.Struct, f *model.Field) {
	t.Helper()
	name := f.Name
	if f.Tag != nil {
		name = f.Tag.Name
	}
	n := d.ids[s.Name+"."+name]
	if n == nil {
		t.Errorf("%s: %s is not described", s.Name, name)
		return
	}
	want := []string{f.Doc, f.Unit, f.When}
	if f.Origin != s.Origin {
		want = append(want, f.SinceText())
	}
	want = append(want, f.Detail...)
	for _, also := range f.Also {
		want = append(want, also.Name)
	}
	if f.Tag != nil {
		want = append(want, fmt.Sprintf("0x%04X", f.Tag.Value))
	}
	if f.Capability != nil {
		want = append(want, f.Capability.Name)
	}
	if f.Enum != nil {
		want = append(want, f.Enum.Name)
	}
	if f.Object != nil && f.Kind == model.KindObject {
		want = append(want, f.Object.Name)
		for _, child := range f.Object.Fields {
			want = append(want, child.Tag.Name)
		}
	}
	if f.Incremental {
		want = append(want, "incremental")
	}
	if f.Required && f.Tag != nil {
		want = append(want, "required")
	}
	text := textOf(n)
	for _, part := range want {
		if part = strings.TrimSuffix(strings.Join(strings.Fields(part), " "), "."); !strings.Contains(text, part) {
			t.Errorf("%s: %s does not say %q: %q", s.Name, name, part, text)
		}
	}
}

func TestNoLinkIsBrokenAndNothingComesFromElsewhere(t *testing.T) {
	for _, directory := range []string{ownSpec, features} {
		for _, format := range []Format{HTML, Markdown} {
			files := generatedFrom(t, directory, format)
			documents := parse(t, files)
			links := 0
			for name, d := range documents {
				for n := range d.root.Descendants() {
					for _, a := range n.Attr {
						if a.Key == "href" || a.Key == "src" {
							links++
							checkLink(t, files, documents, name, a.Val)
						}
					}
				}
			}
			if links < 100 {
				t.Errorf("%s of %s: only %d links were looked at", format, directory, links)
			}
			for _, name := range []string{"site.css", "site.js"} {
				for _, elsewhere := range []string{"://", "url(", "@import", "import(", "fetch("} {
					if bytes.Contains(files[name], []byte(elsewhere)) {
						t.Errorf("%s has %s", name, elsewhere)
					}
				}
			}
		}
	}
}

func checkLink(t *testing.T, files map[string][]byte, documents map[string]*document, from, link string) {
	t.Helper()
	if link == "data:," {
		return // no picture for the tab, and no question for one
	}
	target, err := url.Parse(link)
	switch {
	case err != nil || target.Scheme != "" || target.Host != "":
		t.Errorf("%s leads elsewhere: %s", from, link)
		return
	case target.Path == "":
		target.Path = from
	}
	if files[target.Path] == nil {
		t.Errorf("%s: %s: there is no such file", from, link)
	} else if target.Fragment != "" && documents[target.Path].ids[target.Fragment] == nil {
		t.Errorf("%s: %s: there is no such place", from, link)
	}
}

func TestPagesAreSoundHTML(t *testing.T) {
	files := generatedFrom(t, ownSpec, HTML)
	titles := make(map[string]string)
	size := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		size += len(files[name])
	}
	if size > 3<<20 {
		t.Errorf("the site has %d bytes", size)
	}
	for name, d := range parse(t, files) {
		if language, _ := attribute(all(d.root, atom.Html)[0], "lang"); language != "en" {
			t.Errorf("%s: language %q", name, language)
		}
		title := textOf(all(d.root, atom.Title)[0])
		if other := titles[title]; other != "" || title == "" {
			t.Errorf("%s and %s have the title %q", name, other, title)
		}
		titles[title] = name
		if !strings.Contains(string(files[name]), `<meta name="viewport" content="width=device-width`) {
			t.Errorf("%s says nothing to phones", name)
		}
		checkHeadings(t, d)
		checkNames(t, d)
		for _, one := range []atom.Atom{atom.Main, atom.Nav, atom.Header, atom.H1} {
			if n := len(all(d.root, one)); n != 1 {
				t.Errorf("%s has %d elements %v", name, n, one)
			}
		}
		if first := all(d.root, atom.A)[0]; !hasClass(first, "skip") {
			t.Errorf("%s: the first link does not skip to the content", name)
		}
	}
}

// checkHeadings checks that headings go down one level at a time.
func checkHeadings(t *testing.T, d *document) {
	level := 0
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		next := int(n.Data[1] - '0')
		if next > level+1 {
			t.Errorf("%s: %q is h%d behind h%d", d.name, textOf(n), next, level)
		}
		if textOf(n) == "" {
			t.Errorf("%s has an empty heading", d.name)
		}
		level = next
	}
}

// checkNames checks that everything one can reach has a name, and that names
// of elements lead to elements.
func checkNames(t *testing.T, d *document) {
	labels := make(map[string]bool)
	for _, label := range all(d.root, atom.Label) {
		of, _ := attribute(label, "for")
		labels[of] = textOf(label) != ""
	}
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		label, labelled := attribute(n, "aria-label")
		for _, key := range []string{"aria-labelledby", "aria-controls", "for", "popovertarget"} {
			if id, ok := attribute(n, key); ok && d.ids[id] == nil {
				t.Errorf("%s: %s=%s leads nowhere", d.name, key, id)
			}
		}
		switch n.DataAtom {
		case atom.A, atom.Button, atom.Summary:
			if textOf(n) == "" && label == "" {
				t.Errorf("%s: <%s> without a name", d.name, n.Data)
			}
		case atom.Input:
			if id, _ := attribute(n, "id"); !labels[id] {
				t.Errorf("%s: <input> without a label", d.name)
			}
		case atom.Nav:
			if !labelled {
				t.Errorf("%s: <nav> without a name", d.name)
			}
		case atom.Img:
			if _, ok := attribute(n, "alt"); !ok {
				t.Errorf("%s: <img> without alt", d.name)
			}
		case atom.Table:
			if len(all(n, atom.Th)) == 0 {
				t.Errorf("%s: a table without heads", d.name)
			}
		}
	}
}

func TestTheSameSpecGivesTheSameBytes(t *testing.T) {
	for _, format := range []Format{HTML, Markdown} {
		first := generate(t, ownProtocol(t), format)
		for range 2 {
			if !maps.EqualFunc(first, generate(t, ownProtocol(t), format), bytes.Equal) {
				t.Fatalf("%s differs from run to run", format)
			}
		}
	}
}
