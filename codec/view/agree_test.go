package view_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

// The same tags must be unknown to a Viewer and to the generated messages.
func TestViewerKnowsWhatTypedMessagesKnow(t *testing.T) {
	viewer := view.New(ec.Protocol)
	random := rand.New(rand.NewPCG(3, 4))
	known, unknown := 0, 0
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		for op, shape := range ec.Protocol.Messages[from] {
			for range 100 {
				m := &view.Message{From: from, Flags: codec.FlagBase}
				m.Packet = codec.Packet{Opcode: op, Tags: view.GrowTags(random, ec.Protocol, &ec.Protocol.Shapes[shape], 5)}
				body, err := m.Packet.AppendBody(nil, m.Flags)
				if err != nil {
					t.Fatal(err)
				}
				typed := ec.New(from, op)
				if err := typed.UnmarshalBody(body, m.Flags); err != nil {
					t.Fatal(err)
				}
				text := viewer.AppendJSON(nil, m)
				want, got := unknownInTyped(reflect.ValueOf(typed)), unknownInJSON(t, text)
				if !slices.Equal(got, want) {
					t.Fatalf("of\n%v\nthe viewer does not know\n%s, the typed message does not know\n%s\n%s", &m.Packet, got, want, text)
				}
				for range m.Packet.All() {
					known++
				}
				unknown += len(want)
			}
		}
	}
	if unknown == 0 || known < 2*unknown {
		t.Errorf("of %d tags %d were unknown, want some of both", known, unknown)
	}
}

// unknownInTyped collects the unknown tags of a message and all below it, as
// raw JSON, in alphabetical order. Own data that does not fit has no name.
func unknownInTyped(message reflect.Value) (found []string) {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).Name != "Unknown" {
					walk(v.Field(i))
					continue
				}
				for _, tag := range v.Field(i).Interface().([]codec.Tag) {
					found = append(found, rawTag(tag))
				}
			}
		}
	}
	walk(message)
	slices.Sort(found)
	return found
}

func rawTag(tag codec.Tag) string {
	if tag.Name == codec.OwnData {
		return fmt.Sprintf("own [%d,%q]", tag.Type, fmt.Sprintf("%x", tag.Data))
	}
	m := view.Message{Packet: codec.Packet{Tags: []codec.Tag{tag}}}
	var raw struct{ Tags []json.RawMessage }
	if err := json.Unmarshal(view.AppendRaw(nil, &m), &raw); err != nil {
		panic(err)
	}
	return string(raw.Tags[0])
}

// unknownInJSON is unknownInTyped for typed JSON.
func unknownInJSON(t *testing.T, text []byte) (found []string) {
	var walk func(text json.RawMessage)
	walk = func(text json.RawMessage) {
		var list []json.RawMessage
		var object map[string]json.RawMessage
		if json.Unmarshal(text, &list) == nil {
			for _, item := range list {
				walk(item)
			}
		} else if json.Unmarshal(text, &object) == nil {
			for key, item := range object {
				var tags []json.RawMessage
				var own struct {
					Type *int
					Hex  string
				}
				switch {
				case key == "unknown_tags":
					if err := json.Unmarshal(item, &tags); err != nil {
						t.Fatal(err)
					}
					for _, tag := range tags {
						found = append(found, string(tag))
					}
				case key == "own" && json.Unmarshal(item, &own) == nil && own.Type != nil:
					found = append(found, fmt.Sprintf("own [%d,%q]", *own.Type, own.Hex))
				default:
					walk(item)
				}
			}
		}
	}
	walk(text)
	slices.Sort(found)
	return found
}
