package header_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/cmd/ecgen/texts"
)

// TestHostileInputIsReadInLinearTime reads so much of each pattern that a time
// which grows with the square of the length is far beyond the limit.
func TestHostileInputIsReadInLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: hostile input, because of -short")
	}
	const size, limit = 1 << 17, 10 * time.Second
	for _, test := range []struct {
		name, prefix string
		patterns     []string
	}{
		{"codes.h", "", []string{
			"a", "1", "(", "{", "}", "'", "\"", "\\", "\\\n", "\n", "\xff", "é", "/*", "//", "/**/", "/**/\n",
			"#", "#if 1\n", "#else\n", "#define A A A\n#if A\n#endif\n",
			"enum ", "enum{", "enum a b=", "enum a b,", "enum A{B,", "enum{A};", "f(){", "a=",
			"class ", "class a{", "namespace{", "extern\"C\"{", "typedef ", "typedef int a;", "using a=b;", "public:", "template<class T>",
		}},
		{"codes.h", "enum{A=", []string{"(", "-", "1?", "1+", "a ", "1 ", ","}},
		{"codes.h", "enum{", []string{"a,", "a ", "a;", "=", "/**/", "//\n", "a,//\n"}},
		{"codes.h", "#if ", []string{"(", "!", "1&&", "defined ", "/**/"}},
		{"codes.h", "#define A ", []string{"(", "-", "A "}},
		{"codes.h", "#define A(x) x x\nenum{", []string{"A(", "A(1", "A(A)", "A,", "A(a),"}},
		{"codes.h", "#define A B B\n#define B C C\n#define C D D\n#define D A 1 1\nenum{a=", []string{"A ", "A+"}},
		{"codes.h", "enum{", []string{"a::", "[[", "[[a]]", "R\"(", "__attribute__("}},
		{"codes.h", "", []string{"template<", "template<a>", "const int a=a;", "const a=", "namespace a{enum b{c}", "namespace a::", "alignas("}},
		{"codes.abstract", "", []string{"\n", "[Section Content]\n", "[Section Content]\nName A\nB 1\n", "A ", "## a\n", "#\n"}},
		{"codes.abstract", "[Section Content]\nName A\n", []string{"A 1\n", "A", "A 1+", "A (", "## a\n"}},
	} {
		for _, pattern := range test.patterns {
			src := []byte(test.prefix + strings.Repeat(pattern, size/len(pattern)))
			start := time.Now()
			err := texts.Header(test.name, src)
			if took := time.Since(start); took > limit {
				t.Errorf("%d times %q after %q takes %v", size/len(pattern), pattern, test.prefix, took)
			}
			if err != nil {
				t.Errorf("%q after %q: %v", pattern, test.prefix, err)
			}
		}
	}
}
