package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/session/amuletest/required"
)

// asTool makes the test's own program be the tool.
const asTool = "EC_TEST_IS_THE_TOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// installed returns a folder in which ec is the tool.
func installed(t *testing.T) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(program, filepath.Join(folder, "ec")); err != nil {
		t.Fatal(err)
	}
	return folder
}

var completions = []struct {
	line string // the words behind ec; the last is completed
	want string
}{
	{"du", "dump"},
	{"d", "downloads dump"},
	{"dump --keep", "--keep-going"},
	{"dump --from ", "client daemon"},
	{"dump --from d", "daemon"},
	{"dump --keep-going --co", "--color --connection"},
	{"recode --dialect 2.", "2.0 2.1 2.2 2.3"},
	{"help st", "status"},
	{"completion ", "bash fish zsh"},
	{"call stat", "stat-req"},
	{"call search-start --search-t", "--search-type"},
	{"call search-start --search-type ", "local global kad web browse all"},
	{"call --json search-start --search-type k", "kad"},
	{"watch s", "shared servers"},
	{"search --type v", "video"},
	{"serve --log w", "warn"},
	{"dump -", "--body --color --connection --dialect --explain --flags --from --help --json --keep-going --port --raw"},
}

func TestCompletionOfWords(t *testing.T) {
	for _, c := range append(completions, []struct{ line, want string }{
		{"dump --from = d", "daemon"}, // as bash has it
		{"nothing ", ""},
		{"dump ", ""},
		{"dump --flags ", ""},
		{"encode - -", "-o --help"},
		{"completion bash ", ""},
		{"call nothing --search", ""},
		{"status ", ""},
	}...) {
		got := strings.Fields(tool("", append([]string{"completion", "--words", "--"}, strings.Split(c.line, " ")...)...).stdout)
		want := strings.Fields(c.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("ec %s: got %q, want %q", c.line, got, want)
		}
	}
}

// shellCases has for each shell a script that loads the completion and prints
// what it makes of $LINE, a line each.
var shellCases = map[string]string{
	"bash": `source <(ec completion bash)
		complete -p ec | grep -q -- '-F _ec ec' || exit 3
		read -ra words <<<"$LINE"
		COMP_WORDS=(ec "${words[@]}")
		[[ $LINE == *' ' ]] && COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_ec
		printf '%s\n' "${COMPREPLY[@]}"`,
	"zsh": `compdef() { [[ "$*" == "_ec ec" ]] || exit 3 }
		_files() { print FILES }
		compadd() { shift; print -l -- "$@" }
		source <(ec completion zsh)
		words=(ec "${(@s: :)LINE}")
		CURRENT=${#words}
		_ec`,
	"fish": `ec completion fish | source
		complete -C "ec $LINE"`,
}

func TestCompletionInShells(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			required.Programs(t, shell)
			folder := installed(t)
			for _, c := range completions {
				var args []string
				switch shell {
				case "bash":
					args = []string{"--norc", "--noprofile"}
				case "zsh":
					args = []string{"-f"}
				case "fish":
					args = []string{"--no-config"}
				}
				command := exec.Command(shell, append(args, "-c", shellCases[shell])...)
				command.Env = append(os.Environ(), asTool+"=1", "GORACE=atexit_sleep_ms=0", "PATH="+folder+":"+os.Getenv("PATH"), "LINE="+c.line, "HOME="+folder)
				command.Dir = t.TempDir() // without files
				var stderr strings.Builder
				command.Stderr = &stderr
				output, err := command.Output()
				got, want := strings.Fields(string(output)), strings.Fields(c.want)
				slices.Sort(got)
				slices.Sort(want)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("ec %s: got %q, want %q; %v, %s", c.line, got, want, err, &stderr)
				}
			}
		})
	}
}

func TestCompletionWantsAShell(t *testing.T) {
	const message = "ec completion: want bash, zsh or fish; see \"ec help completion\"\n"
	want(t, result{exitFailed, "", message}, "", "completion")
	want(t, result{exitFailed, "", message}, "", "completion", "tcsh")
}
