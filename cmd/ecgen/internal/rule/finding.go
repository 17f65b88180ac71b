package rule

import (
	"encoding/json"
	"io"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// Finding is a breach of a rule.
type Finding struct {
	Rule
	Position diag.Position
	Message  string
}

// Print writes the findings for people, each with its rule and the line of
// source that it is about.
func Print(w io.Writer, found []Finding, sources map[string][]byte, color bool) {
	var list diag.List
	for _, f := range found {
		list.Add(f.Position, "%s: %s", f.ID, f.Message)
	}
	list.Sort()
	list.Print(w, sources, color)
}

// MarshalJSON returns what programs want to know of a finding.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Rule     string   `json:"rule"`
		Category Category `json:"category"`
		File     string   `json:"file"`
		Line     int      `json:"line,omitempty"`
		Column   int      `json:"column,omitempty"`
		Message  string   `json:"message"`
	}{f.ID, f.Category, f.Position.File, f.Position.Line, f.Position.Column, f.Message})
}
