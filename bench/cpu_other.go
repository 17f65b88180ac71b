//go:build !unix

package bench

import "time"

var start = time.Now()

// cpuTime returns the time since the program began: how to get CPU time is not
// known for this system.
func cpuTime() time.Duration { return time.Since(start) }
