package header_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/header"
)

// cppForms are headers in every form that aMule's history and the language have,
// with the enumerators that a compiler finds in them. The expected values are
// proven by TestTheCompilerAgreesWithTheTables.
var cppForms = []struct {
	name, source string
	want         string // name, value and enum of each enumerator
	scope        string // what names are written with outside of their scope
}{
	{
		name:   "an anonymous enum counts from 0",
		source: "enum { A, B, C };",
		want:   "A 0 -, B 1 -, C 2 -",
	},
	{
		name:   "a named enum counts on from a stated value",
		source: "enum Codes { A = 0x10, B, C = 3, D };",
		want:   "A 16 Codes, B 17 Codes, C 3 Codes, D 4 Codes",
	},
	{
		name:   "numbers in every base, case and width",
		source: "enum { A = 0xfF, B = 0XAB, C = 010, D = 0b101, E = 0x0000000A, F = 1'000, G = 12u, H = 0x7L, I = 5uLL, J = 00 };",
		want:   "A 255 -, B 171 -, C 8 -, D 5 -, E 10 -, F 1000 -, G 12 -, H 7 -, I 5 -, J 0 -",
	},
	{
		name:   "a mask with the top bit set stays positive",
		source: "enum ECFlags { KNOWN = 1, MASK = 0xff7f7f08 };",
		want:   "KNOWN 1 ECFlags, MASK 4286545672 ECFlags",
	},
	{
		name:   "negative values and the one after",
		source: "enum { A = -2, B, C };",
		want:   "A -2 -, B -1 -, C 0 -",
	},
	{
		name:   "counting passes the bounds of narrower types",
		source: "enum { A = 0x7fffffff, B, C = 0xffffffff, D, E = 0x7fffffffffffffff, F };",
		want: "A 2147483647 -, B 2147483648 -, C 4294967295 -, D 4294967296 -, " +
			"E 9223372036854775807 -, F 9223372036854775808 -",
	},
	{
		name:   "the largest and the smallest value of 64 bits",
		source: "enum { A = 0xffffffffffffffff }; enum { B = -0x7fffffffffffffff - 1 };",
		want:   "A 18446744073709551615 -, B -9223372036854775808 -",
	},
	{
		name:   "references to earlier enumerators, of other enums too",
		source: "enum { A = 5, B = A, C }; enum Other { D = C + A };",
		want:   "A 5 -, B 5 -, C 6 -, D 11 Other",
	},
	{
		name:   "two names with one value",
		source: "enum { A = 1, B = 1 };",
		want:   "A 1 -, B 1 -",
	},
	{
		name: "expressions with the precedence and the types of C++",
		source: "enum { A = 1 << 4 | 1, B = ~0, C = ~0u, D = (1 + 2) * 3 % 4, E = 7 / -2, F = -7 % 3, G = 6 & 3 ^ 1,\n" +
			"H = 1 ? 2 : 3, I = !5, J = 3 > 2 && 0 || 1 == 1, K = 1 << 31, L = 0xffffffff + 1, M = -1 >> 1, N = 2 != 2, O = 1 <= 1, P = +3, Q = 2 >= 3, R = 1 < 2 };",
		want: "A 17 -, B -1 -, C 4294967295 -, D 1 -, E -3 -, F -1 -, G 3 -, " +
			"H 2 -, I 0 -, J 1 -, K -2147483648 -, L 0 -, M -1 -, N 0 -, O 1 -, P 3 -, Q 0 -, R 1 -",
	},
	{
		name:   "a choice has the type of both of its sides",
		source: "enum { A = 1 ? -1 : 0u, B = 0 ? 0u : -1, C = 1 ? -1 : 0ll, D = (1 ? -128 : 1u) / 2 };",
		want:   "A 4294967295 -, B 4294967295 -, C -1 -, D 2147483584 -",
	},
	{
		name:   "an enum that is closed computes in a type that holds all of it",
		source: "enum { A = 1, B = 0xffffffff, INSIDE = A - 2 < 0 }; enum { C = ~A, D = B + 1 };",
		want:   "A 1 -, B 4294967295 -, INSIDE 1 -, C 4294967294 -, D 0 -",
	},
	{
		name:   "tabs, padding, line ends and trailing commas anywhere",
		source: "\tenum\n\tCodes\n{\n\tA\t\t = \n\t 0x01 ,\n\n   B\t=\t2\t,\n}\t;\n",
		want:   "A 1 Codes, B 2 Codes",
	},
	{
		name:   "an enum without enumerators",
		source: "enum Nothing { }; enum { A };",
		want:   "A 0 -",
	},
	{
		name: "comments hide apostrophes, braces and the word enum",
		source: "// it's an enum { X = 1\n/* don't } enum Y { Z }; */\nenum { // A's { \n" +
			"A = 1, /* } */ B /* = 7 */ = 2, // }\n/** \"quoted */ C };",
		want: "A 1 -, B 2 -, C 3 -",
	},
	{
		name:   "a comment that a backslash continues",
		source: "// enum { X }; \\\n enum { Y };\nenum { A };",
		want:   "A 0 -",
	},
	{
		name:   "a backslash at the end of a line joins it with the next",
		source: "en\\\num { A = 1\\\r\n2 };",
		want:   "A 12 -",
	},
	{
		name:   "strings and characters hide braces and comment marks",
		source: "static const char* text = \"} // enum { X };\\\"\"; static const char brace = '{', quote = '\\''; enum { A };",
		want:   "A 0 -",
	},
	{
		name:   "constants and functions of the preprocessor are no enumerators",
		source: "#define EC_FLAG_ZLIB 0x01\n#define PAIR(a, b) enum { a, \\\n  b };\n#\tdefine QUOTE don't\nenum { A };",
		want:   "A 0 -",
	},
	{
		name:   "a macro stands for its number",
		source: "#define BASE 0x100\n#define NEXT (BASE + 1)\n#define LOW -1\nenum { A = BASE, B = NEXT * 2, C = LOW };\n#undef BASE\n#define BASE 7\nenum { D = BASE };",
		want:   "A 256 -, B 514 -, C -1 -, D 7 -",
	},
	{
		name: "macros stand for anything, also with arguments",
		source: "#define NEXT (BASE + 1)\n#define BASE 3\n#define SUM 1 + 2\n#define BIT(n) (1u << (n))\n#define EMPTY\n#define NAME(n) EC_##n\n#define PICK(a, ...) __VA_ARGS__\n" +
			"#define TEXT(x) #x\n#define DEPRECATED __attribute__((deprecated))\n#define ITSELF ITSELF\n#define ENTRY(n, v) NAME(n) DEPRECATED = v,\n" +
			"const char* text = TEXT(enum { X });\nenum EMPTY Codes { A = NEXT, B = SUM * 2, C = BIT\n(BIT(2)), NAME(D), ENTRY(E, PICK(1, 3 EMPTY)) ITSELF, BIT, PICK(F, P, Q) };",
		want: "A 4 Codes, B 5 Codes, C 16 Codes, EC_D 17 Codes, EC_E 3 Codes, ITSELF 4 Codes, BIT 5 Codes, P 6 Codes, Q 7 Codes",
	},
	{
		name:   "conditions with macros that have arguments, and marks of a preprocessor",
		source: "#define AT_LEAST(n) (VERSION >= (n))\n#define VERSION 3\n#define HAS 1\n#if AT_LEAST(3) && defined HAS && true\nenum { A };\n#else\nenum { X };\n#endif\n# 7 \"other.h\" 2\nenum { B };",
		want:   "A 0 -, B 0 -",
	},
	{
		name: "attributes",
		source: "enum [[deprecated(\"it's [old]\")]] Codes { A [[deprecated]] = 3, B __attribute__((deprecated)), C [[maybe_unused]] };\n" +
			"enum __attribute__((packed)) { D } __attribute__((aligned(4)));\nenum class [[nodiscard]] E : int { F };\nstruct alignas(8) Size { int x[2]; };\n_Pragma(\"once\") enum { G };",
		want:  "A 3 Codes, B 4 Codes, C 5 Codes, D 0 -, F 0 E, G 0 -",
		scope: "F=E::",
	},
	{
		name:   "characters, truth and casts",
		source: `enum { A = 'A', B = '\n', C = '\x41', D = '\'', E = '\377', F = true + !false, G = (unsigned char)300, H = static_cast<short>(0xffff), I = int('a') + 1, J = (int)-1, K = (unsigned)-1 };`,
		want:   "A 65 -, B 10 -, C 65 -, D 39 -, E -1 -, F 2 -, G 44 -, H -1 -, I 98 -, J -1 -, K 4294967295 -",
	},
	{
		name: "names with their scope",
		source: "struct S { enum class E { A = 2 }; enum { B = 3 }; };\nnamespace n::m { enum { C = 4 }; }\nnamespace n { enum Named { D = m::C + 1 }; }\ninline namespace v1 { enum { F = 9 }; }\n" +
			"namespace n { enum { O = D }; }\nenum { G = (int)S::E::A, H = S::B, I = n::m::C, J = n::Named::D + n::D, K = v1::F, L = ::F };",
		want:  "A 2 E, B 3 -, C 4 -, D 5 Named, F 9 -, O 5 -, G 2 -, H 3 -, I 4 -, J 10 -, K 9 -, L 9 -",
		scope: "A=(int)S::E::,B=S::,C=n::m::,D=n::,O=n::",
	},
	{
		name:   "constants",
		source: "const int BASE = 7;\nstatic constexpr unsigned char LOW = 0x1ff & 0xff, other = 3;\nconstexpr uint16_t NEXT = BASE + 1;\nconst char* text = \"x\";\nstatic const int braced{3};\nenum { A = BASE, B = LOW, C = NEXT };",
		want:   "A 7 -, B 255 -, C 8 -",
	},
	{
		name:   "templates, raw strings and other spellings of punctuation",
		source: "template <int N = (1 > 0), class T = int> struct Array { T list[N]; };\ntemplate <typename T> using Pointer = T*;\nconst char* raw = R\"x( enum { X }; )\" )x\", *wide = u8\"}\";\nenum Codes <% A = 5 bitand 4, B = compl 0, C = not 1 or 0, D = 1 bitor 6 xor 2 %>;",
		want:   "A 4 Codes, B -1 Codes, C 0 Codes, D 5 Codes",
	},
	{
		name: "include guards, pragmas and conditions",
		source: "#ifndef __ECCODES_H__\n#define __ECCODES_H__\n#pragma once\n#include <stdint.h> // it's needed\n" +
			"#if defined(NEVER_DEFINED) && !defined(OTHER)\nenum { X };\n#elif 0\nenum { Y };\n#else\nenum { A };\n#endif\n" +
			"#ifdef __cplusplus\nenum { B = 2 };\n#else\nenum { Z };\n#endif\n#endif // guard\n",
		want: "A 0 -, B 2 -",
	},
	{
		name: "text that a condition leaves out need not be C++",
		source: "#ifdef DEBUG_EC_IMPLEMENTATION\nwxString Name(uint8 arg)\n{ it's \"broken\n#if 1\n}\n#else\n#endif\n#unknown\n#endif\n" +
			"enum { A };\n#if 1 // read\nenum { B = 1 };\n#elif nonsense (\nenum { X };\n#endif",
		want: "A 0 -, B 1 -",
	},
	{
		name: "conditions compute with macros, and names that are none count as 0",
		source: "#define VERSION 0x204\n#if VERSION >= 0x204 && UNKNOWN == 0 && __cplusplus > 199711L\nenum { A };\n#endif\n" +
			"#if 1 << 40 > 0xffffffff && defined VERSION && !defined VERSION2 && -1 < 0\nenum { B };\n#endif",
		want: "A 0 -, B 0 -",
	},
	{
		name: "classes with functions, and enums within classes",
		source: "class Address {\npublic:\n\tAddress() { }\n\tAddress(int ip, int port) : part(ip) { part = ip & 0xff; enum { HIDDEN }; }\n" +
			"\tint IP() const { return part | (part << 8); }\n\tenum Kind { A = 4, B };\nprivate:\n\tint part;\n\tint list[4];\n};\n" +
			"struct Pair { enum { C = 9 } kind; } pair;\n",
		want:  "A 4 Kind, B 5 Kind, C 9 -",
		scope: "A=Address::,B=Address::,C=Pair::",
	},
	{
		name:   "functions, templates and variables around",
		source: "inline bool Has(const int name) { return (name & 0x80) ? true : false; }\ntemplate <class T> T Twice(T t) { return t + t; }\nstruct Size Area(struct Size* s);\nint list[] = { 1, 2 }, other[] = { 3 };\nenum { A };",
		want:   "A 0 -",
	},
	{
		name:   "namespaces and linkage",
		source: "namespace ec { namespace { enum { A = 1 }; } }\nextern \"C\" { enum { B = 2 }; }\nextern int x;\nusing namespace ec;\nenum { C = B };",
		want:   "A 1 -, B 2 -, C 2 -",
		scope:  "A=ec::",
	},
	{
		name:   "one name in two scopes",
		source: "namespace one { enum { A = 1 }; }\nnamespace two { enum { A = 2, B = A }; }",
		want:   "A 1 -, A 2 -, B 2 -",
		scope:  "A=-,B=two::",
	},
	{
		name:   "an enum with a type, and counting within it",
		source: "typedef unsigned char byte;\nenum Small : byte { A = 254, B };\nenum : unsigned short { C = 0xffff };\nenum Later : int;\n#include <cstdint>\nenum D8 : std::uint8_t { D };",
		want:   "A 254 Small, B 255 Small, C 65535 -, D 0 D8",
	},
	{
		name:   "an enum class keeps its names to itself",
		source: "enum class Color { RED = 1, GREEN = RED + 1 };\nenum struct Light : long { RED = 7 };\nenum { RED };",
		want:   "RED 1 Color, GREEN 2 Color, RED 7 Light, RED 0 -",
		scope:  "RED=-,GREEN=Color::",
	},
	{
		name:   "an enum that a typedef names",
		source: "typedef enum { A = 3 } Codes;\ntypedef enum Tagged { B } Alias;",
		want:   "A 3 Codes, B 0 Tagged",
	},
	{
		name:   "variables behind an enum, and names that say enum again",
		source: "enum Codes { A } first, *second;\nstatic enum { B = 2 } third = B;\nenum Codes fourth = A;\nvoid Use(enum Codes = A);\nenum Codes Get();",
		want:   "A 0 Codes, B 2 -",
	},
	{
		name:   "carriage returns, a byte order mark and foreign letters",
		source: "\ufeff// Grüße – 你好\r\nenum { // ½\r\n\tA = 1,\r\n\tB\r\n};\r\n",
		want:   "A 1 -, B 2 -",
	},
	{
		name:   "an enumerator called as its enum",
		source: "enum A { A = 3 };",
		want:   "A 3 A",
	},
	{
		name:   "nothing at all",
		source: "",
		want:   "",
	},
}

