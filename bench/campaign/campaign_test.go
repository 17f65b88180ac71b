package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const printed = `goos: linux
cpu: Some Processor
BenchmarkYardstick/impl=sha256-2   	 2000	 500.0 ns/op	2000.00 MB/s	 400.0 cpu-ns/op	 1024 body-B	 0 B/op	 0 allocs/op
BenchmarkEncode/msg=Stats/form=utf8/impl=ecgen-16   	 1000	 250.0 ns/op	 200.0 cpu-ns/op	 0 B/op	 0 allocs/op
PASS
`

func resultOf(t *testing.T, texts ...string) *Result {
	t.Helper()
	r := new(Result)
	for _, text := range texts {
		lines, err := parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		r.add(lines)
	}
	return r
}

func TestLeastFiguresOfAllRoundsAreKept(t *testing.T) {
	slower := strings.ReplaceAll(printed, "200.0 cpu-ns/op", "900.0 cpu-ns/op")
	r := resultOf(t, slower, printed, slower)
	const encode = "Encode/msg=Stats/form=utf8/impl=ecgen"
	if got, ok := r.get(encode, cpuTime); !ok || got != 200 {
		t.Errorf("%s is %v, want 200", encode, got)
	}
	if got, ok := r.inYardsticks(encode); !ok || got != 0.5 {
		t.Errorf("%s is %v yardsticks, want 0.5", encode, got)
	}
	if _, ok := r.get(yardstick, "MB/s"); ok {
		t.Error("throughput of real time was kept")
	}
}

func TestMoreRoundsOfSomeBenchmarks(t *testing.T) {
	const encode = "Encode/msg=Stats/form=utf8/impl=ecgen"
	write := func(commit, name string, time float64) string {
		r := &Result{Machine: Machine{Commit: commit}, Rounds: int(time) / 100, Benchmarks: []Benchmark{{name, map[string]float64{cpuTime: time}}}}
		file := filepath.Join(t.TempDir(), "result.json")
		if err := writeJSON(file, r); err != nil {
			t.Fatal(err)
		}
		return file
	}
	all := write("1234567", encode, 300)
	r, err := readResults([]string{all, write("1234567", encode, 200), write("1234567", encode, 250)})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := r.get(encode, cpuTime); got != 200 {
		t.Errorf("%s is %v, want 200", encode, got)
	}
	if r.Rounds != 3 || !slices.Equal(r.More, []int{2, 2}) {
		t.Errorf("%d rounds and %v more, want 3 and 2 of each", r.Rounds, r.More)
	}
	for _, other := range []string{write("7654321", encode, 200), write("1234567", "Decode/impl=ecgen", 200), "missing.json"} {
		if _, err := readResults([]string{all, other}); err == nil {
			t.Errorf("%s: no error", other)
		}
	}
}

func TestFindings(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, now string
		timed    bool
		finding  string
	}{
		{"the same", "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", true, ""},
		{"within the limit", "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", "228.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", true, ""},
		{"slower", "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", "232.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", true, "slower"},
		{"slower elsewhere", "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", "900.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", false, ""},
		{"first allocation", "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op", "100.0 cpu-ns/op\t 8 B/op\t 1 allocs/op", false, "allocates more"},
		{"one of thousands", "200.0 cpu-ns/op\t 0 B/op\t 5000 allocs/op", "200.0 cpu-ns/op\t 8 B/op\t 5001 allocs/op", true, ""},
	} {
		const figures = "200.0 cpu-ns/op\t 0 B/op\t 0 allocs/op"
		old := resultOf(t, strings.Replace(printed, figures, test.old, 1))
		now := resultOf(t, strings.Replace(printed, figures, test.now, 1))
		c := compare(old, now, defaultLimit, test.timed)
		if len(c.Rows) != 1 || c.Rows[0].Finding != test.finding {
			t.Errorf("%s: %+v, want finding %q", test.name, c.Rows, test.finding)
		}
	}
}

