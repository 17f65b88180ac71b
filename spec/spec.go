// Package spec has the description of aMule's External Connections protocol
// from which everything else is made: the code headers, with aMule's names and
// numbers, and the YAML files that say which tags stand where and what they
// mean. They are embedded so that ecgen runs anywhere.
package spec

import "embed"

//go:generate go run ../cmd/ecgen

// Files has ECCodes.h, ECTagTypes.h and the *.yaml files.
//
//go:embed *.h *.yaml
var Files embed.FS
