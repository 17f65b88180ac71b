package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// running is the tool while it serves.
type running struct {
	t       *testing.T
	address string // where it listens
	stop    context.CancelFunc
	stdout  lockedBuffer
	stderr  lockedBuffer
	code    chan int
}

// lockedBuffer is a buffer that may be read while the tool runs.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

var listening = regexp.MustCompile(`listening on (\S+)`)

// start runs the tool until the test ends or end is called. It returns when
// the tool has said where it listens.
func start(t *testing.T, stdin string, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: t, stop: stop, code: make(chan int, 1)}
	said, saying := io.Pipe()
	go func() {
		r.code <- run(ctx, args, strings.NewReader(stdin), &r.stdout, io.MultiWriter(&r.stderr, saying))
		saying.Close()
	}()
	lines := bufio.NewScanner(said)
	for r.address == "" && lines.Scan() {
		if match := listening.FindStringSubmatch(lines.Text()); match != nil {
			r.address = match[1]
		}
	}
	if r.address == "" {
		t.Fatalf("ec %s ended with %d: %s", strings.Join(args, " "), <-r.code, &r.stderr)
	}
	go io.Copy(io.Discard, said)
	t.Cleanup(stop)
	return r
}

// startQuietly is start for what does not listen.
func startQuietly(t *testing.T, args ...string) *running {
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: t, stop: stop, code: make(chan int, 1)}
	go func() { r.code <- run(ctx, args, strings.NewReader(""), &r.stdout, &r.stderr) }()
	t.Cleanup(stop)
	return r
}

// says waits until the tool has written this to one of its outputs.
func (r *running) says(out *lockedBuffer, text string) {
	r.t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(out.String(), text); time.Sleep(time.Millisecond) {
		ended := len(r.code) > 0 && !strings.Contains(out.String(), text)
		if ended || time.Now().After(deadline) {
			r.t.Fatalf("the tool does not say %q (it ended: %v): %s%s", text, ended, &r.stdout, &r.stderr)
		}
	}
}

// wait waits until the tool has ended by itself.
func (r *running) wait() result {
	r.t.Helper()
	select {
	case code := <-r.code:
		return result{code, r.stdout.String(), r.stderr.String()}
	case <-time.After(time.Minute):
		r.t.Fatalf("the tool goes on: %s", &r.stderr)
		return result{}
	}
}

// end interrupts the tool.
func (r *running) end() result {
	r.t.Helper()
	r.stop()
	return r.wait()
}
