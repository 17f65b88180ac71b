package main

import (
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// listen listens on a free port of this machine.
func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(time.Minute))
	t.Cleanup(func() { c.Close() })
	return c
}

// replay lets a daemon send its stream when it has what the client sends, and
// returns what both got through the address.
func replay(t *testing.T, l net.Listener, address, fromClient, fromDaemon string) (atDaemon, atClient string) {
	t.Helper()
	got := make(chan string, 1)
	go func() {
		defer close(got)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		received, err := io.ReadAll(c)
		if err == nil {
			io.WriteString(c, fromDaemon)
			got <- string(received)
		}
	}()
	c := dial(t, address)
	for part := fromClient; part != ""; {
		n := min(len(part), 7)
		if _, err := io.WriteString(c, part[:n]); err != nil {
			t.Fatal(err)
		}
		part = part[n:]
	}
	c.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return <-got, string(answer)
}

func TestTapPassesOnPrintsAndRecords(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(address, func(t *testing.T) {
			client, daemon := readFile(t, downloads+".c2s.bin"), readFile(t, downloads+".s2c.bin")
			l := listen(t)
			out := filepath.Join(t.TempDir(), "out.pcapng")
			tap := start(t, "", "tap", "--json", "--listen", address, "--to", l.Addr().String(), "-o", out)
			for range 2 {
				atDaemon, atClient := replay(t, l, tap.address, client, daemon)
				if atDaemon != client || atClient != daemon {
					t.Errorf("passed on %x\nand %x", atDaemon, atClient)
				}
			}
			got := tap.end()
			one := tool(client, "dump", "--json", "-").stdout + tool(daemon, "dump", "--json", "-").stdout
			expected := result{exitGood, one + one, "ec tap: listening on " + tap.address + " for clients of the daemon at " + l.Addr().String() + "\n"}
			if got != expected {
				t.Errorf("got %+v, want %+v", got, expected)
			}
			want(t, result{exitGood, one + one, ""}, "", "dump", "--json", out)
			want(t, result{exitGood, one, ""}, "", "dump", "--json", "--connection", "2", out)
		})
	}
}

// While it runs, the capture is whole after each packet.
func TestTapWritesAtOnce(t *testing.T) {
	l := listen(t)
	out := filepath.Join(t.TempDir(), "out.pcapng")
	tap := start(t, "", "tap", "--raw", "--listen", "127.0.0.1:0", "--to", l.Addr().String(), "-o", out)
	c := dial(t, tap.address)
	daemon, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	for n := range 3 {
		if _, err := io.WriteString(c, statReq); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(daemon, make([]byte, len(statReq))); err != nil {
			t.Fatal(err)
		}
		expected := tool(strings.Repeat(statReq, n+1), "dump", "--raw", "-").stdout
		want(t, result{exitGood, expected, ""}, "", "dump", "--raw", out)
	}
	if got := tap.end(); got.code != exitGood {
		t.Errorf("%+v", got)
	}
}

func TestTapOnceEndsWithTheConnection(t *testing.T) {
	l := listen(t)
	tap := start(t, "", "tap", "--once", "--listen", "127.0.0.1:0", "--to", l.Addr().String(), "-o", "-")
	replay(t, l, tap.address, statReq, statReply)
	got := tap.wait()
	if got.code != exitGood {
		t.Errorf("%+v", got)
	}
	want(t, result{exitGood, tool(statReq, "dump", "--raw", "-").stdout + tool(statReply, "dump", "--raw", "-").stdout, ""}, got.stdout, "dump", "--raw", "-")
}

func TestTapPassesOnWhatAMuleRefuses(t *testing.T) {
	l := listen(t)
	tap := start(t, "", "tap", "--once", "--raw", "--listen", "127.0.0.1:0", "--to", l.Addr().String())
	atDaemon, atClient := replay(t, l, tap.address, badFlags+statReq, "GET / HTTP/1.1\r\n")
	if atDaemon != badFlags+statReq || atClient != "GET / HTTP/1.1\r\n" {
		t.Errorf("passed on %q and %q", atDaemon, atClient)
	}
	expected := `{"error":"aMule refuses these flags in what the client sent","offset":0}` + "\n" +
		tool(statReq, "dump", "--raw", "-").stdout +
		`{"error":"the body is larger than the limit in what the daemon sent","offset":4}` + "\n"
	if got := tap.wait(); got.code != exitFindings || got.stdout != expected {
		t.Errorf("%+v, want %s", got, expected)
	}
}

func TestTapSaysWhatFailed(t *testing.T) {
	l := listen(t)
	nobody := l.Addr().String()
	l.Close()
	tap := start(t, "", "tap", "--once", "--listen", "127.0.0.1:0", "--to", nobody)
	c := dial(t, tap.address)
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the client's connection goes on without a daemon")
	}
	if got := tap.wait(); got.code != exitFailed || !strings.Contains(got.stderr, nobody) {
		t.Errorf("%+v", got)
	}
	busy := listen(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--listen", busy.Addr().String()}, "address already in use"},
		{[]string{"--listen", "127.0.0.1:0", "-o", "none/out"}, "open none/out: no such file or directory"},
		{[]string{"--json", "--raw"}, "--json and --raw exclude each other"},
		{[]string{"x"}, `want options alone; see "ec help tap"`},
	} {
		if got := tool("", append([]string{"tap"}, c.args...)...); got.code != exitFailed || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: %+v, want %s", c.args, got, c.want)
		}
	}
}

// A connection that one side drops is dropped on the other.
func TestTapDropsWhatIsDropped(t *testing.T) {
	l := listen(t)
	tap := start(t, "", "tap", "--listen", "127.0.0.1:0", "--to", l.Addr().String())
	c := dial(t, tap.address)
	daemon, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
	daemon.SetDeadline(time.Now().Add(time.Minute))
	if _, err := daemon.Read(make([]byte, 1)); err == nil || errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
	tap.says(&tap.stderr, "connection reset")
	if got := tap.end(); got.code != exitGood {
		t.Errorf("%+v", got)
	}
}
