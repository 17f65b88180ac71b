// Package required has the one rule for tests that want something which no go
// command brings.
package required

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// packages says which Debian package has a program.
var packages = map[string]string{
	"amuled":    "amule-daemon",
	"amulecmd":  "amule-utils",
	"amuleweb":  "amule-utils",
	"amulegui":  "amule-utils-gui",
	"Xvfb":      "xvfb",
	"xdotool":   "xdotool",
	"tesseract": "tesseract-ocr",
	"taskset":   "util-linux",
}

// Programs calls Missing for a program that is not installed.
func Programs(t testing.TB, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			Missing(t, fmt.Sprintf("there is no %s here; it is in Debian's package %s", program, cmp.Or(packages[program], program)))
		}
	}
}

// Missing ends a test that lacks something which no go command brings: it is
// skipped, and says what of. In CI, where CI is set, nothing may be left out: it
// fails.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what + ", and in CI nothing may be left out")
	}
	t.Skip("NOT TESTED: " + what)
}
