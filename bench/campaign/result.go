package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Result is what a campaign found out, as it is kept in a file.
type Result struct {
	Machine    Machine     `json:"machine"`
	Rounds     int         `json:"rounds"`
	More       []int       `json:"more_rounds,omitempty"` // of further runs of some benchmarks
	Benchmarks []Benchmark `json:"benchmarks"`
}

// Benchmark has the least figures of all rounds of one benchmark.
type Benchmark struct {
	Name  string             `json:"name"`  // Decode/msg=Stats/form=utf8/impl=ecgen-share
	Least map[string]float64 `json:"least"` // by unit, such as cpu-ns/op, B/op, allocs/op
}

// The units that are compared.
const (
	cpuTime     = "cpu-ns/op"
	cpuPerFile  = "cpu-ns/file"
	allocations = "allocs/op"
	bodySize    = "body-B"
)

// find returns the benchmark of this name, or nil.
func (r *Result) find(name string) *Benchmark {
	for i := range r.Benchmarks {
		if r.Benchmarks[i].Name == name {
			return &r.Benchmarks[i]
		}
	}
	return nil
}

// get returns a figure, and whether it was measured.
func (r *Result) get(name, unit string) (value float64, ok bool) {
	if b := r.find(name); b != nil {
		value, ok = b.Least[unit]
	}
	return value, ok
}

// inYardsticks returns a benchmark's time as a multiple of the yardstick's, and
// whether both were measured.
func (r *Result) inYardsticks(name string) (multiple float64, ok bool) {
	time, ok := r.get(name, cpuTime)
	unit, okUnit := r.get(yardstick, cpuTime)
	return time / unit, ok && okUnit && unit > 0
}

// add takes the figures of one round.
func (r *Result) add(lines []line) {
	for _, l := range lines {
		b := r.find(l.name)
		if b == nil {
			r.Benchmarks = append(r.Benchmarks, Benchmark{l.name, l.figures})
			continue
		}
		for unit, value := range l.figures {
			if least, ok := b.Least[unit]; !ok || value < least {
				b.Least[unit] = value
			}
		}
	}
}

// line is a line of a benchmark's output.
type line struct {
	name    string
	text    string // as it was printed
	figures map[string]float64
}

// procs is what package testing appends to a name: GOMAXPROCS.
var procs = regexp.MustCompile(`-\d+$`)

// parse returns the results in what a benchmark printed. Throughput is left
// out: it is of real time, which says little on a machine that others use too.
func parse(output io.Reader) (lines []line, err error) {
	scanner := bufio.NewScanner(output)
	for scanner.Scan() {
		fields := strings.Fields(scanner.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		l := line{
			name:    procs.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), ""),
			text:    scanner.Text(),
			figures: make(map[string]float64),
		}
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", scanner.Text(), err)
			}
			if unit := fields[i+1]; unit != "MB/s" {
				l.figures[unit] = value
			}
		}
		lines = append(lines, l)
	}
	return lines, scanner.Err()
}

func readResult(name string) (*Result, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := new(Result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// readResults reads results of the same code on the same machine, of which the
// first has all benchmarks and the others more rounds of some, and returns the
// least of all.
func readResults(names []string) (*Result, error) {
	all, err := readResult(names[0])
	if err != nil {
		return nil, err
	}
	for _, name := range names[1:] {
		more, err := readResult(name)
		if err != nil {
			return nil, err
		}
		a, b := all.Machine, more.Machine
		if a.Commit != b.Commit || a.Go != b.Go || a.Processor != b.Processor || a.System != b.System {
			return nil, fmt.Errorf("%s is of commit %s, %s and %s, but %s of %s, %s and %s",
				name, b.Commit, b.Go, b.Processor, names[0], a.Commit, a.Go, a.Processor)
		}
		var lines []line
		for _, benchmark := range more.Benchmarks {
			if all.find(benchmark.Name) == nil {
				return nil, fmt.Errorf("%s has %s, which %s has not", name, benchmark.Name, names[0])
			}
			lines = append(lines, line{name: benchmark.Name, figures: benchmark.Least})
		}
		all.add(lines)
		all.More = append(all.More, more.Rounds)
	}
	return all, nil
}

// writeJSON writes v to a file.
func writeJSON(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o666)
}
