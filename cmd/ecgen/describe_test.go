package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/describe"
	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// described returns what ecgen describe prints.
func described(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, code := command(t, root, append([]string{"describe"}, args...)...)
	if code != good || stderr != "" {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	return stdout
}

// descriptionSchema returns the schema that ecgen describe --schema prints.
func descriptionSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := jsonschema.UnmarshalJSON(strings.NewReader(described(t, "--schema")))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(describe.SchemaName, text); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(describe.SchemaName)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestDescriptionsFollowTheirSchema(t *testing.T) {
	schema := descriptionSchema(t)
	features := described(t, "--spec", filepath.Join(root, "cmd/ecgen/testdata/features"))
	for _, text := range []string{described(t), features} {
		if err := validate(t, schema, text); err != nil {
			t.Error(err)
		}
	}
	for _, fault := range []struct{ old, new string }{
		{`"protocol_version": 516`, `"protocol_version": "516"`},
		{`{"name":"NOOP","value":1,`, `{"name":"NOOP",`},
		{`{"name":"NOOP","value":1,`, `{"name":"NOOP","value":-1,`},
		{`{"name":"NOOP","value":1,`, `{"name":"NOOP","value":1,"number":1,`},
		{`"from": ["client"]`, `"from": ["server"]`},
		{`"type":"hash16"`, `"type":"md4"`},
		{`"presence":"repeated"`, `"presence":"often"`},
		{`"messages": [`, `"requests": [`},
	} {
		text := strings.Replace(described(t), fault.old, fault.new, 1)
		if text == described(t) {
			t.Fatalf("%s is not in the description", fault.old)
		}
		if validate(t, schema, text) == nil {
			t.Errorf("%s is good although it should be %s", fault.new, fault.old)
		}
	}
}

// What the generated table of the protocol says stands in the description, too.
func TestTheDescriptionAloneRebuildsTheProtocol(t *testing.T) {
	var d describe.Protocol
	decoder := json.NewDecoder(strings.NewReader(described(t)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ec.Protocol, rebuild(t, &d)); diff != "" {
		t.Errorf("the generated table and what the description says (-table +description):\n%s", diff)
	}
	for _, list := range [][]describe.Code{d.Opcodes, d.Tags} {
		for _, code := range list {
			if code.Identifier == "" {
				t.Errorf("%s has no identifier", code.Name)
			}
		}
	}
	for flag, want := range map[string]codec.Flags{"ZLIB": codec.FlagZlib, "UTF8_NUMBERS": codec.FlagUTF8Numbers, "LARGE_TAG_COUNT": codec.FlagLargeTagCount} {
		if got := find(t, d.Flags, flag); codec.Flags(got) != want {
			t.Errorf("flag %s is %#x, want %#x", flag, got, want)
		}
	}
	for name, want := range map[string]codec.Type{"CUSTOM": codec.TypeCustom, "UINT64": codec.TypeUint64, "STRING": codec.TypeString, "UINT128": codec.TypeUint128} {
		if got := find(t, d.TagTypes, name); codec.Type(got) != want {
			t.Errorf("type %s is %d, want %d", name, got, want)
		}
	}
}

func find(t *testing.T, codes []describe.Code, name string) uint64 {
	t.Helper()
	for _, code := range codes {
		if code.Name == name {
			return code.Value
		}
	}
	t.Fatalf("there is no %s", name)
	return 0
}

// rebuild makes the table of the protocol from its description.
func rebuild(t *testing.T, d *describe.Protocol) *codec.Protocol {
	r := rebuilder{t: t, d: d, shapes: map[string]int{}, enums: map[string]int{}}
	p := &codec.Protocol{Replies: map[codec.Opcode][]codec.Opcode{}, Opcodes: map[codec.Opcode]codec.Label{}, Tags: map[codec.TagName]codec.Label{}}
	for _, release := range d.Releases {
		p.Releases = append(p.Releases, codec.Release{Name: release.Name, Provisional: release.Provisional})
	}
	for _, code := range d.Opcodes {
		if !code.Alias {
			p.Opcodes[codec.Opcode(code.Value)] = codec.Label{Protocol: code.Name, Go: code.Identifier}
		}
	}
	for _, code := range d.Tags {
		if !code.Alias {
			p.Tags[codec.TagName(code.Value)] = codec.Label{Protocol: code.Name, Go: code.Identifier}
		}
	}
	for i, enum := range d.Enums {
		r.enums[enum.Name] = i + 1
		values := map[uint64]string{}
		for _, value := range enum.Values {
			values[value.Value] = value.Name
		}
		p.Enums = append(p.Enums, codec.Enum{Name: enum.Name, Bits: enum.Bits, Values: values})
	}
	for i, object := range d.Objects {
		r.shapes[object.Name] = len(d.Messages) + i
	}
	p.Messages = [2]map[codec.Opcode]int{{}, {}}
	for i, m := range d.Messages {
		for _, from := range m.From {
			direction := map[string]codec.Direction{"client": codec.FromClient, "daemon": codec.FromDaemon}[from]
			p.Messages[direction][codec.Opcode(find(t, d.Opcodes, m.Opcode))] = i
		}
		for _, reply := range m.Replies {
			request := codec.Opcode(find(t, d.Opcodes, m.Opcode))
			p.Replies[request] = append(p.Replies[request], codec.Opcode(find(t, d.Opcodes, reply.Opcode)))
		}
		p.Shapes = append(p.Shapes, codec.Shape{Name: m.Name, Since: m.Since, Fields: r.fields(m.Tags)})
	}
	for _, object := range d.Objects {
		own := r.own(object.Own, object.Since)
		for i, o := range object.Own {
			own[i].Required = i == 0 && !o.Optional
		}
		p.Shapes = append(p.Shapes, codec.Shape{Name: object.Name, Since: object.Since, Own: own, Fields: r.fields(object.Tags)})
	}
	return p
}

type rebuilder struct {
	t      *testing.T
	d      *describe.Protocol
	shapes map[string]int
	enums  map[string]int
}

var kinds = map[string]codec.Kind{
	"bool": codec.KindBool, "switch": codec.KindSwitch, "empty": codec.KindEmpty, "string": codec.KindString,
	"double": codec.KindDouble, "ipv4": codec.KindIPv4, "hash16": codec.KindHash16, "uint128": codec.KindUint128,
	"bytes": codec.KindBytes, "object": codec.KindObject, "items": codec.KindPositions,
}

func (r *rebuilder) value(typeName, enum string) codec.Field {
	f := codec.Field{Kind: kinds[typeName], Enum: r.enums[enum]}
	if width, ok := strings.CutPrefix(typeName, "uint"); ok && typeName != "uint128" {
		bits, err := strconv.Atoi(width)
		if err != nil {
			r.t.Fatal(err)
		}
		f.Kind, f.Most = codec.KindUint, ^uint64(0)>>(64-bits)
	}
	if f.Kind == codec.KindBool || f.Kind == codec.KindSwitch {
		f.Most = 1
	}
	return f
}

func (r *rebuilder) own(alternatives []describe.Own, since string) []codec.Field {
	var fields []codec.Field
	for _, o := range alternatives {
		f := r.value(o.Type, o.Enum)
		f.Name, f.Since = o.Name, since
		fields = append(fields, f)
	}
	return fields
}

func (r *rebuilder) fields(tags []describe.Field) []codec.Field {
	var fields []codec.Field
	for _, tag := range tags {
		f := r.value(tag.Type, tag.Enum)
		f.Tag, f.Name, f.List, f.Since = codec.TagName(find(r.t, r.d.Tags, tag.Tag)), tag.Name, tag.List, tag.Since
		for _, also := range tag.AlsoNamed {
			f.Also = append(f.Also, codec.TagName(find(r.t, r.d.Tags, also)))
		}
		f.Repeated, f.Required = tag.Presence == "repeated", tag.Presence == "required"
		if f.Kind == codec.KindPositions {
			f.Repeated = true
			for _, position := range r.own(tag.Positions, "") {
				position.Repeated = true
				f.Positions = append(f.Positions, position)
			}
		}
		if f.Kind == codec.KindObject {
			f.Children = r.shapes[tag.Object]
		}
		fields = append(fields, f)
	}
	return fields
}

// As aMule's code lists of 2.3.3, 3.0 and 3.1 have them, but for the name that 3.0
// spelt otherwise.
func TestCodesSayWhichReleaseBroughtThem(t *testing.T) {
	var got describe.Protocol
	if err := json.Unmarshal([]byte(described(t)), &got); err != nil {
		t.Fatal(err)
	}
	brought := map[string]int{}
	since := map[string]describe.Origin{}
	for _, list := range []struct {
		kind  string
		codes []describe.Code
	}{{"opcode ", got.Opcodes}, {"tag ", got.Tags}} {
		for _, c := range list.codes {
			brought[list.kind+c.Since]++
			since[list.kind+c.Name] = c.Origin
		}
	}
	want := map[string]int{"opcode ": 79, "opcode 3.1": 17, "tag ": 285, "tag 3.0": 10, "tag 3.1": 146}
	if diff := cmp.Diff(want, brought); diff != "" {
		t.Errorf("codes by release (-want +got):\n%s", diff)
	}
	for code, want := range map[string]describe.Origin{
		"tag PARTFILE_COMMENTS": {}, // 3.1 has it in another place, too
		"tag FILE_REMOVED":      {Since: "3.0"},
		"tag SEARCH_ID":         {Since: "3.1", Provisional: true},
		"opcode CHAT_SEND":      {Since: "3.1", Provisional: true},
		"opcode NOOP":           {},
	} {
		if since[code] != want {
			t.Errorf("%s has %+v, want %+v", code, since[code], want)
		}
	}
}

func TestTheDescriptionIsTheSameEachTime(t *testing.T) {
	first := described(t)
	for range 5 {
		if !bytes.Equal([]byte(described(t)), []byte(first)) {
			t.Fatal("it differs between two runs")
		}
	}
}
