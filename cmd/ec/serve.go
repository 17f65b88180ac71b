package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

var serveSynopsis = []string{"[--listen ADDRESS] [--password-file FILE] [--log LEVEL] [--json]", " FILE..."}

const serveDetails = `It stands in for a daemon and says what FILE says: a packet capture with both
directions, as "ec tap" makes it; JSON objects, as "ec dump --json" prints them;
or captures of one direction, of which several together are one conversation.

A request that stands in FILE gets the reply that it got there; when it is sent
again, that of the next time, and in the end the last one again. A request with
other tags gets the replies of those with its opcode. A reply in JSON that no
request stands before answers every request that the protocol has it for. All
else gets FAILED. At login the version and the capabilities are those of the
AUTH_OK in FILE, if there is one. So a few lines of JSON are a daemon:

  {"opcode":"STATS","from":"daemon","flags":32,"fields":{"STATS_UL_SPEED":5}}

Clients log in with the password that is in FILE's first line, in $EC_PASSWORD,
or that the terminal is asked for. LEVEL is debug, info, warn, error or none: of
what is told on standard error. It ends with Ctrl-C.

Examples:

  ec serve --listen 127.0.0.1:4713 session.pcapng
  ec serve c2s.bin s2c.bin &  amulecmd -P secret -c status
`

// standIn is what the options of serve say.
type standIn struct {
	listen string
	secret secretFile
	log    string
	json   bool
}

func serveOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var s standIn
	flags.StringVar(&s.listen, "listen", defaultAddress, "`ADDRESS` for clients, 127.0.0.1:4712 unless told")
	s.secret.define(flags)
	flags.BoolVar(&s.json, "json", false, "tell it as JSON, an object a line")
	flags.StringVar(&s.log, "log", "debug", "tell what happens from this `LEVEL` on")
	return s.run
}

func (s *standIn) run(c *call) (bool, error) {
	if len(c.args) == 0 {
		return false, usageError("want a FILE or several, or - for standard input")
	}
	logger, err := s.logger(c.stderr)
	if err != nil {
		return false, err
	}
	script := new(script)
	for _, name := range c.args {
		if err := script.read(c, name); err != nil {
			return false, err
		}
	}
	if err := script.complete(); err != nil {
		return false, err
	}
	password, err := s.secret.read()
	if err == nil && password.IsZero() {
		password, err = ask(c, "Password for clients")
	}
	if err != nil {
		return false, err
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return false, err
	}
	server := &session.Server{Password: password, Version: script.version, Capabilities: script.capabilities, Logger: logger, NewHandler: script.handler}
	fmt.Fprintf(c.stderr, "ec serve: listening on %v with %d replies\n", listener.Addr(), script.replies)
	ctx, stop := c.untilInterrupted()
	defer stop()
	defer context.AfterFunc(ctx, func() {
		patience, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		server.Shutdown(patience)
	})()
	if err := server.Serve(listener); err != session.ErrServerClosed {
		return false, err
	}
	return false, nil
}

// logger returns what tells of the level that is wanted, and all above it.
func (s *standIn) logger(out io.Writer) (*slog.Logger, error) {
	if s.log == "none" {
		return slog.New(slog.DiscardHandler), nil
	}
	var least slog.Level
	if err := least.UnmarshalText([]byte(s.log)); err != nil {
		return nil, usageError(fmt.Sprintf("--log wants debug, info, warn, error or none, not %q", s.log))
	}
	options := &slog.HandlerOptions{Level: least}
	if s.json {
		return slog.New(slog.NewJSONHandler(out, options)), nil
	}
	return slog.New(slog.NewTextHandler(out, options)), nil
}

// script is what a daemon says, and to what.
type script struct {
	version string // of the daemon that said it
	replies int

	// capabilities are what the daemon confirmed, because its replies mean
	// something else without; nil when no login is seen.
	capabilities *session.Capabilities

	exact map[string][]ec.Message       // by the body of the request
	other map[codec.Opcode][]ec.Message // by the request's opcode
	alone map[codec.Opcode][]ec.Message // by the reply's opcode: without a request

	open []exchange // while files are read: of the conversations in them
}

// exchange is a conversation that is being read.
type exchange struct {
	of       *conversation // nil for what has one direction, or none
	requests []ec.Message
	replies  []ec.Message
}

// read takes in a file.
func (s *script) read(c *call, name string) error {
	in, err := c.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	buffered := bufio.NewReaderSize(in, 64<<10)
	if isJSON(buffered) {
		return s.readJSON(buffered, name)
	}
	var from source
	frames, directed, err := from.frames(buffered)
	if err != nil {
		return err
	}
	if !directed {
		frames = direct(frames, from.from)
	}
	for f, err := range frames {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case f.refused != nil:
			return fmt.Errorf("%s: %s (at %d)", name, f.refused.Reason, f.refused.Offset)
		}
		if err := s.add(f); err != nil {
			return fmt.Errorf("%s: the frame at %d: %w", name, f.offset, err)
		}
	}
	return nil
}

// isJSON reports whether a file begins as an object of JSON does.
func isJSON(in *bufio.Reader) bool {
	for n := 1; ; n++ {
		start, err := in.Peek(n)
		if err != nil {
			return false
		}
		switch start[n-1] {
		case ' ', '\t', '\r', '\n':
		default:
			return start[n-1] == '{'
		}
	}
}

