package emit

import (
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

// fieldComment says what a field means, in what unit, where it stands on the
// wire, and when it is there.
func fieldComment(s *model.Struct, f *model.Field) string {
	text := model.Sentence(f.Doc)
	if f.Unit != "" {
		text += " In " + f.Unit + "."
	}
	if f.Tag == nil {
		return text + " Own data, " + f.TypeName() + "."
	}
	text += "\n" + f.Tag.Name
	for _, also := range f.Also {
		text += " or " + also.Name
	}
	text += ", " + f.TypeName()
	switch {
	case f.Required:
		text += ", required"
	case f.Repeated:
		text += ", repeated"
	}
	if f.Incremental {
		text += ", incremental"
	}
	if f.Origin != s.Origin {
		text += ", " + f.SinceText()
	}
	text += "."
	if condition := f.Condition(s); condition != "" {
		text += " " + condition
	}
	return text
}

// from says which release brought something, as a sentence behind others.
func from(o model.Origin) string {
	text := o.SinceText()
	if text == "" {
		return ""
	}
	return " " + strings.ToUpper(text[:1]) + text[1:] + "."
}

// typeComment says what a message or an object is, who writes it and what
// answers it.
func typeComment(s *model.Struct) string {
	text := introduce(s.Name, s.Doc)
	if s.Opcode == nil {
		return text + from(s.Origin)
	}
	writers := map[model.Direction]string{"client": "Written by the client", "daemon": "Written by the daemon"}
	text += "\n\n" + writers[s.From[0]]
	if len(s.From) > 1 {
		text = strings.TrimSuffix(text, writers[s.From[0]]) + "Written by either side"
	}
	text += ", opcode " + s.Opcode.Name
	if s.Since != "" {
		text += ", " + s.SinceText()
	}
	text += "."
	if s.Capability != nil {
		text += " Only for a daemon that sent " + s.Capability.Name + " at login."
	}
	if len(s.Replies) > 0 {
		var replies []string
		for _, reply := range s.Replies {
			word := "[" + reply.Message.Name + "]"
			var details []string
			if reply.Origin != s.Origin {
				details = append(details, reply.SinceText())
			}
			if reply.When != "" {
				details = append(details, strings.TrimSuffix(reply.When, "."))
			}
			if len(details) > 0 {
				word += " (" + strings.Join(details, ": ") + ")"
			}
			replies = append(replies, word)
		}
		text += " Answered by " + model.AnyOf(replies) + "."
	}
	if s.Pushed != "" {
		text += " Sent unasked: " + model.Sentence(s.Pushed)
	}
	return text
}

// introduce makes the first sentence of a type's comment, which begins with
// its name: "A file" becomes "Name is a file", "Asks for" becomes "Name asks
// for".
func introduce(name, doc string) string {
	doc = model.Sentence(doc)
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
