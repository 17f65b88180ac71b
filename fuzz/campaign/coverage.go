package main

import (
	"os"
	"path/filepath"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// coverage is what inputs reach, by the prober's measure, which is the same
// for all engines.
type coverage struct {
	prober  inputRunner
	targets map[string]*targetCoverage
	blocks  map[uint64]bool // that any target reaches, of what was merged
}

// inputRunner runs inputs, as a prober does.
type inputRunner interface {
	run(target string, data []byte, cover bool) (reached, error)
}

// targetCoverage is what the inputs of one target reach. One goroutine at a time
// adds to it.
type targetCoverage struct {
	name     string
	features map[uint64]bool
	blocks   map[uint64]bool
	files    map[string]bool // that were measured
	seeds    int             // that were measured
	inputs   int             // seeds, and files that are there
	beyond   bool            // something other than package codec is reached
}

func newCoverage(p inputRunner, list []targets.Target) *coverage {
	c := &coverage{p, make(map[string]*targetCoverage), make(map[uint64]bool)}
	for _, t := range list {
		c.targets[t.Name] = &targetCoverage{
			name: t.Name, features: make(map[uint64]bool), blocks: make(map[uint64]bool), files: make(map[string]bool),
		}
	}
	return c
}

// merge adds what a target reaches to what all do.
func (c *coverage) merge(t *targetCoverage) {
	for block := range t.blocks {
		c.blocks[block] = true
	}
}

// blockOf returns the block of a feature.
func blockOf(feature uint64) uint64 { return feature >> 5 }

// add measures an input and returns how many features are new, and the crash
// that it leads to.
func (t *targetCoverage) add(p inputRunner, data []byte) (int, *crash.Crash, error) {
	r, err := p.run(t.name, data, true)
	if err != nil {
		return 0, nil, err
	}
	before := len(t.features)
	for _, feature := range r.Features {
		t.features[feature] = true
		t.blocks[blockOf(feature)] = true
	}
	t.beyond = t.beyond || len(r.Features) > 0 && !r.CodecOnly
	return len(t.features) - before, r.Crash, nil
}

// addFolder measures the files of a folder that were not measured before. It
// returns how many there are, and how many features are new.
func (t *targetCoverage) addFolder(p inputRunner, dir string) (files, features int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, 0, err
	}
	t.inputs = t.seeds + len(entries)
	for _, entry := range entries {
		if t.files[entry.Name()] {
			continue
		}
		t.files[entry.Name()] = true
		input, err := corpus.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			continue // it was replaced by a smaller one, or is no input
		}
		files++
		n, _, err := t.add(p, input.Data)
		if err != nil {
			return files, features, err
		}
		features += n
	}
	return files, features, nil
}
