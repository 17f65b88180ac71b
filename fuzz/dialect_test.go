package fuzz

import (
	"testing"

	"github.com/ecgen/ecgen/fuzz/targets"
)

func FuzzDialectRC8(f *testing.F)   { fuzz(f, targets.DialectRC8) }
func FuzzDialectV20(f *testing.F)   { fuzz(f, targets.DialectV20) }
func FuzzDialectTrunk(f *testing.F) { fuzz(f, targets.DialectTrunk) }
func FuzzDialectV21(f *testing.F)   { fuzz(f, targets.DialectV21) }
func FuzzDialectV22(f *testing.F)   { fuzz(f, targets.DialectV22) }
func FuzzDialectV23(f *testing.F)   { fuzz(f, targets.DialectV23) }
func FuzzDialectV30(f *testing.F)   { fuzz(f, targets.DialectV30) }
