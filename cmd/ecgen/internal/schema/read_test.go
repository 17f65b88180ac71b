package schema_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

const specDirectory = "../../../../spec"

// read returns the spec of sound files.
func read(t *testing.T, files map[string]string) *schema.Spec {
	t.Helper()
	sources := make(map[string][]byte)
	for name, text := range files {
		sources[name] = []byte(text)
	}
	spec, findings := schema.Read(sources)
	if len(findings) > 0 {
		var report bytes.Buffer
		findings.Print(&report, sources, false)
		t.Fatalf("%s", &report)
	}
	return spec
}

func TestASoundSpecHasItsValuesAndPositions(t *testing.T) {
	got := read(t, map[string]string{"a.yaml": `# What friends are.
names:
  ÄPFEL: Äpfel
enums:
  Level:
    doc: >-
      How much
      to tell.
    type: uint16
    bits: true
    header: EC_DETAIL_LEVEL
    values: [{name: FULL, value: 0x0f, doc: "All: of it."}]
groups:
  detail:
    doc: The level.
    tags:
      - {list: Files, element: File, of: [{tag: PARTFILE, type: PartFile}], doc: Files.}
objects:
  Friend:
    doc: A friend.
    prefixes: [FRIEND]
    own:
      - {name: ECID, type: uint32, presence: optional, enum: Level, doc: The id.}
    order: {own: ECID, tags: [NAME]}
    tags:
      - group: detail
        when: asked
messages:
  - opcode: FRIEND
    from: client
    go: Befriend
    doc: Does things.
    since: 3.0
    prefixes: []
    replies: [{opcode: NOOP, when: done}]
    pushed: never
    tags:
      - tag: FRIEND
        type: Friend
        presence: repeated
        detail: [FULL]
        capability: CAN_NOTIFY
        incremental: false
        when: Kad runs
        enum: Level
        unit: bytes
        since: "3.0"
        go: Friends
        also_named: [PARTFILE]
        doc: Whom.
      - {tag: COMMENT, element: Comment, positions: [{name: User, type: string, doc: Who.}], doc: What.}
unused:
  opcodes: [{name: GONE, reason: Old.}]
  tags: []
`})

	at := func(line, column int) diag.Position {
		return diag.Position{File: "a.yaml", Line: line, Column: column}
	}
	text := func(value string, line, column int) schema.Text {
		return schema.Text{Value: value, Position: at(line, column)}
	}
	want := &schema.Spec{
		Names: []schema.Word{{Name: text("ÄPFEL", 3, 3), Go: text("Äpfel", 3, 10)}},
		Enums: []schema.Enum{{
			Name:   text("Level", 5, 3),
			Doc:    text("How much to tell.", 6, 10),
			Type:   text("uint16", 9, 11),
			Bits:   schema.Flag{Value: true, Position: at(10, 11)},
			Header: text("EC_DETAIL_LEVEL", 11, 13),
			Values: []schema.Value{{
				Position: at(12, 14),
				Name:     text("FULL", 12, 21),
				Value:    schema.Number{Value: 15, Position: at(12, 34)},
				Doc:      text("All: of it.", 12, 45),
			}},
		}},
		Groups: []schema.Group{{
			Name: text("detail", 14, 3),
			Doc:  text("The level.", 15, 10),
			Tags: []schema.Entry{{
				Position: at(17, 9),
				List:     text("Files", 17, 16),
				Element:  text("File", 17, 32),
				Of: []schema.Kind{{
					Position: at(17, 43),
					Tag:      text("PARTFILE", 17, 49),
					Type:     text("PartFile", 17, 65),
				}},
				Doc: text("Files.", 17, 82),
			}},
		}},
		Objects: []schema.Object{{
			Name:     text("Friend", 19, 3),
			Doc:      text("A friend.", 20, 10),
			Prefixes: []schema.Text{text("FRIEND", 21, 16)},
			Own: []schema.Own{{
				Position: at(23, 9),
				Name:     text("ECID", 23, 16),
				Type:     text("uint32", 23, 28),
				Presence: text("optional", 23, 46),
				Enum:     text("Level", 23, 62),
				Doc:      text("The id.", 23, 74),
			}},
			Order: &schema.Order{
				Position: at(24, 12),
				Own:      text("ECID", 24, 18),
				Tags:     []schema.Text{text("NAME", 24, 31)},
			},
			Tags: []schema.Entry{{
				Position: at(26, 9),
				Group:    text("detail", 26, 16),
				When:     text("asked", 27, 15),
			}},
		}},
		Messages: []schema.Message{{
			Position: at(29, 5),
			Opcode:   text("FRIEND", 29, 13),
			From:     text("client", 30, 11),
			Go:       text("Befriend", 31, 9),
			Doc:      text("Does things.", 32, 10),
			Since:    text("3.0", 33, 12),
			Replies: []schema.Reply{{
				Position: at(35, 15),
				Opcode:   text("NOOP", 35, 24),
				When:     text("done", 35, 36),
			}},
			Pushed: text("never", 36, 13),
			Tags: []schema.Entry{
				{
					Position:    at(38, 9),
					Tag:         text("FRIEND", 38, 14),
					Type:        text("Friend", 39, 15),
					Presence:    text("repeated", 40, 19),
					Detail:      []schema.Text{text("FULL", 41, 18)},
					Capability:  text("CAN_NOTIFY", 42, 21),
					Incremental: schema.Flag{Position: at(43, 22)},
					When:        text("Kad runs", 44, 15),
					Enum:        text("Level", 45, 15),
					Unit:        text("bytes", 46, 15),
					Since:       text("3.0", 47, 16),
					Go:          text("Friends", 48, 13),
					AlsoNamed:   []schema.Text{text("PARTFILE", 49, 22)},
					Doc:         text("Whom.", 50, 14),
				},
				{
					Position: at(51, 9),
					Tag:      text("COMMENT", 51, 15),
					Element:  text("Comment", 51, 33),
					Positions: []schema.Own{{
						Position: at(51, 54),
						Name:     text("User", 51, 61),
						Type:     text("string", 51, 73),
						Doc:      text("Who.", 51, 86),
					}},
					Doc: text("What.", 51, 99),
				},
			},
		}},
		Unused: schema.Unused{
			Opcodes: []schema.UnusedCode{{
				Position: at(53, 13),
				Name:     text("GONE", 53, 20),
				Reason:   text("Old.", 53, 34),
			}},
		},
	}
	if difference := cmp.Diff(want, got, cmpopts.EquateEmpty()); difference != "" {
		t.Errorf("want (-), got (+):\n%s", difference)
	}
}

