package session

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/generated/ec"
)

// hello is the password of the samples.
var hello = NewPassword("hello")

// sampleOf returns what a program of an old release wrote.
func sampleOf(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("../codec/dialect/testdata/samples/" + name + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// oldLogins are the first packets of clients of each dialect, as their
// programs wrote them.
var oldLogins = []struct {
	dialect dialect.Dialect
	sample  string
	version string // that the client says
}{
	{dialect.RC8, "rc8_auth_req_first", "2.0.0"},
	{dialect.V20, "v200_auth_req_first", "2.0.0"},
	{dialect.V21, "v213_auth_req_first", "2.x"},
	{dialect.V22, "v226_auth_req_first", "2.x"},
}

// mirror answers with the request, and says who asked.
func mirror(_ context.Context, _ *UntypedPeer, request *codec.Packet) (*codec.Packet, error) {
	return request, nil
}

// A client logs in with the bytes that the old programs wrote.
func TestOldLoginsAreThoseOfTheOldPrograms(t *testing.T) {
	for _, c := range oldLogins {
		near, far := net.Pipe()
		go DialUntyped(within(t), "", c.dialect, Options{
			Password: hello, ClientName: "aMulecmd", ClientVersion: c.version,
			DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil },
		})
		want := sampleOf(t, c.sample)
		got := make([]byte, len(want))
		far.SetDeadline(time.Now().Add(time.Minute))
		if _, err := io.ReadFull(far, got); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: the login is\n%x, %v, want\n%x", c.dialect, got, err, want)
		}
		far.Close()
	}
}

// A server takes those bytes, however they arrive, and answers in the dialect.
func TestAServerKnowsOldClientsByTheirFirstBytes(t *testing.T) {
	var mutex sync.Mutex
	var seen []UntypedPeer
	address := serve(t, &Server{Password: hello, Untyped: func(_ context.Context, from *UntypedPeer, request *codec.Packet) (*codec.Packet, error) {
		mutex.Lock()
		defer mutex.Unlock()
		seen = append(seen, *from)
		return request, nil
	}})
	for _, c := range oldLogins {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(time.Minute))
		for _, b := range sampleOf(t, c.sample) {
			if _, err := conn.Write([]byte{b}); err != nil {
				t.Fatal(err)
			}
		}
		r := dialect.NewReader(c.dialect, conn, codec.DefaultLimits())
		reply, err := r.Next()
		if err != nil || reply.Opcode != dialect.OpAuthOK || eraText(&reply.Packet, c.dialect.LoginCodes().ServerVersion) != "3.0.0" {
			t.Errorf("%v: the login is answered with %v, %v", c.dialect, reply, err)
			continue
		}
		if wantWord := c.dialect == dialect.V20; wantWord != (reply.Accepts == 0x23) {
			t.Errorf("%v: the answer announces %#x", c.dialect, reply.Accepts)
		}
		w := dialect.NewWriter(c.dialect, conn)
		w.Accepts = reply.Accepts
		if err := w.Write(&codec.Packet{Opcode: 0x0a}); err != nil {
			t.Fatal(err)
		}
		if reply, err = r.Next(); err != nil || reply.Opcode != 0x0a {
			t.Errorf("%v: the request is answered with %v, %v", c.dialect, reply, err)
		}
	}
	for i, c := range oldLogins {
		if got := seen[i]; got.Dialect != c.dialect || got.Name != "aMulecmd" || got.Version != c.version {
			t.Errorf("the client of %v is taken for %+v", c.dialect, got)
		}
	}
}

func TestUntypedCallsInEveryDialect(t *testing.T) {
	address := serve(t, &Server{Untyped: mirror, Handler: library()})
	for _, d := range dialect.All() {
		u, err := DialUntyped(within(t), address, d, Options{Password: secret})
		if err != nil {
			t.Fatalf("%v: %v", d, err)
		}
		defer u.Close()
		if u.Dialect() != d || u.Version() != "3.0.0" {
			t.Errorf("%v: %v, version %q", d, u.Dialect(), u.Version())
		}
		if d.Salted() {
			reply, err := u.Call(within(t), &codec.Packet{Opcode: ec.OpGetSharedFiles})
			if err != nil || reply.Opcode != ec.OpSharedFiles || len(reply.Tags) != 1 {
				t.Errorf("%v: %v, %v", d, reply, err)
			}
			continue
		}
		for _, size := range []int{0, 10, 2000} {
			request := &codec.Packet{Opcode: 6, Tags: []codec.Tag{d.Text(1, strings.Repeat("x", size))}}
			reply, err := u.Call(within(t), request)
			if err != nil || !reply.Equal(request) {
				t.Errorf("%v: %v, %v", d, reply, err)
			}
		}
	}
}