func TestHeaderForms(t *testing.T) {
	for _, form := range cppForms {
		t.Run(form.name, func(t *testing.T) {
			file, findings := header.Parse("codes.h", []byte(form.source))
			if err := findings.Err(); err != nil {
				t.Fatalf("findings:\n%v", err)
			}
			if got := listing(file); got != form.want {
				t.Errorf("got  %s\nwant %s", got, form.want)
			}
		})
	}
}

func TestTypedefsAndTheirTypes(t *testing.T) {
	const source = `
typedef uint8 ec_opcode_t;
typedef	std::uint16_t
	ec_tagname_t;
typedef unsigned long int ec_long_t;
using ec_taglen_t = uint32_t;
typedef struct { int major, minor; } EC_Version_t;
typedef char* pointer_t;
typedef void (*callback_t)(int);
typedef int list_t[4];
`
	file, findings := header.Parse("codes.h", []byte(source))
	if err := findings.Err(); err != nil {
		t.Fatalf("findings:\n%v", err)
	}
	want := "ec_opcode_t=uint8 ec_tagname_t=std::uint16_t ec_long_t=unsigned long int ec_taglen_t=uint32_t"
	if got := typedefs(file); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCommentsDocumentTheItemBelowOrBefore(t *testing.T) {
	const source = `// A license.

// The codes,
// all of them.
enum Codes {
	/*!
	 * Says hello.
	 */
	HELLO,	// not this one

	// A section.

	BARE,
	BEHIND,	///< Stands behind.
	BEFORE /* Stands before the comma. */,
	LAST	// No comma.
};
typedef enum { ALONE } Other;	// Not a doc.

/** Right above. */ enum { SAME };
`
	file, findings := header.Parse("codes.h", []byte(source))
	if err := findings.Err(); err != nil {
		t.Fatalf("findings:\n%v", err)
	}
	want := []string{
		"Codes: The codes,\nall of them.",
		"HELLO: Says hello.",
		"BARE: ",
		"BEHIND: Stands behind.",
		"BEFORE: Stands before the comma.",
		"LAST: No comma.",
		"Other: ",
		"ALONE: ",
		": Right above.",
		"SAME: ",
	}
	if got, want := strings.Join(docs(file), "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("got\n%s\n\nwant\n%s", got, want)
	}
}

func TestPositionsCountLinesAndCharacters(t *testing.T) {
	const source = "\ufeff/* é */ enum Codes {\r\n\tA = 1, /* ü\r\n*/ B,\n\\\n  C };\ntypedef int T; enum { D };"
	file, findings := header.Parse("codes.h", []byte(source))
	if err := findings.Err(); err != nil {
		t.Fatalf("findings:\n%v", err)
	}
	got := []string{file.Enums[0].Position.String(), file.Enums[1].Position.String(), file.Typedefs[0].Position.String()}
	for _, enum := range file.Enums {
		for _, enumerator := range enum.Values {
			got = append(got, enumerator.Name+" "+enumerator.Position.String())
		}
	}
	want := []string{
		"codes.h:1:14", "codes.h:6:16", "codes.h:6:13",
		"A codes.h:2:2", "B codes.h:3:4", "C codes.h:5:3", "D codes.h:6:23",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// listing writes the enumerators of a file as the tables do.
func listing(file *header.File) string {
	var list []string
	for _, enum := range file.Enums {
		name := enum.Name
		if name == "" {
			name = "-"
		}
		for _, enumerator := range enum.Values {
			list = append(list, fmt.Sprintf("%s %s %s", enumerator.Name, enumerator.Decimal(), name))
		}
	}
	return strings.Join(list, ", ")
}

func typedefs(file *header.File) string {
	var list []string
	for _, typedef := range file.Typedefs {
		list = append(list, typedef.Name+"="+typedef.Type)
	}
	return strings.Join(list, " ")
}

func docs(file *header.File) []string {
	var list []string
	for _, enum := range file.Enums {
		list = append(list, enum.Name+": "+enum.Doc)
		for _, enumerator := range enum.Values {
			list = append(list, enumerator.Name+": "+enumerator.Doc)
		}
	}
	return list
}
