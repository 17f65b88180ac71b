package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/term"

	"github.com/ecgen/ecgen/session/amuletest/required"
)

// opened keeps terminals open: what was interrupted while it read from one sets
// its state once more.
var opened []*os.File

// terminal returns a terminal of this size, and the end of it at which its user
// sits.
func terminal(t *testing.T, width, height uint16) (terminal, user *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		required.Missing(t, "there is no terminal here: "+err.Error())
	}
	control := func(f *os.File, request uintptr, argument unsafe.Pointer) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(argument)); errno != 0 {
			t.Fatalf("ioctl %#x: %v", request, errno)
		}
	}
	var number, unlocked uint32
	control(user, syscall.TIOCGPTN, unsafe.Pointer(&number))
	control(user, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked))
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	opened = append(opened, terminal)
	t.Cleanup(func() { user.Close() })
	size := [4]uint16{height, width}
	control(terminal, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	return terminal, user
}

// seen collects what the user of a terminal sees.
func seen(user *os.File) *lockedBuffer {
	var b lockedBuffer
	go io.Copy(&b, user)
	return &b
}

// startAt is start at a terminal, for what does not listen.
func startAt(t *testing.T, terminal *os.File, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: t, stop: stop, code: make(chan int, 1)}
	go func() { r.code <- run(ctx, args, terminal, terminal, &r.stderr) }()
	t.Cleanup(stop)
	return r
}

func TestThePasswordIsAskedForAtATerminal(t *testing.T) {
	serve(t, statReply, "-")
	t.Setenv("EC_PASSWORD", "")
	at, user := terminal(t, 80, 24)
	screen := seen(user)
	r := startAt(t, at, "status")
	r.says(&r.stderr, "Password for 127.0.0.1:")
	io.WriteString(user, secret+"\n")
	if got := r.wait(); got.code != exitGood {
		t.Errorf("%+v", got)
	}
	r.says(screen, "Sources")
	if strings.Contains(screen.String(), secret) {
		t.Errorf("the terminal shows the password: %q", screen)
	}
}

// Whoever is asked may press Ctrl-C. Then the terminal shows again what is typed.
func TestAskingForAPasswordCanBeInterrupted(t *testing.T) {
	daemon := serve(t, statReply, "-")
	t.Setenv("EC_PASSWORD", "")
	for _, args := range []string{"status", "watch", "call stat-req", "serve --listen 127.0.0.1:0 " + downloads + ".s2c.bin"} {
		t.Run(args, func(t *testing.T) {
			at, _ := terminal(t, 80, 24)
			before, err := term.GetState(int(at.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			now := func() *term.State {
				state, _ := term.GetState(int(at.Fd()))
				return state
			}
			r := startAt(t, at, strings.Fields(args)...)
			r.says(&r.stderr, "Password for ")
			for deadline := time.Now().Add(time.Minute); reflect.DeepEqual(now(), before) && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond) // until it hides what is typed
			}
			r.stop()
			if got := r.wait(); got.code != exitFailed || !strings.Contains(got.stderr, "no password was given") || strings.Contains(got.stderr, daemon.address+": interrupt") {
				t.Errorf("%+v", got)
			}
			if !reflect.DeepEqual(now(), before) {
				t.Error("the terminal is not as it was")
			}
		})
	}
}

// On a terminal a table has its width, and a bold line of titles.
func TestTablesFitARealTerminal(t *testing.T) {
	serve(t, "", downloads+".s2c.bin")
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	for _, width := range []uint16{30, 60} {
		at, user := terminal(t, width, 24)
		screen := seen(user)
		r := startAt(t, at, "downloads")
		if got := r.wait(); got.code != exitGood {
			t.Fatalf("%+v", got)
		}
		io.WriteString(at, "END")
		r.says(screen, "END")
		lines := strings.Split(strings.TrimSuffix(screen.String(), "END"), "\r\n")
		if !strings.HasPrefix(lines[0], "\x1b[1m") || !strings.HasSuffix(lines[0], "\x1b[0m") {
			t.Errorf("the titles are not set off: %q", lines[0])
		}
		widest := 0
		for _, line := range lines {
			line = strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(line)
			widest = max(widest, len([]rune(line)))
		}
		if widest > int(width) || widest < int(width)-10 {
			t.Errorf("%d cells are used of %d:\n%s", widest, width, screen)
		}
	}
}

// What watch draws stands on a screen of its own, which goes with it.
func TestWatchLeavesTheTerminalAsItWas(t *testing.T) {
	serve(t, `{"opcode":"SHARED_FILES","from":"daemon","flags":32,"fields":{"CLIENT":{},"SERVER":{},"FRIEND":{}}}`, "-")
	at, user := terminal(t, 70, 5)
	screen := seen(user)
	r := startAt(t, at, "watch", "--every", "10ms")
	r.says(screen, "downloads 0")
	r.stop()
	if got := r.wait(); got.code != exitGood || got.stderr != "" {
		t.Errorf("%+v", got)
	}
	io.WriteString(at, "END")
	r.says(screen, "END")
	text := screen.String()
	if !strings.HasPrefix(text, openScreen) || !strings.HasSuffix(text, closeScreen+"END") || strings.Count(text, openScreen) != 1 {
		t.Errorf("it draws %q", text)
	}
}
