package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// verb is something that the tool can do.
type verb struct {
	name     string
	summary  string
	synopsis []string // what may stand behind the name
	details  string   // for the help, behind the options

	// options defines the verb's options and returns its work, which is done
	// once they were read. Work reports whether there were findings, all of
	// which it has printed, or why it could not be done.
	options func(*flag.FlagSet) (work func(*call) (found bool, err error))
}

// verbs returns the table of verbs, in the order of the help.
func verbs() []verb {
	return []verb{
		{"dump", "print the packets of a capture", dumpSynopsis, dumpDetails, dumpOptions},
		{"recode", "read a capture and write it again", recodeSynopsis, recodeDetails, recodeOptions},
		{"encode", "make a capture of JSON", encodeSynopsis, encodeDetails, encodeOptions},
		{"help", "explain a verb", []string{"[VERB]"}, "", helpOptions},
		{"version", "print the version of this program", []string{""}, "", versionOptions},
	}
}

func findVerb(name string) *verb {
	for _, v := range verbs() {
		if v.name == name {
			return &v
		}
	}
	return nil
}

const overview = `ec shows, checks and writes packets of aMule's External Connections protocol.

Usage:

  ec VERB [options] [FILE]

Verbs:

%s
"ec help VERB" or "ec VERB --help" explains a verb.

A capture is one direction of a connection: frame after frame, each a header of
eight bytes and a body. FILE may be - for standard input.

Exit codes: 0 all is well, 1 the input has something wrong, 2 the verb could not
do its work.
`

func printOverview(w io.Writer) {
	var table strings.Builder
	for _, v := range verbs() {
		fmt.Fprintf(&table, "  %-8s %s\n", v.name, v.summary)
	}
	fmt.Fprintf(w, overview, &table)
}

// printHelp prints all that there is to say of a verb.
func (v *verb) printHelp(w io.Writer) {
	fmt.Fprintf(w, "ec %s: %s\n\nUsage:\n\n", v.name, v.summary)
	for _, synopsis := range v.synopsis {
		fmt.Fprintln(w, strings.TrimRight("  ec "+v.name+" "+synopsis, " "))
	}
	flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
	v.options(flags)
	heading := "\nOptions:\n\n"
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		dashes := "--"
		if len(f.Name) == 1 {
			dashes = "-"
		}
		option := strings.TrimRight(dashes+f.Name+" "+value, " ")
		fmt.Fprintf(w, "%s  %-14s %s\n", heading, option, usage)
		heading = ""
	})
	if v.details != "" {
		fmt.Fprintf(w, "\n%s", v.details)
	}
}
