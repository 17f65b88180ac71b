package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

func prepareReport(flags *flag.FlagSet) action {
	out := flags.String("out", "bench", "`folder` for REPORT.md, report.json and charts")
	return func(args []string, stdout, _ io.Writer) (bool, error) {
		if len(args) == 0 {
			return false, errors.New("want at least one result")
		}
		result, err := readResults(args)
		if err != nil {
			return false, err
		}
		return true, writeReport(result, *out, stdout)
	}
}

//go:embed report.md
var reportText string

// report is what the text of the report is made from.
type report struct {
	*Result
	Verdicts []Verdict
	Decoders []entryOf
	Encoders []entryOf
	Messages []messageRow
	Rest     []restRow
}

// entryOf is a line of the tables of implementations.
type entryOf struct {
	Name   string
	Peer   bool
	How    string
	File   float64 // ns of CPU time
	Speed  float64 // MB/s of its own bytes
	Size   float64 // bytes for a file
	Bytes  float64 // allocated for a message
	Allocs float64
}

// messageRow is a line of the table of messages; figures by form.
type messageRow struct {
	Name                 string
	Size                 float64
	Decode, Fresh, Write map[string]float64
}

// restRow is a line of the table of everything else.
type restRow struct {
	Name, Time, Each, Allocs string
}

func writeReport(result *Result, out string, stdout io.Writer) error {
	r := &report{Result: result}
	var err error
	if r.Verdicts, err = verdicts(result); err != nil {
		return err
	}
	r.fill()
	var text bytes.Buffer
	t, err := template.New("report").Funcs(template.FuncMap{"commas": commas, "time": nanoseconds, "sorted": sortedModules, "megabytes": megabytes}).Parse(reportText)
	if err != nil {
		return err
	}
	if err := t.Execute(&text, r); err != nil {
		return err
	}
	charts := filepath.Join(out, "charts")
	if err := os.MkdirAll(charts, 0o777); err != nil {
		return err
	}
	files := map[string]string{
		filepath.Join(out, "REPORT.md"):          text.String(),
		filepath.Join(charts, "decode.svg"):      implementationChart("Decode 70,000 shared files", r.Decoders),
		filepath.Join(charts, "encode.svg"):      implementationChart("Encode 70,000 shared files", r.Encoders),
		filepath.Join(charts, "allocations.svg"): allocationChart(r.Decoders),
		filepath.Join(charts, "size.svg"):        sizeChart(result),
		filepath.Join(charts, "forms.svg"):       formChart(result),
	}
	for name, content := range files {
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(out, "report.json"), struct {
		Verdicts []Verdict `json:"verdicts"`
		*Result
	}{r.Verdicts, result}); err != nil {
		return err
	}
	for _, v := range r.Verdicts {
		mark := "kept  "
		if !v.Kept {
			mark = "broken"
		}
		fmt.Fprintf(stdout, "%s  %s: %s (%s)\n", mark, v.Promise, v.Figure, v.Wanted)
	}
	return nil
}

// how says of each implementation what makes it differ.
var how = map[string]string{
	"ecgen-fresh":         "new message, copies",
	"ecgen-fresh-share":   "new message, texts alias the body",
	"ecgen-reuse":         "used message, copies what differs",
	"ecgen-share":         "used message, texts alias the body",
	"ecgen":               "appends",
	"protobuf":            "new message, copies",
	"vtproto":             "new message, copies",
	"vtproto-unsafe":      "new message, texts alias the body",
	"vtproto-pool":        "used message, copies",
	"vtproto-unsafe-pool": "used message, texts alias the body",
	"msgp-map":            "new message, copies",
	"msgp-map-reuse":      "used message, copies",
	"msgp-tuple":          "new message, copies",
	"msgp-tuple-reuse":    "used message, copies",
	"easyproto":           "new message, texts alias the body",
	"easyproto-reuse":     "used message, texts alias the body",
	"cbor":                "new message, copies, by reflection",
	"gob":                 "new message, copies, by reflection",
	"json":                "new message, copies, by reflection",
}

// fill makes the tables.
func (r *report) fill() {
	ours := []string{"ecgen-share", "ecgen-reuse", "ecgen-fresh-share", "ecgen-fresh"}
	theirs := slices.Concat(sharingDecoders, reusingDecoders, aliasDecoders, freshDecoders)
	r.Decoders = r.entries("Decode", ours, theirs)
	r.Encoders = r.entries("Encode", []string{"ecgen"}, encoders)
	for i := range r.Encoders {
		r.Encoders[i].How = ""
	}
	for _, set := range strings.Split(small, "|") {
		r.addMessage(set)
	}
	for _, b := range r.Benchmarks {
		kind, _, _ := strings.Cut(b.Name, "/")
		if slices.Contains([]string{"Walk", "EncodeTree", "Size", "SizeTree", "Floor", "Frame", "Numbers", "View", "Generate"}, kind) {
			r.Rest = append(r.Rest, rest(b))
		}
	}
}

// entries returns the lines of our and their implementations, fastest first.
func (r *report) entries(benchmark string, ours, theirs []string) (list []entryOf) {
	add := func(form, impl string, peer bool) {
		b := r.find(ofMany(benchmark, form, impl))
		if b == nil {
			return
		}
		list = append(list, entryOf{
			Name: impl, Peer: peer, How: how[impl],
			File:  b.Least[cpuPerFile],
			Speed: b.Least[bodySize] / b.Least[cpuTime] * 1000,
			Size:  b.Least[bodySize] / b.Least[cpuTime] * b.Least[cpuPerFile],
			Bytes: b.Least["B/op"], Allocs: b.Least[allocations],
		})
	}
	for _, impl := range ours {
		add(fixed, impl, false)
	}
	for _, impl := range theirs {
		add(other, impl, true)
	}
	slices.SortFunc(list, func(a, b entryOf) int { return cmp.Compare(a.File, b.File) })
	return list
}

