package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/ecgen/ecgen/cmd/ec/internal/capture"
)

var tapSynopsis = []string{
	"[--json | --raw] [--color WHEN] [--listen ADDRESS] [--to ADDRESS]",
	" [--once] [-o OUT]",
}

const tapDetails = `It stands between a client and a daemon, passes on every byte as it comes, and
prints each packet when it is complete, as "ec dump" does. What aMule would
refuse is printed as such, passed on all the same, and makes the exit code 1.

OUT becomes a packet capture in pcapng: it grows as bytes pass, is whole after
each of them, and "ec dump", "ec bytes", "ec serve" and Wireshark read it. A
file that is there is replaced; a new one only its owner may read. With -o - the
capture goes to standard output and nothing is printed.

A login does not show the password, but the salted hash of it, from which a weak
password can be found: give captures only to those who may know it.

It ends with Ctrl-C, or with --once when the first connection ends.

Examples:

  ec tap -o session.pcapng &  amulecmd -p 4713 -P secret -c status
  ec tap --listen :4713 --to 10.0.0.5:4712 --json
  ec tap -o - | wireshark -k -i -
`

// tap is what the options of tap say, and what there is while it runs.
type tap struct {
	form
	listen, to, out string
	once            bool

	mutex    sync.Mutex // for all below, and for what is printed
	print    func(*frame) error
	recorder *capture.Recorder // or nil
	number   int               // of connections so far
	found    bool
	failure  error // why nothing more is recorded
	cancel   context.CancelFunc
}

func tapOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var t tap
	t.form.define(flags)
	flags.StringVar(&t.listen, "listen", "127.0.0.1:4713", "`ADDRESS` for the client, 127.0.0.1:4713 unless told")
	flags.StringVar(&t.to, "to", "127.0.0.1:4712", "`ADDRESS` of the daemon, 127.0.0.1:4712 unless told")
	flags.BoolVar(&t.once, "once", false, "end when the first connection does")
	flags.StringVar(&t.out, "o", "", "write a packet capture to `OUT`; - is standard output")
	return t.run
}

func (t *tap) run(c *call) (found bool, err error) {
	if len(c.args) > 0 {
		return false, usageError("want options alone")
	}
	printed := c.stdout
	if t.out == "-" {
		printed = io.Discard
	}
	if t.print, err = t.printer(c, printed); err != nil {
		return false, err
	}
	listener, err := net.Listen("tcp", t.listen)
	if err != nil {
		return false, err
	}
	defer listener.Close()
	closeOut, err := t.record(c)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(c.stderr, "ec tap: listening on %v for clients of the daemon at %s\n", listener.Addr(), t.to)
	err = t.serve(c, listener)
	if closed := closeOut(); err == nil {
		err = closed
	}
	return t.found, err
}

