package emit

import (
	"fmt"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// wrap breaks text into lines of at most width characters, each a comment.
func wrap(text string, width int) string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := "//"
		for _, word := range strings.Fields(paragraph) {
			if len(line)+1+len(word) > width && line != "//" {
				lines = append(lines, line)
				line = "//"
			}
			line += " " + word
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// typeNames are the spec's names of the kinds.
var typeNames = map[model.Kind]string{
	model.KindBool: "bool", model.KindSwitch: "switch", model.KindEmpty: "empty", model.KindString: "string",
	model.KindDouble: "double", model.KindIPv4: "ipv4", model.KindHash16: "hash16", model.KindUint128: "uint128",
	model.KindBytes: "bytes",
}

func typeName(f *model.Field) string {
	switch f.Kind {
	case model.KindUint:
		return fmt.Sprintf("uint%d", f.Width)
	case model.KindObject, model.KindPositions:
		return f.Object.Name
	default:
		return typeNames[f.Kind]
	}
}

// fieldComment says what a field means, in what unit, where it stands on the
// wire, and when it is there.
func fieldComment(f *model.Field) string {
	text := sentence(f.Doc)
	if f.Unit != "" {
		text += " In " + f.Unit + "."
	}
	if f.Tag == nil {
		return text + " Own data, " + typeName(f) + "."
	}
	text += "\n" + f.Tag.Name
	for _, also := range f.Also {
		text += " or " + also.Name
	}
	text += ", " + typeName(f)
	switch {
	case f.Required:
		text += ", required"
	case f.Repeated:
		text += ", repeated"
	}
	if f.Incremental {
		text += ", incremental"
	}
	if f.Since != "" {
		text += ", since aMule " + f.Since
	}
	text += "."
	var conditions []string
	if len(f.Detail) > 0 {
		conditions = append(conditions, "at detail level "+anyOf(f.Detail))
	}
	if f.Capability != nil {
		conditions = append(conditions, "for a client that sent "+f.Capability.Name)
	}
	if f.When != "" {
		conditions = append(conditions, "when "+strings.TrimSuffix(f.When, "."))
	}
	if len(conditions) > 0 {
		text += " Present " + strings.Join(conditions, ", ") + "."
	}
	return text
}

// anyOf joins words as in A, B or C.
func anyOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// sentence returns text with a full stop.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

// typeComment says what a message or an object is, who writes it and what
// answers it.
func typeComment(s *model.Struct) string {
	text := introduce(s.Name, s.Doc)
	if s.Opcode == nil {
		return text
	}
	writers := map[model.Direction]string{"client": "Written by the client", "daemon": "Written by the daemon"}
	text += "\n\n" + writers[s.From[0]]
	if len(s.From) > 1 {
		text = strings.TrimSuffix(text, writers[s.From[0]]) + "Written by either side"
	}
	text += ", opcode " + s.Opcode.Name
	if s.Since != "" {
		text += ", since aMule " + s.Since
	}
	text += "."
	if len(s.Replies) > 0 {
		var replies []string
		for _, reply := range s.Replies {
			word := "[" + reply.Message.Name + "]"
			if reply.When != "" {
				word += " (" + strings.TrimSuffix(reply.When, ".") + ")"
			}
			replies = append(replies, word)
		}
		text += " Answered by " + anyOf(replies) + "."
	}
	if s.Pushed != "" {
		text += " Sent unasked: " + sentence(s.Pushed)
	}
	return text
}

// introduce makes the first sentence of a type's comment, which begins with
// its name: "A file" becomes "Name is a file", "Asks for" becomes "Name asks
// for".
func introduce(name, doc string) string {
	doc = sentence(doc)
	word, rest, _ := strings.Cut(doc, " ")
	lower := strings.ToLower(word[:1]) + word[1:] + " " + rest
	switch {
	case word == "A" || word == "An" || word == "The":
		return name + " is " + lower
	case strings.HasSuffix(word, "s") && word[1:] == strings.ToLower(word[1:]):
		return name + " " + lower
	default:
		return name + ": " + doc
	}
}
