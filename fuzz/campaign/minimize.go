package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/targets"
)

func prepareMinimize(flags *flag.FlagSet) action {
	dir := addFolderFlag(flags)
	pattern := addTargetFlag(flags)
	seeds := flags.Bool("seeds", false, "distil the corpora into the committed seeds, of which those with names of their own stay; the campaign stays as it is")
	coarse := flags.Bool("coarse", false, "keep what reaches another block of code, and not what runs one more often")
	return func(c *call) (bool, error) {
		list, err := chosen(*pattern)
		if err != nil {
			return false, err
		}
		folder := folderOf(c, *dir)
		d, err := folder.describe()
		if err != nil {
			return false, fmt.Errorf("there is no campaign in %s: %w", folder, err)
		}
		unlock, err := lock(folder.join("lock"))
		if err != nil {
			return false, err
		}
		defer unlock()
		e, err := newEngine(d.Engine, folder)
		if err != nil {
			return false, err
		}
		p, done, err := temporaryProber(c)
		if err != nil {
			return false, err
		}
		defer done()
		m := &minimizer{call: c, prober: p, coarse: *coarse}
		ofMessages := make(map[uint64]bool)
		for _, t := range list {
			m.seen = make(map[uint64]bool)
			if *seeds && messageOf(t) != nil {
				m.seen = ofMessages // what messages share, the seeds of one of them reach
			}
			from := []string{folder.corpus(t.Name)}
			to, format := from[0], e.format()
			var more [][]byte
			if *seeds {
				to, format = filepath.Join(c.root, seedFolder(t)), corpus.Native
				from, more = append(from, to), made(t)
			}
			if err := m.minimize(t, from, more, to, format); err != nil {
				return false, err
			}
		}
		fmt.Fprintf(c.stdout, "all: %s of %s are left\n", commas(float64(m.after)), plural(m.before, "input"))
		return true, nil
	}
}

// minimizer distils corpora by what the prober measures.
type minimizer struct {
	*call
	prober        *prober
	coarse        bool
	seen          map[uint64]bool // features that inputs reach that were kept
	before, after int
}

// minimize replaces the inputs of the folder to by what is needed of those of
// the folders from, and of more.
func (m *minimizer) minimize(t targets.Target, from []string, more [][]byte, to string, format corpus.Format) error {
	var all []corpus.Input
	for _, data := range more {
		all = append(all, corpus.Input{Name: corpus.Name(data), Data: data})
	}
	for _, dir := range from {
		inputs, _, err := corpus.ReadFolder(dir)
		if err != nil {
			return err
		}
		all = append(all, inputs...)
	}
	kept, err := m.distil(t.Name, all)
	if err != nil {
		return err
	}
	m.before += len(all)
	m.after += len(kept)
	fmt.Fprintf(m.stdout, "%-32s %6d of %6d inputs, %8s of %10s bytes\n", t.Name, len(kept), len(all), commas(float64(size(kept))), commas(float64(size(all))))
	if len(all) == 0 {
		return nil
	}
	// First what stays, then away with the rest: when this is interrupted,
	// there is too much rather than too little.
	if err := corpus.WriteFolder(to, format, kept); err != nil {
		return err
	}
	names := make(map[string]bool)
	for _, input := range kept {
		names[input.Name] = true
	}
	entries, err := os.ReadDir(to)
	for _, entry := range entries {
		if !names[entry.Name()] {
			err = errors.Join(err, os.Remove(filepath.Join(to, entry.Name())))
		}
	}
	return err
}

// distil returns the inputs that people named, and of the others, from the
// smallest on, those that reach something that none before did. Inputs that
// crash are not for corpora.
func (m *minimizer) distil(target string, inputs []corpus.Input) ([]corpus.Input, error) {
	corpus.Smallest(inputs)
	slices.SortStableFunc(inputs, func(a, b corpus.Input) int { return cmp.Compare(boolean(hashed(a)), boolean(hashed(b))) })
	var kept []corpus.Input
	for _, input := range inputs {
		if err := m.Err(); err != nil {
			return nil, err
		}
		r, err := m.prober.run(target, input.Data, true)
		if err != nil {
			return nil, err
		}
		if r.Crash != nil {
			fmt.Fprintf(m.stderr, "%s crashes %s, and is left out: %s\n", input.Name, target, r.Crash.Site)
			continue
		}
		adds := !hashed(input)
		for _, feature := range r.Features {
			if m.coarse {
				feature = blockOf(feature)
			}
			adds = adds || !m.seen[feature]
			m.seen[feature] = true
		}
		if adds {
			kept = append(kept, input)
		}
	}
	return kept, nil
}

var hash = regexp.MustCompile(`^[0-9a-f]{16}$|^[0-9a-f]{40}$`)

// hashed reports whether an input has the name that an engine gave it, or this
// program, and not one of its own.
func hashed(input corpus.Input) bool { return hash.MatchString(input.Name) }

func size(inputs []corpus.Input) (n int) {
	for _, input := range inputs {
		n += len(input.Data)
	}
	return n
}
