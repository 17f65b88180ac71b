package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/audit"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
	"github.com/ecgen/ecgen/spec"
)

// lists returns the code lists of the spec.
func lists(t testing.TB) []*header.File {
	t.Helper()
	var files []*header.File
	for _, name := range []string{"ECCodes.h", "ECTagTypes.h"} {
		source, err := spec.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, findings := header.Parse(name, source)
		if len(findings) > 0 {
			t.Fatal(findings.Err())
		}
		files = append(files, file)
	}
	return files
}

// check audits a source and returns the findings as line: rule.
func check(t testing.TB, name string, source []byte) (found []rule.Finding, covered []audit.Coverage) {
	t.Helper()
	entries, err := audit.Read(name, source)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Check(entries, lists(t))
}

var wanted = regexp.MustCompile(`(?://|#|/\*) want ([A-Z_]+)`)

func TestExactlyThePlantedMistakesAreFound(t *testing.T) {
	names, err := filepath.Glob("testdata/*")
	if err != nil || len(names) != 9 {
		t.Fatalf("%d fixtures, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, got := map[int]string{}, map[int]string{}
			for i, line := range strings.Split(string(source), "\n") {
				if match := wanted.FindStringSubmatch(line); match != nil {
					want[i+1] = match[1]
				}
			}
			found, _ := check(t, name, source)
			for _, f := range found {
				got[f.Position.Line] += f.ID
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings by line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMessagesSayWhatIsRight(t *testing.T) {
	for source, want := range map[string]string{
		"EC_TAG_SERVER_USERS = 0x504":         "EC_TAG_SERVER_USERS is 0x0504, but 0x0505 in the spec; 0x0504 is EC_TAG_SERVER_PING",
		"EC_TAG_SERVER_USERS = 0x7504":        "EC_TAG_SERVER_USERS is 0x7504, but 0x0505 in the spec",
		"EC_TAG_SERVER_USERS = 0xA0A":         "EC_TAG_SERVER_USERS is 0x0a0a, which is EC_TAG_SERVER_USERS of the spec, shifted as on the wire; the tag's number is 0x0505",
		"EC_TAG_SERVER_USERS = 0xA0B":         "EC_TAG_SERVER_USERS is 0x0a0b, which is EC_TAG_SERVER_USERS of the spec, shifted as on the wire; the tag's number is 0x0505",
		"EC_OP_NOOP = 2":                      "EC_OP_NOOP is 0x02, but 0x01 in the spec; 0x02 is EC_OP_AUTH_REQ",
		"EC_TAG_STATS_KAD_IP_ADRESS = 0x213":  "EC_TAG_STATS_KAD_IP_ADRESS is called EC_TAG_STATS_KAD_IP_ADDRESS in the spec",
		"EcTagStatsKadIpAdress = 0x213":       "EcTagStatsKadIpAdress is called EC_TAG_STATS_KAD_IP_ADDRESS in the spec",
		"EC_TAG_SEARCH_AVAIL = 0x707":         "EC_TAG_SEARCH_AVAIL is called EC_TAG_SEARCH_AVAILABILITY in the spec",
		"EC_TAG_PARTFILE_DONE = 0x304":        "EC_TAG_PARTFILE_DONE is not in ECTagNames of the spec; did you mean EC_TAG_PARTFILE_SIZE_DONE = 0x0306?; 0x0304 is EC_TAG_PARTFILE_SIZE_XFER",
		"EC_TAG_SERVER_USERZ = 0x777":         "EC_TAG_SERVER_USERZ is not in ECTagNames of the spec; did you mean EC_TAG_SERVER_USERS = 0x0505?",
		"EC_OP_MADE_UP = 0xF0":                "EC_OP_MADE_UP is not in ECOpCodes of the spec",
		"EC_FLAG_ACCEPTS = 0x10":              "EC_FLAG_ACCEPTS is not in ECFlags of the spec; 0x10 is EC_FLAG_LARGE_TAG_COUNT",
		"EC_TAG_PREFS_SRCDROP = 0x1900":       "EC_TAG_PREFS_SRCDROP is not in ECTagNames of the spec; aMule had it up to 2.3",
		"EC_OP_MADE_UP = other()":             "EC_OP_MADE_UP is not in ECOpCodes of the spec",
		"EC_SEARCH_KAD = -1":                  "EC_SEARCH_KAD is -1, but 0x02 in the spec",
		"EC_TAGTYPE_UINT8 = 0b11":             "EC_TAGTYPE_UINT8 is 0x03, but 0x02 in the spec; 0x03 is EC_TAGTYPE_UINT16",
		"EC_CURRENT_PROTOCOL_VERSION = 0x203": "EC_CURRENT_PROTOCOL_VERSION is 0x203, but 0x204 in the spec",
	} {
		found, _ := check(t, "x.py", []byte(source+"\n"))
		if len(found) != 1 || found[0].Message != want {
			t.Errorf("%s: found %+v, want %s", source, found, want)
		}
	}
}

func TestNamesAreRecognizedInAnySpelling(t *testing.T) {
	for _, source := range []string{
		"EC_TAG_PARTFILE_NAME = 1",
		"EcTagPartfileName = 1",
		"ECTagPartFileName = 1",
		"TagPartFileName = 1",
		"TAG_PARTFILE_NAME = 1",
		"ecTagPartfileName = 1",
		"class ECTagNames:\n    PARTFILE_NAME = 1",
		"class TagName:\n    PARTFILE_NAME = 1",
		"EC_TAGS = {'PARTFILE_NAME': 1}",
		"TAGS = {'EC_TAG_PARTFILE_NAME': 1}",
		"NAMES = {1: 'EC_TAG_PARTFILE_NAME'}",
		"NAMES = {[1] = 'EC_TAG_PARTFILE_NAME'}",
	} {
		found, covered := check(t, "x.py", []byte(source+"\n"))
		if len(found) != 1 || found[0].ID != "WRONG_VALUE" || len(covered) != 1 || covered[0].Names != 1 {
			t.Errorf("%s: found %+v, %+v", source, found, covered)
		}
	}
}

// What a program does with names and numbers can look like a table, unless most
// of it are codes with their numbers.
func TestLooseTablesAreReadWhenMostOfThemIsRight(t *testing.T) {
	for _, line := range []string{
		"tag['%s'] = %d\n",
		"EC_TAGS['EC_TAG_%s'] = %d\n",
		"tag = {'%s': %d}\n",
		"class tag:\n    %s = %d\n",
		"NAMES = dict([('EC_TAG_%s', %d)])\n",
		"NAMES = {{'EC_TAG_%s', %d}}\n",
		"NAMES = Map([['EC_TAG_%s', %d]])\n",
		"NAMES = Map([[%[2]d, 'EC_TAG_%[1]s']])\n",
		"names.put('EC_TAG_%s', %d)\n",
		"names.set(%[2]d, 'EC_TAG_%[1]s')\n",
	} {
		spell := func(name string) string {
			if strings.Contains(line, "EC_TAG_%") {
				return name
			}
			return strings.ToLower(name)
		}
		right := fmt.Sprintf(line, spell("SERVER"), 0x500) + fmt.Sprintf(line, spell("PREFS_FILES"), 0x1800)
		wrong := fmt.Sprintf(line, spell("PARTFILE_NAME"), 1)
		if found, covered := check(t, "x.py", []byte(right)); len(found) > 0 || len(covered) != 1 || covered[0].Names != 2 {
			t.Errorf("%s: found %+v, %+v", right, found, covered)
		}
		if found, covered := check(t, "x.py", []byte(right+wrong)); len(found) != 1 || found[0].ID != "WRONG_VALUE" || len(covered) != 1 || covered[0].Names != 3 {
			t.Errorf("%s: found %+v, %+v", right+wrong, found, covered)
		}
		if found, covered := check(t, "x.py", []byte(wrong)); len(found) > 0 || len(covered) > 0 {
			t.Errorf("%s: found %+v, %+v", wrong, found, covered)
		}
	}
}

func TestOpcodesMayBeCalledSo(t *testing.T) {
	for _, source := range []string{
		"EC_OPCODE_STAT_REQ = 1",
		"OPCODE_STAT_REQ = 1",
		"EcOpcodeStatReq = 1",
		"OpcodeStatReq = 1",
		"class Opcode:\n    STAT_REQ = 1",
		"OPCODES = {'STAT_REQ': 1}",
	} {
		found, covered := check(t, "x.py", []byte(source+"\n"))
		if len(found) != 1 || found[0].ID != "WRONG_VALUE" || len(covered) != 1 || covered[0].Enum != "ECOpCodes" {
			t.Errorf("%s: found %+v, %+v", source, found, covered)
		}
	}
}

func TestWhatIsNoCodeTableIsPassedOver(t *testing.T) {
	for _, source := range []string{
		"TAG_COLOUR = 1\nTAG_SHAPE = 2\nTAG_SERVER = 3",
		"OPTION_STATS = 1",
		"ECTagName = IntEnum('ECTagName', names)",
		"type TagName = Tags",
		"EcOpcodes = load()",
		"OP_NOOP = 0xd503201f",
		"class Value:\n    INTEGER = 0x10000000001",
		"EC_FLAG_SM2_RANGE = 4\nEC_FLAG_COFACTOR_ECDH = 0x1000\nEC_FLAG_CHECK_NAMED_GROUP = 0x2000",
		"tag = {'server': 1, 'value': 0}",
		"def ec_tag():\n    NAME = 1",
		"if EC_TAG_SERVER == 1: pass",
		"call(EC_TAG_SERVER, 1)",
		"call('EC_TAG_SERVER', 0x500)",
		"call[0x500, 'EC_TAG_SERVER']",
		"stats['EC_TAG_STATS_UL_SPEED'] = 1000",
		"x = EC_TAG_SERVER if y else 5",
		"EC_TAG_SERVER = 'server'",
		"# EC_TAG_SERVER = 1",
		"'''\nEC_TAG_SERVER = 1\n'''",
	} {
		if found, covered := check(t, "x.py", []byte(source+"\n")); len(found) > 0 || len(covered) > 0 {
			t.Errorf("%s: found %+v, %+v", source, found, covered)
		}
	}
}

// Each packet has a flag to which aMule gives no name, and no tag has more than 15
// bits. Names for them are no mistakes.
func TestProgramsMayHaveNamesOfTheirOwn(t *testing.T) {
	for _, source := range []string{"EC_FLAG_BASE = 0x20", "EC_TAG_UNKNOWN = 0xFFFF", "EC_TAG_NONE = 0x8000"} {
		if found, _ := check(t, "x.py", []byte(source+"\n")); len(found) > 0 {
			t.Errorf("%s: found %+v", source, found)
		}
	}
	for _, source := range []string{"EC_FLAG_BASE = 0x40", "EC_TAG_LAST = 0x7FFF", "EC_TAG_NONE = -1"} {
		if found, _ := check(t, "x.py", []byte(source+"\n")); len(found) != 1 {
			t.Errorf("%s: found %+v", source, found)
		}
	}
}

func TestCoverageNamesWhatIsMissing(t *testing.T) {
	_, covered := check(t, "x.py", []byte("EC_DETAIL_FULL = 2\nEC_DETAIL_CMD = 0\nEC_DETAIL_WEB = 1\nEC_DETAIL_UPDATE = load()\n"))
	want := []audit.Coverage{{File: "x.py", Enum: "EC_DETAIL_LEVEL", Names: 4, Unread: 1, Missing: []string{"EC_DETAIL_INC_UPDATE"}}}
	if diff := cmp.Diff(want, covered); diff != "" {
		t.Error(diff)
	}
	line := "x.py: 4 names of EC_DETAIL_LEVEL, 1 with values that cannot be read; 1 missing: EC_DETAIL_INC_UPDATE"
	if got := covered[0].String(); got != line {
		t.Errorf("got %q, want %q", got, line)
	}
}

func TestTheSpecsOwnCodesAreRightAndComplete(t *testing.T) {
	for _, name := range []string{"../../../../spec/ECCodes.h", "../../../../generated/ec/codes_gen.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found, covered := check(t, name, source)
		if len(found) > 0 {
			t.Errorf("%s: %+v", name, found)
		}
		complete := 0
		for _, c := range covered {
			if len(c.Missing) == 0 && slices.Contains([]string{"ECOpCodes", "ECTagNames"}, c.Enum) {
				complete++
			}
		}
		if complete != 2 {
			t.Errorf("%s: %+v", name, covered)
		}
	}
}

// Each rule's example breaks that rule and no other.
func TestExamplesOfTheRules(t *testing.T) {
	for _, r := range audit.Rules() {
		found, _ := check(t, "x.h", []byte("enum {\n"+r.Before+"};\n"))
		if len(found) != 1 || found[0].ID != r.ID {
			t.Errorf("%s: its example has %+v", r.ID, found)
		}
	}
}

func TestAnUnknownLanguageIsAnError(t *testing.T) {
	if _, err := audit.Read("codes.bas", nil); err == nil || !strings.Contains(err.Error(), ".java") {
		t.Errorf("got %v", err)
	}
}

// No source makes it fail, and entries stand where their names do.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Ext(name), string(source))
	}
	codes := lists(f)
	f.Fuzz(func(t *testing.T, extension, source string) {
		entries, err := audit.Read("x"+extension, []byte(source))
		if err != nil {
			return
		}
		lines := strings.Split(source, "\n")
		for _, e := range entries {
			if e.Position.Line < 1 || e.Position.Line > len(lines) || e.Position.Column < 1 {
				t.Errorf("%s stands at %s", e.Name, e.Position)
			}
		}
		audit.Check(entries, codes)
	})
}
