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

	arguments arguments
}

// arguments says what may stand behind a verb besides options.
type arguments int

const (
	fileArguments arguments = iota
	noArguments
	textArguments
	verbArgument
	requestArgument // the name of a request, whose tags are options too
	listArgument    // of watch
	shellArgument
)

// verbs returns the table of verbs, in the order of the help.
func verbs() []verb {
	return []verb{
		{"dump", "print the packets of a capture", dumpSynopsis, dumpDetails, dumpOptions, fileArguments},
		{"bytes", "print what each tag of a capture costs", bytesSynopsis, bytesDetails, bytesOptions, fileArguments},
		{"recode", "read a capture and write it again", recodeSynopsis, recodeDetails, recodeOptions, fileArguments},
		{"encode", "make a capture of JSON", encodeSynopsis, encodeDetails, encodeOptions, fileArguments},
		{"status", "print what a daemon is doing", statusSynopsis, statusDetails, statusOptions, noArguments},
		{"downloads", "print the downloads of a daemon", listSynopsis, downloadsDetails, downloadsOptions, noArguments},
		{"shared", "print the shared files of a daemon", listSynopsis, sharedDetails, sharedOptions, noArguments},
		{"search", "let a daemon search, and print what it finds", searchSynopsis, searchDetails, searchOptions, textArguments},
		{"watch", "follow what a daemon is doing", watchSynopsis, watchDetails, watchOptions, listArgument},
		{"call", "send a request to a daemon and print the reply", callSynopsis, callDetails, callOptions, requestArgument},
		{"tap", "record what a client and a daemon say", tapSynopsis, tapDetails, tapOptions, noArguments},
		{"serve", "stand in for a daemon, as a capture or JSON says", serveSynopsis, serveDetails, serveOptions, fileArguments},
		{"completion", "print a script that completes what is typed", completionSynopsis, completionDetails, completionOptions, shellArgument},
		{"help", "explain a verb", []string{"[VERB]"}, "", helpOptions, verbArgument},
		{"version", "print the version of this program", []string{"[--json]"}, "", versionOptions, noArguments},
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

const overview = `ec shows, checks, records and speaks aMule's External Connections protocol.

Usage:

  ec VERB [options] [arguments]

Verbs:

%s
"ec help VERB" or "ec VERB --help" explains a verb.

A capture is one direction of a connection: frame after frame, each a header of
eight bytes and a body; most verbs take packet captures too. A file may be - for
standard input.

Exit codes: 0 all is well, 1 the input has something wrong, 2 the verb could not
do its work.
`

func printOverview(w io.Writer) {
	var table strings.Builder
	for _, v := range verbs() {
		fmt.Fprintf(&table, "  %-10s %s\n", v.name, v.summary)
	}
	fmt.Fprintf(w, overview, &table)
}

// printHelp prints all that there is to say of a verb with these options.
func (v *verb) printHelp(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprintf(w, "ec %s: %s\n\nUsage:\n\n", v.name, v.summary)
	for _, synopsis := range v.synopsis {
		if strings.HasPrefix(synopsis, " ") { // it goes on with the line before
			fmt.Fprintln(w, "   "+synopsis)
			continue
		}
		fmt.Fprintln(w, strings.TrimRight("  ec "+v.name+" "+synopsis, " "))
	}
	printOptions(w, flags)
	if v.details != "" {
		fmt.Fprintf(w, "\n%s", v.details)
	}
}

// printOptions prints what each option does, in a column of its own.
func printOptions(w io.Writer, flags *flag.FlagSet) {
	var options []string
	var usages []string
	width := 0
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		option := strings.TrimRight(dashed(f.Name)+" "+value, " ")
		options, usages, width = append(options, option), append(usages, usage), max(width, len(option))
	})
	if len(options) > 0 {
		fmt.Fprint(w, "\nOptions:\n\n")
	}
	for i, option := range options {
		fmt.Fprintf(w, "  %-*s  %s\n", width, option, usages[i])
	}
}