func (s *script) readJSON(in io.Reader, name string) error {
	objects := json.NewDecoder(in)
	for number := 1; ; number++ {
		var text json.RawMessage
		err := objects.Decode(&text)
		if err == io.EOF {
			return nil
		}
		var f *frame
		if err == nil {
			f, err = s.parse(text)
		}
		if err == nil {
			err = s.add(f)
		}
		if err != nil {
			return fmt.Errorf("%s: object %d: %w", name, number, err)
		}
	}
}

// parse makes a frame of typed or raw JSON. The latter does not say who wrote
// it: if the opcode does not tell, it is the reply when the last message was a
// request with this opcode.
func (s *script) parse(text []byte) (*frame, error) {
	m, err := viewer.ParseJSON(text)
	if err != nil {
		return nil, err
	}
	f := &frame{message: *m}
	var raw struct{ Op *int }
	if json.Unmarshal(text, &raw) == nil && raw.Op != nil {
		author, decided := f.author()
		if !decided && s.exchangeOf(nil).awaits(m.Packet.Opcode) {
			author = codec.FromDaemon
		}
		f.message.From = author
	}
	f.body, err = m.Packet.AppendBody(nil, m.Flags)
	return f, err
}

// awaits reports whether the last request has no reply yet and this opcode.
func (x *exchange) awaits(op codec.Opcode) bool {
	n := len(x.requests)
	return n > len(x.replies) && x.requests[n-1].Opcode() == op
}

// add takes in a message. Those of the login are the server's own.
func (s *script) add(f *frame) error {
	m := ec.New(f.message.From, f.message.Packet.Opcode)
	if m == nil {
		return fmt.Errorf("there is no message %s of a %v", opcodeTitle(f.message.Packet.Opcode), f.message.From)
	}
	if err := m.UnmarshalBody(f.body, f.message.Flags); err != nil {
		return err
	}
	x := s.exchangeOf(f.conversation)
	switch m := m.(type) {
	case *ec.AuthOK:
		s.version = m.ServerVersion
		s.confirm(m)
	case *ec.AuthReq, *ec.AuthSalt, *ec.AuthPasswd, *ec.AuthFail:
	default:
		if f.message.From == codec.FromClient {
			x.requests = append(x.requests, m)
		} else {
			x.replies = append(x.replies, m)
		}
	}
	return nil
}

// confirm notes what a login confirmed; with several, what any did.
func (s *script) confirm(login *ec.AuthOK) {
	if s.capabilities == nil {
		s.capabilities = &session.Capabilities{Zlib: true, UTF8Numbers: true, Notify: true, PreferNoZlib: true}
	}
	s.capabilities.LargeTagCount = s.capabilities.LargeTagCount || login.CanLargeTagCount
	s.capabilities.PartialUpdate = s.capabilities.PartialUpdate || login.CanPartialUpdate
}

func (s *script) exchangeOf(of *conversation) *exchange {
	i := slices.IndexFunc(s.open, func(x exchange) bool { return x.of == of })
	if i < 0 {
		i = len(s.open)
		s.open = append(s.open, exchange{of: of})
	}
	return &s.open[i]
}

// complete pairs requests with their replies, when all files were read. A
// daemon answers in the order of requests. What cannot be the reply to the next
// one was sent unasked, or stands there by itself.
func (s *script) complete() error {
	s.exact, s.other, s.alone = map[string][]ec.Message{}, map[codec.Opcode][]ec.Message{}, map[codec.Opcode][]ec.Message{}
	for _, x := range s.open {
		requests := x.requests
		for _, reply := range x.replies {
			s.replies++
			if len(requests) == 0 || !answers(requests[0], reply) {
				s.alone[reply.Opcode()] = append(s.alone[reply.Opcode()], reply)
				continue
			}
			key, err := bodyOf(requests[0])
			if err != nil {
				return err
			}
			op := requests[0].Opcode()
			s.exact[key], s.other[op] = append(s.exact[key], reply), append(s.other[op], reply)
			requests = requests[1:]
		}
	}
	s.open = nil
	if s.replies == 0 {
		return findingError("no FILE has a reply of a daemon")
	}
	return nil
}

// answers reports whether the protocol has this reply for the request. Anything
// may fail.
func answers(request, reply ec.Message) bool {
	replies, known := ec.Protocol.Replies[request.Opcode()]
	return !known || reply.Opcode() == ec.OpFailed || slices.Contains(replies, reply.Opcode())
}

// bodyOf returns what is the same for requests that are the same.
func bodyOf(m ec.Message) (string, error) {
	body, err := m.AppendBody(nil, messageFlags)
	return string(body), err
}

// handler returns what answers the requests of one connection.
func (s *script) handler(*session.Conn) session.Handler {
	said := make(map[string]int) // how many replies to a request, by what it was looked up
	next := func(by string, replies []ec.Message) ec.Message {
		n := min(said[by], len(replies)-1)
		said[by]++
		return replies[n]
	}
	return session.HandlerFunc(func(_ context.Context, _ *session.Conn, request ec.Message) (ec.Message, error) {
		body, err := bodyOf(request)
		if err != nil {
			return nil, err
		}
		op := request.Opcode()
		if replies := s.exact[body]; replies != nil {
			return next("exact "+body, replies), nil
		}
		if replies := s.other[op]; replies != nil {
			return next("other "+opcodeTitle(op), replies), nil
		}
		for _, reply := range ec.Protocol.Replies[op] {
			if replies := s.alone[reply]; replies != nil {
				return next("alone "+opcodeTitle(reply), replies), nil
			}
		}
		return nil, session.Failed("nothing is there to answer " + opcodeTitle(op))
	})
}
