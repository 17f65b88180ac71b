// Command campaign fuzzes all targets for as long as it is told to, and looks
// after what comes of it: inputs that reach new code, and crashes. See usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes.
const (
	good     = 0
	findings = 1 // something crashes, or a promise is not kept
	failed   = 2 // could not run
)

// verb is one thing that campaign can be told to do. Its flags are set up by
// prepare, which returns the function to call when they were parsed.
type verb struct {
	name    string
	args    string
	summary string
	prepare func(flags *flag.FlagSet) action
}

// action does what a verb is for. It returns whether all is as it should be.
type action func(c *call) (ok bool, err error)

// call is one use of a verb.
type call struct {
	context.Context // ends with an interrupt
	args            []string
	stdout, stderr  io.Writer
	root            string // of the module
}

func verbs() []verb {
	return []verb{
		{"list", "[flags]", "show the targets, and how many inputs are committed for each", prepareList},
		{"run", "[flags]", "fuzz until the budget is used up, or go on with what was interrupted; exit 1 if something crashes", prepareRun},
		{"status", "[flags]", "show how far a campaign is, also while it runs", prepareStatus},
		{"triage", "[flags]", "run each crash again, reduce it, and make a regression input of it; exit 1 if something crashes", prepareTriage},
		{"reduce", "[flags] FILE", "make an input smaller that crashes at the same site", prepareReduce},
		{"minimize", "[flags]", "keep of the corpora only what reaches something that no smaller input reaches", prepareMinimize},
		{"cover", "[flags]", "show the lines that the committed inputs reach; exit 1 if they are fewer than promised", prepareCover},
		{"report", "[flags]", "write one page with growth curves, speeds and crashes", prepareReport},
		{"replay", "[flags] [FILE]...", "run inputs, or all that are committed; exit 1 if one crashes", prepareReplay},
		{"selftest", "[flags]", "plant known bugs and show which target finds each; exit 1 if one is not found", prepareSelftest},
		{"export", "[flags]", "write what clusters take beside the programs: seeds in zip files, dictionaries, options", prepareExport},
		{"convert", "[flags] FILES OUT", "write the inputs of a folder in the other engine's format", prepareConvert},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return failed
	}
	switch args[0] {
	case "help", "--help", "-help", "-h":
		usage(stdout)
		return good
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return v.run(&call{Context: ctx, args: args[1:], stdout: stdout, stderr: stderr})
		}
	}
	fmt.Fprintf(stderr, "campaign: unknown verb %q; campaign --help lists them\n", args[0])
	return failed
}

func (v verb) run(c *call) int {
	flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	do := v.prepare(flags)
	err := flags.Parse(c.args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(c.stdout, "usage: campaign %s %s\n\n%s.\n\n", v.name, v.args, strings.ToUpper(v.summary[:1])+v.summary[1:])
		flags.SetOutput(c.stdout)
		flags.PrintDefaults()
		return good
	}
	c.args = flags.Args()
	if err == nil && len(c.args) > 0 && !strings.Contains(v.args, "FILE") {
		err = fmt.Errorf("unexpected argument %q", c.args[0])
	}
	if err == nil {
		c.root, err = moduleRoot()
	}
	ok := false
	if err == nil {
		ok, err = do(c)
	}
	switch {
	case err != nil:
		fmt.Fprintf(c.stderr, "campaign %s: %v\n", v.name, err)
		return failed
	case !ok:
		return findings
	default:
		return good
	}
}

func usage(w io.Writer) {
	fmt.Fprint(w, `Campaign fuzzes all targets for as long as it is told to, and looks after what
comes of it: inputs that reach new code, and crashes.

Usage, from within the module:

	go run ./fuzz/campaign VERB [flags]

Verbs:

`)
	for _, v := range verbs() {
		fmt.Fprintf(w, "\t%-8s %s\n", v.name, v.summary)
	}
	fmt.Fprint(w, `
A campaign is a folder (--dir) with the corpora, the crashes and a journal. A run
that was interrupted, or killed, goes on where it was when it is started again.

	go run ./fuzz/campaign run --budget 8h              # on this machine
	go run ./fuzz/campaign run --budget 20m --target 'Body,Packet'
	go run ./fuzz/campaign report                       # what came of it

Exit codes: 0 good, 1 findings, 2 could not run.
"campaign VERB --help" says more about a verb.
`)
}
