// Package diag holds what the stages of ecgen have to say about their input:
// findings with a place in a file, a reason and, where there is one, a hint.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in an input file. Lines and columns count from 1, columns
// in characters. Column 0 stands for the whole line, line 0 for the whole file.
type Position struct {
	File         string
	Line, Column int
}

// String returns file:line:column without the parts that are not known.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Diagnostic is one finding. Hint, which may be empty, says what to do about it.
type Diagnostic struct {
	Position
	Message string
	Hint    string
}

// String returns the finding on one line, without its hint.
func (d Diagnostic) String() string {
	return d.Position.String() + ": " + d.Message
}

// List collects findings, so that a stage can report all of them at once. The
// zero value is ready for use. Return a list as an error only through Err.
type List []Diagnostic

// Add appends a finding. The result is for setting its hint and is valid until
// the next call of Add.
func (l *List) Add(position Position, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Position: position, Message: fmt.Sprintf(format, args...)})
	return &(*l)[len(*l)-1]
}

// Sort orders the findings by file, line and column; those of one place stay in
// the order in which they were added. What is said twice of one place, as of a
// group that several objects have, is kept once.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
	*l = slices.Compact(*l)
}

// Err returns the list as an error, or nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error returns the findings one to a line, without source and hints.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}
