// Package view shows packets to people and to other programs: as typed JSON,
// as raw JSON, and as a tree of names and values. Both JSON forms can be read
// back. [Viewer.Layout] says which bytes of a packet mean what. Which tag
// means what it takes from a [codec.Protocol]; it knows no tag of its own.
//
// # Typed JSON
//
//	{"opcode":"STATS","from":"daemon","flags":50,"fields":{"STATS_UL_SPEED":0,"CONNSTATE":{...}}}
//
// Tags stand under the protocol's names, in the order in which they stand in
// the packet. A list is always an array, at the place of its first element.
// What a tag holds is written so:
//
//	integer          5, and beyond 2^53 "18446744073709551615"
//	boolean          true, false
//	either, empty    null
//	presence alone   true
//	string           "text", or {"hex":"ff00"} where the bytes are not UTF-8 or have a NUL within
//	double           1.5 as it was written, or "nan" where that is no JSON number
//	IPv4             "127.0.0.1:4662"
//	hash, bytes      "0a0b"
//
// A tag with children is an object with a key for each child, and its own
// data under "own". Where own data may be of several kinds, integers stand as
// they are and all others under their kind, as in {"string":"text"}; own data
// that is of none of them is {"type":4,"hex":"0001"}. Tags that together make
// one item of a list are an array in the array. What is read may have the name
// of an enumeration's value in place of the integer, or names of bits joined
// by |: "PAUSED", "ED2K_CONNECTED|KAD_RUNNING".
//
// Where a field takes tags of several names, an element of another name than
// the first has the key "tag" with its name; one without children is then
// {"tag":"NAME","value":5}.
//
// Tags that a typed message keeps as unknown, at any level, stand under
// "unknown_tags", each as in raw JSON. An opcode that is no message of this
// direction is "0x12", and all its tags are unknown.
//
// When tags of one key do not stand together, the key "order" says how they
// are mixed, in runs: "order":[["PARTFILE",2],["KNOWNFILE",5],["PARTFILE",1]].
//
// Nothing is lost but the width of integers: they are read back in the
// narrowest type, as aMule writes them.
//
// # Raw JSON
//
//	{"flags":50,"op":4,"tags":[[1291,6,"332e302e3100",[]]]}
//
// Each tag is its name, its type, its own data in hex, and its children. This
// form is exact.
package view
