package dissector

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// tables are what the template has loops over. Indexes count from 1, as Lua's
// do.
type tables struct {
	Opcodes, Tags, Types []*model.Code
	Enums                []*model.Enum
	Fields               []field
	Shapes               []shape
	Directions           []direction
	Replies              []reply
	Login                struct{ Opcode, Version uint64 }
}

// shape is what a message or an object has.
type shape struct {
	Name string
	Own  []value
	Tags []tag
}

// value is what Lua needs to know of a tag's own data.
type value struct {
	Name  string // of a position
	Kind  string
	Field int
	Most  uint64
	Enum  int
}

// tag is a tag in a shape. Place is the same for all names that a field has.
type tag struct {
	value
	Tag       uint64
	Place     int
	Repeated  bool
	Shape     int
	Own       []int
	Positions []value
}

type direction struct {
	Name     string
	Messages []message
}

type message struct {
	Opcode uint64
	Shape  int
}

type reply struct {
	Opcode uint64
	By     []uint64
}

// The codes by which a login is known.
const (
	loginOpcode = "AUTH_REQ"
	versionTag  = "PROTOCOL_VERSION"
)

func newTables(p *model.Protocol) (*tables, error) {
	t := &tables{Opcodes: named(p.Opcodes), Tags: named(p.Tags), Types: p.TagTypes, Enums: p.Enums}
	if err := t.login(); err != nil {
		return nil, err
	}
	f := newFilters(p)
	for _, s := range p.Shapes() {
		t.Shapes = append(t.Shapes, f.shape(s))
	}
	for _, from := range []model.Direction{"client", "daemon"} {
		d := direction{Name: string(from)}
		for _, s := range p.Messages {
			if slices.Contains(s.From, from) {
				d.Messages = append(d.Messages, message{s.Opcode.Value, s.Index + 1})
			}
			if from == "client" && len(s.Replies) > 0 && slices.Contains(s.From, from) {
				t.Replies = append(t.Replies, replies(s))
			}
		}
		t.Directions = append(t.Directions, d)
	}
	t.Fields = f.fields
	return t, nil
}

// named returns the codes but those that are another name for one of them.
func named(codes []*model.Code) []*model.Code {
	return slices.DeleteFunc(slices.Clone(codes), func(code *model.Code) bool { return code.Alias })
}

func (t *tables) login() error {
	opcode := slices.IndexFunc(t.Opcodes, func(c *model.Code) bool { return c.Name == loginOpcode })
	version := slices.IndexFunc(t.Tags, func(c *model.Code) bool { return c.Name == versionTag })
	if opcode < 0 || version < 0 {
		return errors.New("a dissector knows connections by " + loginOpcode + " with " + versionTag + ", which the code lists do not have")
	}
	t.Login.Opcode, t.Login.Version = t.Opcodes[opcode].Value, t.Tags[version].Value
	return nil
}

func replies(s *model.Struct) reply {
	r := reply{Opcode: s.Opcode.Value}
	for _, by := range s.Replies {
		if code := by.Message.Opcode.Value; !slices.Contains(r.By, code) {
			r.By = append(r.By, code)
		}
	}
	return r
}

// shape makes the table of a message or an object.
func (f *filters) shape(s *model.Struct) shape {
	made := shape{Name: s.Name}
	for _, own := range s.Own {
		made.Own = append(made.Own, plainValue(own))
	}
	for i, from := range s.Fields {
		for _, name := range append([]*model.Code{from.Tag}, from.Also...) {
			entry := tag{value: f.value(name, from), Tag: name.Value, Place: i + 1, Repeated: from.Repeated}
			switch from.Kind {
			case model.KindObject:
				entry.Shape = from.Object.Index + 1
				for _, own := range from.Object.Own {
					entry.Own = append(entry.Own, f.index(name, own))
				}
			case model.KindPositions:
				for _, position := range from.Object.Own {
					v := f.value(name, position)
					v.Name = position.Name
					entry.Positions = append(entry.Positions, v)
				}
			}
			made.Tags = append(made.Tags, entry)
		}
	}
	return made
}

// value makes what is known of a field's own data as those of a tag.
func (f *filters) value(name *model.Code, from *model.Field) value {
	v := plainValue(from)
	v.Field = f.index(name, from)
	return v
}

func plainValue(from *model.Field) value {
	v := value{Kind: kindNames[from.Kind], Most: from.Most()}
	if from.Enum != nil {
		v.Enum = from.Enum.Index + 1
	}
	return v
}

var kindNames = map[model.Kind]string{
	model.KindUint: "uint", model.KindBool: "bool", model.KindSwitch: "switch", model.KindEmpty: "empty",
	model.KindString: "string", model.KindDouble: "double", model.KindIPv4: "ipv4", model.KindHash16: "hash16",
	model.KindUint128: "uint128", model.KindBytes: "bytes", model.KindObject: "object", model.KindPositions: "items",
}

// String helps with errors of templates.
func (v value) String() string { return fmt.Sprintf("%s %d", v.Kind, v.Field) }
