package header_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// FuzzParse proves that no input makes the reader panic or hang, and that it
// speaks of no place outside of the file.
func FuzzParse(f *testing.F) {
	for _, form := range cppForms {
		f.Add([]byte(form.source))
	}
	for _, path := range goldenErrors(f) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Add([]byte("## All.\n[Section Content]\nType Enum\nName Tags\nDataType uint16\nA 1\n[/Section]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, name := range []string{"codes.h", "codes.abstract"} {
			file, findings := header.Parse(name, src)
			requirePositionsInside(t, name, src, file, findings)
		}
	})
}

// TestHostileInputIsReadInLinearTime reads so much of each pattern that a time
// which grows with the square of the length is far beyond the limit.
func TestHostileInputIsReadInLinearTime(t *testing.T) {
	const size, limit = 1 << 18, 20 * time.Second
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
		{"codes.abstract", "", []string{"\n", "[Section Content]\n", "[Section Content]\nName A\nB 1\n", "A ", "## a\n", "#\n"}},
		{"codes.abstract", "[Section Content]\nName A\n", []string{"A 1\n", "A", "A 1+", "A (", "## a\n"}},
	} {
		for _, pattern := range test.patterns {
			src := []byte(test.prefix + strings.Repeat(pattern, size/len(pattern)))
			start := time.Now()
			file, findings := header.Parse(test.name, src)
			if took := time.Since(start); took > limit {
				t.Errorf("%d times %q after %q takes %v", size/len(pattern), pattern, test.prefix, took)
			}
			requirePositionsInside(t, test.name, src, file, findings)
		}
	}
}

func requirePositionsInside(t *testing.T, name string, src []byte, file *header.File, findings diag.List) {
	t.Helper()
	var columns []int
	for line := range strings.SplitSeq(string(src), "\n") {
		columns = append(columns, len([]rune(line))+1)
	}
	require := func(what string, at diag.Position) {
		if at.File != name || at.Line < 1 || at.Line > len(columns) || at.Column < 1 || at.Column > columns[at.Line-1] {
			t.Fatalf("%s at %v, which is outside of the file", what, at)
		}
	}
	for _, finding := range findings {
		require(finding.Message, finding.Position)
	}
	for _, typedef := range file.Typedefs {
		require(typedef.Name, typedef.Position)
	}
	for _, enum := range file.Enums {
		require(enum.Name, enum.Position)
		for _, enumerator := range enum.Values {
			require(enumerator.Name, enumerator.Position)
		}
	}
}
