package planted

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// Options say how the bugs are looked for. Zero values stand for what is in
// brackets.
type Options struct {
	Root    string        // of the module [.]
	Bugs    []Bug         // [Bugs]
	Budget  time.Duration // for each bug [a minute]
	Workers int           // how many processes fuzz at once [2]
	Log     func(string)  // is told what goes on [nothing]
}

// Result is what became of one bug.
type Result struct {
	Bug     Bug
	Target  string        // that found it; "" when none did
	Seed    bool          // a committed input was enough
	Took    time.Duration // from the start of the first target
	Input   []byte        // on which the target fails
	Reduced []byte        // the same, reduced; nil when it fails only now and then
}

// Found reports whether the bug was found.
func (r *Result) Found() bool { return r.Target != "" }

// Run plants each bug and runs the targets until one of them finds it: first
// on the committed inputs, then by Go's fuzzing, all targets in turn. Report is
// called after each bug. An error means that the search could not be made.
func Run(ctx context.Context, options Options, report func(Result)) (results []Result, err error) {
	options.Root = cmp.Or(options.Root, ".")
	options.Budget = cmp.Or(options.Budget, time.Minute)
	options.Workers = cmp.Or(options.Workers, 2)
	if options.Bugs == nil {
		options.Bugs = Bugs
	}
	if options.Log == nil {
		options.Log = func(string) {}
	}
	dir, err := os.MkdirTemp("", "planted")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s := &search{Options: options, dir: dir}
	if s.Root, err = filepath.Abs(s.Root); err != nil {
		return nil, err
	}
	if err := s.build(ctx); err != nil {
		return nil, err
	}
	for _, bug := range options.Bugs {
		result, err := s.find(ctx, bug)
		if err != nil {
			return results, fmt.Errorf("bug %s: %w", bug.Name, err)
		}
		results = append(results, result)
		report(result)
	}
	return results, nil
}

// search has the programs with all bugs in them.
type search struct {
	Options
	dir string
}

func (s *search) trial() string { return filepath.Join(s.dir, "trial") }

// native is the program with the fuzz tests of a folder.
func (s *search) native(folder string) string {
	return filepath.Join(s.dir, strings.ReplaceAll(folder, "/", "_")+".test")
}

// build builds the native fuzz tests, and the program that tries single
// inputs.
func (s *search) build(ctx context.Context) error {
	s.Log("building with all bugs planted")
	overlay, err := Overlay(s.Root, filepath.Join(s.dir, "sources"), s.Bugs)
	if err != nil {
		return err
	}
	builds := [][]string{{"build", "-overlay", overlay, "-o", s.trial(), "./fuzz/planted/trial"}}
	for _, folder := range []string{"fuzz", "generated/ec"} {
		const instrumented = "-gcflags=github.com/ecgen/ecgen/...=-d=libfuzzer"
		builds = append(builds, []string{"test", "-c", "-overlay", overlay, instrumented, "-o", s.native(folder), "./" + folder})
	}
	for _, args := range builds {
		command := exec.CommandContext(ctx, "go", args...)
		command.Dir = s.Root
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, output)
		}
	}
	return nil
}

// find looks for one bug.
func (s *search) find(ctx context.Context, bug Bug) (Result, error) {
	s.Log("looking for " + bug.Name)
	result := Result{Bug: bug}
	begin := time.Now()
	found, err := s.try(ctx, bug, "replay", s.Root)
	if err != nil {
		return result, err
	}
	result.Seed = found != nil
	if found == nil {
		if found, err = s.fuzz(ctx, bug); err != nil {
			return result, err
		}
	}
	result.Took = time.Since(begin)
	if found == nil {
		return result, ctx.Err()
	}
	result.Target, result.Input = found.Target, found.Data
	reduced, err := s.try(ctx, bug, "reduce", found.Target, string(found.Data))
	if reduced != nil {
		result.Reduced = reduced.Data
	}
	return result, err
}

// Failure is an input on which a target fails, as the trial program prints it.
type Failure struct {
	Target string
	Data   []byte
}

// try runs the trial program. It returns the failure that the program found,
// or nil.
func (s *search) try(ctx context.Context, bug Bug, verb, argument string, input ...string) (*Failure, error) {
	command := exec.CommandContext(ctx, s.trial(), verb, argument)
	command.Env = append(os.Environ(), Variable+"="+bug.Name)
	command.Stdin = strings.NewReader(strings.Join(input, ""))
	var printed, complaints bytes.Buffer
	command.Stdout, command.Stderr = &printed, &complaints
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("trial %s %s: %w\n%s", verb, argument, err, complaints.Bytes())
	}
	if printed.Len() == 0 {
		return nil, nil
	}
	var failure Failure
	return &failure, json.Unmarshal(printed.Bytes(), &failure)
}

// slice is for how long a target is fuzzed before it is the next one's turn.
const slice = 3 * time.Second

// fuzz fuzzes all targets that the bugs could be found by in turn, until one
// fails or the budget is used up.
func (s *search) fuzz(ctx context.Context, bug Bug) (*Failure, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Budget)
	defer cancel()
	turns := make(chan targets.Target)
	go func() {
		defer close(turns)
		for {
			for _, target := range targets.All {
				select {
				case turns <- target:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	var (
		workers sync.WaitGroup
		mutex   sync.Mutex
		found   *Failure
		errs    []error
	)
	for worker := range s.Workers {
		workers.Go(func() {
			for target := range turns {
				failure, err := s.slice(ctx, bug, target, filepath.Join(s.dir, fmt.Sprint("worker", worker)))
				mutex.Lock()
				if err != nil {
					errs = append(errs, err)
				}
				if found == nil {
					found = failure
				}
				mutex.Unlock()
				if failure != nil || err != nil {
					cancel()
				}
			}
		})
	}
	workers.Wait()
	return found, errors.Join(errs...)
}

var (
	written = regexp.MustCompile(`Failing input written to (\S+)`)
	seeded  = regexp.MustCompile(`failure while testing seed corpus entry: \w+/(\S+)`)
)

// slice fuzzes one target for a while, from the committed inputs.
func (s *search) slice(ctx context.Context, bug Bug, target targets.Target, dir string) (*Failure, error) {
	test := "Fuzz" + target.Name
	seeds := filepath.Join(dir, "testdata", "fuzz", test)
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	inputs, _, err := corpus.ReadFolder(filepath.Join(s.Root, target.Folder, "testdata", "fuzz", test))
	if err != nil {
		return nil, err
	}
	if err := corpus.WriteFolder(seeds, corpus.Native, inputs); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, s.native(target.Folder), "-test.run=^$", "-test.fuzz=^"+test+"$", "-test.parallel=1",
		"-test.fuzzminimizetime=0x", "-test.fuzztime="+slice.String(), "-test.fuzzcachedir="+filepath.Join(dir, "cache"))
	command.Dir = dir
	command.Env = append(os.Environ(), Variable+"="+bug.Name)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	output, _ := command.CombinedOutput() // it fails when it finds something, and now and then when its time is up
	name := ""
	if match := written.FindSubmatch(output); match != nil {
		name = filepath.Join(dir, string(match[1]))
	} else if match := seeded.FindSubmatch(output); match != nil {
		name = filepath.Join(seeds, string(match[1]))
	} else {
		return nil, nil
	}
	input, err := corpus.ReadFile(name)
	return &Failure{target.Name, input.Data}, err
}
