package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// amulecmd runs a command of the real text client on the daemon at an address
// and returns what it printed.
func amulecmd(t *testing.T, address, command string) string {
	t.Helper()
	host, port, _ := strings.Cut(address, ":")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	required.Programs(t, "amulecmd")
	var output []byte
	err := amuletest.Persist(t, func() (err error) {
		client := exec.CommandContext(ctx, "amulecmd", "-h", host, "-p", port, "-P", secret, "-c", command)
		client.Env = append(os.Environ(), "HOME="+t.TempDir())
		output, err = client.CombinedOutput()
		if bytes.Contains(output, []byte("EC connection failed")) {
			return session.ErrConnectionLost
		}
		return err
	})
	if err != nil {
		t.Fatalf("amulecmd %s: %v, %s", command, err, output)
	}
	return string(output)
}

// persist is tool for a real daemon, with a new try when it drops the
// connection.
func persist(t *testing.T, args ...string) (got result) {
	t.Helper()
	amuletest.Persist(t, func() error {
		got = tool("", args...)
		return lost(got.stderr)
	})
	return got
}

// lost returns what the tool complained of, if it was that the connection is
// lost.
func lost(stderr string) error {
	if strings.Contains(stderr, session.ErrConnectionLost.Error()) {
		return fmt.Errorf("%w: %s", session.ErrConnectionLost, stderr)
	}
	return nil
}

// succeed sends a command to a real daemon, which does it.
func succeed(t *testing.T, request ...string) {
	t.Helper()
	if got, want := persist(t, append([]string{"call"}, request...)...), (result{exitGood, "NOOP from daemon\n", ""}); got != want {
		t.Errorf("%v: %+v", request, got)
	}
}

// watchReal starts watch on a real daemon, which has not dropped the connection.
func watchReal(t *testing.T, args ...string) (w *running) {
	t.Helper()
	amuletest.Persist(t, func() error {
		w = startQuietly(t, append([]string{"watch", "--every", "20ms"}, args...)...)
		for deadline := time.Now().Add(time.Minute); w.stdout.String() == "" && len(w.code) == 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		return lost(w.stderr.String())
	})
	return w
}

// The tap stands between a real client and a real daemon, and neither notices.
// What it records is read without a fault, adds up, and can be served again.
func TestTapBetweenRealPrograms(t *testing.T) {
	required.Programs(t, "amulecmd")
	hideConfig(t)
	daemon := amuletest.StartDaemon(t, map[string][]byte{"shared by the test.txt": []byte("text")}).Address
	out := filepath.Join(t.TempDir(), "out.pcapng")
	tap := start(t, "", "tap", "--listen", "127.0.0.1:0", "--to", daemon, "-o", out)
	commands := []string{
		"status", "add ed2k://|file|tapped%20file.bin|9728001|11111111111111111111111111111111|/", "show dl", "show shared",
		"statistics", "get bwlimits", "pause 11111111111111111111111111111111", "show dl",
	}
	said := make(map[string]string)
	for _, command := range commands {
		said[command] = amulecmd(t, tap.address, command)
	}
	got := tap.end()
	if got.code != exitGood || strings.Contains(got.stdout, "unknown") || strings.Contains(got.stdout, `"error"`) {
		t.Errorf("exit code %d, %s, %s", got.code, got.stderr, got.stdout)
	}
	if n := strings.Count(got.stdout, "connection "); n < len(commands) {
		t.Errorf("%d connections, want %d", n, len(commands))
	}
	for _, message := range []string{"AUTH_REQ from client", "AUTH_SALT from daemon", "AUTH_PASSWD from client", "AUTH_OK from daemon",
		"STATS from daemon", "ADD_LINK from client", "DLOAD_QUEUE from daemon", "STATSTREE from daemon", "PARTFILE_PAUSE from client", "tapped file.bin"} {
		if !strings.Contains(got.stdout, message) {
			t.Errorf("no %s in\n%s", message, got.stdout)
		}
	}
	want(t, result{exitGood, got.stdout, ""}, "", "dump", out)
	if sums := tool("", "bytes", "--json", out); sums.code != exitGood || sums.stderr != "" {
		t.Errorf("bytes: %+v", sums)
	}

	// The real client finds in the stand-in the daemon that was recorded.
	stand := serve(t, "", out)
	for _, command := range []string{"status", "show dl", "show shared", "statistics"} {
		if command == "show dl" {
			amulecmd(t, stand.address, command)
			continue // what it says first stands first, before the pause
		}
		if again := amulecmd(t, stand.address, command); again != said[command] {
			t.Errorf("%s: the recorded daemon says\n%s, the real one said\n%s", command, again, said[command])
		}
	}
}

// The verbs agree with the real client about a real daemon.
func TestVerbsAndARealDaemon(t *testing.T) {
	required.Programs(t, "amulecmd")
	hideConfig(t)
	daemon := amuletest.StartDaemon(t, map[string][]byte{"shared by the test.txt": []byte("text")}).Address
	t.Setenv("EC_ADDRESS", daemon)
	t.Setenv("EC_PASSWORD", secret)
	succeed(t, "add-link", "--string", "ed2k://|file|called%20file.bin|9728001|22222222222222222222222222222222|/")
	hashing := watchReal(t, "shared")
	hashing.says(&hashing.stdout, "shared by the test.txt")
	hashing.end()
	for _, c := range []struct{ verb, want string }{
		{"status", "aMule     " + amuletest.Version(t, "amuled") + "\neD2k      not connected\nKad       not running\nDownload  0 B/s"},
		{"downloads", "0/0  waiting  auto high  called file.bin"},
		{"shared", "0/0       0/0   0 B/0 B  auto high  shared by the test.txt"},
		{"call get-preferences --select-prefs categories", "SET_PREFERENCES from daemon"},
		{"call get-dload-queue --detail-level cmd", `PARTFILE_NAME "called file.bin"`},
	} {
		got := persist(t, strings.Fields(c.verb)...)
		if got.code != exitGood || got.stderr != "" || !strings.Contains(got.stdout, c.want) {
			t.Errorf("%s: %+v, want %s", c.verb, got, c.want)
		}
	}
	if said := amulecmd(t, daemon, "show dl"); !strings.Contains(said, "22222222222222222222222222222222 called file.bin") {
		t.Errorf("amulecmd does not show the file:\n%s", said)
	}
	if got := persist(t, "search", "nothing"); got.code != exitFailed || !strings.Contains(got.stderr, "SEARCH_START failed") {
		t.Errorf("search without a server: %+v", got)
	}

	w := watchReal(t)
	w.says(&w.stdout, "called file.bin")
	succeed(t, "partfile-pause", "--partfile", "22222222222222222222222222222222")
	w.says(&w.stdout, "paused")
	succeed(t, "partfile-delete", "--partfile", "22222222222222222222222222222222")
	w.says(&w.stdout, "gone")
	if got := w.end(); got.code != exitGood {
		t.Errorf("%+v", got)
	}
}
