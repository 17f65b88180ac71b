package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkGenerate runs ecgen: all of it, and as far as certain stages. It
// works on the project's protocol, and on made ones of which each is ten times
// as large as the one before. It writes nothing outside a temporary folder.
func BenchmarkGenerate(b *testing.B) {
	tool := filepath.Join(b.TempDir(), "ecgen")
	if text, err := exec.Command("go", "build", "-o", tool, "../cmd/ecgen").CombinedOutput(); err != nil {
		b.Fatal(string(text))
	}
	for _, stage := range []struct {
		name string
		args []string // after --spec; OUT stands for the folder of the package
		most int      // exit code: findings of lint are no failure
	}{
		{"lint", []string{"lint"}, 1},
		{"generate", []string{"generate", "--out", "OUT"}, 0},
		{"check", []string{"check", "--out", "OUT"}, 0},
	} {
		for _, p := range []struct {
			name string
			make func(tb testing.TB, folder string)
		}{
			{"EC", func(tb testing.TB, folder string) { copyFolder(tb, folder, "../spec") }},
			{"Made1", func(tb testing.TB, folder string) { makeProtocol(tb, folder, 1) }},
			{"Made10", func(tb testing.TB, folder string) { makeProtocol(tb, folder, 10) }},
			{"Made100", func(tb testing.TB, folder string) { makeProtocol(tb, folder, 100) }},
		} {
			b.Run("msg="+p.name+"/form="+stage.name+"/impl=ecgen", func(b *testing.B) {
				module := makeModule(b)
				spec := filepath.Join(module, "spec")
				p.make(b, spec)
				run := func(args []string, most int) *os.ProcessState {
					var command []string
					for i, arg := range args {
						command = append(command, strings.Replace(arg, "OUT", filepath.Join(module, "ec"), 1))
						if i == 0 {
							command = append(command, "--spec", spec)
						}
					}
					return runTool(b, module, tool, command, most)
				}
				if stage.name == "check" {
					run([]string{"generate", "--out", "OUT"}, 0)
				}
				var used float64
				for b.Loop() {
					if stage.name == "generate" {
						if err := os.RemoveAll(filepath.Join(module, "ec")); err != nil {
							b.Fatal(err)
						}
					}
					state := run(stage.args, stage.most)
					used += float64(state.UserTime() + state.SystemTime())
				}
				b.ReportMetric(used/float64(b.N), "cpu-ns/op")
			})
		}
	}
}

// runTool runs a command whose exit code may be at most so much.
func runTool(b *testing.B, folder, tool string, args []string, most int) *os.ProcessState {
	command := exec.Command(tool, args...)
	command.Dir = folder
	if text, err := command.CombinedOutput(); err != nil && (command.ProcessState == nil || command.ProcessState.ExitCode() > most) {
		b.Fatal(err, string(text))
	}
	return command.ProcessState
}

// makeModule returns the folder of a new module that requires this one.
func makeModule(b *testing.B) string {
	root, err := filepath.Abs("..")
	if err != nil {
		b.Fatal(err)
	}
	folder := b.TempDir()
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		b.Fatal(err)
	}
	_, requirements, _ := strings.Cut(string(own), "\n")
	writeFile(b, filepath.Join(folder, "go.mod"), "module example.org/client\n"+requirements+
		"\nrequire github.com/ecgen/ecgen v0.0.0\nreplace github.com/ecgen/ecgen => "+root+"\n")
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		b.Fatal(err)
	}
	writeFile(b, filepath.Join(folder, "go.sum"), string(sums))
	return folder
}

func copyFolder(tb testing.TB, to, from string) {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		tb.Fatal(err)
	}
}

func writeFile(tb testing.TB, name, text string) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		tb.Fatal(err)
	}
}

// The size of a made protocol, to be multiplied. The project's has 440 fields.
const (
	madeObjects = 22
	madeFields  = 20 // of each object
)

// makeProtocol writes a spec and its code headers. There are no more than 256
// opcodes, so it is the objects that become more.
func makeProtocol(tb testing.TB, folder string, times int) {
	var codes, objects, lists strings.Builder
	codes.WriteString("enum ECOpCodes {\n\tEC_OP_LIST = 0x01\n};\nenum ECTagNames {\n")
	objects.WriteString("objects:\n")
	for i := range madeObjects * times {
		fmt.Fprintf(&codes, "\tEC_TAG_THING%d = %d,\n", i, 100+i)
		fmt.Fprintf(&lists, "      - tag: THING%d\n        type: Thing%d\n        presence: repeated\n        doc: Things of kind %d.\n", i, i, i)
		fmt.Fprintf(&objects, "  Thing%d:\n    doc: A thing of kind %d.\n    tags:\n", i, i)
		for j := range madeFields {
			kind := []string{"uint32", "string", "uint64", "hash16", "bool"}[j%5]
			fmt.Fprintf(&objects, "      - tag: VALUE%d\n        type: %s\n        doc: Value %d of the thing.\n", j, kind, j)
		}
	}
	for j := range madeFields {
		fmt.Fprintf(&codes, "\tEC_TAG_VALUE%d = %d,\n", j, 10+j)
	}
	codes.WriteString("\tEC_TAG_LAST = 9\n};\n")
	types, err := os.ReadFile("../spec/ECTagTypes.h")
	if err != nil {
		tb.Fatal(err)
	}
	writeFile(tb, filepath.Join(folder, "ECTagTypes.h"), string(types))
	writeFile(tb, filepath.Join(folder, "ECCodes.h"), codes.String())
	writeFile(tb, filepath.Join(folder, "things.yaml"), objects.String()+
		"messages:\n  - opcode: LIST\n    from: daemon\n    doc: Lists all things.\n    tags:\n"+lists.String())
}
