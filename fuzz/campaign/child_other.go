//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// detach leaves programs as they are where there are no groups.
func detach(*exec.Cmd) {}

func kill(*exec.Cmd) {}

// askForStacks ends a program where it cannot be asked.
func askForStacks(process *os.Process) { process.Kill() }
