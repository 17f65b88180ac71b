package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// view shows a run while it goes on.
type view interface {
	event(e event)
	tick(s *state, running map[string]bool) // about once a second
	end(s *state)
}

func newView(w io.Writer, asJSON bool, budget string) view {
	switch {
	case asJSON:
		return &jsonView{json.NewEncoder(w)}
	case isTerminal(w):
		return &liveView{w: w, budget: budget}
	default:
		return &lineView{w: w, budget: budget}
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// jsonView prints events as they are in the journal.
type jsonView struct{ out *json.Encoder }

func (v *jsonView) event(e event)                { v.out.Encode(e) }
func (v *jsonView) tick(*state, map[string]bool) {}
func (v *jsonView) end(*state)                   {}

// lineView prints a line now and then.
type lineView struct {
	w      io.Writer
	budget string
	told   time.Time
}

// quiet is how often lines are printed.
const quiet = 10 * time.Second

func (v *lineView) event(e event) { printEvent(v.w, e) }

func (v *lineView) tick(s *state, running map[string]bool) {
	if time.Since(v.told) < quiet {
		return
	}
	v.told = time.Now()
	fmt.Fprintln(v.w, summary(s, v.budget))
}

func (v *lineView) end(s *state) {
	fmt.Fprintln(v.w, summary(s, v.budget))
	printTable(v.w, s, nil, len(s.Targets))
}

// printEvent prints what people want to know at once.
func printEvent(w io.Writer, e event) {
	switch e.Kind {
	case "crash":
		fmt.Fprintf(w, "%s crashes: %s\n", e.Target, e.Site)
	case "trouble":
		fmt.Fprintf(w, "%s cannot be run: %s\n", e.Target, e.Text)
	}
}

// summary is one line for the whole campaign.
func summary(s *state, budget string) string {
	t := s.total()
	return fmt.Sprintf("%s of %s: %s executions, %s a second and core, corpus %s (%s new), %d blocks reached, %s",
		duration(s.At), budget, commas(float64(t.Executions)), commas(ratio(float64(t.Executions), t.Processor)),
		commas(float64(t.Corpus)), commas(float64(t.New)), t.Blocks, plural(len(t.Sites), "crash site"))
}

// liveView is a table that is painted again and again.
type liveView struct {
	w      io.Writer
	budget string
	lines  int      // that were painted
	news   []string // to stand above the table
}

// rows is how many targets the live table shows: those that ran last.
const rows = 16

func (v *liveView) event(e event) {
	var text strings.Builder
	printEvent(&text, e)
	if text.Len() > 0 {
		v.news = append(v.news, text.String())
	}
}

func (v *liveView) tick(s *state, running map[string]bool) { v.paint(s, running, rows) }
func (v *liveView) end(s *state)                           { v.paint(s, nil, len(s.Targets)) }

func (v *liveView) paint(s *state, running map[string]bool, most int) {
	var page strings.Builder
	if v.lines > 0 {
		fmt.Fprintf(&page, "\x1b[%dA\x1b[J", v.lines)
	}
	for _, text := range v.news {
		page.WriteString(text)
	}
	v.news = nil
	var table strings.Builder
	printTable(&table, s, running, most)
	fmt.Fprintln(&table, summary(s, v.budget))
	v.lines = strings.Count(table.String(), "\n")
	fmt.Fprint(v.w, page.String(), table.String())
}

// printTable prints the targets that ran last, those first that run now.
func printTable(w io.Writer, s *state, running map[string]bool, most int) {
	names := make([]string, 0, len(s.Targets))
	for name, p := range s.Targets {
		if p.Slices > 0 || p.Troubles > 0 || running[name] {
			names = append(names, name)
		}
	}
	if most < len(names) {
		slices.SortFunc(names, func(a, b string) int {
			if running[a] != running[b] {
				return cmp.Compare(boolean(running[b]), boolean(running[a]))
			}
			return cmp.Or(cmp.Compare(s.of(b).ended, s.of(a).ended), cmp.Compare(a, b))
		})
	} else {
		slices.Sort(names)
	}
	left := max(0, len(names)-most)
	fmt.Fprintf(w, "%-32s %13s %9s %8s %7s %8s %8s\n", "target", "executions", "a second", "corpus", "new", "crashes", "blocks")
	for _, name := range names[:len(names)-left] {
		p := s.of(name)
		mark := " "
		if running[name] {
			mark = "*"
		}
		fmt.Fprintf(w, "%s%-31s %13s %9s %8s %7s %8d %8d\n", mark, shorten(name, 31), commas(float64(p.Executions)),
			commas(ratio(float64(p.Executions), p.Seconds)), commas(float64(p.Corpus)), commas(float64(p.New)), len(p.Sites), p.Blocks)
	}
	if left > 0 {
		fmt.Fprintf(w, " and %s that ran before\n", plural(left, "target"))
	}
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func shorten(text string, most int) string {
	if len(text) > most {
		return text[:most-1] + "…"
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return commas(float64(n)) + " " + what + "s"
}

func duration(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

// commas returns a whole number with a comma before each three digits.
func commas(v float64) string {
	digits := fmt.Sprintf("%.0f", v)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
