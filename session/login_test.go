package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// scripted is a connection whose other side says what it says whatever it is
// told, and then ends.
type scripted struct {
	net.Conn // nil: nothing else is called
	says     io.Reader
}

func (c scripted) Read(b []byte) (int, error)       { return c.says.Read(b) }
func (scripted) Write(b []byte) (int, error)        { return len(b), nil }
func (scripted) Close() error                       { return nil }
func (scripted) RemoteAddr() net.Addr               { return &net.TCPAddr{IP: net.IPv4(203, 0, 113, 9), Port: 4712} }
func (scripted) SetDeadline(time.Time) error        { return nil }
func (scripted) SetReadDeadline(t time.Time) error  { return nil }
func (scripted) SetWriteDeadline(t time.Time) error { return nil }

// packet returns the packet of a message in the plain form.
func packet(t testing.TB, m ec.Message) []byte {
	t.Helper()
	b, err := (&ec.Packet{Message: m}).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEachRefusedLoginSaysWhatToDo(t *testing.T) {
	real := func(pair, scenario string) []byte {
		_, daemon := captured(t, pair, scenario)
		return daemon
	}
	salt := packet(t, &ec.AuthSalt{PasswdSalt: 5})
	for _, test := range []struct {
		name    string
		daemon  []byte
		want    error
		mention string
	}{
		{"wrong password", real("amulecmd-2.3.3-amuled-2.3.3", "login-wrong-password"), ErrWrongPassword, "ECPassword"},
		{"missing password", real("raw-amuled-2.3.3", "raw-missing-password"), ErrWrongPassword, "ECPassword"},
		{"old protocol", real("raw-amuled-2.3.3", "raw-old-version"), ErrProtocolVersion, "0x0204"},
		{"new protocol, 3.0", real("raw-amuled-3.0", "raw-new-version"), ErrProtocolVersion, "0x0204"},
		{"no protocol", real("raw-amuled-2.3.3", "raw-no-version"), ErrProtocolVersion, "2.3.1"},
		{"version id", real("raw-amuled-2.3.3", "raw-with-version-id"), ErrVersionID, "snapshot"},
		{"no password on the daemon", packet(t, &ec.AuthFail{}), ErrNoPassword, "set one"},
		{"another reason", packet(t, &ec.AuthFail{Reason: "An encrypted session is required."}), ErrRefused, "encrypted session"},
		{"a web server", []byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), ErrNotEC, "ECPort"},
		{"another packet", packet(t, &ec.NoOp{}), ErrNotEC, "NOOP"},
		{"another second packet", append(bytes.Clone(salt), packet(t, &ec.Strings{})...), ErrNotEC, "STRINGS"},
		{"nothing", nil, ErrConnectionLost, "is this its port for external connections?"},
		{"no second packet", salt, ErrConnectionLost, "dial again"},
		{"a flood", append(codec.AppendHeader(nil, codec.Header{Flags: codec.FlagBase, Length: 2049}), make([]byte, 2049)...), ErrNotEC, "limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewClient(within(t), scripted{says: bytes.NewReader(test.daemon)}, Options{Password: secret})
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.mention) {
				t.Errorf("got %v", err)
			}
			var refused *LoginError
			if errors.As(err, &refused) != (test.want != ErrNotEC && test.want != ErrConnectionLost) {
				t.Errorf("%v: a LoginError, or none, is wrong", err)
			}
		})
	}
}