func TestCompareExitsWithOneAndWritesJSON(t *testing.T) {
	folder := t.TempDir()
	old, now, out := filepath.Join(folder, "old.json"), filepath.Join(folder, "new.json"), filepath.Join(folder, "out.json")
	slower := strings.Replace(printed, "200.0 cpu-ns/op", "300.0 cpu-ns/op", 1)
	for name, text := range map[string]string{old: printed, now: slower} {
		if err := writeJSON(name, resultOf(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"compare", "--json", out, old, now}, &stdout, &stderr); code != findings {
		t.Errorf("exit code %d, want %d; %s", code, findings, stderr.String())
	}
	if code := run([]string{"compare", old, old}, &stdout, &stderr); code != good {
		t.Errorf("exit code %d for the same result, want %d", code, good)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var c Comparison
	if err := json.Unmarshal(text, &c); err != nil || len(c.findings()) != 1 {
		t.Errorf("%d findings in JSON, want 1; %v", len(c.findings()), err)
	}
}

func TestOnlyWhatWasFoundIsMeasuredAgain(t *testing.T) {
	list := jobs(watched, regexp.MustCompile("."))
	if again := suspects(list, nil); again != nil {
		t.Errorf("%v are measured again without a finding", again)
	}
	again := suspects(list, []Row{{Name: "Decode/msg=Stats/form=utf8/impl=ecgen-share"}})
	if len(again) != 2 || !again[0].runs(yardstick) || !again[1].runs("Decode/msg=StatReq/form=plain/impl=ecgen-share") {
		t.Errorf("%v are measured again, want the yardstick and one job", again)
	}
}

func TestCommandLineFaultsExitWithTwo(t *testing.T) {
	for _, args := range [][]string{
		{}, {"walk"}, {"run", "--rounds", "0"}, {"run", "--bench", "("}, {"run", "--bench", "nothing like it"},
		{"compare", "one.json"}, {"compare", "missing.json", "missing.json"}, {"report"}, {"gate", "--rounds", "x"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(args, &stdout, &stderr); code != failed || stderr.Len() == 0 {
			t.Errorf("%q: exit code %d, want %d with a message", args, code, failed)
		}
	}
}

func TestHelpNamesAllVerbs(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"--help"}, &stdout, &stderr); code != good {
		t.Errorf("exit code %d, want %d", code, good)
	}
	for _, v := range verbs() {
		if !strings.Contains(stdout.String(), v.name) {
			t.Errorf("help does not name %s", v.name)
		}
		if code := run([]string{v.name, "--help"}, &stdout, &stderr); code != good {
			t.Errorf("%s --help: exit code %d, want %d", v.name, code, good)
		}
	}
}

func TestPromisesAreMeasured(t *testing.T) {
	names := jobs(campaign, regexp.MustCompile("."))
	measured := func(name string) bool {
		parts := strings.Split(name, "/")
		return slices.ContainsFunc(names, func(j job) bool {
			patterns := strings.Split(j.pattern, "/")
			for i := range parts {
				part := parts[i]
				if i == 0 {
					part = "Benchmark" + part
				}
				if i >= len(patterns) || !regexp.MustCompile(patterns[i]).MatchString(part) {
					return false
				}
			}
			return true
		})
	}
	for _, p := range promises {
		r := &Result{}
		// Each figure that is missing is named, one after the other.
		for range 100 {
			_, _, err := p.judge(r)
			if err == nil {
				break
			}
			name, _, _ := strings.Cut(err.Error(), " ")
			if !measured(name) {
				t.Errorf("%s: no campaign measures %s", p.text, name)
				break
			}
			r.Benchmarks = append(r.Benchmarks, Benchmark{name, map[string]float64{
				cpuTime: 1, cpuPerFile: 1, allocations: 0, bodySize: 1, "peak/body": 1,
			}})
		}
	}
}

func TestChartsAreXMLAndShowTheirValues(t *testing.T) {
	bars := barChart("a < b", "note", []bar{{"one & two", 1, "1 ns", "ours"}, {"three", 3, "3 ns", "peer"}})
	lines := lineChart("title", "note", "ns", []series{{"x", "#000", []point{{100, 5}, {10_000, 7}}}})
	for _, chart := range []string{bars, lines} {
		checkXML(t, chart)
	}
	for _, text := range []string{"one &amp; two", "3 ns", "a &lt; b"} {
		if !strings.Contains(bars, text) {
			t.Errorf("the chart lacks %q", text)
		}
	}
}

func checkXML(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
