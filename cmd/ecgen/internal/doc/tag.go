package doc

import "github.com/ecgen/ecgen/cmd/ecgen/internal/model"

// tag is one tag of a message or of an object, or one form of an object's own
// data.
type tag struct {
	*model.Field
	site *site
	in   *model.Struct
	Tree []*branch // what stands below it
	Size int       // how many tags these are
}

// branch is a tag in the tree below another.
type branch struct {
	*tag
	Again bool // it stands in itself; what is below it stands above
	Below []*branch
}

func (s *site) tags(t *model.Struct, fields []*model.Field) (tags []*tag) {
	for _, f := range fields {
		below := s.tree(f, map[*model.Struct]bool{})
		tags = append(tags, &tag{Field: f, site: s, in: t, Tree: below, Size: size(below)})
	}
	return tags
}

// tree returns what stands below a tag. Above are the objects that it stands in.
func (s *site) tree(f *model.Field, above map[*model.Struct]bool) (tree []*branch) {
	if f.Object == nil || f.Kind == model.KindPositions || above[f.Object] {
		return nil
	}
	above[f.Object] = true
	for _, child := range f.Object.Fields {
		tree = append(tree, &branch{
			tag:   &tag{Field: child, site: s, in: f.Object},
			Again: child.Object != nil && above[child.Object],
			Below: s.tree(child, above),
		})
	}
	delete(above, f.Object)
	return tree
}

func size(tree []*branch) int {
	n := len(tree)
	for _, b := range tree {
		n += size(b.Below)
	}
	return n
}

// ID is the anchor of the tag on its page.
func (t *tag) ID() string {
	if t.Field.Tag == nil {
		return t.in.Name + "." + t.Field.Name
	}
	return t.in.Name + "." + t.Field.Tag.Name
}

// Href leads to the tag where it is described.
func (t *tag) Href() string { return t.site.href(messagePage(t.in.File), t.ID()) }

// Names are the names that the tag may have.
func (t *tag) Names() []*model.Code {
	if t.Field.Tag == nil {
		return nil
	}
	return append([]*model.Code{t.Field.Tag}, t.Also...)
}

// TypeHref leads to what the type is.
func (t *tag) TypeHref() string {
	switch t.Kind {
	case model.KindObject:
		return t.site.structHref(t.Object)
	case model.KindPositions:
		return ""
	case model.KindUint:
		return t.site.href("wire", "type-uint")
	default:
		return t.site.href("wire", "type-"+t.TypeName())
	}
}

// EnumHref leads to the names of the values.
func (t *tag) EnumHref() string { return t.site.href("enums", t.Enum.Name) }

// Items are the siblings that are one item together.
func (t *tag) Items() []*model.Field {
	if t.Kind != model.KindPositions {
		return nil
	}
	return t.Object.Own
}

// Presence says how often the tag stands there.
func (t *tag) Presence() string {
	switch {
	case t.Field.Tag == nil:
		return "own data"
	case t.Required:
		return "required"
	case t.Repeated:
		return "repeated"
	case t.Incremental:
		return "incremental"
	default:
		return "optional"
	}
}

// forms are the words for what own data may be on the wire, where all integers
// are one.
func forms(f *model.Field) []string {
	switch f.Kind {
	case model.KindUint, model.KindBool:
		return []string{"integer"}
	case model.KindSwitch:
		return []string{"integer", "empty"}
	case model.KindObject, model.KindPositions:
		var all []string
		for _, own := range f.Object.Own {
			all = append(all, forms(own)...)
		}
		if len(all) == 0 {
			all = []string{"container"}
		}
		return all
	default:
		return []string{f.TypeName()}
	}
}

// Meaning is what the tag says, with its unit.
func (t *tag) Meaning() string {
	text := model.Sentence(t.Doc)
	if t.Unit != "" {
		text += " In " + t.Unit + "."
	}
	return text
}

// Condition says when the tag is there, or is empty.
func (t *tag) Condition() string { return t.Field.Condition(t.in) }

// News says which release brought the tag, if it is not the one that brought
// what the tag stands in.
func (t *tag) News() string {
	if t.Origin == t.in.Origin {
		return ""
	}
	return t.SinceText()
}

// In is the message or object that the tag stands in.
func (t *tag) In() string { return t.site.title(t.in) }

// Label is the tag's name, or the name of a form of own data.
func (t *tag) Label() string {
	if t.Field.Tag == nil {
		return t.Field.Name
	}
	return t.Field.Tag.Name
}

// CodeHref leads to the list of codes.
func (t *tag) CodeHref(code *model.Code) string { return t.site.href("codes", "tag-"+code.Name) }

// UpdateHref leads to what "left out when unchanged" means.
func (t *tag) UpdateHref() string { return t.site.href("updates", "value-map") }

// Runs splits a text at the names of codes.
func (t *tag) Runs(text string) []run { return t.site.runs(text) }

// Others are the other tags of the list that the tag is an element of.
func (t *tag) Others() (names []string) {
	for _, f := range t.Field.List.Fields {
		if f != t.Field {
			names = append(names, f.Tag.Name)
		}
	}
	return names
}
