package main

import (
	"flag"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/cover"
)

// reachPromise is how much of some files the committed inputs reach at least.
type reachPromise struct {
	what  string
	least float64 // percent of statements
	has   func(file string) bool
}

// aside are the files of codec that neither read nor write the wire: texts for
// people, names and types of values, and settings.
var aside = []string{"doc.go", "errors.go", "limits.go", "print.go", "shape.go", "types.go"}

var reachPromises = []reachPromise{
	{"codec, the files that decode and encode", 98, func(file string) bool {
		return path.Dir(file) == "codec" && !slices.Contains(aside, path.Base(file))
	}},
	{"generated", 95, func(file string) bool { return strings.HasPrefix(file, "generated/") }},
}

// reach is how many of some statements are run.
type reach struct{ run, all int }

func (r reach) percent() float64 { return 100 * ratio(float64(r.run), float64(r.all)) }

func (r *reach) add(p *cover.Profile) {
	for _, block := range p.Blocks {
		r.all += block.NumStmt
		if block.Count > 0 {
			r.run += block.NumStmt
		}
	}
}

func prepareCover(flags *flag.FlagSet) action {
	missed := flags.Bool("missed", false, "print the lines that are not reached")
	out := flags.String("profile", "", "keep the coverage profile in this `file`, for go tool cover -html")
	return func(c *call) (bool, error) {
		dir, remove, err := temporary()
		if err != nil {
			return false, err
		}
		defer remove()
		if *out == "" {
			*out = filepath.Join(dir, "profile")
		} else if *out, err = filepath.Abs(*out); err != nil {
			return false, err
		}
		if _, err := output(c, c.root, "go", "test", "-count=1", "-run=^(Fuzz|TestRegressions)", "-coverpkg=./codec/...,./generated/...", "-coverprofile="+*out, "./fuzz", "./generated/ec"); err != nil {
			return false, err
		}
		profiles, err := cover.ParseProfiles(*out)
		if err != nil {
			return false, err
		}
		return printReach(c.stdout, profiles, *missed), nil
	}
}

func printReach(w io.Writer, profiles []*cover.Profile, missed bool) (ok bool) {
	ok = true
	for _, promise := range reachPromises {
		var total reach
		for _, p := range profiles {
			file := strings.TrimPrefix(p.FileName, "github.com/ecgen/ecgen/")
			if !promise.has(file) {
				continue
			}
			var r reach
			r.add(p)
			total.add(p)
			fmt.Fprintf(w, "%6.1f %%  %5d of %5d  %s\n", r.percent(), r.run, r.all, file)
			for _, block := range p.Blocks {
				if missed && block.Count == 0 {
					fmt.Fprintf(w, "%28s%s:%d-%d\n", "", file, block.StartLine, block.EndLine)
				}
			}
		}
		verdict := "kept"
		if total.percent() < promise.least {
			verdict, ok = "not kept", false
		}
		fmt.Fprintf(w, "%6.1f %%  %5d of %5d  statements of %s (promised %.0f %%: %s)\n\n", total.percent(), total.run, total.all, promise.what, promise.least, verdict)
	}
	return ok
}
