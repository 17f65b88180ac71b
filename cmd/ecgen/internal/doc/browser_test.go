package doc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ecgen/ecgen/session/amuletest/required"
)

// browser returns the name of a Chromium. Without one the test is skipped, but
// not where everything must be there; in short runs it is always skipped.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: the pages in a browser, because of -short")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	required.Programs(t, "chromium")
	return ""
}

// dump opens a page, lets its scripts run, and returns what became of it, and
// what was written to the console.
func dump(t *testing.T, page string) (dom []byte, console string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--window-size=1300,900",
		"--virtual-time-budget=20000", "--dump-dom", "file://"+filepath.ToSlash(page))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") {
			console += line
		}
	}
	return dom, console
}

// seen is what testdata/probe.js tells of a page.
type seen struct {
	Page, Width, Theme string
	Faults             []string
	Texts, Fields      int
	Shift              float64
}

// around is a page that shows others in frames, where each has the width that
// it is asked for, and keeps what they tell.
const around = `<!doctype html><title>Frames</title><pre id="told"></pre>
<script>
const told = [];
addEventListener("message", (event) => {
  told.push(event.data);
  document.getElementById("told").textContent = JSON.stringify(told);
});
</script>
`

// looks are both themes and both widths. The themes differ in colors alone.
var looks = []struct {
	theme string
	width int
}{{"light", 1280}, {"dark", 390}}

func TestPagesInABrowser(t *testing.T) {
	browser(t)
	directory := t.TempDir()
	frames := around
	pages := 0
	for name, content := range generatedFrom(t, ownSpec, HTML) {
		if filepath.Ext(name) == ".html" {
			pages++
			content = bytes.Replace(content, []byte("<head>"), []byte(`<head><script src="probe.js"></script>`), 1)
			for _, look := range looks {
				frames += fmt.Sprintf("<iframe src=\"%s?theme=%s&width=%d\" style=\"width:%dpx;height:800px;border:0\"></iframe>\n", name, look.theme, look.width, look.width)
			}
		}
		writeFile(t, directory, name, content)
	}
	writeFile(t, directory, "probe.js", mustRead(t, "testdata/probe.js"))
	writeFile(t, directory, "frames.html", []byte(frames))

	told := look(t, filepath.Join(directory, "frames.html"))
	for range 2 { // a busy machine paints pages that are not whole yet
		if !slices.ContainsFunc(told, shifts) {
			break
		}
		told = look(t, filepath.Join(directory, "frames.html"))
	}
	if len(told) != len(looks)*pages {
		t.Errorf("%d of %d pages were looked at", len(told), len(looks)*pages)
	}
	fields := 0
	for _, s := range told {
		fields += s.Fields
		for _, fault := range s.Faults {
			t.Errorf("%s, %s, %s pixels: %s", s.Page, s.Theme, s.Width, fault)
		}
		if s.Texts < 50 {
			t.Errorf("%s has only %d texts", s.Page, s.Texts)
		}
		if shifts(s) {
			t.Errorf("%s, %s pixels: the layout shifts by %.3f", s.Page, s.Width, s.Shift)
		}
	}
	if fields < 1000 {
		t.Errorf("only %d fields of packets", fields)
	}
}

// look opens a page with frames and returns what the pages in them tell.
func look(t *testing.T, page string) (told []seen) {
	t.Helper()
	dom, console := dump(t, page)
	if console != "" {
		t.Errorf("the console has\n%s", console)
	}
	text := regexp.MustCompile(`(?s)<pre id="told">(.*?)</pre>`).FindSubmatch(dom)
	if text == nil {
		t.Fatalf("the browser gives back\n%.2000s", dom)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(text[1]))), &told); err != nil {
		t.Fatal(err)
	}
	return told
}

// shifts reports whether what a reader looks at moves while the page is loaded.
func shifts(s seen) bool { return s.Shift > 0.01 }

// Without frames and without anything added, as a reader opens them.
func TestPagesOpenAsFiles(t *testing.T) {
	browser(t)
	directory := t.TempDir()
	for name, content := range generatedFrom(t, ownSpec, HTML) {
		writeFile(t, directory, name, content)
	}
	dom, console := dump(t, filepath.Join(directory, "index.html"))
	if console != "" {
		t.Errorf("the console has\n%s", console)
	}
	for _, want := range []string{`class="live"`, `aria-label="Theme: Auto"`, `role="button" aria-label="Flags: 0x32`} {
		if !bytes.Contains(dom, []byte(want)) {
			t.Errorf("the page's script did not run: there is no %s", want)
		}
	}
}

func writeFile(t *testing.T, directory, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(directory, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}
