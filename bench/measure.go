package bench

import (
	"runtime"
	"testing"
)

// Work says how much one operation of a benchmark does.
type Work struct {
	Bytes int // of the body before deflating
	Files int // that the body lists; 0 when it is not about files
	Tags  int // of the body, those within others included
}

// Measure times op, which must not fail. Beside what package testing reports it
// reports the CPU time of the whole process, garbage collection included, as
// cpu-ns/op and as cpu-ns for each file and tag, and the size of the body.
func Measure(b *testing.B, w Work, op func() error) {
	b.Helper()
	runtime.GC()
	if err := op(); err != nil { // so that pools have what it needs
		b.Fatal(err)
	}
	b.SetBytes(int64(w.Bytes))
	b.ReportAllocs()
	begin := cpuTime()
	for b.Loop() {
		if err := op(); err != nil {
			b.Fatal(err)
		}
	}
	used := float64(cpuTime()-begin) / float64(b.N)
	b.ReportMetric(used, "cpu-ns/op")
	b.ReportMetric(float64(w.Bytes), "body-B")
	if w.Files > 0 {
		b.ReportMetric(used/float64(w.Files), "cpu-ns/file")
	}
	if w.Tags > 0 {
		b.ReportMetric(used/float64(w.Tags), "cpu-ns/tag")
	}
}
