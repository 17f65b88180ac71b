package main

import (
	"bytes"
	_ "embed"
	"flag"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
)

//go:embed report.html
var reportPage string

func prepareReport(flags *flag.FlagSet) action {
	dir := addFolderFlag(flags)
	out := flags.String("o", "", "the `file` to write (default report.html in the folder of the campaign)")
	return func(c *call) (bool, error) {
		folder := folderOf(c, *dir)
		s, d, err := folder.open()
		if err != nil {
			return false, err
		}
		crashes, err := crash.Read(folder.crashes())
		if err != nil {
			return false, err
		}
		page, err := renderReport(d, s, crashes)
		if err != nil {
			return false, err
		}
		if *out == "" {
			*out = folder.report()
		}
		if err := corpus.WriteFile(*out, page); err != nil {
			return false, err
		}
		fmt.Fprintln(c.stdout, *out)
		return true, nil
	}
}

// reportData is what the page is made of.
type reportData struct {
	Engine   string
	Began    time.Time
	Duration string
	Runs     []event // begins
	Total    progress
	Rate     float64 // executions for a second of one core
	Executed template.HTML
	Blocks   template.HTML
	Inputs   template.HTML
	Targets  []reportTarget
	Crashes  []crash.Kept
	Speeds   []speedRow
	Troubles []event
}

// reportTarget is a row of the table of targets.
type reportTarget struct {
	Name string
	progress
	Rate, PerCore float64
	Growth        template.HTML // blocks over time
}

func renderReport(d description, s *state, crashes []crash.Kept) ([]byte, error) {
	data := reportData{
		Engine: d.Engine, Duration: duration(s.At), Total: s.total(), Crashes: crashes, Speeds: speeds(d.Engine, s),
	}
	data.Rate = ratio(float64(data.Total.Executions), data.Total.Processor)
	growths := make(map[string][]point)
	var executed, blocks, inputs []point
	executions, corpusOf, all := int64(0), make(map[string]int), 0
	for _, e := range s.Events {
		switch e.Kind {
		case "begin":
			data.Runs = append(data.Runs, e)
			if data.Began.IsZero() {
				data.Began = e.Time
			}
		case "trouble":
			data.Troubles = append(data.Troubles, e)
		case "slice":
			executions += e.Executions
			all += e.Corpus - corpusOf[e.Target]
			corpusOf[e.Target] = e.Corpus
			executed = append(executed, point{e.At, float64(executions)})
			blocks = append(blocks, point{e.At, float64(e.AllBlocks)})
			inputs = append(inputs, point{e.At, float64(all)})
			growths[e.Target] = append(growths[e.Target], point{e.At, float64(e.Blocks)})
		}
	}
	data.Executed = curve("Executions", executed, s.At)
	data.Blocks = curve("Blocks of code reached", blocks, s.At)
	data.Inputs = curve("Inputs in the corpora", inputs, s.At)
	for name, p := range s.Targets {
		data.Targets = append(data.Targets, reportTarget{
			Name: name, progress: *p, Growth: sparkline(growths[name], s.At),
			Rate: ratio(float64(p.Executions), p.Seconds), PerCore: ratio(float64(p.Executions), p.Processor),
		})
	}
	slices.SortFunc(data.Targets, func(a, b reportTarget) int { return strings.Compare(a.Name, b.Name) })
	page, err := template.New("report").Funcs(template.FuncMap{
		"commas": func(v any) string {
			switch v := v.(type) {
			case int:
				return commas(float64(v))
			case int64:
				return commas(float64(v))
			default:
				return commas(v.(float64))
			}
		},
		"duration": duration,
		"hex":      func(b []byte) string { return fmt.Sprintf("%x", b[:min(len(b), 128)]) },
	}).Parse(reportPage)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = page.Execute(&text, data)
	return text.Bytes(), err
}
