// Ecgen makes Go messages, their tests and tables from aMule's code headers and
// the spec of the External Connections protocol. Run it with --help.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
