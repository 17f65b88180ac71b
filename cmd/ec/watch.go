package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/mirror"
)

var watchSynopsis = []string{"[--json] [--color WHEN] [--every LONG] [LIST]", loginSynopsis}

const watchDetails = `LIST is downloads (unless told), shared, clients or servers. On a terminal it is
a table that stays up to date until Ctrl-C. Elsewhere each line is one change:
whether it is new, gone or changed, and the row of the table. With --json it is
an object, with the number by which the daemon knows what changed, and all that
is known of it, as in

  {"list":"downloads","change":"changed","ecid":18,"object":{"own":18,...},
   "decoded":{"parts":[3,0],"gaps":[[9728000,9999999]],"requested":[],
   "source_names":[{"name":"a.iso","count":2}]}}

on one line. What the daemon sends as differences is decoded: how many sources
have each part, of downloads also the first and last byte of each range that is
missing or asked for, and the names that sources have for it.

The daemon is asked only for what changed, each time that LONG has passed, 2s
unless told. When the connection is lost that is said, and it is made again.

` + loginDetails

// watcher is what the options of watch say.
type watcher struct {
	login
	form
	every time.Duration
}

func watchOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var w watcher
	w.login.define(flags)
	w.form.defineTable(flags)
	flags.DurationVar(&w.every, "every", 2*time.Second, "ask each time so `LONG` has passed, 2s unless told")
	return w.run
}

func (w *watcher) run(c *call) (bool, error) {
	name := watchLists[0].name
	if len(c.args) > 0 {
		name = c.args[0]
	}
	i := slices.IndexFunc(watchLists, func(l watchList) bool { return l.name == name })
	if i < 0 || len(c.args) > 1 {
		return false, usageError("want downloads, shared, clients or servers")
	}
	if w.every <= 0 {
		return false, usageError("--every wants a time over 0")
	}
	ctx, stop := c.untilInterrupted()
	defer stop()
	address, options, err := w.login.options(c)
	if err != nil {
		return false, err
	}
	options.Reconnect = &session.Backoff{Attempts: 1} // for each update
	client, err := logIn(ctx, address, options)
	if err != nil {
		return false, err
	}
	defer client.Close()

	var show display
	width, height := c.size()
	switch {
	case w.json:
		out := json.NewEncoder(c.stdout)
		out.SetEscapeHTML(false)
		show = &jsonDisplay{list: &watchLists[i], out: out}
	case height > 0:
		screen := &screenDisplay{list: &watchLists[i], out: c.stdout, size: c.size, color: w.color.on(c.stdout),
			title: fmt.Sprintf("aMule %s at %s", printable(client.Peer().Version), address)}
		defer screen.close()
		show = screen
	default:
		show = &lineDisplay{list: &watchLists[i], out: c.stdout, width: width}
	}
	return false, w.follow(ctx, client, show)
}

