package options

import (
	"flag"
	"io"
	"strings"
	"testing"
)

func TestOptionsStandAnywhere(t *testing.T) {
	for line, want := range map[string]string{
		"":                          " ",
		"one two":                   " one two",
		"--format json one two":     "json one two",
		"one --format json two":     "json one two",
		"one two --format=json":     "json one two",
		"one -- --format json":      " one --format json",
		"-- one -- two":             " one -- two",
		"--format json - one":       "json - one",
		"--format a one --format b": "b one",
	} {
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		format := flags.String("format", "", "")
		if err := Parse(flags, strings.Fields(line)); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if got := *format + " " + strings.Join(flags.Args(), " "); got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	}
	for _, line := range []string{"one --nonsense", "one --format"} {
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		flags.String("format", "", "")
		if err := Parse(flags, strings.Fields(line)); err == nil {
			t.Errorf("%q is accepted", line)
		}
	}
}
