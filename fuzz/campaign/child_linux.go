package main

import "syscall"

// An engine whose campaign is killed ends with it. Else it would go on, beside
// that of the run that is started next.
func init() { attributes.Pdeathsig = syscall.SIGKILL }
