package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ecgen/ecgen/fuzz/planted"
)

// medianPromise is how many bytes the median of the reduced inputs has at most.
const medianPromise = 32

func prepareSelftest(flags *flag.FlagSet) action {
	names := flags.String("bug", "*", "plant only bugs whose names match one of these `globs`")
	budget := flags.Duration("budget", time.Minute, "for how long each bug is looked for")
	workers := flags.Int("workers", 2, "how many targets run at the same time")
	asJSON := flags.Bool("json", false, "print JSON, one bug a line")
	markdown := flags.Bool("markdown", false, "print the table as Markdown")
	return func(c *call) (bool, error) {
		bugs, err := bugsOf(*names)
		if err != nil {
			return false, err
		}
		options := planted.Options{
			Root: c.root, Bugs: bugs, Budget: *budget, Workers: *workers,
			Log: func(text string) { fmt.Fprintln(c.stderr, text) },
		}
		layout := "%-28s %-28s %9s %10s %10s\n"
		if *markdown {
			layout = "| %s | %s | %s | %s | %s |\n"
		}
		line := func(bug, target, took, input, reduced string) {
			fmt.Fprintf(c.stdout, layout, bug, target, took, input, reduced)
		}
		if !*asJSON {
			line("bug", "found by", "after", "bytes", "reduced to")
		}
		if *markdown {
			line("---", "---", "---", "---", "---")
		}
		results, err := planted.Run(c, options, func(r planted.Result) {
			switch {
			case *asJSON:
				json.NewEncoder(c.stdout).Encode(selftestLine(r))
			case !r.Found():
				line(r.Bug.Name, "nothing", r.Took.Round(time.Millisecond).String(), "", "")
			default:
				target, reduced := r.Target, fmt.Sprint(len(r.Reduced))
				if r.Seed {
					target += " (replay)"
				}
				if r.Reduced == nil {
					reduced = "-"
				}
				line(r.Bug.Name, target, r.Took.Round(time.Millisecond).String(), fmt.Sprint(len(r.Input)), reduced)
			}
		})
		if err != nil {
			return false, err
		}
		w := c.stdout
		if *asJSON || *markdown {
			w = c.stderr
		}
		return concludeSelftest(w, results, *budget), nil
	}
}

// bugsOf returns the planted bugs whose names match one of the patterns.
func bugsOf(patterns string) ([]planted.Bug, error) {
	var bugs []planted.Bug
	for _, bug := range planted.Bugs {
		for pattern := range strings.SplitSeq(patterns, ",") {
			matches, err := path.Match(strings.TrimSpace(pattern), bug.Name)
			if err != nil {
				return nil, fmt.Errorf("--bug: %q: %w", pattern, err)
			}
			if matches {
				bugs = append(bugs, bug)
				break
			}
		}
	}
	if len(bugs) == 0 {
		return nil, errors.New("no planted bug matches " + patterns)
	}
	return bugs, nil
}

// selftestLine is a result as JSON.
func selftestLine(r planted.Result) map[string]any {
	return map[string]any{
		"bug": r.Bug.Name, "doc": r.Bug.Doc, "found": r.Found(), "target": r.Target, "replay": r.Seed,
		"seconds": r.Took.Seconds(), "bytes": len(r.Input), "reduced": r.Reduced,
	}
}

// concludeSelftest says whether the promises are kept: each bug is found, and
// the inputs are small.
func concludeSelftest(w io.Writer, results []planted.Result, budget time.Duration) (ok bool) {
	found := 0
	var sizes []int
	for _, r := range results {
		if r.Found() {
			found++
		}
		if r.Reduced != nil {
			sizes = append(sizes, len(r.Reduced))
		}
	}
	fmt.Fprintf(w, "%d of %d bugs found, each within %v\n", found, len(results), budget)
	ok = found == len(results)
	if len(sizes) > 0 {
		slices.Sort(sizes)
		median := sizes[len(sizes)/2]
		fmt.Fprintf(w, "median of the reduced inputs: %d bytes (promised %d)\n", median, medianPromise)
		ok = ok && median <= medianPromise
	}
	return ok
}
