package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ecgen/ecgen/codec/view"
)

// form is how packets are printed.
type form struct {
	json, raw bool
	color     colorChoice
}

func (o *form) define(flags *flag.FlagSet) {
	o.defineTable(flags)
	flags.BoolVar(&o.raw, "raw", false, "print untyped JSON, one packet a line")
}

// defineTable is define for verbs that print a table instead of a tree.
func (o *form) defineTable(flags *flag.FlagSet) {
	o.color = "auto"
	flags.BoolVar(&o.json, "json", false, "print typed JSON, one message a line")
	flags.Var(&o.color, "color", "use colors: `WHEN` is auto, always or never")
}

// printer returns what prints frames to out, with the colors that suit the
// standard output. Trees of several connections have a line where another one
// goes on.
func (o *form) printer(c *call, out io.Writer) (print func(*frame) error, err error) {
	var text []byte
	var last *conversation
	appendMessage := func(dst []byte, m *view.Message) []byte { return append(viewer.AppendJSON(dst, m), '\n') }
	color := o.color.on(c.stdout)
	switch {
	case o.json && o.raw:
		return nil, usageError("--json and --raw exclude each other")
	case o.raw:
		appendMessage = func(dst []byte, m *view.Message) []byte { return append(view.AppendRaw(dst, m), '\n') }
	case !o.json:
		appendMessage = func(dst []byte, m *view.Message) []byte { return viewer.AppendTree(dst, m, color) }
	}
	return func(f *frame) error {
		text = text[:0]
		if f.conversation != last && !o.json && !o.raw {
			last = f.conversation
			text = append(text, last.heading()...)
		}
		if f.refused != nil {
			text = f.refused.appendLine(text)
		} else {
			text = appendMessage(text, &f.message)
		}
		_, err := out.Write(text)
		return err
	}, nil
}

// colorChoice is the option --color.
type colorChoice string

func (c *colorChoice) String() string { return string(*c) }

func (c *colorChoice) Set(text string) error {
	switch text {
	case "auto", "always", "never":
		*c = colorChoice(text)
		return nil
	}
	return fmt.Errorf("want auto, always or never")
}

// on reports whether what is written to w is colored. By itself only a
// terminal is, unless the environment has NO_COLOR.
func (c colorChoice) on(w io.Writer) bool {
	if c != "auto" {
		return c == "always"
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
