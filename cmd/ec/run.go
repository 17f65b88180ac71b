package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
)

// The exit codes of all verbs.
const (
	exitGood     = 0
	exitFindings = 1 // the input is not as it should be
	exitFailed   = 2 // the verb could not do its work
)

// viewer knows the names of the protocol.
var viewer = view.New(ec.Protocol)

// call is one use of a verb.
type call struct {
	context        context.Context // ends what would go on forever
	verb           *verb
	flags          *flag.FlagSet
	args           []string // without options
	request        *request // that the first of them names, for a verb of requests
	stdin          io.Reader
	stdout, stderr io.Writer
}

// untilInterrupted returns a context that ends when somebody asks the program
// to end, as with Ctrl-C.
func (c *call) untilInterrupted() (ctx context.Context, stop context.CancelFunc) {
	return signal.NotifyContext(c.context, os.Interrupt, syscall.SIGTERM)
}

// usageError says that a verb was called in a wrong way.
type usageError string

func (e usageError) Error() string { return string(e) }

// findingError says what is wrong with the input as a whole.
type findingError string

func (e findingError) Error() string { return string(e) }

// run does what the arguments say and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &call{context: ctx, stdin: stdin, stdout: stdout, stderr: stderr}
	if len(args) == 0 {
		printOverview(stderr)
		return exitFailed
	}
	name := args[0]
	switch {
	case isHelp(name):
		name = "help"
	case name == "-version" || name == "--version":
		name = "version"
	}
	if c.verb = findVerb(name); c.verb == nil {
		fmt.Fprintf(stderr, "ec: there is no verb %q; see \"ec help\"\n", name)
		return exitFailed
	}
	c.flags = flag.NewFlagSet(name, flag.ContinueOnError)
	c.flags.SetOutput(io.Discard)
	work := c.verb.options(c.flags)
	err := c.parse(args[1:])
	if errors.Is(err, flag.ErrHelp) {
		c.verb.printHelp(stdout, c.flags)
		return exitGood
	}
	found := false
	if err == nil {
		found, err = work(c)
	}
	switch _, misused := errors.AsType[usageError](err); {
	case misused:
		fmt.Fprintf(stderr, "ec %s: %v; see \"ec help %s\"\n", name, err, name)
		return exitFailed
	case err != nil:
		fmt.Fprintf(stderr, "ec %s: %s\n", name, forUsers(err))
		if _, isFinding := errors.AsType[findingError](err); isFinding {
			return exitFindings
		}
		return exitFailed
	case found:
		return exitFindings
	default:
		return exitGood
	}
}

func isHelp(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }

// parse takes options and other arguments in any order. What follows "--" is
// no option.
func (c *call) parse(args []string) error {
	for {
		err := c.flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		if err != nil {
			return usageError(optionFault(err.Error()))
		}
		rest := c.flags.Args()
		if len(rest) == 0 {
			return nil
		}
		if ended := len(rest) < len(args) && args[len(args)-len(rest)-1] == "--"; ended {
			c.args = append(c.args, rest...)
			return nil
		}
		c.args = append(c.args, rest[0])
		args = rest[1:]
		if len(c.args) == 1 && c.verb.arguments == requestArgument {
			if c.request, err = newRequest(c.args[0]); err != nil {
				if slices.ContainsFunc(args, isHelp) {
					return flag.ErrHelp
				}
				return err
			}
			c.request.define(c.flags)
		}
	}
}

// optionFault returns what package flag says is wrong with an option, as this tool
// spells options.
func optionFault(text string) string {
	if name, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); unknown {
		return "there is no option " + dashed(name)
	}
	if name, alone := strings.CutPrefix(text, "flag needs an argument: -"); alone {
		return dashed(name) + " wants a value"
	}
	if invalid := invalidValue.FindStringSubmatch(text); invalid != nil {
		return fmt.Sprintf("invalid value %s for %s: %s", invalid[1], dashed(invalid[2]), invalid[3])
	}
	return text
}

var invalidValue = regexp.MustCompile(`^invalid (?:boolean )?value (".*?[^\\]"|"") for (?:flag )?-([^:]+): (.*)$`)

// dashed returns an option as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// oneFile returns the only argument.
func (c *call) oneFile() (string, error) {
	if len(c.args) != 1 {
		return "", usageError(fmt.Sprintf("want one FILE, or - for standard input, not %d", len(c.args)))
	}
	return c.args[0], nil
}
