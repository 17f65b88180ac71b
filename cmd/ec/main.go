// Command ec shows, checks and writes packets of aMule's External Connections
// protocol. "ec help" says how.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
