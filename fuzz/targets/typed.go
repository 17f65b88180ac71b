package targets

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

var viewer = view.New(ec.Protocol)

// plain are the flags that bodies are compared under.
const plain = codec.FlagBase | codec.FlagLargeTagCount

// eachMessage calls run with a new message for the body's opcode in each
// direction in which there is one.
func eachMessage(body []byte, flags codec.Flags, run func(from codec.Direction, m ec.Message) error) error {
	op, err := codec.Frame{Flags: flags, Body: body}.Opcode()
	if err != nil {
		return nil
	}
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		if m := ec.New(from, op); m != nil {
			if err := run(from, m); err != nil {
				return fmt.Errorf("%T from the %v: %w", m, from, err)
			}
		}
	}
	return nil
}

// Typed reads and writes generated messages.
var Typed = Target{
	Name: "Typed",
	Doc: "A typed message accepts what an untyped packet accepts, and is written as the same tree, with integers in " +
		"the narrowest type and siblings of different names in any order; sharing equals copying, one that was used " +
		"equals a new one, and nothing is lost as JSON. The input is one byte of flags and a body.",
	Run: func(data []byte) error {
		flags, body := split(data)
		var p codec.Packet
		untypedErr := p.Decode(body, flags, 0, budgets)
		return eachMessage(body, flags, func(from codec.Direction, m ec.Message) error {
			err := m.DecodeBody(body, flags, 0, budgets)
			if err := first(describe(err), sameClass("typed and untyped", err, untypedErr)); err != nil {
				return err
			}
			shared := ec.New(from, m.Opcode())
			if err := sameClass("copying and sharing", err, shared.DecodeBody(body, flags, codec.Share, budgets)); err != nil {
				return err
			}
			if err != nil || untypedErr != nil {
				return nil
			}
			return first(
				sameTree(m, &p),
				sameMessage("shared", m, shared),
				sameForms(m),
				used(m, shared, body, flags),
				throughJSON(from, m, &p),
			)
		})
	},
}

// bodyOf returns m's body under the flags that bodies are compared under.
func bodyOf(m ec.Message) []byte {
	body, err := m.AppendBody(nil, plain)
	if err != nil {
		panic(err)
	}
	return body
}

// sameMessage returns an error unless both messages are written alike.
func sameMessage(what string, a, b ec.Message) error {
	if x, y := bodyOf(a), bodyOf(b); !bytes.Equal(x, y) {
		return fmt.Errorf("%s it is\n%v\nelse\n%v", what, b, a)
	}
	return nil
}

// sameTree returns an error unless m is written as p, but for what typed
// messages do not keep.
func sameTree(m ec.Message, p *codec.Packet) error {
	var q codec.Packet
	if err := q.Decode(bodyOf(m), plain, 0, codec.DefaultLimits()); err != nil {
		return fmt.Errorf("it is written as what cannot be read: %w", err)
	}
	if a, b := normal(&q), normal(p); !a.Equal(b) {
		return fmt.Errorf("it is written as\n%v\nwant\n%v", a, b)
	}
	return nil
}

// normal returns p with integers in the narrowest type and siblings in the
// order of their names, those of one name as they were.
func normal(p *codec.Packet) *codec.Packet {
	return &codec.Packet{Opcode: p.Opcode, Tags: normalTags(p.Tags)}
}

func normalTags(tags []codec.Tag) []codec.Tag {
	tags = slices.Clone(tags)
	for i := range tags {
		t := &tags[i]
		if v, ok := t.Uint(); ok && len(t.Data) > 0 {
			*t = codec.NewUint(t.Name, v, t.Children...)
		}
		t.Children = normalTags(t.Children)
	}
	slices.SortStableFunc(tags, func(a, b codec.Tag) int { return cmp.Compare(a.Name, b.Name) })
	return tags
}

// sameForms returns an error unless m is the same in all forms.
func sameForms(m ec.Message) error {
	for _, flags := range []codec.Flags{
		codec.FlagBase, codec.FlagBase | codec.FlagUTF8Numbers, plain | codec.FlagUTF8Numbers, plain | codec.FlagZlib,
	} {
		body, err := m.AppendBody(nil, flags)
		if err != nil {
			return fmt.Errorf("flags %#x: %w", flags, err)
		}
		if size := m.SizeBody(flags); flags&codec.FlagZlib == 0 && size != len(body) {
			return fmt.Errorf("flags %#x: SizeBody is %d, but %d bytes are written", flags, size, len(body))
		}
		if flags&codec.FlagLargeTagCount == 0 && longList(m) {
			continue // which is cut
		}
		again := ec.New(codec.FromClient, m.Opcode())
		if fmt.Sprintf("%T", again) != fmt.Sprintf("%T", m) {
			again = ec.New(codec.FromDaemon, m.Opcode())
		}
		if err := again.UnmarshalBody(body, flags); err != nil {
			return fmt.Errorf("flags %#x: it is written as what cannot be read: %w", flags, err)
		}
		if err := sameMessage(fmt.Sprintf("read again with flags %#x", flags), m, again); err != nil {
			return err
		}
	}
	return nil
}

