package model

import (
	"go/token"
	"strings"
	"unicode"
)

// spelling is how words of protocol names are written in Go.
type spelling map[string]string

// camel joins the words of a protocol name: PARTFILE_NAME becomes
// PartFileName.
func (s spelling) camel(name string) string {
	var b strings.Builder
	for _, word := range strings.Split(name, "_") {
		if spelt, ok := s[word]; ok {
			b.WriteString(spelt)
			continue
		}
		if word == "" {
			continue
		}
		b.WriteString(word[:1])
		b.WriteString(strings.ToLower(word[1:]))
	}
	return b.String()
}

// fieldName makes the name of a Go field from a tag name: without the first
// of the prefixes that fits, and with an s when it is repeated.
func (s spelling) fieldName(tag string, prefixes []string, repeated bool) string {
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(tag, prefix+"_"); ok {
			tag = rest
			break
		}
	}
	name := s.camel(tag)
	if repeated {
		name += "s"
	}
	return name
}

// isExported reports whether name can be an exported Go name.
func isExported(name string) bool {
	return token.IsIdentifier(name) && unicode.IsUpper(rune(name[0]))
}
