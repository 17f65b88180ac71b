package session

import (
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// The causes of a [*LoginError], for errors.Is. Dialling again does not help
// before somebody did what their texts say.
var (
	ErrWrongPassword   = errors.New("wrong password: use the one that is set for external connections in the daemon's preferences (ECPassword in its amule.conf is its MD5)")
	ErrNoPassword      = errors.New("no usable password is set on the daemon, so it accepts no login: set one for external connections in its preferences (ECPassword in its amule.conf)")
	ErrProtocolVersion = errors.New("the daemon speaks another version of the protocol: use aMule 2.3.1 or newer")
	ErrVersionID       = errors.New("the daemon and this client disagree about a development snapshot: set Options.VersionID for a snapshot daemon, and only for one")
	ErrRefused         = errors.New("the daemon refuses the login for the reason that it gives")
)

// The causes of other errors of a client, for errors.Is. When a context ends,
// the error wraps context.Cause of it, as context.DeadlineExceeded.
var (
	ErrConnectionLost = errors.New("the connection to the daemon is lost: dial again, or set Options.Reconnect")
	ErrNoAnswer       = errors.New("the daemon went silent while it owed an answer, so the connection was given up: dial again, set Options.Reconnect, or allow a longer Options.Timeout")
	ErrNotEC          = errors.New("what answers is no daemon of aMule 2.3.1 or newer: use the port for external connections (ECPort in its amule.conf, 4712 unless changed)")
	ErrUnsupported    = errors.New("the daemon is too old for this request, which would end some old daemons, so it was not sent")
	ErrClosed         = errors.New("the client is closed")
)

var errClosed = fmt.Errorf("session: %w", ErrClosed)

// LoginError says why a daemon refused a login.
type LoginError struct {
	Err    error  // ErrWrongPassword, ErrNoPassword, ErrProtocolVersion, ErrVersionID or ErrRefused
	Reason string // the daemon's own words, in English; may be empty
}

// Unwrap returns e.Err.
func (e *LoginError) Unwrap() error { return e.Err }

// Error returns what to do, and the daemon's words.
func (e *LoginError) Error() string {
	if e.Reason == "" {
		return "session: " + e.Err.Error()
	}
	return fmt.Sprintf("session: %v (it says: %q)", e.Err, e.Reason)
}

// FailedError is a request's reply FAILED. A handler of a [Server] may return
// one to answer so.
type FailedError struct {
	Request codec.Opcode // 0 when a handler made the error
	Reply   *ec.Failed   // never nil, but a handler may leave it out
}

// Failed returns an error that a [Server] answers with FAILED and this text.
func Failed(reason string) error { return &FailedError{Reply: &ec.Failed{Reason: reason}} }

// Error returns the daemon's words.
func (e *FailedError) Error() string {
	text := "session: the daemon says that " + opcodeName(e.Request) + " failed"
	if e.Request == 0 {
		text = "session: the request failed"
	}
	if e.Reply == nil {
		return text
	}
	if e.Reply.Reason != "" {
		return text + ": " + e.Reply.Reason
	}
	if e.Reply.Present(ec.TagCategoryPath) {
		return fmt.Sprintf("%s: category %d keeps the directory %q", text, e.Reply.Category, e.Reply.CategoryPath)
	}
	return text
}

// UnexpectedReplyError is an answer that the request does not have. The
// connection stays usable.
type UnexpectedReplyError struct {
	Request codec.Opcode
	Reply   ec.Message
}

// Error names both messages.
func (e *UnexpectedReplyError) Error() string {
	return fmt.Sprintf("session: the daemon answers %s with %s", opcodeName(e.Request), opcodeName(e.Reply.Opcode()))
}

// opcodeName returns the name of an opcode as the protocol spells it.
func opcodeName(op codec.Opcode) string {
	if name := ec.Protocol.Opcodes[op].Protocol; name != "" {
		return name
	}
	return fmt.Sprintf("opcode 0x%02X", uint8(op))
}
