package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func prepareRun(flags *flag.FlagSet) action {
	count := flags.Int("rounds", 8, "how many `rounds`")
	each := flags.Duration("time", 100*time.Millisecond, "how long a benchmark runs in a round")
	filter := flags.String("bench", ".", "run only what matches this `regexp`, such as Decode/.*impl=ecgen")
	out := flags.String("out", filepath.Join("bench", "results"), "`folder` for raw.txt and result.json")
	return func(args []string, stdout, stderr io.Writer) (bool, error) {
		wanted, err := regexp.Compile(*filter)
		if err != nil {
			return false, err
		}
		list := jobs(campaign, wanted)
		switch {
		case len(args) > 0:
			return false, fmt.Errorf("unexpected argument %q", args[0])
		case *count < 1:
			return false, errors.New("there must be at least one round")
		case len(list) == 0:
			return false, fmt.Errorf("nothing matches %q", *filter)
		}
		return true, measure(list, *count, *each, *out, stdout, stderr)
	}
}

// measure runs the jobs and writes what they printed, and the least of it.
func measure(list []job, count int, each time.Duration, out string, stdout, stderr io.Writer) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	result := &Result{Rounds: count}
	if result.Machine, err = describe(root); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "campaign")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	t, err := build(root, temp, list)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	raw, err := createRaw(filepath.Join(out, "raw.txt"), result.Machine)
	if err != nil {
		return err
	}
	err = rounds([]*tree{t}, list, count, each, newProgress(stderr), func(_ int, lines []line) error {
		result.add(lines)
		return raw.add(lines)
	})
	if err := errors.Join(err, raw.close()); err != nil {
		return err
	}
	name := filepath.Join(out, "result.json")
	if err := writeJSON(name, result); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d benchmarks, the least of %d rounds: %s\nas benchstat reads them: %s\n", len(result.Benchmarks), count, name, raw.file.Name())
	return nil
}

// rawText is what all benchmarks printed, with a head that benchstat reads.
type rawText struct {
	file *os.File
	w    *bufio.Writer
}

func createRaw(name string, m Machine) (*rawText, error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	r := &rawText{file, bufio.NewWriter(file)}
	system, architecture, _ := strings.Cut(m.System, "/")
	fmt.Fprintf(r.w, "# commit %s, %s, load %s, %s\n", m.Commit, m.Go, m.Load, m.Date)
	fmt.Fprintf(r.w, "goos: %s\ngoarch: %s\npkg: github.com/ecgen/ecgen/bench\ncpu: %s\n", system, architecture, m.Processor)
	return r, nil
}

// add is called after each job, and leaves nothing in memory: a campaign that
// is stopped has its text.
func (r *rawText) add(lines []line) error {
	for _, l := range lines {
		fmt.Fprintln(r.w, l.text)
	}
	return r.w.Flush()
}

func (r *rawText) close() error { return errors.Join(r.w.Flush(), r.file.Close()) }
