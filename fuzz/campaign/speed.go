package main

import (
	"fmt"
	"io"
)

// speedPromise is how fast a target is at least, in executions for a second of
// one core.
type speedPromise struct {
	engine, mode, target string
	what                 string
	least                float64
}

var speedPromises = []speedPromise{
	{"native", byBytes, "Body", "native", 40_000},
	{"libfuzzer", byBytes, "Body", "libFuzzer without sanitizers", 120_000},
	{"libfuzzer", byStructure, "Body", "libFuzzer with the custom mutator", 40_000},
}

// speedRow is a promise beside what was measured.
type speedRow struct {
	What, Target   string
	Least, PerCore float64
	Processor      float64 // seconds that it was measured for
}

// enough is for how many seconds a target must run until its speed is not that
// of starting it.
const enough = 5

func (r speedRow) Kept() bool { return r.PerCore >= r.Least }

func (r speedRow) Verdict() string {
	switch {
	case r.Kept():
		return "kept"
	case r.Processor < enough:
		return "ran too short to tell"
	default:
		return "not kept"
	}
}

// speeds returns the promises about an engine of which something was measured.
func speeds(engine string, s *state) (rows []speedRow) {
	for _, promise := range speedPromises {
		p := s.Targets[promise.target]
		if promise.engine != engine || p == nil || p.modes[promise.mode] == nil {
			continue
		}
		rows = append(rows, speedRow{promise.what, promise.target, promise.least, p.modes[promise.mode].perCore(), p.modes[promise.mode].Processor})
	}
	return rows
}

// printSpeeds prints them. A busy machine, or a short run, is slower; so what is
// not kept is no finding.
func printSpeeds(w io.Writer, engine string, s *state) {
	for _, row := range speeds(engine, s) {
		fmt.Fprintf(w, "speed, %s: %s executions of %s a second and core (promised %s: %s)\n",
			row.What, commas(row.PerCore), row.Target, commas(row.Least), row.Verdict())
	}
}
