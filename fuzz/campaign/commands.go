package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// moduleRoot returns the folder of the module that the command is called in.
func moduleRoot() (string, error) {
	file, err := output(context.Background(), "", "go", "env", "GOMOD")
	if err != nil {
		return "", err
	}
	root := filepath.Dir(file)
	if _, err := os.Stat(filepath.Join(root, "fuzz", "campaign")); err != nil {
		return "", fmt.Errorf("call it within the module github.com/ecgen/ecgen: %w", err)
	}
	return root, nil
}

// commit returns the short hash of what is checked out, with + behind it when
// files were changed, or "" without git.
func commit(ctx context.Context, root string) string {
	hash, err := output(ctx, root, "git", "rev-parse", "--short", "HEAD")
	if err != nil {
		return ""
	}
	if changed, err := output(ctx, root, "git", "status", "--porcelain", "--", "*.go", "go.mod", "spec"); err != nil || changed != "" {
		hash += "+"
	}
	return hash
}

// temporary makes a folder that remove removes.
func temporary() (dir string, remove func(), err error) {
	if dir, err = os.MkdirTemp("", "campaign"); err != nil {
		return "", nil, err
	}
	return dir, func() { os.RemoveAll(dir) }, nil
}

// output returns what a command prints, without the newline at its end.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	var stderr bytes.Buffer
	command.Stderr = &stderr
	text, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimRight(string(text), "\n"), nil
}
