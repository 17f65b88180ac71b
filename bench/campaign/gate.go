package main

import (
	"archive/tar"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// baselineFile is what gate compares with, below the root of the module.
var baselineFile = filepath.Join("bench", "baseline.json")

type gateOptions struct {
	count    int
	each     time.Duration
	limit    float64
	base     string
	update   bool
	jsonFile string
}

func prepareGate(flags *flag.FlagSet) action {
	var o gateOptions
	flags.IntVar(&o.count, "rounds", 10, "how many `rounds`")
	flags.DurationVar(&o.each, "time", 30*time.Millisecond, "how long a benchmark runs in a round")
	flags.Float64Var(&o.limit, "limit", defaultLimit, "how many `times` slower is still good")
	flags.StringVar(&o.base, "base", "", "compare with this `commit`, measured in turns, and not with "+baselineFile)
	flags.BoolVar(&o.update, "update", false, "write "+baselineFile+" and compare nothing")
	flags.StringVar(&o.jsonFile, "json", "", "write the comparison to this `file` too")
	return func(args []string, stdout, stderr io.Writer) (bool, error) {
		if len(args) > 0 {
			return false, fmt.Errorf("unexpected argument %q", args[0])
		}
		return gate(o, stdout, stderr)
	}
}

// again is how often gate measures once more what was found to be slower, in
// as many rounds as before. The least of all rounds counts: other work on the
// machine makes a figure larger, never smaller.
const again = 4

// gate measures the working tree, and the base in turns with it, and compares
// them.
func gate(o gateOptions, stdout, stderr io.Writer) (bool, error) {
	root, err := moduleRoot()
	if err != nil {
		return false, err
	}
	temp, err := os.MkdirTemp("", "campaign")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(temp)
	roots := []string{root}
	if o.base != "" {
		roots = append(roots, filepath.Join(temp, "base"))
		if err := extract(root, o.base, roots[1]); err != nil {
			return false, err
		}
	}
	list := jobs(watched, regexp.MustCompile("."))
	g, err := newGauge(roots, temp, list)
	if err != nil {
		return false, err
	}
	if err := g.measure(list, o, stderr); err != nil {
		return false, err
	}
	now := g.results[0]
	if o.update {
		return true, writeJSON(filepath.Join(root, baselineFile), now)
	}
	old, timed := now, true
	if o.base != "" {
		old = g.results[1]
	} else {
		if old, err = readResult(filepath.Join(root, baselineFile)); err != nil {
			return false, err
		}
		if timed = old.Machine.Processor == now.Machine.Processor; !timed {
			fmt.Fprintf(stdout, "times are not judged: the baseline is of %s, this is %s; use --base COMMIT\n", old.Machine.Processor, now.Machine.Processor)
		}
	}
	c := compare(old, now, o.limit, timed)
	for range again {
		doubtful := suspects(list, c.findings())
		if len(doubtful) == 0 {
			break
		}
		fmt.Fprintf(stderr, "%d findings: measuring them again\n", len(c.findings()))
		if err := g.measure(doubtful, o, stderr); err != nil {
			return false, err
		}
		c = compare(old, now, o.limit, timed)
	}
	return judge(c, o.jsonFile, stdout)
}

// suspects returns the jobs that ran what was found, with the yardstick.
func suspects(list []job, found []Row) (doubtful []job) {
	if len(found) == 0 {
		return nil
	}
	for _, j := range list {
		if j.runs(yardstick) || slices.ContainsFunc(found, func(r Row) bool { return j.runs(r.Name) }) {
			doubtful = append(doubtful, j)
		}
	}
	return doubtful
}

// gauge measures copies of the project in turns.
type gauge struct {
	trees   []*tree
	results []*Result // of each copy, with the least of all rounds
}

func newGauge(roots []string, temp string, list []job) (*gauge, error) {
	g := new(gauge)
	for i, root := range roots {
		t, err := build(root, filepath.Join(temp, fmt.Sprint(i)), list)
		if err != nil {
			return nil, err
		}
		machine, err := describe(root)
		if err != nil {
			return nil, err
		}
		g.trees = append(g.trees, t)
		g.results = append(g.results, &Result{Machine: machine})
	}
	return g, nil
}

func (g *gauge) measure(list []job, o gateOptions, stderr io.Writer) error {
	for _, r := range g.results {
		r.Rounds += o.count
	}
	return rounds(g.trees, list, o.count, o.each, newProgress(stderr), func(i int, lines []line) error {
		g.results[i].add(lines)
		return nil
	})
}

// extract writes the files of a commit below the folder to.
func extract(root, commit, to string) error {
	command := exec.Command("git", "archive", "--format=tar", commit)
	command.Dir = root
	command.Stderr = os.Stderr
	stream, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	return errors.Join(unpack(tar.NewReader(stream), to), command.Wait())
}

func unpack(archive *tar.Reader, to string) error {
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		name := filepath.Join(to, filepath.FromSlash(header.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		file, err := os.Create(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, archive)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
}
