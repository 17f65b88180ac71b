package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Everything that both sides log at level Debug, and every error, through
// logins that succeed and fail in each way, and messages that carry passwords,
// is searched for the passwords and all that is made of them.
func TestNoSecretIsInALogOrAnError(t *testing.T) {
	var log safeBuffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var mux Mux
	Handle(&mux, func(_ context.Context, _ *Conn, p *ec.SetPreferences) (*ec.NoOp, error) {
		if p.RemoteCtrl == nil {
			panic("no such group")
		}
		return &ec.NoOp{}, nil
	})
	const salt uint64 = 0x5E3AB49C174F0C02
	server := &Server{Password: secret, Handler: &mux, Logger: logger, salt: func() uint64 { return salt }}
	address := serve(t, server)
	report := func(err error) {
		if err != nil {
			fmt.Fprintf(&log, "%v %+v %#v\n", err, err, errors.Unwrap(err))
		}
	}
	other := NewPassword("another")
	for _, p := range []Password{secret, other, secret} {
		o := Options{Password: p, Logger: logger, Reconnect: &Backoff{Attempts: 1}}
		c, err := Dial(t.Context(), address, o)
		report(err)
		fmt.Fprintf(&log, "%+v %v\n", o, o)
		if err != nil {
			continue
		}
		_, err = Call(t.Context(), c, &ec.SetPreferences{RemoteCtrl: &ec.RemoteControlPreferences{AdminHash: codec.Hash(secret.sum())}})
		report(err)
		_, err = Call(t.Context(), c, &ec.SetPreferences{})
		report(err)
		_, err = c.Call(t.Context(), &ec.AuthPasswd{Hash: secret.answer(salt)})
		report(err)
		c.Close()
	}
	for _, hello := range []ec.Message{&ec.AuthReq{}, &ec.AuthPasswd{Hash: secret.answer(salt)}} {
		play(t, server, [][]byte{packet(t, hello)}, 8)
	}
	_, err := ParsePassword("ectest")
	report(err)
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	text := log.String()
	if !strings.Contains(text, "logged in") || !strings.Contains(text, "SET_PREFERENCES") || !strings.Contains(text, "wrong password") {
		t.Fatalf("the log is not what is to be searched:\n%s", text)
	}
	for _, p := range []Password{secret, other} {
		answer, sum := p.answer(salt), p.sum()
		for what, hidden := range map[string]string{
			"the password":         "ectest",
			"the other password":   `another"`,
			"the hash":             fmt.Sprintf("%x", sum),
			"the hash in decimal":  strings.Trim(fmt.Sprint(sum), "[]"),
			"the bytes":            string(sum[:]),
			"the answer":           answer.String(),
			"the answer's decimal": strings.Trim(fmt.Sprint([16]byte(answer)), "[]"),
			"the salt":             fmt.Sprintf("%x", salt),
		} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(hidden)) {
				t.Errorf("%s is in:\n%s", what, text)
			}
		}
	}
}

// safeBuffer is a buffer for several goroutines.
type safeBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

// A login's hash is looked at in one place, which takes the same time for each:
// in the source nothing else touches it.
func TestHashesAreComparedInConstantTime(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	constant := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		positions := token.NewFileSet()
		file, err := parser.ParseFile(positions, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				f, ok := n.Fun.(*ast.SelectorExpr)
				if ok && (f.Sel.Name == "ConstantTimeCompare" || f.Sel.Name == "accepts") {
					constant++
					return false
				}
			case *ast.SelectorExpr:
				if n.Sel.Name == "Hash" && fmt.Sprint(n.X) != "codec" && fmt.Sprint(n.X) != "d" { // d.Hash makes a tag in dialect d
					t.Errorf("%v: a hash is used otherwise", positions.Position(n.Pos()))
				}
			case *ast.FuncDecl:
				if n.Name.Name == "accepts" && !comparesInConstantTime(n) {
					t.Errorf("%v: compares otherwise", positions.Position(n.Pos()))
				}
			}
			return true
		})
	}
	if constant != 3 {
		t.Errorf("%d places compare hashes, want accepts, its one call, and eraAccepts", constant)
	}
}

// comparesInConstantTime reports whether all that a function compares is the
// result of ConstantTimeCompare.
func comparesInConstantTime(f *ast.FuncDecl) bool {
	good := true
	ast.Inspect(f, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok {
			call, isCall := b.X.(*ast.CallExpr)
			good = good && isCall && call.Fun.(*ast.SelectorExpr).Sel.Name == "ConstantTimeCompare"
		}
		return true
	})
	return good
}