// record opens the capture, if one is wanted.
func (t *tap) record(c *call) (closeOut func() error, err error) {
	out, closeOut := c.stdout, func() error { return nil }
	switch t.out {
	case "":
		return closeOut, nil
	case "-":
	default:
		file, err := os.OpenFile(t.out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // a login is in it
		if err != nil {
			return nil, err
		}
		out, closeOut = file, file.Close
	}
	t.recorder, err = capture.NewRecorder(out, "ec tap")
	return closeOut, err
}

// serve passes on connections until it is interrupted or, with --once, the
// first one ends, or printing or recording fails.
func (t *tap) serve(c *call, listener net.Listener) error {
	ctx, stop := c.untilInterrupted()
	defer stop()
	ctx, t.cancel = context.WithCancel(ctx)
	defer t.cancel()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	var connections sync.WaitGroup
	for {
		client, err := listener.Accept()
		if err != nil {
			connections.Wait()
			if t.failure != nil || ctx.Err() != nil {
				return t.failure
			}
			return err
		}
		connections.Go(func() {
			if err := t.pass(ctx, client); err != nil {
				t.complain(c, fmt.Errorf("the connection from %v: %w", client.RemoteAddr(), err))
			}
		})
		if t.once {
			listener.Close()
			connections.Wait()
			return t.failure
		}
	}
}

// complain tells about a connection that did not end well. It is all there is
// with --once.
func (t *tap) complain(c *call, err error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.once {
		t.fail(err)
		return
	}
	fmt.Fprintf(c.stderr, "ec tap: %v\n", err)
}

// dialTimeout is how long connecting to a daemon may take.
const dialTimeout = 10 * time.Second

// pass passes on one connection until both sides have ended it.
func (t *tap) pass(ctx context.Context, client net.Conn) error {
	defer client.Close()
	dialer := net.Dialer{Timeout: dialTimeout}
	daemon, err := dialer.DialContext(ctx, "tcp", t.to)
	if err != nil {
		return err
	}
	defer daemon.Close()
	defer context.AfterFunc(ctx, func() { client.Close(); daemon.Close() })()
	p, err := t.open(addressOf(client), addressOf(daemon))
	if err != nil {
		return err
	}
	var both sync.WaitGroup
	failures := make([]error, 2)
	for from, ends := range [][2]net.Conn{{client, daemon}, {daemon, client}} {
		both.Go(func() {
			failures[from] = p.relay(from, ends[0], ends[1])
			if failures[from] != nil { // nobody could tell the other side
				client.Close()
				daemon.Close()
			}
		})
	}
	both.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return errors.Join(failures...)
}

func addressOf(c net.Conn) netip.AddrPort {
	return c.RemoteAddr().(*net.TCPAddr).AddrPort()
}

// passage is one connection that is passed on.
type passage struct {
	tap          *tap
	conversation conversation
	recording    *capture.Recording // or nil
}

func (t *tap) open(client, daemon netip.AddrPort) (*passage, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.number++
	p := &passage{tap: t, conversation: conversation{number: t.number, ends: [2]netip.AddrPort{client, daemon}, daemon: 1}}
	if t.recorder == nil {
		return p, nil
	}
	var err error
	p.recording, err = t.recorder.Open(client, daemon)
	return p, t.fail(err)
}

// fail ends everything when printing or recording has failed.
func (t *tap) fail(err error) error {
	if err != nil && t.failure == nil {
		t.failure = err
		t.cancel()
	}
	return err
}

// relay passes on what one side sends until it sends no more. What it sent is
// recorded before the other side can answer.
func (p *passage) relay(from int, source, target net.Conn) error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := source.Read(buffer)
		if n > 0 {
			if err := p.note(from, buffer[:n]); err != nil {
				return err
			}
			if _, err := target.Write(buffer[:n]); err != nil {
				return closedIsNoError(err)
			}
		}
		if err == io.EOF {
			target.(*net.TCPConn).CloseWrite()
			return p.noteEnd(from)
		}
		if err != nil {
			p.noteEnd(from)
			return closedIsNoError(err)
		}
	}
}

// closedIsNoError leaves out the errors that say that the other direction
// ended the connection.
func closedIsNoError(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// note records and prints what one side sent.
func (p *passage) note(from int, data []byte) error {
	t := p.tap
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.failure != nil {
		return nil
	}
	if p.recording != nil {
		if err := p.recording.Write(from, data); err != nil {
			return t.fail(err)
		}
	}
	return t.fail(p.show(p.conversation.receive(from, data)))
}

// noteEnd records that one side sends no more.
func (p *passage) noteEnd(from int) error {
	t := p.tap
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.failure != nil {
		return nil
	}
	if p.recording != nil {
		if err := p.recording.Close(from); err != nil {
			return t.fail(err)
		}
	}
	return t.fail(p.show(p.conversation.end(from)))
}

func (p *passage) show(frames []*frame) error {
	for _, f := range frames {
		p.tap.found = p.tap.found || f.refused != nil
		if err := p.tap.print(f); err != nil {
			return err
		}
	}
	return nil
}
