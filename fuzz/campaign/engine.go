package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// engine makes up inputs and runs targets with them.
type engine interface {
	// format is that of the corpora.
	format() corpus.Format

	// modes are the ways in which inputs are mutated, which take turns.
	modes() []string

	// build builds the programs that slice runs.
	build(c *call) error

	// prepare sets up the working directory of a target with its seeds.
	prepare(target targets.Target, seeds []corpus.Input) error

	// slice runs a target for a while. The error says that the campaign cannot
	// go on.
	slice(ctx context.Context, s slice) (outcome, error)
}

// How long inputs become, where the engine can be told: long enough for what
// is in messages, and for what does not know them so short that many are tried.
const (
	maxLength   = 4096
	shortLength = 256
)

// How inputs are mutated.
const (
	byBytes     = "bytes"     // at random, and by what reached something new
	byStructure = "structure" // by what they mean
	byCompares  = "compares"  // by bytes, and by the values that the code compares with
)

// slice is what an engine is asked for.
type slice struct {
	target     targets.Target
	mode       string
	executions int64         // of new inputs
	longest    time.Duration // after which it is ended
	inputs     int           // in the corpus, which are run before new ones
	narrow     bool          // the target reaches only package codec
}

// outcome is what came of a slice.
type outcome struct {
	executions int64
	seconds    float64
	processor  float64 // seconds of all processes together
	output     string

	// crash is one that ended the engine, whose input was taken away from where
	// the engine would run it again.
	crash *crash.Crash
	input []byte

	// trouble says why a slice gave nothing; "" when it did.
	trouble string
}

// newEngine returns the engine of a name.
func newEngine(name string, f folder) (engine, error) {
	switch name {
	case "native":
		return &native{f}, nil
	case "libfuzzer":
		return &libFuzzer{folder: f}, nil
	default:
		return nil, fmt.Errorf("there is no engine %q, but native and libfuzzer", name)
	}
}

// instrumentation returns the flags of the go command that make the packages
// count what is reached. Fewer packages are faster: engines look at all
// counters after each execution.
func instrumentation(narrow bool) []string {
	packages := []string{"github.com/ecgen/ecgen/codec"}
	if !narrow {
		packages = []string{"github.com/ecgen/ecgen/...", "github.com/klauspost/compress/..."}
	}
	for i, pattern := range packages {
		packages[i] = "-gcflags=" + pattern + "=-d=libfuzzer"
	}
	return packages
}

// noSpace is what programs say that write to a full disk.
const noSpace = "no space left on device"

// execute runs a program of an engine until it ends, or is ended.
func execute(ctx context.Context, s slice, dir string, environment []string, program string, args ...string) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, s.longest)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = dir
	command.Env = append(command.Environ(), "GOGC=1000") // with little memory, much time goes into collecting it
	command.Env = append(command.Env, environment...)
	var printed lastBytes
	command.Stdout, command.Stderr = &printed, &printed
	command.WaitDelay = 5 * time.Second
	detach(command)
	started := time.Now()
	err := command.Run()
	kill(command)
	if command.ProcessState == nil {
		return outcome{}, err // it did not start
	}
	o := outcome{output: printed.String(), seconds: time.Since(started).Seconds()}
	o.processor = (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds()
	switch {
	case strings.Contains(o.output, crash.CannotKeep) || strings.Contains(o.output, noSpace):
		return o, cannotKeep(errors.New(lineWith(o.output, crash.CannotKeep, noSpace)))
	case ctx.Err() != nil:
		o.trouble = fmt.Sprintf("it was ended after %.0f s", o.seconds)
	case err != nil:
		o.trouble = fmt.Sprintf("%v: %s", err, lastLine(o.output))
	}
	return o, nil
}

// took moves an input that ended the engine out of the engine's way.
func (o *outcome) took(target, file string) error {
	input, err := corpus.ReadFile(file)
	if err != nil {
		return err
	}
	o.crash, o.input, o.trouble = crash.Parse(target, o.output), input.Data, ""
	return os.Remove(file)
}

func lineWith(text string, parts ...string) string {
	for line := range strings.Lines(text) {
		for _, part := range parts {
			if strings.Contains(line, part) {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}

func lastLine(text string) string {
	lines := bytes.Fields([]byte(text))
	if len(lines) == 0 {
		return "it printed nothing"
	}
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

var errRunning = errors.New("the campaign is being run by another process; campaign status shows how far it is")