func TestFilesAreMergedInTheOrderOfTheirNames(t *testing.T) {
	spec := read(t, map[string]string{
		"b.yaml":     "names: {C: c}\nunused: {tags: [{name: B, reason: b}]}\n",
		"a.yaml":     "names: {D: d, A: a}\n",
		"c.yaml":     "names: {B: b}\nunused: {tags: [{name: A, reason: a}]}\n",
		"empty.yaml": "",
		"notes.yaml": "# Nothing yet.\n",
		"start.yaml": "---\n",
	})
	var names, tags []string
	for _, word := range spec.Names {
		names = append(names, word.Name.Value)
	}
	for _, code := range spec.Unused.Tags {
		tags = append(tags, code.Name.Value)
	}
	if want := []string{"D", "A", "C", "B"}; !slices.Equal(names, want) {
		t.Errorf("names are %v, want %v", names, want)
	}
	if want := []string{"B", "A"}; !slices.Equal(tags, want) {
		t.Errorf("unused tags are %v, want %v", tags, want)
	}
}

func TestAnyScalarIsTextAsItStandsInTheFile(t *testing.T) {
	for _, literal := range []string{"3.0", "010", "0x10", "true", "no", "null", "~", "1e3", "2026-01-01", ".inf", "="} {
		spec := read(t, map[string]string{"a.yaml": "names: {A: " + literal + "}\n"})
		if got := spec.Names[0].Go.Value; got != literal {
			t.Errorf("%s is read as %q", literal, got)
		}
	}
}

func TestALineThatEndsInCarriageReturnIsLikeAnyOther(t *testing.T) {
	spec := read(t, map[string]string{"a.yaml": "\ufeffnames:\r\n  A: a\r\n"})
	want := schema.Text{Value: "a", Position: diag.Position{File: "a.yaml", Line: 2, Column: 6}}
	if got := spec.Names[0].Go; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTheSpecOfThisModuleIsSound(t *testing.T) {
	files := make(map[string]string)
	for name, source := range specFiles(t) {
		files[name] = string(source)
	}
	read(t, files)
}

func TestReadTakesLinearTime(t *testing.T) {
	for name, file := range map[string]struct{ start, repeated string }{
		"unknown keys":      {"", "a: b\n"},
		"one line":          {"names: {", "a: [a], "},
		"nesting":           {"", "["},
		"duplicates":        {"names:\n", "  a: b\n"},
		"a long name":       {"enums: {" + strings.Repeat("n", 1<<16), ": {}, a"},
		"comments":          {"", "# c\n\n"},
		"comments on items": {"enums:\n", "- # c\n"},
		"findings":          {"messages:\n", "- {}\n"},
		"text":              {"names: {A: \"", "a\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			took := func(count int) time.Duration {
				source := []byte(file.start + strings.Repeat(file.repeated, count))
				start := time.Now()
				schema.Read(map[string][]byte{"a.yaml": source})
				return time.Since(start)
			}
			took(1000)
			var small, large time.Duration
			for range 3 { // other work on the machine must not fail it
				small, large = took(1000), took(16000)
				t.Logf("%v, %v", small, large)
				if large <= 100*small || large <= time.Second {
					return
				}
			}
			t.Errorf("16 times the input took %v instead of %v", large, small)
		})
	}
}

// specFiles returns the spec of this module.
func specFiles(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(specDirectory, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no spec: %v", err)
	}
	files := make(map[string][]byte)
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = source
	}
	return files
}
