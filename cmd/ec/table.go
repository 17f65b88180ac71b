package main

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
	"golang.org/x/term"
)

// table is rows under titles. Where it is wider than the terminal, columns that
// can be spared are left out, those on the right first, and then the last
// column, which is text, is cut.
type table struct {
	columns []column
	rows    [][]string
	bare    bool // without titles
}

// column is numbers, which stand on the right, unless it is text.
type column struct {
	title string
	text  bool
	spare bool // may be left out
}

// bold sets off a line.
func bold(line string) string { return "\x1b[1m" + line + "\x1b[0m" }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// print prints the table, with lines of at most width cells of a terminal; 0
// for any. With color the first is set off.
func (t *table) print(w io.Writer, width int, color bool) error {
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = c.title
	}
	widths := make([]int, len(t.columns))
	rows := t.rows
	if !t.bare {
		rows = append([][]string{titles}, t.rows...)
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], runewidth.StringWidth(cell))
		}
	}
	shown := t.shown(widths, width)
	var text []byte
	for i, row := range rows {
		line := t.line(row, widths, shown, width)
		if color && i == 0 {
			line = bold(line)
		}
		text = append(append(text, line...), '\n')
	}
	_, err := w.Write(text)
	return err
}

// leastLast is how many cells the last column has before others are spared.
const leastLast = 24

// shown returns the columns that there is room for.
func (t *table) shown(widths []int, width int) (shown []int) {
	last := len(t.columns) - 1
	need := min(widths[last], leastLast)
	for i := range t.columns {
		shown = append(shown, i)
		if i < last {
			need += widths[i] + len(gap)
		}
	}
	for i := last - 1; i >= 0 && width > 0 && need > width; i-- {
		if t.columns[i].spare {
			shown = slices.Delete(shown, i, i+1)
			need -= widths[i] + len(gap)
		}
	}
	return shown
}

const gap = "  " // between columns

func (t *table) line(row []string, widths, shown []int, width int) string {
	var cells []string
	for _, i := range shown {
		space := strings.Repeat(" ", widths[i]-runewidth.StringWidth(row[i]))
		if t.columns[i].text {
			cells = append(cells, row[i]+space)
		} else {
			cells = append(cells, space+row[i])
		}
	}
	return fit(strings.TrimRight(strings.Join(cells, gap), " "), width)
}

// fit cuts text to this many cells of a terminal; 0 for any.
func fit(text string, width int) string {
	if width <= 0 {
		return text
	}
	return runewidth.Truncate(text, width, "…")
}

// width returns how many cells a line of the standard output has when that is
// a terminal, or as COLUMNS says; else 0, for any number.
func (c *call) width() int {
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	if file, ok := c.stdout.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil {
			return columns
		}
	}
	return 0
}
