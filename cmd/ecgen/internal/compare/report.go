package compare

import (
	"bufio"
	"fmt"
	"io"
)

// Report is what a comparison found.
type Report struct {
	Old     string   `json:"old"` // as the user names it
	New     string   `json:"new"`
	Changes []Change `json:"changes"`
}

// meanings are the parts of the report for people, the most urgent first.
var meanings = []struct {
	meaning Meaning
	heading string
}{
	{Breaks, "Breaks old peers: one side misunderstands the other, or misses something."},
	{Capability, "New capability: old programs go on as before."},
	{Nothing, "Nothing to do: the same on the wire."},
}

// Print writes the report for people, grouped by what the changes mean.
func (r Report) Print(w io.Writer) error {
	if len(r.Changes) == 0 {
		_, err := fmt.Fprintf(w, "%s and %s are the same.\n", r.Old, r.New)
		return err
	}
	text := bufio.NewWriter(w)
	fmt.Fprintf(text, "%s -> %s: %s\n", r.Old, r.New, count(len(r.Changes), "difference"))
	for _, m := range meanings {
		lines := 0
		for _, change := range r.Changes {
			if change.Meaning != m.meaning {
				continue
			}
			if lines == 0 {
				fmt.Fprintf(text, "\n%s\n", m.heading)
			}
			lines++
			fmt.Fprintf(text, "  %-10s  %s\n", change.Kind, change)
		}
	}
	return text.Flush()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// String returns what changed in words, without the kind of the change.
func (c Change) String() string {
	text := fmt.Sprintf("%s %s", c.What, c.Name)
	if c.Value != "" {
		text += " = " + c.Value
	}
	text += c.place(c.Where)
	switch c.Kind {
	case Renamed, Renumbered:
		text += ", was " + c.Old
	case Moved:
		text += ", was" + c.place(c.Old)
	case Retyped:
		text += fmt.Sprintf(": %s, was %s", or(c.New, "none"), or(c.Old, "none"))
	case Changed:
		text += fmt.Sprintf(": %s %s, was %s", c.Aspect, or(c.New, "none"), or(c.Old, "none"))
	}
	if c.Note != "" {
		text += " (" + c.Note + ")"
	}
	return text
}

// place says where the thing stands, or of a message who writes it.
func (c Change) place(where string) string {
	switch {
	case c.What == Message:
		return " from " + where
	case where != "":
		return " in " + where
	case c.Kind == Moved:
		return " in no enum"
	default:
		return ""
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
