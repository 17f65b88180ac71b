package main

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/session/amuletest"
)

// secret is the password of all daemons in tests.
const secret = amuletest.Password

// serve runs the stand-in for a daemon until the test ends, and lets verbs find
// it by the environment.
func serve(t *testing.T, text string, files ...string) *running {
	t.Helper()
	hideConfig(t)
	t.Setenv("EC_PASSWORD", secret)
	if len(files) == 0 {
		files = []string{"-"}
	}
	r := start(t, text, append([]string{"serve", "--listen", "127.0.0.1:0"}, files...)...)
	t.Setenv("EC_ADDRESS", r.address)
	return r
}

// hideConfig makes the tool find nothing of the user who runs the test.
func hideConfig(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "USERPROFILE", "APPDATA"} {
		t.Setenv(name, home)
	}
	for _, name := range []string{"EC_ADDRESS", "EC_CONFIG", "EC_PASSWORD", "EC_PASSWORD_FILE", "EC_TIMEOUT", "COLUMNS"} {
		t.Setenv(name, "")
	}
}

func TestVerbsThatAskADaemon(t *testing.T) {
	name := filepath.Join("testdata", "daemon", "answers.txtar")
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range archive.Files[1:] {
		t.Run(file.Name, func(t *testing.T) {
			serve(t, string(archive.Files[0].Data))
			got := tool("", strings.Fields(file.Name)[1:]...)
			if got.code == exitFailed || got.stderr != "" {
				t.Errorf("%+v", got)
			}
			if *update {
				archive.Files[1+i].Data = []byte(got.stdout)
			} else if got.stdout != string(file.Data) {
				t.Errorf("got\n%s, want\n%s", got.stdout, file.Data)
			}
		})
	}
	if *update {
		writeFile(t, name, string(txtar.Format(archive)))
	}
}
