package main

import (
	"flag"
	"os/exec"
	"strings"
	"testing"
)

func TestMisuseIsNamed(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"dmup"}, `ec: there is no verb "dmup"; see "ec help"`},
		{[]string{"dump"}, `ec dump: want one FILE, or - for standard input, not 0; see "ec help dump"`},
		{[]string{"dump", "a", "b"}, `ec dump: want one FILE, or - for standard input, not 2; see "ec help dump"`},
		{[]string{"dump", "--", "--raw", "-"}, `ec dump: want one FILE, or - for standard input, not 2; see "ec help dump"`},
		{[]string{"dump", "--jsn", "-"}, `ec dump: there is no option --jsn; see "ec help dump"`},
		{[]string{"dump", "--json", "--raw", "-"}, `ec dump: --json and --raw exclude each other; see "ec help dump"`},
		{[]string{"dump", "-j"}, `ec dump: there is no option -j; see "ec help dump"`},
		{[]string{"dump", "--from"}, `ec dump: --from wants a value; see "ec help dump"`},
		{[]string{"encode", "-", "-o"}, `ec encode: -o wants a value; see "ec help encode"`},
		{[]string{"dump", "--json=2", "-"}, `ec dump: invalid value "2" for --json: parse error; see "ec help dump"`},
		{[]string{"dump", "--from", "me", "-"}, `ec dump: invalid value "me" for --from: want client or daemon; see "ec help dump"`},
		{[]string{"dump", "--color", "red", "-"}, `ec dump: invalid value "red" for --color: want auto, always or never; see "ec help dump"`},
		{[]string{"dump", "--flags", "20", "-"}, `ec dump: want --flags HEX with --body FILE, and no other file; see "ec help dump"`},
		{[]string{"dump", "--body", "-"}, `ec dump: want --flags HEX with --body FILE, and no other file; see "ec help dump"`},
		{[]string{"dump", "--flags", "20", "--body", "-", "-"}, `ec dump: want --flags HEX with --body FILE, and no other file; see "ec help dump"`},
		{[]string{"dump", "--flags", "x", "--body", "-"}, `ec dump: --flags wants a number in hex of at most 32 bits, not "x"; see "ec help dump"`},
		{[]string{"dump", "none"}, `ec dump: open none: no such file or directory`},
		{[]string{"recode", "-"}, `ec recode: want -o OUT, or -o - for standard output; see "ec help recode"`},
		{[]string{"encode", "-"}, `ec encode: want -o OUT, or -o - for standard output; see "ec help encode"`},
		{[]string{"encode", "-o", "-"}, `ec encode: want one FILE, or - for standard input, not 0; see "ec help encode"`},
		{[]string{"help", "dmup"}, `ec help: there is no verb "dmup"; see "ec help help"`},
		{[]string{"help", "a", "b"}, `ec help: want one verb at most; see "ec help help"`},
		{[]string{"version", "x"}, `ec version: want no arguments; see "ec help version"`},
	} {
		want(t, result{exitFailed, "", c.want + "\n"}, "", c.args...)
	}
}

func TestOverviewHasEachVerb(t *testing.T) {
	overview := tool("", "help")
	want(t, overview, "", "--help")
	want(t, overview, "", "-h")
	want(t, result{exitFailed, "", overview.stdout}, "")
	for _, v := range verbs() {
		if !strings.Contains(overview.stdout, v.name+" ") || !strings.Contains(overview.stdout, v.summary) {
			t.Errorf("%s is missing in\n%s", v.name, overview.stdout)
		}
	}
	if overview.code != exitGood || overview.stderr != "" {
		t.Errorf("exit code %d, %s", overview.code, overview.stderr)
	}
}

func TestHelpExplainsEachOption(t *testing.T) {
	for _, v := range verbs() {
		help := tool("", "help", v.name)
		if help.code != exitGood || help.stderr != "" {
			t.Errorf("%s: exit code %d, %s", v.name, help.code, help.stderr)
		}
		want(t, help, "", v.name, "--help")
		want(t, help, "", v.name, "x", "-h")
		flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
		v.options(flags)
		flags.VisitAll(func(f *flag.Flag) {
			if strings.Count(help.stdout, "-"+f.Name) < 2 {
				t.Errorf("the help of %s has -%s not both in the synopsis and among the options:\n%s", v.name, f.Name, help.stdout)
			}
		})
		for line := range strings.Lines(help.stdout) {
			if len(line) > 81 {
				t.Errorf("%s: a line of %d bytes: %s", v.name, len(line)-1, line)
			}
		}
	}
}

func TestVersionSaysWhatWasBuilt(t *testing.T) {
	for _, arg := range []string{"version", "--version"} {
		got := tool("", arg)
		if got.code != exitGood || !strings.HasPrefix(got.stdout, "ec ") || !strings.Contains(got.stdout, " go1.") {
			t.Errorf("%s: %+v", arg, got)
		}
	}
}

// What only the tool needs comes to nobody who imports the packages.
func TestPackagesDoNotNeedWhatTheToolNeeds(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "../../codec/...", "../../generated/...", "../../session", "../../session/mirror/...")
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.Lines(string(output)) {
		path = strings.TrimSpace(path)
		domain, _, _ := strings.Cut(path, "/")
		if strings.Contains(domain, ".") && !strings.HasPrefix(path, "github.com/ecgen/ecgen/") && !strings.HasPrefix(path, "github.com/klauspost/compress/") {
			t.Errorf("a package needs %s", path)
		}
	}
	if !strings.Contains(string(output), "github.com/klauspost/compress/zlib") {
		t.Errorf("the packages are said to need\n%s", output)
	}
}

// Each command line of the README names a verb and options that are there.
func TestTheReadmesCommandLinesExist(t *testing.T) {
	found := 0
	for line := range strings.Lines(readFile(t, "../../README.md")) {
		command, isCommand := strings.CutPrefix(line, "    ec ")
		if !isCommand {
			continue
		}
		found++
		command, _, _ = strings.Cut(command, "#")
		words := strings.Fields(command)
		v := findVerb(words[0])
		if v == nil {
			t.Errorf("there is no verb for: %s", line)
			continue
		}
		flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
		v.options(flags)
		for i, word := range words[1:] {
			if v.arguments == requestArgument && i == 0 {
				r, err := newRequest(word)
				if err != nil {
					t.Fatal(err)
				}
				r.define(flags)
			}
			if name, isOption := optionName(word); isOption && flags.Lookup(name) == nil {
				t.Errorf("there is no option %s for: %s", word, line)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d lines", found)
	}
}
