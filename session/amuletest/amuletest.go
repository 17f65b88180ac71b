// Package amuletest runs real aMule programs for tests: the daemon, and clients
// in front of one. They run with networks off, on loopback addresses and free
// ports, each in a folder of its own, and end with the test.
package amuletest

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// Password is the one that daemons of this package have.
const Password = "ectest"

// Version returns the release that an installed aMule program is of, as "2.3.3".
func Version(t testing.TB, program string) string {
	t.Helper()
	required.Programs(t, program)
	cmd := exec.Command(program, "--version")
	cmd.Env = append(cmd.Environ(), "HOME="+t.TempDir())
	said, err := cmd.Output() // some end with exit code 255
	version := release.FindString(string(said))
	if version == "" {
		t.Fatalf("%s --version: %q, %v", program, said, err)
	}
	return version
}

var release = regexp.MustCompile(`\d+\.\d+(\.\d+)*`)

// FreePort returns a TCP port of 127.0.0.1 that nobody listens on. It is none
// that systems give to outgoing connections, as one of those could have it before
// the program that it is for.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 10_000 + rand.IntN(20_000)
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no TCP port of 127.0.0.1 is free")
	return 0
}

// Program is a program that runs.
type Program struct {
	Name   string
	ended  chan struct{}
	cancel context.CancelFunc
	output safeBuffer
}

// Start starts a program with HOME in a folder, and ends it with the test.
func Start(t testing.TB, home, name string, args ...string) *Program {
	t.Helper()
	return StartIn(t, home, nil, name, args...)
}

// StartIn is Start with more environment variables.
func StartIn(t testing.TB, home string, environment []string, name string, args ...string) *Program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &Program{Name: name, ended: make(chan struct{}), cancel: cancel}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 3 * time.Second
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "LC_ALL=C.UTF-8", "XDG_RUNTIME_DIR="+home)
	cmd.Env = append(cmd.Env, environment...)
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		cmd.Wait()
	}()
	t.Cleanup(p.Stop)
	return p
}

// Stop ends the program, if it has not ended, and waits for it.
func (p *Program) Stop() {
	p.cancel()
	<-p.ended
}

// Ended is closed when the program has ended.
func (p *Program) Ended() <-chan struct{} { return p.ended }

// Output returns what the program has printed.
func (p *Program) Output() string { return p.output.String() }

// Daemon is an amuled that runs.
type Daemon struct {
	*Program
	Address string // for external connections
	Folder  string // of its configuration
	Config  string // its amule.conf
}

// StartDaemon starts an amuled and waits until it listens. Files are put into
// its folder for finished downloads, and so are shared.
func StartDaemon(t testing.TB, files map[string][]byte) *Daemon {
	t.Helper()
	required.Programs(t, "amuled", "taskset")
	folder := t.TempDir()
	port := FreePort(t)
	d := &Daemon{
		Address: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Folder:  folder,
		Config:  filepath.Join(folder, "amule.conf"),
	}
	write(t, d.Config, fmt.Sprintf(`[eMule]
Autoconnect=0
ConnectToKad=0
ConnectToED2K=0
Reconnect=0
UPnPEnabled=0
Address=127.0.0.1
Port=%d
UDPEnable=0
IncomingDir=%s/Incoming
TempDir=%s/Temp
NewVersionCheck=0
[ExternalConnect]
AcceptExternalConnections=1
ECAddress=127.0.0.1
ECPort=%d
ECPassword=%x
`, FreePort(t), folder, folder, port, md5.Sum([]byte(Password))))
	for name, content := range files {
		write(t, filepath.Join(folder, "Incoming", name), string(content))
	}
	t.Cleanup(func() {
		if t.Failed() && d.Program != nil {
			text, _ := os.ReadFile(d.logFile())
			t.Logf("amuled logged at last:\n%s\nand printed:\n%s", text[max(0, len(text)-4000):], d.Output())
		}
	})
	d.Restart(t)
	return d
}

func (d *Daemon) logFile() string { return filepath.Join(d.Folder, "logfile") }

// Restart starts the daemon again after Stop.
//
// It runs on one processor: on several, aMule (2.3.3, and the newest reads alike)
// may lose a request that comes while the one before is being finished, and is
// silent on that connection from then on. In CAsioSocketImpl (src/LibSocketAsio.cpp)
// the thread that has received clears m_readPending and looks at m_eventPending,
// the main thread clears that and looks at the other, and nothing keeps both from
// seeing what was before. Of connections that follow each other fast it happened
// to 4 of 46,000 on two processors, and to none of 100,000 on one.
func (d *Daemon) Restart(t testing.TB) {
	t.Helper()
	os.Remove(d.logFile())
	d.Program = Start(t, d.Folder, "taskset", "--cpu-list", aProcessor(t), "amuled", "-c", d.Folder)
	d.Name = "amuled"
	// Its log says when it listens. To try is no way to find out: amuled 2.3.3
	// may close the next connection when one ends at once.
	d.Program.wait(t, "listen on "+d.Address, func() bool {
		text, _ := os.ReadFile(d.logFile())
		return bytes.Contains(text, []byte("(ECServer) listening on "+d.Address))
	})
}

// aProcessor returns the number of a processor that tests may use.
func aProcessor(t testing.TB) string {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	first := firstAllowed.FindSubmatch(status)
	if first == nil {
		t.Fatalf("/proc/self/status names no processors:\n%s", status)
	}
	return string(first[1])
}

var firstAllowed = regexp.MustCompile(`Cpus_allowed_list:\s*(\d+)`)

// mostTries is how often Persist tries.
const mostTries = 5

// Persist does what needs a connection of its own, and may be done twice, until
// the daemon does not drop it. On a machine under load amuled 2.3.3 drops about
// one of a hundred connections before it has answered AUTH_PASSWD or the first
// request, those of aMule's own clients too. It returns the last error.
func Persist(t testing.TB, do func() error) error {
	t.Helper()
	for tries := 1; ; tries++ {
		err := do()
		if tries == mostTries || !errors.Is(err, session.ErrConnectionLost) {
			return err
		}
		t.Logf("the daemon hangs up: %v", err)
		time.Sleep(200 * time.Millisecond)
	}
}

// Dial logs in to a daemon that keeps the connection: it has answered a request.
// The connection ends with the test.
func Dial(t testing.TB, address string, options session.Options) (client *session.Client, err error) {
	t.Helper()
	err = Persist(t, func() error {
		if client, err = session.Dial(t.Context(), address, options); err != nil {
			return err
		}
		if _, err = client.Call(t.Context(), &ec.GetConnState{}); err != nil {
			client.Close()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { client.Close() })
	return client, nil
}

// WaitFor waits until a program listens on an address.
func WaitFor(t testing.TB, p *Program, address string) {
	t.Helper()
	p.wait(t, "listen on "+address, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// wait waits until a program does what is expected of it.
func (p *Program) wait(t testing.TB, what string, does func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if does() {
			return
		}
		select {
		case <-p.Ended():
			t.Fatalf("%s has ended, and did not %s:\n%s", p.Name, what, p.Output())
		default:
		}
	}
	t.Fatalf("%s does not %s:\n%s", p.Name, what, p.Output())
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
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