func TestDialErrorsSayWhatToDo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	silent := l.Addr().String()
	defer l.Close()
	ended, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("changed my mind"))
	for _, test := range []struct {
		name    string
		ctx     context.Context
		address string
		options Options
		want    error
		mention string
	}{
		{"nobody listens", within(t), "127.0.0.1:1", Options{Password: secret}, nil, "external connections"},
		{"no password", within(t), silent, Options{}, nil, "Options.Password"},
		{"a daemon that is silent", context.Background(), silent, Options{Password: secret, Timeout: time.Millisecond}, ErrNoAnswer, "Timeout"},
		{"a context that ended", ended, silent, Options{Password: secret}, context.Cause(ended), "changed my mind"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Dial(test.ctx, test.address, test.options)
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.mention) {
				t.Errorf("got %v", err)
			}
		})
	}
	timed, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if _, err := Dial(timed, silent, Options{Password: secret}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// The announcement follows the address, unless told otherwise.
func TestPreferNoZlibIsForNearbyDaemons(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:4712": true, "[::1]:4712": true, "10.1.2.3:4712": true, "192.168.0.9:1": true, "172.16.0.1:1": true,
		"169.254.3.4:1": true, "[fe80::1%eth0]:1": true, "[fd00::7]:1": true, "[::ffff:192.168.1.1]:1": true,
		"203.0.113.9:4712": false, "[2001:db8::1]:4712": false, "172.32.0.1:1": false,
	} {
		to, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := isLocal(to); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	told := DefaultCapabilities()
	server := &Server{Handler: library()}
	address := serve(t, server)
	if c := dial(t, address, Options{}); !c.Peer().PreferNoZlib {
		t.Error("not preferred on loopback")
	}
	if c := dial(t, address, Options{Capabilities: &told}); c.Peer().PreferNoZlib {
		t.Error("preferred although told otherwise")
	}
}

// What the daemon did not confirm is not used.
func TestOnlyWhatBothCanIsUsed(t *testing.T) {
	for _, offered := range []Capabilities{{}, {Zlib: true, UTF8Numbers: true}, {LargeTagCount: true}, {PartialUpdate: true}} {
		for _, announced := range []Capabilities{{}, {Zlib: true, UTF8Numbers: true}, DefaultCapabilities()} {
			var seen Capabilities
			server := &Server{Capabilities: &offered, NewHandler: func(c *Conn) Handler {
				seen = c.Peer().Capabilities
				return library()
			}}
			c := dial(t, serve(t, server), Options{Capabilities: &announced})
			if _, err := Call(within(t), c, &ec.GetSharedFiles{}); err != nil {
				t.Fatal(err)
			}
			want := announced
			want.LargeTagCount = announced.LargeTagCount && offered.LargeTagCount
			want.PartialUpdate = announced.PartialUpdate && offered.PartialUpdate
			if got := c.Peer().Capabilities; got != want {
				t.Errorf("announced %v, offered %v: the client uses %v", announced, offered, got)
			}
			want.Zlib, want.UTF8Numbers = announced.Zlib && offered.Zlib, announced.UTF8Numbers && offered.UTF8Numbers
			if seen != want {
				t.Errorf("announced %v, offered %v: the server uses %v", announced, offered, seen)
			}
		}
	}
}

func TestPasswordAnswers(t *testing.T) {
	for salt, want := range map[uint64]string{ // reference section 3.2
		0x5E3AB49C174F0C02: "a4735272e9ed7d029b113cd6b8d50cf1",
		0x0123456789ABCDEF: "82562c8d7aaef8cb1e077ec9911abdb2",
		0x85E4BA4461965156: "9dd41c0b85c8b7cd0a0b1a8ecf9f5d29",
		0xDEADBEEF:         "8d3ac633f6508074b3ce5fca4297ac05",
	} {
		stored, err := ParsePassword("EF7628C92BFF39C0B3532D36A617CF09")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []Password{NewPassword("amule"), stored} {
			hash := p.answer(salt)
			if hash.String() != want || !p.accepts(hash, salt) || p.accepts(hash, salt+1) {
				t.Errorf("the answer to %X is %v", salt, hash)
			}
		}
	}
}

func TestStoredPasswordsAreChecked(t *testing.T) {
	for _, digits := range []string{"", "ectest", strings.Repeat("g", 32), strings.Repeat("0", 33), "d41d8cd98f00b204e9800998ecf8427e"} {
		if p, err := ParsePassword(digits); err == nil || !p.IsZero() {
			t.Errorf("%q is taken", digits)
		} else if digits != "" && strings.Contains(err.Error(), digits) {
			t.Errorf("the error quotes what may be a password: %v", err)
		}
	}
	if !NewPassword("").IsZero() {
		t.Error("the empty password is a password")
	}
}

func TestAPasswordNeverPrints(t *testing.T) {
	type wrapper struct{ hidden Password }
	p := NewPassword("ectest")
	client := &Client{options: Options{Password: p}}
	server := &Server{Password: p}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o"} {
		for _, value := range []any{p, &p, Options{Password: p}, wrapper{p}, &wrapper{p}, []Password{p}, client.options, server.Password, map[string]Password{"a": p}} {
			text := strings.ToLower(fmt.Sprintf(verb, value))
			if leaks(text, p) {
				t.Errorf("%s of a %T prints %s", verb, value, text)
			}
		}
	}
}

// leaks reports whether a text has the password ectest, or its MD5, as hex or
// as decimal bytes.
func leaks(text string, p Password) bool {
	sum := p.sum()
	decimal := strings.Trim(fmt.Sprint(sum), "[]")
	return strings.Contains(text, "ectest") || strings.Contains(text, fmt.Sprintf("%x", sum)) || strings.Contains(text, decimal) ||
		strings.Contains(text, string(sum[:]))
}
