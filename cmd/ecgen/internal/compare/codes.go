package compare

import (
	"fmt"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// codes compares what code lists define: first the types, then what stands in
// the enums.
func (c *comparison) codes(old, new []*header.File) {
	c.items(typeItems(old), typeItems(new), namesake, sameMembers)
	oldCodes, newCodes := codeItems(old), codeItems(new)
	for i := range oldCodes {
		oldCodes[i].where = c.now(Type, oldCodes[i].where)
	}
	c.items(oldCodes, newCodes, unmoved, namesake, sameNumber)
}

// typeItems are the enums that have a name, and the typedefs.
func typeItems(files []*header.File) []item {
	var items []item
	for _, file := range files {
		for _, t := range file.Typedefs {
			items = append(items, item{what: Type, name: t.Name, position: t.Position,
				aspects: []aspect{{"type", t.Type, codeTypeMeaning}}})
		}
		for _, enum := range file.Enums {
			if enum.Name == "" {
				continue
			}
			i := item{what: Type, name: enum.Name, position: enum.Position,
				aspects: []aspect{{"type", enum.Type, codeTypeMeaning}}}
			for _, value := range enum.Values {
				i.members = append(i.members, value.Name)
			}
			items = append(items, i)
		}
	}
	return items
}

func codeItems(files []*header.File) []item {
	var items []item
	for _, file := range files {
		for _, enum := range file.Enums {
			for _, value := range enum.Values {
				items = append(items, item{
					what: Code, name: value.Name, where: enum.Name, value: Number(value), position: value.Position,
				})
			}
		}
	}
	return items
}

// Number returns a code's number as people write it: tag names with four
// hexadecimal digits, others with at least two.
func Number(value header.Enumerator) string {
	digits := 2
	if strings.HasPrefix(value.Name, "EC_TAG_") {
		digits = 4
	}
	if value.Negative {
		return value.Decimal()
	}
	return fmt.Sprintf("0x%0*x", digits, value.Value)
}
