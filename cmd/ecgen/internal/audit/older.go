package audit

import (
	"strings"

	"github.com/ecgen/ecgen/spec"
)

// olderReleases are those of spec.Dialects, oldest first.
var olderReleases = []string{"rc8", "2.0.0", "2.0.2", "2.1", "2.2", "2.3"}

// lastWith returns for each code of older aMules the last of these releases that
// had it, by "opcode " or "tag " and its squeezed name.
func lastWith() map[string]string {
	last := map[string]string{}
	for _, release := range olderReleases {
		text, err := spec.Dialects.ReadFile("dialects/" + release + ".tsv")
		if err != nil {
			panic(err) // it is built in
		}
		for line := range strings.Lines(string(text)) {
			if columns := strings.Split(strings.TrimSpace(line), "\t"); len(columns) > 2 {
				last[columns[0]+" "+squeeze(columns[2])] = strings.Replace(release, "rc8", "2.0.0-rc8", 1)
			}
		}
	}
	return last
}
