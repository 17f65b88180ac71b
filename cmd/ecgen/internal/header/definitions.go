package header

import "github.com/ecgen/ecgen/cmd/ecgen/internal/diag"

// definitions are the names of a scope and where they were first defined.
type definitions map[string]definition

// definition is what a name stands for. Only enumerators have a value.
type definition struct {
	at    diag.Position
	value constant
}

// define notes a name; a second one of the same name is a finding.
func (d definitions) define(name string, at diag.Position, value constant, findings *diag.List) {
	if earlier, twice := d[name]; twice {
		findings.Add(at, "%s is defined twice, first on line %d", name, earlier.at.Line)
		return
	}
	d[name] = definition{at, value}
}
