//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// attributes are those of programs that detach was called for.
var attributes = syscall.SysProcAttr{Setpgid: true}

// detach puts a program and what it starts into a group of their own, so that
// an interrupt from the terminal reaches the campaign alone, and ends the group
// when the program is told to end.
func detach(command *exec.Cmd) {
	own := attributes
	command.SysProcAttr = &own
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
}

// kill ends what may be left of the group.
func kill(command *exec.Cmd) {
	if command.Process != nil {
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
}

// askForStacks makes a Go program print what its goroutines do, and end.
func askForStacks(process *os.Process) { process.Signal(syscall.SIGQUIT) }
