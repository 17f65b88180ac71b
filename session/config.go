package session

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Config is what a configuration file of aMule says about external connections.
type Config struct {
	// Address is where to dial the daemon, as "localhost:4712".
	Address string

	// Password is zero when the file has none.
	Password Password

	// Accepts says whether the daemon listens at all. It is true for a file of
	// a client, which does not say.
	Accepts bool
}

// ReadConfig reads an amule.conf (ECAddress, ECPort and ECPassword of its
// section ExternalConnect), or a remote.conf, which amulecmd and amulegui keep
// (Host, Port and Password of its section EC). The path "" stands for the
// amule.conf of the user who runs this program; see [ConfigPath].
func ReadConfig(path string) (Config, error) {
	if path == "" {
		var err error
		if path, err = ConfigPath(); err != nil {
			return Config{}, err
		}
	}
	values, err := readSections(path)
	if err != nil {
		return Config{}, fmt.Errorf("session: %w", err)
	}
	daemon, client := values["ExternalConnect"], values["EC"]
	var c Config
	var password string
	switch {
	case daemon != nil:
		c.Address = net.JoinHostPort(dialled(daemon["ECAddress"]), cmp.Or(daemon["ECPort"], "4712"))
		c.Accepts = daemon["AcceptExternalConnections"] == "1"
		password = daemon["ECPassword"]
	case client != nil:
		c.Address = net.JoinHostPort(cmp.Or(client["Host"], "localhost"), cmp.Or(client["Port"], "4712"))
		c.Accepts = true
		password = client["Password"]
	default:
		return Config{}, fmt.Errorf("session: %s has neither a section [ExternalConnect] nor [EC], so it is no configuration of aMule", path)
	}
	if password == "" {
		return c, nil
	}
	if c.Password, err = ParsePassword(password); err != nil {
		return Config{}, fmt.Errorf("%w: in %s it is something else", err, path)
	}
	return c, nil
}

// dialled returns where to dial a daemon that listens on this address.
func dialled(listens string) string {
	switch listens {
	case "", "0.0.0.0", "::":
		return "localhost"
	}
	return listens
}

// ConfigPath returns where aMule keeps amule.conf for the user who runs this
// program. There may be none; the error of ReadConfig says so.
func ConfigPath() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	folder := filepath.Join(home, ".aMule")
	switch runtime.GOOS {
	case "darwin":
		folder = filepath.Join(home, "Library", "Application Support", "aMule")
	case "windows":
		folder = filepath.Join(os.Getenv("APPDATA"), "aMule")
	}
	return filepath.Join(folder, "amule.conf"), nil
}

// readSections reads the values of a file by section and key.
func readSections(path string) (map[string]map[string]string, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; amuled makes it when it first runs", err)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sections := map[string]map[string]string{}
	var section map[string]string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = map[string]string{}
			sections[strings.TrimSuffix(name, "]")] = section
			continue
		}
		if key, value, ok := strings.Cut(line, "="); ok && section != nil {
			section[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return sections, lines.Err()
}
