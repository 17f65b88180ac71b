// Package compare finds what changed between two versions of the protocol, and
// says what each change means for a program that speaks it.
package compare

import "github.com/ecgen/ecgen/cmd/ecgen/internal/diag"

// Change is one difference between two versions.
type Change struct {
	Kind    Kind    `json:"kind"`
	What    What    `json:"what"`
	Name    string  `json:"name"`             // in the new version, unless it was removed
	Where   string  `json:"where,omitempty"`  // the enum, message or object in which it stands
	Value   string  `json:"value,omitempty"`  // its number, if it has one
	Aspect  string  `json:"aspect,omitempty"` // what of it changed, when Kind is Changed
	Old     string  `json:"old,omitempty"`    // what changed, before
	New     string  `json:"new,omitempty"`    // and now
	Meaning Meaning `json:"meaning"`
	Note    string  `json:"note,omitempty"` // why it means that, where that is not plain

	// Position is in the new version: of the thing, or where it would stand.
	Position diag.Position `json:"-"`
}

// Kind says what happened.
type Kind string

// The kinds.
const (
	Added      Kind = "added"
	Removed    Kind = "removed"
	Renamed    Kind = "renamed"    // the same value under another name
	Renumbered Kind = "renumbered" // the same name with another value
	Retyped    Kind = "retyped"
	Moved      Kind = "moved" // to another enum, message or object
	Changed    Kind = "changed"
)

// What says what sort of thing changed.
type What string

// The sorts of things. The first two are of the code lists, the others of the
// spec.
const (
	Code    What = "code"
	Type    What = "type" // an enum or a typedef
	Enum    What = "enum"
	Value   What = "value" // of an Enum
	Object  What = "object"
	Message What = "message"
	Tag     What = "tag" // in a message or object
)

// Meaning says what a change asks of programs.
type Meaning string

// The meanings.
const (
	Nothing    Meaning = "nothing to do"
	Capability Meaning = "new capability"
	Breaks     Meaning = "breaks old peers"
)
