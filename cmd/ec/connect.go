package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/ecgen/ecgen/session"
)

// defaultAddress is where the daemon of this machine listens.
const defaultAddress = "127.0.0.1:4712"

// login is what the options say about the daemon to talk to.
type login struct {
	address string
	config  string
	timeout time.Duration
	secret  secretFile

	misset error // what is wrong in the environment
}

// define defines the options, whose defaults the environment has.
func (l *login) define(flags *flag.FlagSet) {
	flags.StringVar(&l.address, "address", os.Getenv("EC_ADDRESS"), "`ADDRESS` of the daemon; $EC_ADDRESS")
	flags.StringVar(&l.config, "config", os.Getenv("EC_CONFIG"), "`FILE` with address and password; $EC_CONFIG")
	l.timeout = 30 * time.Second
	if text := os.Getenv("EC_TIMEOUT"); text != "" {
		if l.timeout, l.misset = time.ParseDuration(text); l.misset != nil {
			l.misset = fmt.Errorf("EC_TIMEOUT: %w", l.misset)
		}
	}
	flags.DurationVar(&l.timeout, "timeout", l.timeout, "wait so `LONG` for an answer; $EC_TIMEOUT")
	l.secret.define(flags)
}

// loginSynopsis and loginDetails explain the options in the help of each verb
// that has them.
const (
	loginSynopsis = " [--address ADDRESS] [--config FILE] [--password-file FILE] [--timeout LONG]"

	loginDetails = `ADDRESS is a host with or without a port, 127.0.0.1:4712 unless told. The
password is never an argument, which other users of the machine could read. It
is looked for in this order:

  --password-file FILE, or $EC_PASSWORD_FILE: its first line
  $EC_PASSWORD
  --config FILE, or $EC_CONFIG: an amule.conf or remote.conf, which have its MD5
  the amule.conf of this user, when no ADDRESS is given
  the terminal, where it is not shown

LONG is as in 30s or 2m.
`
)

// dial logs in to the daemon.
func (l *login) dial(ctx context.Context, c *call) (*session.Client, error) {
	address, options, err := l.options(c)
	if err != nil {
		return nil, err
	}
	return logIn(ctx, address, options)
}

func logIn(ctx context.Context, address string, options session.Options) (client *session.Client, err error) {
	err = untilKept(ctx, func() (err error) {
		client, err = session.Dial(ctx, address, options)
		return err
	})
	return client, err
}

// An amuled 2.3.3 drops about one in fifty connections that begin while another
// one ends, before it has answered AUTH_PASSWD or the first request: those of
// aMule's own clients too. A new one is tried so often, after a pause.
const (
	connectTries = 4
	connectPause = 200 * time.Millisecond
)

// untilKept does what needs a connection of its own, and may be done twice,
// until the daemon does not drop it.
func untilKept(ctx context.Context, do func() error) error {
	for tries := 1; ; tries++ {
		err := do()
		if tries == connectTries || !errors.Is(err, session.ErrConnectionLost) {
			return err
		}
		select {
		case <-time.After(connectPause):
		case <-ctx.Done():
			return err
		}
	}
}

// forUsers returns what an error says in terms of this tool, where package
// session names itself, and advises those who write programs.
func forUsers(err error) string {
	return advice.Replace(strings.TrimPrefix(err.Error(), "session: "))
}

var advice = strings.NewReplacer(
	": dial again, or set Options.Reconnect", "",
	"dial again, set Options.Reconnect, or allow a longer Options.Timeout", "allow a longer --timeout",
	": set Options.VersionID for a snapshot daemon, and only for one", ", which this program does not log in to",
)

// options returns where to dial, and how to log in.
func (l *login) options(c *call) (address string, options session.Options, err error) {
	if l.misset != nil {
		return "", options, l.misset
	}
	if l.timeout <= 0 {
		return "", options, usageError("--timeout and $EC_TIMEOUT want a time over 0")
	}
	options = session.Options{ClientName: "ec", Timeout: l.timeout}
	if options.Password, err = l.secret.read(); err != nil {
		return "", options, err
	}
	config, err := l.readConfig()
	if err != nil {
		return "", options, err
	}
	switch {
	case l.address != "":
		address = withPort(l.address)
	case config.Address != "":
		address = config.Address
	default:
		address = defaultAddress
	}
	if options.Password.IsZero() {
		options.Password = config.Password
	}
	if options.Password.IsZero() {
		options.Password, err = ask(c, "Password for "+address)
	}
	return address, options, err
}

// readConfig reads the file that was told, or that of this user if there is
// one.
func (l *login) readConfig() (config session.Config, err error) {
	if l.config != "" {
		return session.ReadConfig(l.config)
	}
	if l.address != "" {
		return config, nil
	}
	path, err := session.ConfigPath()
	if err != nil {
		return config, nil
	}
	config, err = session.ReadConfig(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return session.Config{}, nil
	}
	return config, err
}

// withPort adds the usual port to an address without one.
func withPort(address string) string {
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), fmt.Sprint(defaultPort))
}

// secretFile is the option --password-file: where a password is, beside the
// environment.
type secretFile struct{ name string }

func (s *secretFile) define(flags *flag.FlagSet) {
	flags.StringVar(&s.name, "password-file", os.Getenv("EC_PASSWORD_FILE"), "`FILE` with the password; $EC_PASSWORD_FILE")
}

// read returns the password, or none.
func (s *secretFile) read() (session.Password, error) {
	if s.name == "" {
		return session.NewPassword(os.Getenv("EC_PASSWORD")), nil
	}
	file, err := os.Open(s.name)
	if err != nil {
		return session.Password{}, err
	}
	defer file.Close()
	line, err := bufio.NewReader(io.LimitReader(file, 4096)).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if err != nil && err != io.EOF {
		return session.Password{}, err
	}
	if line == "" {
		return session.Password{}, fmt.Errorf("the first line of %s is empty: it should be the password", s.name)
	}
	return session.NewPassword(line), nil
}

// ask reads a password from the terminal, which does not show it. Interrupted,
// it leaves the terminal as it was.
func ask(c *call, prompt string) (session.Password, error) {
	in, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return session.Password{}, errors.New("there is no password: set EC_PASSWORD, or use --password-file or --config")
	}
	before, err := term.GetState(int(in.Fd()))
	if err != nil {
		return session.Password{}, err
	}
	ctx, stop := c.untilInterrupted()
	defer stop()
	fmt.Fprintf(c.stderr, "%s: ", prompt)
	defer fmt.Fprintln(c.stderr)
	type line struct {
		text []byte
		err  error
	}
	typed := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(int(in.Fd()))
		typed <- line{text, err}
	}()
	select {
	case l := <-typed:
		if l.err == nil && len(l.text) == 0 {
			l.err = errors.New("the password is empty")
		}
		return session.NewPassword(string(l.text)), l.err
	case <-ctx.Done():
		term.Restore(int(in.Fd()), before)
		return session.Password{}, fmt.Errorf("no password was given: %w", context.Cause(ctx))
	}
}
