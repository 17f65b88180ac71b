package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/view"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

var callSynopsis = []string{
	"[--json | --raw] [--color WHEN] REQUEST [--TAG VALUE]...",
	" [--fields JSON]",
	loginSynopsis,
	"--list [--json]",
}

const callDetails = `REQUEST is a message that clients write, by its name in the protocol, with
underscores or dashes, in letters of any size. Each of its tags is an option of
that name behind it; "ec call REQUEST --help" lists them. --fields has all tags
at once, as "ec dump --json" prints them, or @FILE with them, @- for standard
input. The reply is printed. The reply FAILED makes the exit code 1.

` + loginDetails + `
Examples:

  ec call stat-req --detail-level cmd
  ec call search-start --search-type global --search-name debian
  ec call partfile-set-cat --partfile 0123456789abcdef0123456789abcdef \
      --partfile-cat 2
  ec call --json get-preferences --fields '{"SELECT_PREFS":4}'
`

// caller is what the options of call say.
type caller struct {
	form
	login
	fields string
	list   bool
}

func callOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var o caller
	o.form.define(flags)
	o.login.define(flags)
	flags.StringVar(&o.fields, "fields", "", "all tags of the request, as `JSON`")
	flags.BoolVar(&o.list, "list", false, "list all requests with their options")
	return o.run
}

func (o *caller) run(c *call) (found bool, err error) {
	if o.list {
		return false, o.listRequests(c.stdout)
	}
	if len(c.args) != 1 {
		return false, usageError(fmt.Sprintf("want one REQUEST, not %d", len(c.args)))
	}
	print, err := o.printer(c, c.stdout)
	if err != nil {
		return false, err
	}
	fields, err := readFields(c, o.fields)
	if err != nil {
		return false, err
	}
	request, err := c.request.message(fields)
	if err != nil {
		return false, err
	}
	switch request.(type) {
	case *ec.AuthReq, *ec.AuthPasswd:
		return false, usageError("that is part of the login, which comes before any request")
	}
	ctx, stop := c.untilInterrupted()
	defer stop()
	client, err := o.dial(ctx, c)
	if err != nil {
		return false, err
	}
	defer client.Close()
	reply, err := client.Call(ctx, request)
	if failed, ok := errors.AsType[*session.FailedError](err); ok {
		reply, found = failed.Reply, true
	} else if unexpected, ok := errors.AsType[*session.UnexpectedReplyError](err); ok {
		fmt.Fprintf(c.stderr, "ec call: %v\n", err)
		reply, found = unexpected.Reply, true
	} else if err != nil {
		return false, err
	}
	return found, printMessage(print, reply, o.json || o.raw)
}

// readFields returns the JSON that the option --fields is, or names.
func readFields(c *call, option string) (string, error) {
	name, isFile := strings.CutPrefix(option, "@")
	if !isFile {
		return option, nil
	}
	in, err := c.open(name)
	if err != nil {
		return "", err
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	return string(text), err
}

// messageFlags are the flags of messages whose packets nobody has seen, as JSON
// shows them.
const messageFlags = codec.FlagBase | codec.FlagLargeTagCount

// printMessage prints what the daemon said. How its packet was coded is known
// no more: JSON says messageFlags, a tree nothing.
func printMessage(print func(*frame) error, m ec.Message, isJSON bool) error {
	body, err := m.AppendBody(nil, messageFlags)
	if err != nil {
		return err
	}
	f := &frame{message: view.Message{From: codec.FromDaemon, Flags: messageFlags}}
	if err := f.message.Packet.UnmarshalBody(body, messageFlags); err != nil {
		return err
	}
	if !isJSON {
		f.message.Flags = 0
	}
	return print(f)
}

// listRequests prints each request with its options.
func (o *caller) listRequests(out io.Writer) error {
	lines := json.NewEncoder(out)
	for _, name := range requestNames() {
		r, err := newRequest(name)
		if err != nil {
			return err
		}
		options := []string{}
		for f := range all(r.fields) {
			options = append(options, "--"+f.option)
		}
		if o.json {
			err = lines.Encode(map[string]any{"request": name, "options": options})
		} else {
			_, err = fmt.Fprintln(out, strings.Join(append([]string{name}, options...), " "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
