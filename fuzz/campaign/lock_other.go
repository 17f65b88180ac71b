//go:build !unix

package main

import (
	"fmt"
	"os"
)

// lock does nothing on systems without locks that end with the process.
func lock(name string) (unlock func(), err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, fmt.Errorf("the folder of the campaign cannot be written to: %w", err)
	}
	return func() { file.Close() }, nil
}
