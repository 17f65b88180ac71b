package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/ecgen/ecgen/fuzz/crash"
)

// prober runs inputs in a process of their own. When an input ends that
// process, there is a new one for the next input. It is used by one goroutine
// at a time.
type prober struct {
	program string
	process *probeProcess
}

// reached says what one input does.
type reached struct {
	Features  []uint64     `json:"features"`
	CodecOnly bool         `json:"codec_only"`
	Crash     *crash.Crash `json:"crash"`
}

// measured are the packages whose code is counted.
const measured = "./codec/...,./generated/...,./cmd/ecgen/...,./fuzz/campaign/probe"

// buildProber builds the program that runs inputs.
func buildProber(c *call, program string, tags string) (*prober, error) {
	_, err := output(c, c.root, "go", "build", "-cover", "-covermode=atomic", "-coverpkg="+measured, "-tags="+tags, "-o", program, "./fuzz/campaign/probe")
	if err != nil {
		return nil, err
	}
	return &prober{program: program}, nil
}

// temporaryProber builds one that is gone when done is called.
func temporaryProber(c *call) (p *prober, done func(), err error) {
	dir, remove, err := temporary()
	if err != nil {
		return nil, nil, err
	}
	if p, err = buildProber(c, filepath.Join(dir, "probe"), ""); err != nil {
		remove()
		return nil, nil, err
	}
	return p, func() { p.close(); remove() }, nil
}

// hang is for how long an input may run.
const hang = 10 * time.Second

// run runs an input. What it reaches is only told when cover is set, and when
// the input does not end the process.
func (p *prober) run(target string, data []byte, cover bool) (reached, error) {
	if p.process == nil {
		process, err := startProbe(p.program)
		if err != nil {
			return reached{}, err
		}
		p.process = process
	}
	r, err := p.process.run(target, data, cover)
	if err == nil {
		return r, nil
	}
	died := p.process.end()
	p.process = nil
	if refusal := lineWith(died, "probe: "); refusal != "" {
		return reached{}, errors.New(refusal)
	}
	return reached{Crash: crash.Parse(target, died)}, nil
}

// probers are some of them, which several goroutines may use.
type probers struct{ free chan *prober }

// newProbers returns so many that run this program.
func newProbers(program string, count int) *probers {
	p := &probers{make(chan *prober, count)}
	for range count {
		p.free <- &prober{program: program}
	}
	return p
}

func (p *probers) run(target string, data []byte, cover bool) (reached, error) {
	one := <-p.free
	defer func() { p.free <- one }()
	return one.run(target, data, cover)
}

// close waits until none is used.
func (p *probers) close() {
	for range cap(p.free) {
		(<-p.free).close()
	}
}

// crashes returns the crash that an input leads to, or nil.
func (p *prober) crashes(target string, data []byte) (*crash.Crash, error) {
	r, err := p.run(target, data, false)
	return r.Crash, err
}

func (p *prober) close() {
	if p.process != nil {
		p.process.end()
		p.process = nil
	}
}

// probeProcess is one process of the program.
type probeProcess struct {
	command  *exec.Cmd
	requests io.WriteCloser
	answers  *bufio.Reader
	stderr   lastBytes
}

func startProbe(program string) (*probeProcess, error) {
	p := &probeProcess{command: exec.Command(program)}
	p.command.Env = append(p.command.Environ(), "GOTRACEBACK=all", "GOCOVERDIR=")
	p.command.Stderr = &p.stderr
	detach(p.command)
	p.command.Cancel = nil
	var err error
	if p.requests, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	answers, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.answers = bufio.NewReaderSize(answers, 1<<16)
	return p, p.command.Start()
}

func (p *probeProcess) run(target string, data []byte, cover bool) (r reached, err error) {
	hanging := time.AfterFunc(hang, func() {
		fmt.Fprintf(&p.stderr, "panic: ran for more than %v\n", hang)
		askForStacks(p.command.Process)
	})
	defer hanging.Stop()
	request, err := json.Marshal(map[string]any{"target": target, "data": data, "cover": cover})
	if err != nil {
		return r, err
	}
	if _, err := p.requests.Write(append(request, '\n')); err != nil {
		return r, err
	}
	line, err := p.answers.ReadBytes('\n')
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(line, &r)
}

// end ends the process and returns what it printed when it died.
func (p *probeProcess) end() string {
	p.requests.Close()
	last := time.AfterFunc(hang, func() { p.command.Process.Kill() })
	defer last.Stop()
	io.Copy(io.Discard, p.answers)
	p.command.Wait()
	return p.stderr.String()
}

// lastBytes keeps the beginning and the end of what is written to it.
type lastBytes struct {
	mu          sync.Mutex
	first, last []byte
}

const lastBytesKept = 64 << 10

func (l *lastBytes) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(b), lastBytesKept-len(l.first))
	l.first = append(l.first, b[:n]...)
	l.last = append(l.last, b[n:]...)
	if len(l.last) > 2*lastBytesKept {
		l.last = append(l.last[:0], l.last[len(l.last)-lastBytesKept:]...)
	}
	return len(b), nil
}

func (l *lastBytes) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.first) + string(l.last)
}
