// Package header reads the code lists of aMule's External Connections protocol:
// the C++ headers ECCodes.h and ECTagTypes.h of every release, and the abstract
// files from which later releases generate them.
package header

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// File is what a code list defines, in the order of the file.
type File struct {
	Name     string
	Enums    []Enum
	Typedefs []Typedef
}

// Enum is one enumeration. Name is empty when it is anonymous. Type is the type
// that holds its values, as far as the file states one: what follows the colon
// in C++, DataType in an abstract file.
type Enum struct {
	Name     string
	Type     string
	Doc      string
	Position diag.Position
	Values   []Enumerator
}

// Prefix returns what the names of all values begin with, up to an underscore.
func (e Enum) Prefix() string {
	if len(e.Values) == 0 {
		return ""
	}
	prefix := e.Values[0].Name
	for _, value := range e.Values {
		for !strings.HasPrefix(value.Name, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix[:strings.LastIndex(prefix, "_")+1]
}

// Enumerator is one name and its number. Value holds the number's 64 bits, those
// of a negative one in two's complement.
type Enumerator struct {
	Name     string
	Value    uint64
	Negative bool
	Doc      string
	Position diag.Position
}

func newEnumerator(name string, value constant, doc string, at diag.Position) Enumerator {
	e := Enumerator{Name: name, Doc: doc, Position: at}
	switch {
	case !value.known():
	case value.value.Sign() < 0:
		e.Value, e.Negative = uint64(value.value.Int64()), true
	default:
		e.Value = value.value.Uint64()
	}
	return e
}

// Decimal returns the value as a compiler prints it.
func (e Enumerator) Decimal() string {
	if e.Negative {
		return strconv.FormatInt(int64(e.Value), 10)
	}
	return strconv.FormatUint(e.Value, 10)
}

// Typedef is another name for a type. Only plain names are kept: pointers,
// arrays, functions and classes have no place on the wire.
type Typedef struct {
	Name, Type string
	Position   diag.Position
}

// Parse reads a code list: an abstract file if its name ends in .abstract or its
// text begins with a section, a C++ header otherwise. Of a malformed file it
// returns what it could read and everything that is wrong with it, in the order
// of the file.
//
// A header is read as a compiler reads it that is given no macros and no other
// files: includes are not followed, and the bodies of functions are skipped.
func Parse(name string, src []byte) (*File, diag.List) {
	file := &File{Name: name}
	var findings diag.List
	if strings.HasSuffix(name, ".abstract") || beginsWithSection(src) {
		parseAbstract(file, src, &findings)
	} else {
		parseCpp(file, src, &findings)
	}
	findings.Sort()
	return file, findings
}

func beginsWithSection(src []byte) bool {
	for line := range bytes.Lines(withoutMark(src)) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return bytes.HasPrefix(line, []byte("[Section"))
		}
	}
	return false
}
