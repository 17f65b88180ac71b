package header_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// respelt are names that a later aMule corrected.
var respelt = map[string]string{"EC_TAG_STATS_KAD_IP_ADRESS": "EC_TAG_STATS_KAD_IP_ADDRESS"}

// The spec is of a later aMule than Debian's, which only added codes. AMULE_SOURCE
// names the unpacked source package.
func TestTheSpecHasAllCodesOfDebiansAMule(t *testing.T) {
	source := os.Getenv("AMULE_SOURCE")
	if source == "" {
		required.Missing(t, "AMULE_SOURCE names no unpacked source package of Debian's aMule")
	}
	spec := values(t, "../../../../spec/ECCodes.h", "../../../../spec/ECTagTypes.h")
	for _, names := range [][]string{
		{"src/libs/ec/cpp/ECCodes.h", "src/libs/ec/cpp/ECTagTypes.h"},
		{"src/libs/ec/abstracts/ECCodes.abstract", "src/libs/ec/abstracts/ECTagTypes.abstract"},
	} {
		theirs := values(t, filepath.Join(source, names[0]), filepath.Join(source, names[1]))
		if len(theirs) < 400 {
			t.Errorf("%s: only %d codes", names[0], len(theirs))
		}
		for name, value := range theirs {
			if corrected := respelt[name]; corrected != "" {
				name = corrected
			}
			if spec[name] != value {
				t.Errorf("%s is %q in the spec, but %q in %s", name, spec[name], value, names[0])
			}
		}
	}
}

// values returns the codes that files define, as decimal numbers.
func values(t *testing.T, files ...string) map[string]string {
	t.Helper()
	result := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, findings := header.Parse(name, text)
		if err := findings.Err(); err != nil {
			t.Fatal(err)
		}
		for _, enum := range file.Enums {
			for _, value := range enum.Values {
				result[value.Name] = value.Decimal()
			}
		}
	}
	return result
}
