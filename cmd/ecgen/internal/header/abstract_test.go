package header_test

import (
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

func TestAbstractForms(t *testing.T) {
	for _, form := range []struct{ name, source, want string }{
		{
			name: "a description, types, and an enum",
			source: "[Section Definition]\nFileName Codes\nFileContent  Whatever [it] is.\n[/Section]\n\n" +
				"# the types\n[Section Content]\nType TypeDef\nec_opcode_t\tuint8\n[/Section]\n\n" +
				"[Section Content]\nType Enum\nName ECFlags\nDataType uint32\nZLIB\t\t0x00000001\nMASK\t0xff7f7f08\n[/Section]\n",
			want: "ZLIB 1 ECFlags, MASK 4286545672 ECFlags",
		},
		{
			name: "comments, blank lines, tabs and padding among the values",
			source: "[Section Content]\nType Enum\n\nName Tags\n# a comment\nDataType uint16\n\nA   0x0100\n\tB \t 257  \n" +
				"# UNUSED 0x02\n#\tUNUSED 0x03\n\t\tC\t0xFFFF\n\n[/Section]\n",
			want: "A 256 Tags, B 257 Tags, C 65535 Tags",
		},
		{
			name:   "no data type, as in the first files of 2007",
			source: "[Section Content]\nType Enum\nName Tags\nA 300\n[/Section]",
			want:   "A 300 Tags",
		},
		{
			name:   "no type of section, as in the very first",
			source: "[Section Content]\nName Types\nA 0\nB 1\n[/Section]\n",
			want:   "A 0 Types, B 1 Types",
		},
		{
			name:   "macros are left out",
			source: "[Section Content]\nType Define\nVERSION 0x0200\nTEXT \"it's\"\n[/Section]\n[Section Content]\nType Enum\nName Tags\nA 1\n[/Section]\n",
			want:   "A 1 Tags",
		},
		{
			name:   "references, expressions and one value under two names",
			source: "[Section Content]\nType Enum\nName Tags\nA 0x10\nB A\nC A|1\n[/Section]\n",
			want:   "A 16 Tags, B 16 Tags, C 17 Tags",
		},
		{
			name:   "values called as the lines before them",
			source: "[Section Content]\nType Enum\nName Tags\nA 1\nName 2\nDataType 3\n[/Section]\n",
			want:   "A 1 Tags, Name 2 Tags, DataType 3 Tags",
		},
		{
			name:   "carriage returns, a byte order mark and foreign letters",
			source: "\ufeff# Grüße\r\n[Section Content] \r\nType Enum \r\nName Tags\r\n## – für\r\nA 1 \r\n[/Section]\r\n",
			want:   "A 1 Tags",
		},
		{
			name:   "no section at all",
			source: "# nothing yet\n",
			want:   "",
		},
	} {
		t.Run(form.name, func(t *testing.T) {
			file, findings := header.Parse("codes.abstract", []byte(form.source))
			if err := findings.Err(); err != nil {
				t.Fatalf("findings:\n%v", err)
			}
			if got := listing(file); got != form.want {
				t.Errorf("got  %s\nwant %s", got, form.want)
			}
		})
	}
}

func TestAbstractFilesAreKnownByTheirTextToo(t *testing.T) {
	const source = "\ufeff\n# first\n[Section Content]\nType Enum\nName Tags\nA 1\n[/Section]\n"
	for _, name := range []string{"-", "codes.h", "codes.txt"} {
		file, findings := header.Parse(name, []byte(source))
		if got := listing(file); len(findings) > 0 || got != "A 1 Tags" {
			t.Errorf("%s: got %q, %v", name, got, findings)
		}
	}
}

func TestAbstractTypes(t *testing.T) {
	const source = `[Section Content]
Type TypeDef
ec_opcode_t	uint8
# none
ec_taglen_t   uint32
[/Section]
[Section Content]
Type Enum
Name Tags
DataType uint16
A 1
[/Section]
`
	file, findings := header.Parse("codes.abstract", []byte(source))
	if err := findings.Err(); err != nil {
		t.Fatalf("findings:\n%v", err)
	}
	if got, want := typedefs(file), "ec_opcode_t=uint8 ec_taglen_t=uint32"; got != want {
		t.Errorf("typedefs: got %s, want %s", got, want)
	}
	if got, want := file.Enums[0].Type, "uint16"; got != want {
		t.Errorf("type of the enum: got %s, want %s", got, want)
	}
	if got, want := file.Enums[0].Values[0].Position.String(), "codes.abstract:11:1"; got != want {
		t.Errorf("position: got %s, want %s", got, want)
	}
}

func TestDoubleMarksDocumentTheItemBelow(t *testing.T) {
	const source = `## All the tags.
[Section Content]
Type Enum
Name Tags
# only a comment
A 1
## Two lines;
## it's – fine.
	B 2
## Kept over a comment

# like this one.
C 3
D 4
[/Section]
`
	file, findings := header.Parse("codes.abstract", []byte(source))
	if err := findings.Err(); err != nil {
		t.Fatalf("findings:\n%v", err)
	}
	want := []string{"Tags: All the tags.", "A: ", "B: Two lines;\nit's – fine.", "C: Kept over a comment", "D: "}
	if got, want := strings.Join(docs(file), "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("got\n%s\n\nwant\n%s", got, want)
	}
}
