package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/session"
)

// md5OfSecret is the MD5 of secret, as amule.conf has it.
const md5OfSecret = "ac4fa93c7a9302477fb450b131f0ec30"

func TestWherePasswordAndAddressComeFrom(t *testing.T) {
	r := serve(t, statReply, "-")
	folder := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(folder, name)
		writeFile(t, name, text)
		return name
	}
	host, port, _ := strings.Cut(r.address, ":")
	right, wrong := file("right", secret+"\nmore"), file("wrong", "x")
	conf := "[ExternalConnect]\nAcceptExternalConnections=1\nECAddress=" + host + "\nECPort=" + port + "\nECPassword="
	rightConf, wrongConf, noConf := file("right.conf", conf+md5OfSecret+"\n"), file("wrong.conf", conf+strings.Repeat("0", 32)+"\n"), file("no.conf", conf+"\n")
	remoteConf := file("remote.conf", "[EC]\nHost="+host+"\nPort="+port+"\nPassword="+md5OfSecret+"\n")
	const (
		denied = "wrong password"
		none   = "there is no password"
	)
	for _, c := range []struct {
		name        string
		environment []string
		args        string
		want        string // in the error; empty for success
	}{
		{"environment", []string{"EC_ADDRESS=" + r.address, "EC_PASSWORD=" + secret}, "", ""},
		{"wrong password", []string{"EC_ADDRESS=" + r.address, "EC_PASSWORD=x"}, "", denied},
		{"nothing", []string{"EC_ADDRESS=" + r.address}, "", none},
		{"file", []string{"EC_PASSWORD=x"}, "--address " + r.address + " --password-file " + right, ""},
		{"file of the environment", []string{"EC_PASSWORD=x", "EC_PASSWORD_FILE=" + right}, "--address " + r.address, ""},
		{"file before that of the environment", []string{"EC_PASSWORD_FILE=" + wrong}, "--address " + r.address + " --password-file " + right, ""},
		{"no file", nil, "--password-file " + folder + "/none", "no such file or directory"},
		{"empty file", nil, "--password-file " + os.DevNull, "the first line of " + os.DevNull + " is empty"},
		{"amule.conf", nil, "--config " + rightConf, ""},
		{"amule.conf of the environment", []string{"EC_CONFIG=" + rightConf}, "", ""},
		{"amule.conf with another password", nil, "--config " + wrongConf, denied},
		{"amule.conf without a password", nil, "--config " + noConf, none},
		{"password before amule.conf", []string{"EC_PASSWORD=" + secret}, "--config " + wrongConf, ""},
		{"address before amule.conf", nil, "--address 127.0.0.1:1 --config " + rightConf, "127.0.0.1:1"},
		{"remote.conf", nil, "--config " + remoteConf, ""},
		{"no amule.conf", nil, "--config " + folder + "/none", "no such file or directory"},
		{"timeout", []string{"EC_TIMEOUT=soon"}, "", `EC_TIMEOUT: time: invalid duration "soon"`},
		{"no time", nil, "--timeout 0s", "want a time over 0"},
		{"less than no time", []string{"EC_TIMEOUT=-1s"}, "", "want a time over 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hideConfig(t)
			for _, setting := range c.environment {
				name, value, _ := strings.Cut(setting, "=")
				t.Setenv(name, value)
			}
			got := tool("", append([]string{"status"}, strings.Fields(c.args)...)...)
			if strings.Contains(got.stderr, secret) || strings.Contains(got.stderr, md5OfSecret) {
				t.Errorf("the password is told: %s", got.stderr)
			}
			if c.want == "" && (got.code != exitGood || got.stderr != "") || c.want != "" && (got.code != exitFailed || !strings.Contains(got.stderr, c.want)) {
				t.Errorf("%+v, want %q", got, c.want)
			}
		})
	}
	t.Run("amule.conf of this user", func(t *testing.T) {
		hideConfig(t)
		path, err := session.ConfigPath()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, readFile(t, rightConf))
		if got := tool("", "status"); got.code != exitGood {
			t.Errorf("%+v", got)
		}
		// It is not for another daemon.
		if got := tool("", "status", "--address", r.address); got.code != exitFailed || !strings.Contains(got.stderr, none) {
			t.Errorf("%+v", got)
		}
	})
}

func TestAddressesMayLackThePort(t *testing.T) {
	for address, want := range map[string]string{
		"host": "host:4712", "host:1": "host:1", "::1": "[::1]:4712", "[::1]": "[::1]:4712", "[::1]:1": "[::1]:1", "192.0.2.1": "192.0.2.1:4712",
	} {
		if got := withPort(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// No verb takes a password as an argument.
func TestPasswordsAreNoArguments(t *testing.T) {
	for _, v := range verbs() {
		for line := range strings.Lines(tool("", "help", v.name).stdout) {
			if strings.HasPrefix(strings.TrimSpace(line), "--password ") {
				t.Errorf("%s: %s", v.name, line)
			}
		}
	}
}

// dropping stands before a daemon and closes the first connections after so
// many replies, as amuled 2.3.3 now and then does. It returns its address, and
// the number of connections.
func dropping(t *testing.T, daemon string, drops int32, replies int) (address string, connections *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	connections = new(atomic.Int32)
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			dropped := connections.Add(1) <= drops
			go func() {
				defer client.Close()
				behind, err := net.Dial("tcp", daemon)
				if err != nil {
					return
				}
				defer behind.Close()
				for n := 0; (n < replies || !dropped) && err == nil; n++ {
					err = errors.Join(passFrame(behind, client), passFrame(client, behind))
				}
			}()
		}
	}()
	return l.Addr().String(), connections
}

func passFrame(to io.Writer, from io.Reader) error {
	header := make([]byte, codec.HeaderSize)
	if _, err := io.ReadFull(from, header); err != nil {
		return err
	}
	_, err := io.CopyN(to, io.MultiReader(bytes.NewReader(header), from), codec.HeaderSize+int64(binary.BigEndian.Uint32(header[4:])))
	return err
}

func TestConnectionsThatTheDaemonDropsAreMadeAgain(t *testing.T) {
	daemon := serve(t, statReply, "-")
	for _, c := range []struct {
		name    string
		args    string
		drops   int32
		replies int
		code    int
		tries   int32
	}{
		{"at once", "status", 2, 0, exitGood, 3},
		{"at login", "status", 2, 1, exitGood, 3},
		{"at the request", "status", 1, 2, exitGood, 2},
		{"each time", "status", 100, 1, exitFailed, connectTries},
		{"call at login", "call stat-req", 2, 1, exitGood, 3},
		{"call at the request, which may have been done", "call stat-req", 1, 2, exitFailed, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, connections := dropping(t, daemon.address, c.drops, c.replies)
			t.Setenv("EC_ADDRESS", address)
			got := tool("", strings.Fields(c.args)...)
			if got.code != c.code || connections.Load() != c.tries {
				t.Errorf("%d connections, %+v", connections.Load(), got)
			}
			if c.code == exitFailed && (!strings.Contains(got.stderr, "the connection to the daemon is lost") || strings.Contains(got.stderr, "Options")) {
				t.Errorf("it says %q", got.stderr)
			}
		})
	}
}