// longList reports whether some list of m needs large counts.
func longList(m ec.Message) bool {
	var p codec.Packet
	if err := p.Decode(bodyOf(m), plain, 0, codec.DefaultLimits()); err != nil {
		return false
	}
	long := len(p.Tags) > 0xFFFE
	for _, t := range p.All() {
		long = long || len(t.Children) > 0xFFFE
	}
	return long
}

// used reads the body into a message that held something, in all orders of
// copying and sharing, and overwrites what was shared.
func used(m, other ec.Message, body []byte, flags codec.Flags) error {
	for _, mode := range []codec.Mode{0, codec.Share, codec.Share, 0, 0} {
		ours := bytes.Clone(body)
		if err := other.DecodeBody(ours, flags, mode, budgets); err != nil {
			return fmt.Errorf("a used message refuses it: %w", err)
		}
		if err := sameMessage("read into a used message", m, other); err != nil {
			return err
		}
		if mode&codec.Share == 0 {
			clear(ours)
			if err := sameMessage("after its body was overwritten", m, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// throughJSON writes m as JSON and reads it again, by itself and by way of
// the untyped packet that it came from.
func throughJSON(from codec.Direction, m ec.Message, p *codec.Packet) error {
	text, err := m.MarshalJSON()
	if err != nil {
		return err
	}
	again := ec.New(from, m.Opcode())
	if err := again.UnmarshalJSON(text); err != nil {
		return fmt.Errorf("its JSON is refused: %w\n%s", err, text)
	}
	if err := sameMessage("read from its JSON", m, again); err != nil {
		return fmt.Errorf("%w\n%s", err, text)
	}
	message := &view.Message{From: from, Flags: plain, Packet: *p}
	for name, text := range map[string][]byte{"typed": viewer.AppendJSON(nil, message), "raw": view.AppendRaw(nil, message)} {
		got, err := viewer.ParseJSON(text)
		if err != nil {
			return fmt.Errorf("%s JSON of the packet is refused: %w\n%s", name, err, text)
		}
		if a, b := normal(&got.Packet), normal(p); !a.Equal(b) {
			return fmt.Errorf("%s JSON\n%s\nis read as\n%v\nwant\n%v", name, text, a, b)
		}
	}
	return nil
}

// Merge merges messages.
var Merge = Target{
	Name: "Merge",
	Doc: "Merging a message into itself changes nothing, nor does merging another one a second time; what is merged " +
		"can be written and read; reading a second body forgets the first. The input is one byte of flags, two bytes " +
		"with the length of the first body, and two bodies.",
	Run: func(data []byte) error {
		flags, bodies := split(data)
		a, b := pair(bodies)
		return eachMessage(a, flags, func(from codec.Direction, m ec.Message) error {
			if m.DecodeBody(a, flags, 0, budgets) != nil {
				return nil
			}
			fresh := ec.New(from, m.Opcode())
			if err := fresh.DecodeBody(a, flags, 0, budgets); err != nil {
				return fmt.Errorf("it is refused the second time: %w", err)
			}
			for _, mode := range []codec.Mode{codec.Merge, codec.Merge | codec.Share} {
				if err := m.DecodeBody(a, flags, mode, budgets); err != nil {
					return fmt.Errorf("merging: %w", err)
				}
				if err := sameMessage("merged into itself", fresh, m); err != nil {
					return err
				}
			}

			other := ec.New(from, m.Opcode())
			otherErr := other.DecodeBody(b, flags, 0, budgets)
			mergeErr := m.DecodeBody(b, flags, codec.Merge, budgets)
			if err := sameClass("reading and merging", otherErr, mergeErr); err != nil {
				return err
			}
			if otherErr != nil || mergeErr != nil {
				bodyOf(m) // what is left of it can be written
				return nil
			}
			once := bodyOf(m)
			if err := ec.New(from, m.Opcode()).UnmarshalBody(once, plain); err != nil {
				return fmt.Errorf("merged, it is written as what cannot be read: %w", err)
			}
			if err := m.DecodeBody(b, flags, codec.Merge, budgets); err != nil && !isLimit(err) {
				return fmt.Errorf("merging again: %w", err)
			}
			if twice := bodyOf(m); !bytes.Equal(once, twice) {
				return fmt.Errorf("merged once it is written as\n%x, merged twice as\n%x", once, twice)
			}
			if err := m.DecodeBody(b, flags, 0, budgets); err != nil {
				return errors.Join(errors.New("a used message refuses it"), err)
			}
			return sameMessage("read into a used message", other, m)
		})
	},
}
