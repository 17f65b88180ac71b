package doc

import (
	"cmp"
	"embed"
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

//go:embed text/*.md
var texts embed.FS

// site is everything that the pages are made from.
type site struct {
	protocol *model.Protocol
	format   Format
	uses     map[*model.Code][]use
	words    map[string]string // where a code's name leads to, if only one code has it
	pages    []*page
	shown    map[string]*packet
}

// page is one file of the site.
type page struct {
	Name     string // of the file, without its extension
	Title    string
	Summary  string
	Group    string // of the navigation
	Sections []section

	text     string // Markdown, of a page that explains
	messages []*message
	objects  []*object
}

// section is what the navigation and the search know of a part of a page.
type section struct {
	ID, Title string
	Kind      string // for the search
	text      string
}

// explained are the pages whose text stands in text/, before those of messages.
var explained = []page{
	{Name: "index", Title: "External Connections", Group: "Protocol",
		Summary: "How programs control an aMule daemon: what is on these pages, and how to read them."},
	{Name: "wire", Title: "The wire", Group: "Protocol",
		Summary: "Packets byte by byte: header, flags, numbers, tags, types, compression and limits."},
	{Name: "session", Title: "Login and requests", Group: "Protocol",
		Summary: "The login, capabilities, detail levels, replies, and messages that come unasked."},
	{Name: "updates", Title: "Staying up to date", Group: "Protocol",
		Summary: "Incremental updates, and how the status of a file's parts is coded."},
}

// areas are the files of the spec, in the order of their pages. Others follow
// by name.
var areas = []page{
	{Name: "login", Title: "Login", Summary: "The first four messages of a connection, and the capabilities agreed on there."},
	{Name: "general", Title: "General replies", Summary: "Replies that serve many requests, and shutting down."},
	{Name: "stats", Title: "Statistics", Summary: "Current figures, the connection state, graphs and the statistics tree."},
	{Name: "files", Title: "Files", Summary: "Downloads, shared files, and the commands on them."},
	{Name: "search", Title: "Search", Summary: "Searches, their progress and their results."},
	{Name: "clients", Title: "Peers", Summary: "Other users that files are exchanged with, and the upload queue."},
	{Name: "servers", Title: "Servers", Summary: "The list of eD2k servers, and the commands on it."},
	{Name: "friends", Title: "Friends", Summary: "Peers that the user put on a list."},
	{Name: "chat", Title: "Chat", Summary: "Conversations with peers."},
	{Name: "network", Title: "Networks", Summary: "Connecting and disconnecting, Kad, and the IP filter."},
	{Name: "preferences", Title: "Preferences", Summary: "What the user can set, and the download categories."},
	{Name: "log", Title: "Logs", Summary: "The daemon's log, its debug log, and writing to them."},
}

var listed = []page{
	{Name: "codes", Title: "All codes", Group: "Lists",
		Summary: "Every opcode and every tag name with its number and all places where it stands, and those that are unused."},
	{Name: "enums", Title: "Enumerations", Group: "Lists",
		Summary: "What the values of integer tags stand for."},
}

func newSite(protocol *model.Protocol, format Format) (*site, error) {
	s := &site{protocol: protocol, format: format}
	s.makePages()
	s.uses = usesOf(protocol)
	s.words = s.makeWords()
	var err error
	if s.shown, err = s.readPackets(); err != nil {
		return nil, err
	}
	for _, p := range s.pages {
		if p.Group == "Protocol" {
			if p.text, err = s.explain(p.Name); err != nil {
				return nil, err
			}
			p.Sections = textSections(p.text)
		}
		s.addStructs(p)
	}
	s.page("codes").Sections = codeSections(protocol)
	for _, e := range protocol.Enums {
		enums := s.page("enums")
		enums.Sections = append(enums.Sections, section{ID: e.Name, Title: e.Name, Kind: "Enumeration", text: e.Doc})
	}
	return s, nil
}

// makePages lists the pages: one for each file of the spec that has messages or
// objects.
func (s *site) makePages() {
	for _, p := range explained {
		s.pages = append(s.pages, &p)
	}
	var names []string
	for _, t := range s.structs() {
		if !slices.Contains(names, t.File) {
			names = append(names, t.File)
		}
	}
	place := func(name string) int {
		i := slices.IndexFunc(areas, func(p page) bool { return p.Name == name })
		if i < 0 {
			return len(areas)
		}
		return i
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(place(a)-place(b), cmp.Compare(a, b)) })
	for _, name := range names {
		p := page{Name: name, Title: strings.ToUpper(name[:1]) + name[1:], Summary: "Messages and objects of " + name + ".yaml."}
		if i := place(name); i < len(areas) {
			p = areas[i]
		}
		p.Name, p.Group = messagePage(name), "Messages"
		s.pages = append(s.pages, &p)
	}
	for _, p := range listed {
		s.pages = append(s.pages, &p)
	}
}

// messagePage is the name of the page for a file of the spec, which must not be
// that of another page.
func messagePage(file string) string { return "messages-" + file }

// structs returns messages and objects, but not the items of several siblings,
// which are shown where they stand.
func (s *site) structs() []*model.Struct { return s.protocol.Shapes() }

func (s *site) page(name string) *page {
	for _, p := range s.pages {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// addStructs puts the messages and objects of its file on a page.
func (s *site) addStructs(p *page) {
	for _, t := range s.structs() {
		if messagePage(t.File) != p.Name {
			continue
		}
		if t.Opcode != nil {
			m := s.message(t)
			p.messages = append(p.messages, m)
			p.Sections = append(p.Sections, section{ID: t.Name, Title: m.Title(), Kind: "Message", text: t.Doc})
		}
	}
	for _, t := range s.structs() {
		if messagePage(t.File) == p.Name && t.Opcode == nil {
			p.objects = append(p.objects, s.object(t))
			p.Sections = append(p.Sections, section{ID: t.Name, Title: t.Name, Kind: "Object", text: t.Doc})
		}
	}
}

// href returns where a part of a page is.
func (s *site) href(page, id string) string {
	extension := ".html"
	if s.format == Markdown {
		extension = ".md"
	}
	if id == "" {
		return page + extension
	}
	return page + extension + "#" + id
}

func (s *site) structHref(t *model.Struct) string { return s.href(messagePage(t.File), t.Name) }

// listing returns the template for what a page lists, and its data.
func (s *site) listing(p *page) (template string, data any) {
	switch p.Name {
	case "codes":
		return "codes", map[string]any{"Site": s, "Opcodes": s.opcodes(), "Tags": s.tagNames()}
	case "enums":
		return "enums", map[string]any{"Site": s, "Enums": s.enums()}
	default:
		return "messages", map[string]any{"Site": s, "Messages": p.messages, "Objects": p.objects}
	}
}

// What follows is for templates.

// Pages are all pages, for the navigation.
func (s *site) Pages() []*page { return s.pages }

// Unused are the codes that nothing is known to write.
func (s *site) Unused() []*model.Code { return s.protocol.Unused }

// Use is the tag of a use.
func (s *site) Use(u use) *tag { return &tag{Field: u.field, site: s, in: u.in} }

// Href leads to a part of a page.
func (s *site) Href(page, id string) string { return s.href(page, id) }

// StructHref leads to a message or an object.
func (s *site) StructHref(page, name string) string { return s.href(messagePage(page), name) }

// Runs splits a text at the names of codes.
func (s *site) Runs(text string) []run { return s.runs(text) }
