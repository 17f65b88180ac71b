// Package fuzz runs the fuzz targets as native Go fuzz tests, whose seeds are
// in testdata. Those of single messages are in package generated/ec.
package fuzz

import (
	"testing"

	"github.com/ecgen/ecgen/fuzz/targets"
)

func FuzzHeader(f *testing.F)         { fuzz(f, targets.Header) }
func FuzzNumber(f *testing.F)         { fuzz(f, targets.Number) }
func FuzzBody(f *testing.F)           { fuzz(f, targets.Body) }
func FuzzWays(f *testing.F)           { fuzz(f, targets.Ways) }
func FuzzPacket(f *testing.F)         { fuzz(f, targets.Packet) }
func FuzzZlib(f *testing.F)           { fuzz(f, targets.Zlib) }
func FuzzDiff(f *testing.F)           { fuzz(f, targets.Diff) }
func FuzzPrefix(f *testing.F)         { fuzz(f, targets.Prefix) }
func FuzzChunked(f *testing.F)        { fuzz(f, targets.Chunked) }
func FuzzTyped(f *testing.F)          { fuzz(f, targets.Typed) }
func FuzzMerge(f *testing.F)          { fuzz(f, targets.Merge) }
func FuzzGrown(f *testing.F)          { fuzz(f, targets.Grown) }
func FuzzSentinel(f *testing.F)       { fuzz(f, targets.Sentinel) }
func FuzzStruct(f *testing.F)         { fuzz(f, targets.Struct) }
func FuzzAlias(f *testing.F)          { fuzz(f, targets.Alias) }
func FuzzAlloc(f *testing.F)          { fuzz(f, targets.Alloc) }
func FuzzSteps(f *testing.F)          { fuzz(f, targets.Steps) }
func FuzzElement(f *testing.F)        { fuzz(f, targets.Element) }
func FuzzPrint(f *testing.F)          { fuzz(f, targets.Print) }
func FuzzClientLogin(f *testing.F)    { fuzz(f, targets.ClientLogin) }
func FuzzServerLogin(f *testing.F)    { fuzz(f, targets.ServerLogin) }
func FuzzServerRequests(f *testing.F) { fuzz(f, targets.ServerRequests) }
func FuzzHeaderText(f *testing.F)     { fuzz(f, targets.HeaderText) }
func FuzzSpecText(f *testing.F)       { fuzz(f, targets.SpecText) }

func fuzz(f *testing.F, target targets.Target) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := target.Run(data); err != nil {
			t.Fatal(err)
		}
	})
}
