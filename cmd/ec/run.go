package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

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
	verb           *verb
	flags          *flag.FlagSet
	args           []string // without options
	stdin          io.Reader
	stdout, stderr io.Writer
}

// usageError says that a verb was called in a wrong way.
type usageError string

func (e usageError) Error() string { return string(e) }

// run does what the arguments say and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &call{stdin: stdin, stdout: stdout, stderr: stderr}
	if len(args) == 0 {
		printOverview(stderr)
		return exitFailed
	}
	name := args[0]
	if name == "-h" || name == "-help" || name == "--help" {
		name = "help"
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
		c.verb.printHelp(stdout)
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
		fmt.Fprintf(stderr, "ec %s: %v\n", name, err)
		return exitFailed
	case found:
		return exitFindings
	default:
		return exitGood
	}
}

// parse takes options and other arguments in any order. What follows "--" is
// no option.
func (c *call) parse(args []string) error {
	for {
		err := c.flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		if err != nil {
			return usageError(err.Error())
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
	}
}

// oneFile returns the only argument.
func (c *call) oneFile() (string, error) {
	if len(c.args) != 1 {
		return "", usageError(fmt.Sprintf("want one FILE, or - for standard input, not %d", len(c.args)))
	}
	return c.args[0], nil
}
