package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// Machine says where, when and on what a campaign ran.
type Machine struct {
	Processor  string            `json:"processor"`
	Processors int               `json:"processors"`
	System     string            `json:"system"` // as in linux/amd64
	Load       string            `json:"load"`   // of the last minute, before; empty where it is not known
	Go         string            `json:"go"`
	Modules    map[string]string `json:"modules"` // versions of what is measured
	Commit     string            `json:"commit"`  // with + behind it when files were changed
	Date       string            `json:"date"`
}

// describe finds out about the machine and about the module below root.
func describe(root string) (Machine, error) {
	m := Machine{
		Processor:  processor(),
		Processors: runtime.NumCPU(),
		System:     runtime.GOOS + "/" + runtime.GOARCH,
		Load:       firstField("/proc/loadavg"),
		Go:         runtime.Version(),
		Modules:    make(map[string]string),
		Date:       time.Now().UTC().Format(time.DateOnly),
	}
	for _, module := range []string{".", peers} {
		list, err := output(filepath.Join(root, module), "go", "list", "-m", "-f", "{{if not (or .Main .Indirect .Replace)}}{{.Path}} {{.Version}}{{end}}", "all")
		if err != nil {
			return m, err
		}
		for _, text := range strings.Split(list, "\n") {
			if path, version, ok := strings.Cut(text, " "); ok {
				m.Modules[path] = version
			}
		}
	}
	m.Commit = commit(root)
	return m, nil
}

var modelName = regexp.MustCompile(`(?m)^model name\s*: (.*)$`)

// processor returns the model of the processor, or its architecture where the
// model is not known.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if match := modelName.FindSubmatch(text); err == nil && match != nil {
		return string(match[1])
	}
	return runtime.GOARCH
}

func firstField(file string) string {
	text, _ := os.ReadFile(file)
	if fields := strings.Fields(string(text)); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// commit returns the short hash of what is checked out, or "" without git.
func commit(root string) string {
	hash, err := output(root, "git", "rev-parse", "--short", "HEAD")
	if err != nil {
		return ""
	}
	if changed, err := output(root, "git", "status", "--porcelain", "--", "*.go", "go.mod", "spec"); err != nil || changed != "" {
		hash += "+"
	}
	return hash
}

// output returns what a command prints, without the newline at its end.
func output(dir, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = dir
	var stderr bytes.Buffer
	command.Stderr = &stderr
	text, err := command.Output()
	if err != nil {
		return "", &commandError{name + " " + strings.Join(args, " "), err, stderr.String()}
	}
	return strings.TrimRight(string(text), "\n"), nil
}

// commandError says what a command that failed printed.
type commandError struct {
	command string
	err     error
	stderr  string
}

func (e *commandError) Error() string {
	return strings.TrimRight(e.command+": "+e.err.Error()+"\n"+e.stderr, "\n")
}

func (e *commandError) Unwrap() error { return e.err }
