package session

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
)

// Each of 100,000 requests over 1,000 connections, from four goroutines each,
// has its own reply, beside peers that read slowly, are silent, or are hostile;
// and the memory for all of it, clients included, is bounded.
func TestLoad(t *testing.T) {
	connections, requests := 1000, 100_000
	if testing.Short() || raceDetector {
		connections, requests = 200, 10_000
	}
	const goroutines, largest = 4, 96 << 20
	mux := echo(nil)
	lines := &ec.Strings{Lines: make([]string, 10_000)}
	Handle(mux, func(context.Context, *Conn, *ec.Connect) (*ec.Strings, error) { return lines, nil })
	s := &Server{Handler: mux, MaxConnections: 2 * connections, MaxUnsent: 1 << 20, Timeout: 10 * time.Minute}
	address := serve(t, s)
	before := settled()

	annoy(t, address, connections/20)
	clients := make([]*Client, connections)
	inParallel(64, connections, func(i int) {
		clients[i] = dial(t, address, Options{})
	})
	start := time.Now()
	inParallel(connections*goroutines, requests, func(i int) {
		if err := ask(context.Background(), clients[i%connections], fmt.Sprint("request ", i)); err != nil {
			t.Error(err)
		}
	})
	took := time.Since(start)
	after := settled()
	t.Logf("%d requests over %d connections in %v; memory grew by %d kB", requests, connections, took.Round(time.Millisecond), (after-before)>>10)
	if after > before && after-before > largest {
		t.Errorf("memory grew by %d bytes, want at most %d", after-before, largest)
	}
}

// annoy opens connections of which some say nothing, some send what is no
// packet, and some ask for large replies that they do not read.
func annoy(t *testing.T, address string, number int) {
	for i := range number {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		switch i % 3 {
		case 1:
			conn.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
		case 2:
			logInBy(t, conn)
			for range 50 {
				conn.Write(packet(t, &ec.Connect{}))
			}
		}
	}
}

// inParallel calls f with each number below n, on so many goroutines.
func inParallel(goroutines, n int, f func(i int)) {
	var all sync.WaitGroup
	for first := range min(goroutines, n) {
		all.Go(func() {
			for i := first; i < n; i += goroutines {
				f(i)
			}
		})
	}
	all.Wait()
}

// settled returns how much memory is in use: the heap and the stacks.
func settled() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
