package schema

import "github.com/ecgen/ecgen/cmd/ecgen/internal/diag"

// kind is what a node is, worded for messages.
type kind string

const (
	nothing kind = "nothing"
	text    kind = "text"
	list    kind = "a list"
	mapping kind = "a mapping"

	// refused is what has been reported already.
	refused kind = "refused"
)

// node is a piece of a file, reduced to what the language uses of YAML.
type node struct {
	kind     kind
	position diag.Position

	text   string
	quoted bool
	items  []node
	pairs  []pair
}

// pair is a line of a mapping.
type pair struct {
	key   node
	value node
}