// Daemons of 2.1 and 2.2 refuse what is beyond 16 MiB, but send it, and their
// clients that wait for an answer take it.
func TestOldClientsTakeLargeAnswers(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.V21, dialect.V22} {
		large := &codec.Packet{Opcode: 6, Tags: []codec.Tag{d.Empty(1)}}
		large.Tags[0].Data = make([]byte, 16<<20)
		near, far := net.Pipe()
		defer far.Close()
		go func() {
			r := dialect.NewReader(d, far, codec.DefaultLimits())
			for _, reply := range []*codec.Packet{{Opcode: dialect.OpAuthOK}, large} {
				if _, err := r.Next(); err != nil {
					return
				}
				plain := &dialect.Packet{Flags: codec.FlagBase, Packet: *reply}
				if dialect.NewWriter(d, far).WritePacket(plain) != nil {
					return
				}
			}
		}()
		u, err := DialUntyped(within(t), "", d, Options{
			Password:    secret,
			DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil },
		})
		if err != nil {
			t.Fatalf("%v: %v", d, err)
		}
		defer u.Close()
		if reply, err := u.Call(within(t), &codec.Packet{Opcode: 0x0a}); err != nil || !reply.Equal(large) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

// On the trunk of late 2005 a daemon leaves a request without a number
// unanswered once its client has said that it reads numbers, and a client waits
// for the answer with the number of its request.
func TestRequestsOfTheTrunkHaveNumbers(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	go func() {
		r, w := dialect.NewReader(dialect.Trunk, far, codec.DefaultLimits()), dialect.NewWriter(dialect.Trunk, far)
		for next := 0; ; next++ {
			request, err := r.Next()
			if err != nil || (request.ID > 0) != (next > 0) {
				far.Close()
				return
			}
			reply := &codec.Packet{Opcode: dialect.OpAuthOK}
			if next > 0 {
				reply = &request.Packet
			} else {
				w.Accepts = request.Accepts
			}
			w.ID = request.ID
			if w.Write(reply) != nil {
				return
			}
		}
	}()
	u, err := DialUntyped(within(t), "", dialect.Trunk, Options{
		Password:    secret,
		DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	for range 3 {
		if reply, err := u.Call(within(t), &codec.Packet{Opcode: 0x0a}); err != nil || reply.Opcode != 0x0a {
			t.Fatalf("%v, %v", reply, err)
		}
	}
}

// The other side of it: the numbers that a client gives come back.
func TestAnswersOfTheTrunkHaveTheNumberOfTheirRequest(t *testing.T) {
	conn, err := net.Dial("tcp", serve(t, &Server{Untyped: mirror}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	r, w := dialect.NewReader(dialect.Trunk, conn, codec.DefaultLimits()), dialect.NewWriter(dialect.Trunk, conn)
	request := eraLogin(dialect.Trunk, Options{Password: secret, ClientName: "amulegui", ClientVersion: "CVS"})
	for _, number := range []uint32{0, 1, 0x12345678, 0} {
		w.ID = number
		if err := w.Write(request); err != nil {
			t.Fatal(err)
		}
		reply, err := r.Next()
		if err != nil || reply.ID != number {
			t.Fatalf("the answer to request %d is %v, %v", number, reply, err)
		}
		if number == 0 {
			w.Accepts = reply.Accepts
		}
		request = &codec.Packet{Opcode: 0x0a}
	}
}

func TestOldClientsAreRefusedInTheirDialect(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.RC8, dialect.V20, dialect.Trunk, dialect.V21, dialect.V22} {
		_, err := DialUntyped(within(t), serve(t, &Server{}), d, Options{Password: secret})
		if refused, ok := errors.AsType[*LoginError](err); !ok || refused.Reason != onlyToday || refused.Err != ErrRefused {
			t.Errorf("%v, without a handler: %v", d, err)
		}
		_, err = DialUntyped(within(t), serve(t, &Server{Untyped: mirror}), d, Options{Password: hello})
		if !errors.Is(err, ErrWrongPassword) {
			t.Errorf("%v, wrong password: %v", d, err)
		}
		if strings.Contains(fmt.Sprint(err), "5d41402abc4b2a76b9719d911017c592") {
			t.Errorf("%v: the error has the password's hash: %v", d, err)
		}
	}
}

// loginAnswer returns what a server answers to a login, which has tags beside
// those that clients of releases send.
func loginAnswer(t *testing.T, address string, d dialect.Dialect, more ...codec.Tag) *codec.Packet {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	login := eraLogin(d, Options{Password: secret, ClientName: "aMulecmd", ClientVersion: "2"})
	login.Tags = append(login.Tags, more...)
	if err := dialect.NewWriter(d, conn).Write(login); err != nil {
		t.Fatal(err)
	}
	reply, err := dialect.NewReader(d, conn, codec.LoginLimits()).Next()
	if err != nil {
		t.Fatalf("%v: %v", d, err)
	}
	return &reply.Packet
}

// Daemons of releases refuse clients that were built from a snapshot, which say
// so: by a date in 2.0, a hash later. Tag 7 of rc8 is another one, and on the
// trunk there were only snapshots.
func TestSnapshotsOfOldClientsAreRefused(t *testing.T) {
	address := serve(t, &Server{Untyped: mirror})
	for _, c := range []struct {
		dialect  dialect.Dialect
		snapshot codec.Tag
		want     codec.Opcode
	}{
		{dialect.RC8, dialect.RC8.Uint(7, 1, 1), dialect.OpAuthOK},
		{dialect.V20, dialect.V20.Text(7, "20050612"), dialect.OpAuthFail},
		{dialect.Trunk, dialect.Trunk.Hash(7, codec.Hash{1}), dialect.OpAuthOK},
		{dialect.V21, dialect.V21.Hash(7, codec.Hash{1}), dialect.OpAuthFail},
		{dialect.V22, dialect.V22.Hash(3, codec.Hash{1}), dialect.OpAuthFail},
	} {
		reply := loginAnswer(t, address, c.dialect, c.snapshot)
		if reply.Opcode != c.want {
			t.Errorf("%v: answered with %v", c.dialect, reply)
		}
		if reason := eraText(reply, c.dialect.LoginCodes().String); c.want == dialect.OpAuthFail && eraCause(reason) != ErrVersionID {
			t.Errorf("%v: the reason is %q", c.dialect, reason)
		}
	}
}

// A daemon without a password refuses without a word.
func TestAServerWithoutAPasswordSaysNothing(t *testing.T) {
	address := serveAsIs(t, &Server{Untyped: mirror})
	for _, d := range []dialect.Dialect{dialect.V20, dialect.V21, dialect.V22} {
		if reply := loginAnswer(t, address, d); reply.Opcode != dialect.OpAuthFail || len(reply.Tags) > 0 {
			t.Errorf("%v: answered with %v", d, reply)
		}
		_, err := DialUntyped(within(t), address, d, Options{Password: secret})
		if !errors.Is(err, ErrNoPassword) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

// Programs of rc8 leave the password out when there is none; no others do.
func TestOnlyRC8LogsInWithoutAPassword(t *testing.T) {
	u, err := DialUntyped(within(t), onlyDialect(t, dialect.RC8), dialect.RC8, Options{})
	if err != nil {
		t.Fatal(err)
	}
	u.Close()
	if p := eraLogin(dialect.RC8, Options{}); p.Find(dialect.RC8.LoginCodes().PasswdHash) != nil {
		t.Errorf("the login is %v", p)
	}
	if _, err := DialUntyped(within(t), serve(t, &Server{Untyped: mirror}), dialect.RC8, Options{}); !errors.Is(err, ErrWrongPassword) {
		t.Errorf("to a server with a password: %v", err)
	}
	for _, d := range dialect.All()[1:] {
		if _, err := DialUntyped(within(t), onlyDialect(t, d), d, Options{}); err == nil || !strings.Contains(err.Error(), "Options.Password is not set") {
			t.Errorf("%v: %v", d, err)
		}
	}
}

// Clients of today are served as before beside the old ones.
func TestClientsOfTodayAreNotTakenForOld(t *testing.T) {
	address := serve(t, &Server{Untyped: mirror, Handler: library()})
	c := dial(t, address, Options{})
	if _, err := Call(within(t), c, &ec.GetSharedFiles{}); err != nil {
		t.Error(err)
	}
}

// onlyDialect is a daemon of one release, to which other dialects are garbage.
func onlyDialect(t *testing.T, d dialect.Dialect) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(time.Minute))
			p, err := dialect.NewReader(d, conn, codec.LoginLimits()).Next()
			if err == nil {
				op, reason := dialect.OpAuthOK, eraFault(d, &p.Packet)
				if reason != "" {
					op = dialect.OpAuthFail
				}
				dialect.NewWriter(d, conn).Write(eraAnswer(d, op, reason, d.String()+".0"))
			}
			conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestDialAnyFindsTheDialect(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.V20, dialect.V21, dialect.V22} {
		u, err := DialAny(within(t), onlyDialect(t, d), Options{Password: secret})
		if err != nil {
			t.Errorf("%v: %v", d, err)
			continue
		}
		if u.Dialect() != d || u.Version() != d.String()+".0" {
			t.Errorf("%v: found %v, version %s", d, u.Dialect(), u.Version())
		}
		u.Close()
	}
	u, err := DialAny(within(t), serve(t, &Server{Handler: library()}), Options{Password: secret})
	if err != nil || u.Dialect() != dialect.V30 {
		t.Fatalf("of today: %v", err)
	}
	u.Close()
	_, err = DialAny(within(t), onlyDialect(t, dialect.V20), Options{Password: secret}, dialect.V22, dialect.V21)
	if !errors.Is(err, ErrConnectionLost) || !strings.Contains(err.Error(), "as 2.2") || !strings.Contains(err.Error(), "as 2.1") {
		t.Errorf("without the right one: %v", err)
	}
}

func TestUntypedCallsEndWithTheirContext(t *testing.T) {
	address := serve(t, &Server{Untyped: func(ctx context.Context, _ *UntypedPeer, _ *codec.Packet) (*codec.Packet, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}})
	u, err := DialUntyped(within(t), address, dialect.V20, Options{Password: secret})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := u.Call(ctx, &codec.Packet{Opcode: 1}); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrConnectionLost) {
		t.Errorf("got %v", err)
	}
	if _, err := u.Call(t.Context(), &codec.Packet{Opcode: 1}); !errors.Is(err, ErrConnectionLost) {
		t.Errorf("then %v", err)
	}
}

// An old client that has logged in is no login that takes long.
func TestAnOldClientKeepsItsPlace(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.RC8, dialect.V22} {
		address := serve(t, &Server{MaxConnections: 1, Untyped: mirror})
		old, err := DialUntyped(within(t), address, d, Options{Password: secret})
		if err != nil {
			t.Fatal(err)
		}
		defer old.Close()
		if _, err := DialUntyped(within(t), address, d, Options{Password: secret}); !errors.Is(err, ErrConnectionLost) {
			t.Errorf("%v: one more connection gave %v", d, err)
		}
		if _, err := old.Call(within(t), &codec.Packet{Opcode: 6}); err != nil {
			t.Errorf("%v: the first connection: %v", d, err)
		}
	}
}

func TestAPanicOfAnUntypedHandlerEndsOneConnection(t *testing.T) {
	address := serve(t, &Server{Untyped: func(_ context.Context, _ *UntypedPeer, request *codec.Packet) (*codec.Packet, error) {
		switch request.Opcode {
		case 1:
			panic("ouch")
		case 2:
			return nil, nil
		}
		return request, nil
	}})
	for _, op := range []codec.Opcode{1, 2} {
		u, err := DialUntyped(within(t), address, dialect.V20, Options{Password: secret})
		if err != nil {
			t.Fatal(err)
		}
		defer u.Close()
		if _, err := u.Call(within(t), &codec.Packet{Opcode: 6}); err != nil {
			t.Error(err)
		}
		if _, err := u.Call(within(t), &codec.Packet{Opcode: op}); !errors.Is(err, ErrConnectionLost) {
			t.Errorf("opcode %d: %v", op, err)
		}
	}
}
