package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadConfig(t *testing.T) {
	const stored = "ac4fa93c7a9302477fb450b131f0ec30"
	if p, _ := ParsePassword(stored); p.sum() != secret.sum() {
		t.Fatal("the test's password is another")
	}
	for _, test := range []struct {
		name, content string
		address       string
		accepts       bool
		password      bool
		fault         string
	}{
		{"of a daemon", "[eMule]\nPort=4662\n[ExternalConnect]\nAcceptExternalConnections=1\nECAddress=\nECPort=4713\nECPassword=" + stored + "\n", "localhost:4713", true, true, ""},
		{"with Windows' line ends", "[ExternalConnect]\r\nAcceptExternalConnections=0\r\nECAddress=10.0.0.7\r\nECPassword=" + strings.ToUpper(stored) + "\r\n", "10.0.0.7:4712", false, true, ""},
		{"for all addresses", "[ExternalConnect]\nECAddress=0.0.0.0\nECPort=4712\n", "localhost:4712", false, false, ""},
		{"for IPv6", "[ExternalConnect]\nECAddress=fd00::1\n", "[fd00::1]:4712", false, false, ""},
		{"of a client", "[EC]\nHost=daemon.example\nPort=4799\nPassword=" + stored + "\n", "daemon.example:4799", true, true, ""},
		{"of something else", "[Desktop Entry]\nName=x\n", "", false, false, "no configuration of aMule"},
		{"with a plain password", "[ExternalConnect]\nECPassword=ectest\n", "", false, false, "MD5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "amule.conf")
			if err := os.WriteFile(path, []byte(test.content), 0o644); err != nil {
				t.Fatal(err)
			}
			c, err := ReadConfig(path)
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) || strings.Contains(err.Error(), "ectest") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || c.Address != test.address || c.Accepts != test.accepts || c.Password.IsZero() == test.password {
				t.Errorf("got %+v, %v", c, err)
			}
			if test.password && c.Password.sum() != secret.sum() {
				t.Error("another password")
			}
		})
	}
	if _, err := ReadConfig(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) && !strings.Contains(err.Error(), "amuled makes it") {
		t.Error(err)
	}
}

func TestReadConfigFindsTheUsersOwn(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("APPDATA", home)
	path, err := ConfigPath()
	if err != nil || !strings.HasPrefix(path, home) {
		t.Fatal(path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("[ExternalConnect]\nECPort=4999\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, err := ReadConfig(""); err != nil || c.Address != "localhost:4999" {
		t.Errorf("%+v, %v", c, err)
	}
}
