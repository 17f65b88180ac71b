package header_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// TestTheSpecDefinesTheCodesOfAMule3 counts the enumerators of each enum and
// looks at the last of each.
func TestTheSpecDefinesTheCodesOfAMule3(t *testing.T) {
	type summary struct {
		count     int
		last      string
		lastValue uint64
	}
	want := map[string]summary{
		"ProtocolVersion":             {1, "EC_CURRENT_PROTOCOL_VERSION", 0x0204},
		"ECFlags":                     {4, "EC_FLAG_UNKNOWN_MASK", 0xff7f7f08},
		"ECOpCodes":                   {79, "EC_OP_FRIEND", 0x57},
		"ECTagNames":                  {295, "EC_TAG_KADEMLIA_UPDATE_URL", 0x1E01},
		"EC_DETAIL_LEVEL":             {5, "EC_DETAIL_INC_UPDATE", 4},
		"EC_SEARCH_TYPE":              {4, "EC_SEARCH_WEB", 3},
		"EC_STATTREE_NODE_VALUE_TYPE": {8, "EC_VALUE_DOUBLE", 7},
		"EcPrefs":                     {13, "EC_PREFS_KADEMLIA", 0x2000},
		"ECTagTypes":                  {11, "EC_TAGTYPE_UINT128", 10},
	}
	got := make(map[string]summary)
	for _, name := range []string{"ECCodes.h", "ECTagTypes.h"} {
		src, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "spec", name))
		if err != nil {
			t.Fatal(err)
		}
		file, findings := header.Parse(name, src)
		if err := findings.Err(); err != nil {
			t.Fatal(err)
		}
		for _, enum := range file.Enums {
			if enum.Doc == "" {
				t.Errorf("%s has no doc", enum.Name)
			}
			last := enum.Values[len(enum.Values)-1]
			got[enum.Name] = summary{len(enum.Values), last.Name, last.Value}
		}
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: got %v, want %v", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d enums, want %d", len(got), len(want))
	}
}
