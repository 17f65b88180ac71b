// Command ec shows, checks, records and speaks aMule's External Connections
// protocol. "ec help" says how.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
