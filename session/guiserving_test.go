package session_test

import (
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// amulegui is on a screen of its own for 30 seconds, connected to our server,
// and somebody who looks at that screen reads there what we put in.
func TestAmuleguiShowsOurFiles(t *testing.T) {
	required.Programs(t, "amulegui", "Xvfb", "xdotool", "tesseract")
	t.Parallel()
	if session.RaceDetector || testing.CoverMode() != "" || strconv.IntSize != 64 || testing.Short() {
		t.Skip("it takes half a minute, and runs in the plain test run")
	}
	const connected = 30 * time.Second
	s := startStandIn(t)
	desk := newDesk(t)
	host, port, _ := net.SplitHostPort(s.address)
	config := fmt.Sprintf("[EC]\nHost=%s\nPort=%s\nPassword=%x\n", host, port, md5.Sum([]byte(amuletest.Password)))
	if err := os.MkdirAll(filepath.Join(desk.home, ".aMule"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(desk.home, ".aMule", "remote.conf"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	gui := amuletest.StartIn(t, desk.home, desk.environment(), "amulegui", "-s")
	s.expect(t, ec.OpGetUpdate)
	if t.Failed() {
		t.Fatalf("amulegui does not connect:\n%s\n%s", gui.Output(), desk.text(t))
	}
	start := time.Now()
	desk.read(t, "download-debian.iso", "25.0%", "Our Server | Kad: Connected")
	desk.click(t, "Shared")
	desk.read(t, "shared-thesis.pdf")
	desk.click(t, "Networks")
	desk.read(t, "Our Server", "192.0.2.77")
	time.Sleep(connected - time.Since(start))
	s.takeAsked()
	s.expect(t, ec.OpGetUpdate)
	s.expect(t, ec.OpStatReq)
	select {
	case <-gui.Ended():
		t.Error("amulegui has ended")
	default:
	}
	if conns := s.recorder.count(); conns != 1 {
		t.Errorf("amulegui has connected %d times", conns)
	}
	if output := gui.Output(); strings.Contains(output, "assert \"") {
		t.Errorf("amulegui complains:\n%s", output)
	}
	gui.Stop()
}

// desk is a screen with somebody in front of it.
type desk struct {
	home    string
	display string
}

// newDesk starts a screen.
func newDesk(t *testing.T) *desk {
	d := &desk{home: t.TempDir()}
	screen := amuletest.Start(t, d.home, "Xvfb", "-displayfd", "1", "-screen", "0", "2560x1800x24", "-fbdir", d.home, "-nolisten", "tcp")
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if number, complete := strings.CutSuffix(screen.Output(), "\n"); complete {
			d.display = ":" + number
			return d
		}
	}
	t.Fatalf("Xvfb does not say its number: %s", screen.Output())
	return nil
}

// environment makes a program use the screen, with letters that are easy to
// read.
func (d *desk) environment() []string { return []string{"DISPLAY=" + d.display, "GDK_SCALE=3"} }

// word is a word on the screen, and where it is.
type word struct {
	text          string
	line          string // which words stand in one line
	x, y          int
	width, height int
}

// words reads the screen.
func (d *desk) words(t *testing.T) (words []word) {
	t.Helper()
	picture := filepath.Join(d.home, "screen.png")
	photograph(t, filepath.Join(d.home, "Xvfb_screen0"), picture)
	table, err := exec.Command("tesseract", picture, "stdout", "--psm", "11", "tsv").Output()
	if err != nil {
		t.Fatal("tesseract:", err)
	}
	for line := range strings.Lines(string(table)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 12 || fields[0] != "5" {
			continue
		}
		number := func(i int) int { n, _ := strconv.Atoi(fields[i]); return n }
		words = append(words, word{fields[11], strings.Join(fields[1:5], "."), number(6), number(7), number(8), number(9)})
	}
	return words
}

// read waits until the screen shows these texts, each in one line.
func (d *desk) read(t *testing.T, texts ...string) {
	t.Helper()
	var screen string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		screen = d.text(t)
		missing := false
		for _, text := range texts {
			missing = missing || !strings.Contains(withoutSpaces(screen), withoutSpaces(text))
		}
		if !missing {
			return
		}
	}
	t.Errorf("the screen does not show all of %q, but:\n%s", texts, screen)
}

// withoutSpaces forgives who reads for seeing gaps where there are none.
func withoutSpaces(text string) string { return strings.ReplaceAll(text, " ", "") }

// text returns the lines of the screen.
func (d *desk) text(t *testing.T) string {
	var b strings.Builder
	last := ""
	for _, w := range d.words(t) {
		separator := " "
		if w.line != last {
			separator = "\n"
		}
		b.WriteString(separator + w.text)
		last = w.line
	}
	return b.String()
}

// click clicks on a word.
func (d *desk) click(t *testing.T, text string) {
	t.Helper()
	for _, w := range d.words(t) {
		if w.text == text {
			cmd := exec.Command("xdotool", "mousemove", fmt.Sprint(w.x+w.width/2), fmt.Sprint(w.y+w.height/2), "click", "1")
			cmd.Env = append(os.Environ(), "DISPLAY="+d.display)
			if output, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("xdotool: %v\n%s", err, output)
			}
			return
		}
	}
	t.Fatalf("there is no %s on the screen", text)
}

// photograph makes a PNG of a frame buffer of Xvfb, which is in the format of
// xwd: a header of 32-bit words, the colours, the lines of pixels.
func photograph(t *testing.T, buffer, picture string) {
	t.Helper()
	b, err := os.ReadFile(buffer)
	if err != nil {
		t.Fatal(err)
	}
	field := func(i int) int { return int(binary.BigEndian.Uint32(b[4*i:])) }
	header, width, height, line, colours := field(0), field(4), field(5), field(12), field(19)
	pixels := b[header+12*colours:]
	gray := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p := pixels[y*line+4*x:]
			gray.Set(x, y, color.RGBA{p[2], p[1], p[0], 255})
		}
	}
	file, err := os.Create(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, gray); err != nil {
		t.Fatal(err)
	}
}
