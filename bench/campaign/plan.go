package main

import (
	"regexp"
	"strings"
)

// The modules whose benchmarks are run, as folders below the root.
const (
	own   = "bench"
	peers = "bench/peers"
)

// entry is a line of a plan: the benchmarks of a module whose names have these
// parts, each of them a regular expression. Every implementation gets a process
// of its own.
type entry struct {
	module    string
	benchmark string
	sets      string
	forms     string
	impls     []string
}

// job is what one process of a round runs.
type job struct {
	module  string
	pattern string // for -test.bench
}

const (
	small = "AuthReq|AuthSalt|AuthPasswd|AuthOK|StatReq|Stats|LogLines|Preferences|StatsTree|SearchResults|DLoadQueue|Update"
	many  = "SharedFiles70000"  // what peers are compared on
	sizes = "SharedFiles[0-9]+" // what cost against size is shown on
	fixed = "large"             // the form of numbers that is not coded
	every = "plain|large|utf8|zlib|zlib.utf8"
	other = "other"
)

// campaign is what run measures.
var campaign = []entry{
	{own, "Yardstick", "", "", []string{"sha256"}},
	{own, "Floor", many, every, []string{"copy", "inflate", "inflate-std", "deflate", "deflate-std"}},
	{own, "Decode", many, every, []string{"ecgen-fresh", "ecgen-fresh-share", "ecgen-reuse", "ecgen-share", "ecgen-merge"}},
	{own, "Encode", many, every, []string{"ecgen"}},
	{own, "EncodeTree", many, every, []string{"codec-tree"}},
	{own, "Walk", many, every, []string{"codec-elements", "ecgen-element", "codec-tree", "codec-tree-share"}},
	{own, "Size", many, "large|utf8", []string{"ecgen"}},
	{own, "SizeTree", many, "large|utf8", []string{"codec-tree"}},
	{peers, "Decode", sizes, other, []string{
		"protobuf", "vtproto", "vtproto-unsafe", "vtproto-pool", "vtproto-unsafe-pool",
		"msgp-map", "msgp-map-reuse", "msgp-tuple", "msgp-tuple-reuse",
		"easyproto", "easyproto-reuse", "cbor", "gob", "json",
	}},
	{peers, "Encode", sizes, other, []string{"protobuf", "vtproto", "msgp-map", "msgp-tuple", "easyproto", "cbor", "gob", "json"}},
	{own, "Decode", "SharedFiles(100|10000|91000|1000000)", "large|utf8", []string{"ecgen-share"}},
	{own, "Encode", "SharedFiles(100|10000|91000|1000000)", "large|utf8", []string{"ecgen"}},
	{own, "Memory", "SharedFiles1000000", fixed, []string{"ecgen-share", "ecgen-reuse", "ecgen-element"}},
	{own, "Decode", small, "plain|utf8|zlib", []string{"ecgen-fresh", "ecgen-reuse", "ecgen-share", "ecgen-merge"}},
	{own, "Encode", small, "plain|utf8|zlib", []string{"ecgen"}},
	{own, "Frame", small, "plain|utf8|zlib", []string{"ecgen-write", "ecgen-read"}},
	{own, "Numbers", ".+", "plain|large|utf8", []string{"codec-elements", "codec-append"}},
	{own, "View", "SharedFiles10000", "plain", []string{"json-append", "raw-append", "json-parse"}},
	{own, "Generate", "EC|Made10|Made100", "lint|generate", []string{"ecgen"}},
}

// watched is what gate measures: what must not allocate, and what is slow to
// win back. It stays within two minutes.
var watched = []entry{
	{own, "Yardstick", "", "", []string{"sha256"}},
	{own, "Decode", "StatReq|Stats|DLoadQueue|Update|SharedFiles10000", "plain|utf8", []string{"ecgen-reuse", "ecgen-share"}},
	{own, "Decode", "SharedFiles10000", "plain", []string{"ecgen-fresh", "ecgen-merge"}},
	{own, "Encode", "StatReq|Stats|DLoadQueue|Update|SharedFiles10000", "plain|utf8", []string{"ecgen"}},
	{own, "Walk", "SharedFiles10000", "plain|utf8", []string{"codec-elements", "codec-tree"}},
	{own, "Frame", "StatReq|Stats", "plain|utf8", []string{"ecgen-write", "ecgen-read"}},
}

// yardstick is the benchmark that times are measured in.
const yardstick = "Yardstick/impl=sha256"

// jobs returns the jobs of a plan whose pattern matches filter.
func jobs(plan []entry, filter *regexp.Regexp) []job {
	var list []job
	for _, e := range plan {
		for _, impl := range e.impls {
			parts := []string{"^Benchmark" + e.benchmark + "$"}
			if e.sets != "" {
				parts = append(parts, "^msg=("+e.sets+")$", "^form=("+e.forms+")$")
			}
			parts = append(parts, "^impl="+impl+"$")
			j := job{e.module, strings.Join(parts, "/")}
			if filter.MatchString(j.name()) {
				list = append(list, j)
			}
		}
	}
	return list
}

// runs reports whether the job runs the benchmark of this name.
func (j job) runs(name string) bool {
	parts := strings.Split("Benchmark"+name, "/")
	for i, pattern := range strings.Split(j.pattern, "/") {
		if i >= len(parts) || !regexp.MustCompile(pattern).MatchString(parts[i]) {
			return false
		}
	}
	return true
}

// name returns the pattern as people read it.
func (j job) name() string {
	return strings.NewReplacer("^Benchmark", "", "^", "", "$", "", "(", "", ")", "").Replace(j.pattern)
}
