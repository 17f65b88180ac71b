package main

import (
	"fmt"
	"math"
	"strings"
)

// Verdict is how a promise fared.
type Verdict struct {
	Promise string `json:"promise"`
	Wanted  string `json:"wanted"`
	Figure  string `json:"figure"`
	Kept    bool   `json:"kept"`
}

// promise is something that this project says of its speed.
type promise struct {
	text   string
	wanted string
	judge  func(r *Result) (figure string, kept bool, err error)
}

// promises is the table that the report opens with. All are about shared
// files, 70,000 of them where nothing else is said.
var promises = []promise{
	{"decode, sharing, into a used message", "0 allocations, and faster than every peer that allocates nothing", func(r *Result) (string, bool, error) {
		return against(r, "Decode", "ecgen-share", sharingDecoders, true)
	}},
	{"decode, copying, into a used message", "0 allocations, and faster than every peer that copies into a used value", func(r *Result) (string, bool, error) {
		return against(r, "Decode", "ecgen-reuse", reusingDecoders, true)
	}},
	{"decode, copying, into a new message", "faster than every peer that copies into a new value", func(r *Result) (string, bool, error) {
		return against(r, "Decode", "ecgen-fresh", freshDecoders, false)
	}},
	{"encode into a buffer with room", "0 allocations, and faster than every peer", func(r *Result) (string, bool, error) {
		return against(r, "Encode", "ecgen", encoders, true)
	}},
	{"decode, sharing, against copying the bytes", "4 times memcpy is the dream", func(r *Result) (string, bool, error) {
		return ratio(r, ofMany("Decode", fixed, "ecgen-share"), ofMany("Floor", fixed, "copy"), cpuTime, 4)
	}},
	{"UTF-8 numbers, decode", "at most 1.25 times the plain form", func(r *Result) (string, bool, error) {
		return ratio(r, ofMany("Decode", "utf8", "ecgen-share"), ofMany("Decode", fixed, "ecgen-share"), cpuTime, 1.25)
	}},
	{"UTF-8 numbers, encode", "at most 1.25 times the plain form", func(r *Result) (string, bool, error) {
		return ratio(r, ofMany("Encode", "utf8", "ecgen"), ofMany("Encode", fixed, "ecgen"), cpuTime, 1.25)
	}},
	{"zlib, decode", "at most 1.10 times inflating alone", func(r *Result) (string, bool, error) {
		return ratio(r, ofMany("Decode", "zlib", "ecgen-reuse"), ofMany("Floor", "zlib", "inflate"), cpuTime, 1.10)
	}},
	{"zlib, encode", "at most 1.10 times deflating alone", func(r *Result) (string, bool, error) {
		return ratio(r, ofMany("Encode", "zlib", "ecgen"), ofMany("Floor", "zlib", "deflate"), cpuTime, 1.10)
	}},
	{"untyped walk", "at least 3,000 MB/s, ten times aMule's own reader", walkSpeed},
	{"time for a file of 1,000,000", "at most 1.3 times that of 10,000", func(r *Result) (string, bool, error) {
		return ratio(r, name("Decode", "SharedFiles1000000", fixed, "ecgen-share"), name("Decode", "SharedFiles10000", fixed, "ecgen-share"), cpuPerFile, 1.3)
	}},
	{"memory at most, copying 1,000,000 files", "at most 2.5 times the body", func(r *Result) (string, bool, error) {
		peak, err := need(r, name("Memory", "SharedFiles1000000", fixed, "ecgen-reuse"), "peak/body")
		return fmt.Sprintf("%.2f times", peak), peak <= 2.5, err
	}},
	{"a status request and its reply, each way, with their frames", "0 allocations, under 1 microsecond each", statusTimes},
	{"ecgen on the whole protocol", "under 1 s of CPU time", func(r *Result) (string, bool, error) {
		time, err := need(r, name("Generate", "EC", "generate", "ecgen"), cpuTime)
		return fmt.Sprintf("%.2f s", time/1e9), time < 1e9, err
	}},
	{"ecgen on 100 times the protocol", "at most 12 times what 10 times the protocol takes", func(r *Result) (string, bool, error) {
		return ratio(r, name("Generate", "Made100", "generate", "ecgen"), name("Generate", "Made10", "generate", "ecgen"), cpuTime, 12)
	}},
}

// verdicts judges all promises.
func verdicts(r *Result) ([]Verdict, error) {
	var list []Verdict
	for _, p := range promises {
		figure, kept, err := p.judge(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.text, err)
		}
		list = append(list, Verdict{p.text, p.wanted, figure, kept})
	}
	return list, nil
}

// need returns a figure that must have been measured.
func need(r *Result, name, unit string) (float64, error) {
	value, ok := r.get(name, unit)
	if !ok {
		return 0, fmt.Errorf("%s was not measured", name)
	}
	return value, nil
}

// ratio compares two benchmarks. The ratio is at most most if all is well.
func ratio(r *Result, of, to, unit string, most float64) (string, bool, error) {
	a, err := need(r, of, unit)
	if err != nil {
		return "", false, err
	}
	b, err := need(r, to, unit)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("%.2f times", a/b), a/b <= most, nil
}

// against compares our time for a file with the best of some peers.
func against(r *Result, benchmark, impl string, rivals []string, allocationFree bool) (string, bool, error) {
	own := ofMany(benchmark, fixed, impl)
	time, err := need(r, own, cpuPerFile)
	if err != nil {
		return "", false, err
	}
	best, least := "", math.Inf(1)
	for _, rival := range rivals {
		theirs, err := need(r, ofMany(benchmark, other, rival), cpuPerFile)
		if err != nil {
			return "", false, err
		}
		if theirs < least {
			best, least = rival, theirs
		}
	}
	figure := fmt.Sprintf("%.0f ns for a file; the best is %s with %.0f", time, best, least)
	kept := time < least
	if allocationFree {
		allocs, err := need(r, own, allocations)
		if err != nil {
			return "", false, err
		}
		figure += fmt.Sprintf("; %.0f allocations", allocs)
		kept = kept && allocs == 0
	}
	return figure, kept, nil
}

// walkSpeed says how many bytes the untyped walk does.
func walkSpeed(r *Result) (string, bool, error) {
	time, err := need(r, ofMany("Walk", fixed, "codec-elements"), cpuTime)
	if err != nil {
		return "", false, err
	}
	size, err := need(r, ofMany("Walk", fixed, "codec-elements"), bodySize)
	if err != nil {
		return "", false, err
	}
	speed := size / time * 1000 // bytes in a nanosecond, in MB/s
	return fmt.Sprintf("%.0f MB/s", speed), speed >= 3000, nil
}

// statusTimes looks at the four things that a status poll consists of.
func statusTimes(r *Result) (string, bool, error) {
	var figures []string
	kept := true
	for _, set := range []string{"StatReq", "Stats"} {
		for _, way := range []string{"write", "read"} {
			of := name("Frame", set, "utf8", "ecgen-"+way)
			time, err := need(r, of, cpuTime)
			if err != nil {
				return "", false, err
			}
			allocs, err := need(r, of, allocations)
			if err != nil {
				return "", false, err
			}
			figures = append(figures, fmt.Sprintf("%s %s %.0f ns", way, set, time))
			kept = kept && time < 1000 && allocs == 0
		}
	}
	return strings.Join(figures, ", "), kept, nil
}
