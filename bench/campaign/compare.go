package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
)

// defaultLimit is how many times slower something may be before that is a
// finding. Least times of interleaved rounds differ by about 5 % from one
// campaign to the next.
const defaultLimit = 1.15

// allocationLimit is for what allocates thousands of times, which is not the
// same number each time. Where there was no allocation there must be none.
const allocationLimit = 1.01

// Comparison is two results side by side.
type Comparison struct {
	Limit float64 `json:"limit"`
	Timed bool    `json:"timed"` // whether times were judged
	Rows  []Row   `json:"rows"`
}

// Row is one benchmark in two results. Times are in yardsticks.
type Row struct {
	Name      string  `json:"name"`
	Old       float64 `json:"old"`
	New       float64 `json:"new"`
	Ratio     float64 `json:"ratio"`      // of new to old
	OldAllocs float64 `json:"old_allocs"` // for each operation
	NewAllocs float64 `json:"new_allocs"`
	Finding   string  `json:"finding,omitempty"`
}

// compare puts side by side what both results have.
func compare(old, now *Result, limit float64, timed bool) Comparison {
	c := Comparison{Limit: limit, Timed: timed}
	for _, b := range now.Benchmarks {
		before, ok := old.inYardsticks(b.Name)
		after, okNow := now.inYardsticks(b.Name)
		if !ok || !okNow || b.Name == yardstick {
			continue
		}
		row := Row{
			Name: b.Name, Old: before, New: after, Ratio: after / before,
			OldAllocs: old.find(b.Name).Least[allocations], NewAllocs: b.Least[allocations],
		}
		switch {
		case row.NewAllocs > row.OldAllocs*allocationLimit:
			row.Finding = "allocates more"
		case timed && row.Ratio > limit:
			row.Finding = "slower"
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// findings returns the rows with findings.
func (c *Comparison) findings() (rows []Row) {
	for _, row := range c.Rows {
		if row.Finding != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// print writes the rows as a table for people, and what was found.
func (c *Comparison) print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "time\tallocations\t\t")
	for _, row := range c.Rows {
		allocs := fmt.Sprint(row.NewAllocs)
		if row.NewAllocs != row.OldAllocs {
			allocs = fmt.Sprintf("%v -> %v", row.OldAllocs, row.NewAllocs)
		}
		fmt.Fprintf(table, "x %.2f\t%s\t%s\t %s\n", row.Ratio, allocs, row.Finding, row.Name)
	}
	table.Flush()
	fmt.Fprintf(w, "%d compared, %d findings", len(c.Rows), len(c.findings()))
	if c.Timed {
		fmt.Fprintf(w, " (limit of time: x %.2f)", c.Limit)
	}
	fmt.Fprintln(w)
}

func prepareCompare(flags *flag.FlagSet) action {
	limit := flags.Float64("limit", defaultLimit, "how many `times` slower is still good")
	jsonFile := flags.String("json", "", "write the comparison to this `file` too")
	return func(args []string, stdout, _ io.Writer) (bool, error) {
		if len(args) != 2 {
			return false, errors.New("want two results: OLD.json NEW.json")
		}
		old, err := readResult(args[0])
		if err != nil {
			return false, err
		}
		now, err := readResult(args[1])
		if err != nil {
			return false, err
		}
		return judge(compare(old, now, *limit, true), *jsonFile, stdout)
	}
}

// judge prints a comparison, writes it to a file if one is named, and returns
// whether nothing was found.
func judge(c Comparison, jsonFile string, stdout io.Writer) (bool, error) {
	if len(c.Rows) == 0 {
		return false, errors.New("the two results have nothing in common")
	}
	c.print(stdout)
	if jsonFile != "" {
		if err := writeJSON(jsonFile, c); err != nil {
			return false, err
		}
	}
	return len(c.findings()) == 0, nil
}
