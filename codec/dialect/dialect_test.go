package dialect_test

import (
	"testing"

	"github.com/ecgen/ecgen/codec/dialect"
)

func TestDialectsAreFoundByName(t *testing.T) {
	for name, want := range map[string]dialect.Dialect{
		"rc8": dialect.RC8, "2.0.0-rc8": dialect.RC8, "2.0": dialect.V20, "2.0.3": dialect.V20, "2005-11": dialect.Trunk,
		"2.1.0": dialect.V21, "2.2.6": dialect.V22, "2.3": dialect.V23, "2.3.3": dialect.V23, "3.0.0": dialect.V30,
		"": 0, "none": 0, "2": 0, "2.0.": 0, "2.0.x": 0, "2.0.0-": 0, "2.0.0-rc7": 0, "2.0.0-2.1": 0, "2.0.0-2.1.3": 0, "2.4": 0, "rc8.1": 0, "2.1.3.1": 0,
	} {
		if d, ok := dialect.Parse(name); d != want || ok != (want != 0) {
			t.Errorf("%q is %v, %v, want %v", name, d, ok, want)
		}
	}
}
