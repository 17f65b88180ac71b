package spec

import "embed"

// Dialects has the codes of the releases before 3.0, each in dialects/*.tsv:
// opcodes and tags with their numbers and names, the types of the tags' own
// data, and whether they have children. Type words are integer, uint8 to
// uint64, string, double, ipv4, hash, uint128, bytes and empty, several of
// them joined by |. Before 2.2 the wire has no types, and integers have the
// width that is given.
//
//go:embed dialects/*.tsv
var Dialects embed.FS
