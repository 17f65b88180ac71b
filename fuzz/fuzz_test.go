// Package fuzz runs the fuzz targets as native Go fuzz tests, whose seeds are
// in testdata.
package fuzz

import (
	"testing"

	"github.com/ecgen/ecgen/fuzz/targets"
)

func FuzzHeader(f *testing.F)  { fuzz(f, targets.Header) }
func FuzzNumber(f *testing.F)  { fuzz(f, targets.Number) }
func FuzzBody(f *testing.F)    { fuzz(f, targets.Body) }
func FuzzPacket(f *testing.F)  { fuzz(f, targets.Packet) }
func FuzzZlib(f *testing.F)    { fuzz(f, targets.Zlib) }
func FuzzPrefix(f *testing.F)  { fuzz(f, targets.Prefix) }
func FuzzChunked(f *testing.F) { fuzz(f, targets.Chunked) }
func FuzzTyped(f *testing.F)   { fuzz(f, targets.Typed) }
func FuzzMerge(f *testing.F)   { fuzz(f, targets.Merge) }

func fuzz(f *testing.F, target targets.Target) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := target.Run(data); err != nil {
			t.Fatal(err)
		}
	})
}
