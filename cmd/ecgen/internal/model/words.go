package model

import (
	"slices"
	"strings"
)

// Condition says when a tag is there that stands in s, or is empty.
func (f *Field) Condition(s *Struct) string {
	var conditions []string
	if len(f.Detail) > 0 {
		conditions = append(conditions, "at detail level "+AnyOf(f.Detail))
	}
	switch {
	case f.Capability == nil:
	case slices.Contains(s.From, "client"):
		conditions = append(conditions, "for a daemon that sent "+f.Capability.Name)
	default:
		conditions = append(conditions, "for a client that sent "+f.Capability.Name)
	}
	if f.When != "" {
		conditions = append(conditions, "when "+strings.TrimSuffix(f.When, "."))
	}
	if len(conditions) == 0 {
		return ""
	}
	return "Present " + strings.Join(conditions, ", ") + "."
}

// SinceText says which release brought something. It is empty when all
// releases have it.
func (o Origin) SinceText() string {
	switch {
	case o.Since == "":
		return ""
	case o.Provisional:
		return "since aMule " + o.Since + ", provisional"
	default:
		return "since aMule " + o.Since
	}
}

// AnyOf joins words as in A, B or C.
func AnyOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// Sentence returns text with a full stop.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