func (r *report) addMessage(set string) {
	row := messageRow{Name: set, Decode: map[string]float64{}, Fresh: map[string]float64{}, Write: map[string]float64{}}
	for _, form := range []string{"plain", "utf8", "zlib"} {
		row.Decode[form], _ = r.get(name("Decode", set, form, "ecgen-reuse"), cpuTime)
		row.Fresh[form], _ = r.get(name("Decode", set, form, "ecgen-fresh"), cpuTime)
		row.Write[form], _ = r.get(name("Encode", set, form, "ecgen"), cpuTime)
	}
	row.Size, _ = r.get(name("Encode", set, "plain", "ecgen"), bodySize)
	if row.Size > 0 {
		r.Messages = append(r.Messages, row)
	}
}

func rest(b Benchmark) restRow {
	row := restRow{Name: b.Name, Time: nanoseconds(b.Least[cpuTime])}
	for _, each := range []string{"file", "tag"} {
		if time, ok := b.Least["cpu-ns/"+each]; ok && row.Each == "" {
			row.Each = fmt.Sprintf("%.1f ns a %s", time, each)
		}
	}
	if allocs, ok := b.Least[allocations]; ok {
		row.Allocs = commas(allocs)
	}
	return row
}

func class(e entryOf) string {
	if e.Peer {
		return "peer"
	}
	return "ours"
}

// implementationChart shows the time for a file. What is far slower than the
// rest would make the others hard to tell apart, and is left to the table.
func implementationChart(title string, list []entryOf) string {
	var bars []bar
	for _, e := range list {
		if e.File > 8*list[0].File {
			continue
		}
		bars = append(bars, bar{e.Name, e.File, fmt.Sprintf("%.0f ns, %.0f MB/s", e.File, e.Speed), class(e)})
	}
	return barChart(title, "CPU time for a file; shorter is better. Green is ecgen, grey other formats.", bars)
}

func allocationChart(list []entryOf) string {
	var bars []bar
	for _, e := range slices.SortedFunc(slices.Values(list), func(a, b entryOf) int { return cmp.Compare(a.Allocs, b.Allocs) }) {
		bars = append(bars, bar{e.Name, e.Allocs, fmt.Sprintf("%s, %.0f MB", commas(e.Allocs), e.Bytes/1e6), class(e)})
	}
	return barChart("Allocations while decoding 70,000 shared files", "Number and size; shorter is better.", bars)
}

// sizeChart shows the time for a file against the number of files.
func sizeChart(r *Result) string {
	var lines []series
	for _, s := range []struct{ label, benchmark, form, impl, color string }{
		{"ecgen decode", "Decode", fixed, "ecgen-share", "#1a7f37"},
		{"ecgen decode, UTF-8", "Decode", "utf8", "ecgen-share", "#4ac26b"},
		{"ecgen encode", "Encode", fixed, "ecgen", "#0969da"},
		{"vtproto-unsafe-pool decode", "Decode", other, "vtproto-unsafe-pool", "#8c959f"},
		{"msgp-tuple encode", "Encode", other, "msgp-tuple", "#bf8700"},
	} {
		line := series{label: s.label, color: s.color}
		for _, files := range []int{100, 10_000, 70_000, 91_000, 1_000_000} {
			if time, ok := r.get(name(s.benchmark, "SharedFiles"+strconv.Itoa(files), s.form, s.impl), cpuPerFile); ok {
				line.points = append(line.points, point{float64(files), time})
			}
		}
		if len(line.points) > 0 {
			lines = append(lines, line)
		}
	}
	return lineChart("Cost against the number of files", "CPU time for a file; a level line is linear.", "ns", lines)
}

// byEnd returns the lines from the one that ends highest on.
func byEnd(lines []series) []series {
	return slices.SortedFunc(slices.Values(lines), func(a, b series) int {
		return cmp.Compare(b.points[len(b.points)-1].y, a.points[len(a.points)-1].y)
	})
}

// formChart shows what the forms of a body cost, with their floors.
func formChart(r *Result) string {
	var bars []bar
	for _, s := range []struct{ label, benchmark, form, impl, class string }{
		{"decode plain", "Decode", fixed, "ecgen-reuse", "ours"},
		{"decode UTF-8", "Decode", "utf8", "ecgen-reuse", "ours"},
		{"inflate alone", "Floor", "zlib", "inflate", "floor"},
		{"decode zlib", "Decode", "zlib", "ecgen-reuse", "ours"},
		{"encode plain", "Encode", fixed, "ecgen", "ours"},
		{"encode UTF-8", "Encode", "utf8", "ecgen", "ours"},
		{"deflate alone", "Floor", "zlib", "deflate", "floor"},
		{"encode zlib", "Encode", "zlib", "ecgen", "ours"},
	} {
		if time, ok := r.get(ofMany(s.benchmark, s.form, s.impl), cpuPerFile); ok {
			bars = append(bars, bar{s.label, time, fmt.Sprintf("%.0f ns", time), s.class})
		}
	}
	return barChart("What the forms cost", "CPU time for a shared file; amber is zlib with nothing else.", bars)
}

// commas returns a whole number with a comma before each three digits.
func commas(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.1f", bytes/1e6) }

// nanoseconds returns a time in a unit that suits it.
func nanoseconds(v float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}} {
		if v >= unit.size {
			return fmt.Sprintf("%.3g %s", v/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.3g ns", v)
}

func sortedModules(modules map[string]string) []string {
	var list []string
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		list = append(list, path+" "+modules[path])
	}
	return list
}