// follow shows updates until it is interrupted, or they cannot be followed any
// further.
func (w *watcher) follow(ctx context.Context, client *session.Client, show display) error {
	m := mirror.New(client, mirror.Limits{})
	lost := false
	for changes, err := range m.Updates(ctx, w.every) {
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			lost = false
			err = show.update(m.Snapshot(), &changes)
		case isLost(err):
			if !lost {
				lost, err = true, show.lost(err)
			} else {
				err = nil
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isLost reports whether an error says that there is no connection now.
func isLost(err error) bool {
	_, fromNetwork := errors.AsType[net.Error](err)
	return fromNetwork || errors.Is(err, session.ErrConnectionLost) || errors.Is(err, session.ErrNoAnswer)
}

// display shows what a mirror knows.
type display interface {
	update(*mirror.Snapshot, *mirror.Changes) error
	lost(reason error) error // the connection, which is made again
}

// lineDisplay prints a line for each change.
type lineDisplay struct {
	list  *watchList
	out   io.Writer
	width int
	begun bool
}

func (d *lineDisplay) update(_ *mirror.Snapshot, changes *mirror.Changes) error {
	t := d.list.table()
	t.columns = append([]column{{title: "change", text: true}}, t.columns...)
	t.bare, d.begun = d.begun, true
	for _, change := range d.list.changes(changes) {
		if !slices.Equal(change.old, change.new) {
			row := change.new
			if row == nil {
				row = change.old
			}
			t.row(append([]string{change.kind()}, row...)...)
		}
	}
	return t.print(d.out, d.width, false)
}

func (d *lineDisplay) lost(reason error) error {
	_, err := fmt.Fprintln(d.out, "lost    ", forUsers(reason))
	return err
}

// jsonDisplay prints an object for each change.
type jsonDisplay struct {
	list *watchList
	out  *json.Encoder
}

// changeObject is a change as JSON.
type changeObject struct {
	List   string          `json:"list"`
	Change string          `json:"change"`
	ECID   uint32          `json:"ecid"`
	Object json.RawMessage `json:"object,omitempty"` // as in typed JSON of a message; none for what is gone

	Decoded any `json:"decoded,omitempty"` // what the object holds only as differences
}

func (d *jsonDisplay) update(_ *mirror.Snapshot, changes *mirror.Changes) error {
	for _, change := range d.list.changes(changes) {
		object, err := change.object()
		if err == nil {
			err = d.out.Encode(&changeObject{d.list.name, change.kind(), change.ecid, object, change.is.decoded})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *jsonDisplay) lost(reason error) error {
	return d.out.Encode(map[string]string{"list": d.list.name, "change": "lost", "error": forUsers(reason)})
}

// screenDisplay keeps a table on a terminal.
type screenDisplay struct {
	list  *watchList
	out   io.Writer
	size  func() (width, height int)
	color bool
	title string

	open  bool
	rows  [][]string
	notes string
}

const (
	openScreen  = "\x1b[?1049h\x1b[?25l" // another screen, without a cursor
	closeScreen = "\x1b[?25h\x1b[?1049l"
	goHome      = "\x1b[H"
	clearRest   = "\x1b[J"
	endOfLine   = "\x1b[K\n" // clears what was there
)

func (d *screenDisplay) update(s *mirror.Snapshot, _ *mirror.Changes) error {
	d.rows = d.list.rows(s)
	d.notes = fmt.Sprintf("downloads %d, shared files %d, peers %d, servers %d", len(s.Downloads), len(s.SharedFiles), len(s.Clients), len(s.Servers))
	return d.draw()
}

func (d *screenDisplay) lost(reason error) error {
	d.notes = forUsers(reason)
	return d.draw()
}

func (d *screenDisplay) draw() error {
	if !d.open {
		d.open = true
		if _, err := io.WriteString(d.out, openScreen); err != nil {
			return err
		}
	}
	width, height := d.size()
	var text strings.Builder
	text.WriteString(fit(d.title+": "+d.notes, width) + "\n\n")
	t := d.list.table()
	t.rows = d.rows
	const above = 3 // title, empty line, titles of columns
	if room := max(0, height-above-1); len(t.rows) > room {
		t.rows = t.rows[:room]
	}
	if err := t.print(&text, width, d.color); err != nil {
		return err
	}
	if hidden := len(d.rows) - len(t.rows); hidden > 0 {
		text.WriteString(fit(fmt.Sprintf("and %d more", hidden), width) + "\n")
	}
	lines := strings.ReplaceAll(strings.TrimSuffix(text.String(), "\n"), "\n", endOfLine)
	_, err := io.WriteString(d.out, goHome+lines+"\x1b[K"+clearRest)
	return err
}

// close leaves the terminal as it was.
func (d *screenDisplay) close() {
	if d.open {
		io.WriteString(d.out, closeScreen)
	}
}

// size returns what fits on the terminal; a height of 0 says that the standard
// output is none.
func (c *call) size() (width, height int) {
	if file, ok := c.stdout.(*os.File); ok {
		if width, height, err := term.GetSize(int(file.Fd())); err == nil {
			return width, height
		}
	}
	return c.width(), 0
}
