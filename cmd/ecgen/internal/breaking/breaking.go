// Package breaking finds what a change of the headers and the spec breaks: for
// programs that speak to older ones, and for programs that import the generated
// Go package.
package breaking

import (
	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

// Find returns the findings between two versions of the spec, those on the wire
// first.
func Find(old, new compare.Version) ([]rule.Finding, error) {
	found := wire(compare.Versions(old, new))
	more, err := goAPI(old, new)
	return append(found, more...), err
}

// wire turns changes that break old peers into findings.
func wire(changes []compare.Change) []rule.Finding {
	var found []rule.Finding
	for _, change := range changes {
		if change.Meaning != compare.Breaks {
			continue
		}
		found = append(found, rule.Finding{
			Rule:     wireRule(change),
			Position: change.Position,
			Message:  string(change.Kind) + " " + change.String(),
		})
	}
	return found
}
