package breaking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/breaking"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/schema"
)

// version builds a version of the base spec in which before stands as after.
func version(t *testing.T, before, after string) compare.Version {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	codes, yaml := string(archive.Files[0].Data), string(archive.Files[1].Data)
	if before != "" {
		if n := strings.Count(codes, before) + strings.Count(yaml, before); n != 1 {
			t.Fatalf("the base has this %d times:\n%s", n, before)
		}
		codes, yaml = strings.Replace(codes, before, after, 1), strings.Replace(yaml, before, after, 1)
	}
	list, findings := header.Parse("codes.h", []byte(codes))
	read, more := schema.Read(map[string][]byte{"spec.yaml": []byte(yaml)})
	protocol, still := model.Build([]*header.File{list}, read)
	if findings = slices.Concat(findings, more, still); len(findings) > 0 {
		t.Fatal(findings.Err())
	}
	return compare.Version{Codes: []*header.File{list}, Protocol: protocol}
}

func find(t *testing.T, old, new compare.Version) []rule.Finding {
	t.Helper()
	found, err := breaking.Find(old, new)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// ids returns the rules of a category that findings have, each once.
func ids(found []rule.Finding, category rule.Category) []string {
	var ids []string
	for _, f := range found {
		if f.Category == category {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func TestTheExampleOfEachRuleBreaksThatRuleOnly(t *testing.T) {
	base := version(t, "", "")
	for _, r := range breaking.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			found := find(t, base, version(t, r.Before, r.After))
			if diff := cmp.Diff([]string{r.ID}, ids(found, r.Category)); diff != "" {
				t.Errorf("rules broken (-want +got):\n%s", diff)
			}
			for _, f := range found {
				if f.Position.File != "codes.h" && f.Position.File != "spec.yaml" {
					t.Errorf("%s stands at %q", f.Message, f.Position)
				}
			}
		})
	}
}

func TestAddingBreaksNothing(t *testing.T) {
	base := version(t, "", "")
	for _, change := range []struct{ before, after string }{
		{"", ""},
		{"\tEC_TAG_SPARE = 0x0105,\n", "\tEC_TAG_SPARE = 0x0105,\n\tEC_TAG_NEWER = 0x0188,\n"},
		{"      - {tag: ITEM_NAME, type: string, doc: Name}\n", "      - {tag: ITEM_NAME, type: string, doc: Name}\n      - {tag: SPARE, type: uint8, since: \"3.1\", doc: New}\n"},
		{"      - {name: DONE, value: 2, doc: Complete}\n", "      - {name: DONE, value: 2, doc: Complete}\n      - {name: LOST, value: 3, doc: Lost}\n"},
		{"      - {name: ID, type: uint32, doc: Number}\n", "      - {name: ID, type: uint32, doc: Number}\n      - {name: Hash, type: hash16, doc: Hash}\n"},
		{"    doc: Tells unasked.\n", "    doc: Tells what happened.\n    since: \"3.1\"\n"},
	} {
		for _, f := range find(t, base, version(t, change.before, change.after)) {
			t.Errorf("%q has %s: %s", change.after, f.ID, f.Message)
		}
	}
}

func TestFindingsSayWhereAndWhat(t *testing.T) {
	base := version(t, "", "")
	for _, test := range []struct{ before, after, want string }{
		{
			"ITEM_NAME, type: string", "ITEM_NAME, type: bytes",
			"spec.yaml:60:15: TAG_TYPE_CHANGED: retyped tag ITEM_NAME in Item: bytes, was string\n" +
				"spec.yaml:60:15: GO_FIELD_TYPE_CHANGED: Item.Name is a []byte, was a string\n",
		},
		{
			"      - {tag: ITEM_NAME, type: string, doc: Name}\n", "",
			"spec.yaml:56:3: TAG_REMOVED: removed tag ITEM_NAME in Item\n" +
				"spec.yaml:56:3: GO_FIELD_REMOVED: Item.Name is gone\n",
		},
		{
			"  - opcode: EVENT\n    from: daemon\n    doc: Tells unasked.\n    pushed: At any time.\n    tags: []\n", "",
			"spec.yaml: MESSAGE_REMOVED: removed message EVENT from daemon\n" +
				"spec.yaml: GO_TYPE_REMOVED: Event is gone\n",
		},
		{
			"EC_OP_EVENT = 0x04", "EC_OP_EVENT = 0x06",
			"codes.h:7:2: CODE_RENUMBERED: renumbered code EC_OP_EVENT = 0x06 in ECOpCodes, was 0x04\n",
		},
	} {
		var got strings.Builder
		for _, f := range find(t, base, version(t, test.before, test.after)) {
			got.WriteString(f.Position.String() + ": " + f.ID + ": " + f.Message + "\n")
		}
		if diff := cmp.Diff(test.want, got.String()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.before, diff)
		}
	}
}

// A message that loses its last tag embeds its methods, and has them all.
func TestPromotedMethodsAreNotMissed(t *testing.T) {
	base := version(t, "", "")
	taken := "      - {tag: DETAIL, type: uint8, enum: DetailLevel, doc: How much to tell}\n" +
		"      - {tag: CAN_MORE, type: empty, doc: Whether more is understood}\n" +
		"      - {tag: OTHER, type: uint8, enum: Rating, doc: At least so good}\n"
	found := find(t, base, version(t, "    tags:\n"+taken, "    tags: []\n"))
	if diff := cmp.Diff([]string{"GO_FIELD_REMOVED"}, ids(found, rule.GoAPI)); diff != "" {
		t.Error(diff)
	}
}
