//go:build !linux

package targets

import "time"

var start = time.Now()

// threadTime returns the time, which other programs take some of.
func threadTime() time.Duration { return time.Since(start) }
