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
	results, err := measureTrees(roots, temp, o, stderr)
	if err != nil {
		return false, err
	}
	now := results[0]
	switch {
	case o.update:
		return true, writeJSON(filepath.Join(root, baselineFile), now)
	case o.base != "":
		return judge(compare(results[1], now, o.limit, true), o.jsonFile, stdout)
	}
	old, err := readResult(filepath.Join(root, baselineFile))
	if err != nil {
		return false, err
	}
	timed := old.Machine.Processor == now.Machine.Processor
	if !timed {
		fmt.Fprintf(stdout, "times are not judged: the baseline is of %s, this is %s; use --base COMMIT\n", old.Machine.Processor, now.Machine.Processor)
	}
	return judge(compare(old, now, o.limit, timed), o.jsonFile, stdout)
}

// measureTrees returns a result for each copy of the project.
func measureTrees(roots []string, temp string, o gateOptions, stderr io.Writer) ([]*Result, error) {
	list := jobs(watched, regexp.MustCompile("."))
	var trees []*tree
	var results []*Result
	for i, root := range roots {
		binaries := filepath.Join(temp, fmt.Sprint(i))
		t, err := build(root, binaries, list)
		if err != nil {
			return nil, err
		}
		machine, err := describe(root)
		if err != nil {
			return nil, err
		}
		trees = append(trees, t)
		results = append(results, &Result{Machine: machine, Rounds: o.count})
	}
	err := rounds(trees, list, o.count, o.each, newProgress(stderr), func(i int, lines []line) error {
		results[i].add(lines)
		return nil
	})
	return results, err
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
