package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

var statusSynopsis = []string{"[--json] [--color WHEN]", loginSynopsis}

const statusDetails = `With --json it prints the reply STATS, as "ec dump --json" does.

` + loginDetails

func statusOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	return inquiry(flags, func(ctx context.Context, client *session.Client) (answer, error) {
		request := &ec.StatReq{DetailLevel: ec.DetailLevelCMD}
		request.SetPresent(ec.TagDetailLevel, true) // CMD is 0, and without it the level is FULL
		stats, err := session.Call(ctx, client, request)
		if err != nil {
			return answer{}, err
		}
		peer := client.Peer()
		return answer{stats, func(out io.Writer, width int, color bool) error { return printStatus(out, peer, stats, width, color) }}, nil
	})
}

// answer is what a daemon says, as a message and for people.
type answer struct {
	message ec.Message
	print   func(out io.Writer, width int, color bool) error
}

// inquiry defines the options of a verb that asks a daemon and prints what it
// says, and returns its work.
func inquiry(flags *flag.FlagSet, ask func(context.Context, *session.Client) (answer, error)) func(*call) (bool, error) {
	var l login
	var f form
	l.define(flags)
	f.defineTable(flags)
	return func(c *call) (bool, error) {
		if len(c.args) > 0 {
			return false, usageError("want options alone")
		}
		return false, l.inquire(c, &f, ask)
	}
}

// inquire asks a daemon and prints what it says.
func (l *login) inquire(c *call, f *form, ask func(context.Context, *session.Client) (answer, error)) error {
	ctx, stop := c.untilInterrupted()
	defer stop()
	address, options, err := l.options(c)
	if err != nil {
		return err
	}
	var a answer
	if err := untilKept(ctx, func() error {
		client, err := session.Dial(ctx, address, options)
		if err != nil {
			return err
		}
		defer client.Close()
		a, err = ask(ctx, client)
		return err
	}); err != nil {
		return err
	}
	if !f.json {
		return a.print(c.stdout, c.width(), f.color.on(c.stdout))
	}
	print, err := f.printer(c, c.stdout)
	if err != nil {
		return err
	}
	return printMessage(print, a.message, true)
}

func printStatus(out io.Writer, peer session.Peer, s *ec.Stats, width int, color bool) error {
	t := &table{columns: []column{{text: true}, {text: true}}, bare: true}
	t.row("aMule", printable(peer.Version))
	t.row("eD2k", ed2kText(s.ConnState))
	t.row("Kad", kadText(s.ConnState))
	t.row("Download", limitedText(s.DLSpeed, s.DLSpeedLimit))
	t.row("Upload", limitedText(s.ULSpeed, s.ULSpeedLimit))
	t.row("Queue", fmt.Sprintf("%d clients", s.ULQueueLen))
	t.row("Sources", fmt.Sprint(s.TotalSrcCount))
	return t.print(out, width, color)
}

func ed2kText(state *ec.ConnState) string {
	switch {
	case state == nil:
		return "not known"
	case state.Bits&ec.ConnStateBitsED2KConnected != 0:
		id := "HighID"
		if state.ED2KID < 1<<24 {
			id = "LowID"
		}
		text := "connected, " + id
		if state.Server != nil {
			text = fmt.Sprintf("connected to %s [%v], %s", printable(state.Server.Name), state.Server.Address, id)
		}
		return text
	case state.Bits&ec.ConnStateBitsED2KConnecting != 0:
		return "connecting"
	default:
		return "not connected"
	}
}

func kadText(state *ec.ConnState) string {
	switch {
	case state == nil:
		return "not known"
	case state.Bits&ec.ConnStateBitsKadConnected != 0 && state.Bits&ec.ConnStateBitsKadFirewalled != 0:
		return "connected, firewalled"
	case state.Bits&ec.ConnStateBitsKadConnected != 0:
		return "connected"
	case state.Bits&ec.ConnStateBitsKadRunning != 0:
		return "running, not connected"
	default:
		return "not running"
	}
}

// limitedText returns a speed and its limit.
func limitedText(speed, limit uint32) string {
	text := sizeText(uint64(speed)) + "/s"
	if limit == 0 {
		return text
	}
	return fmt.Sprintf("%s, limit %s/s", text, sizeText(uint64(limit)))
}
