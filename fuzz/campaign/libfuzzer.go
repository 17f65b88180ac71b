package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// libFuzzer is the engine of LLVM, several times as fast as the native one. It
// needs clang. There are programs for each mode, and each of them with counters
// in all packages and in package codec alone.
type libFuzzer struct{ folder folder }

func (l *libFuzzer) format() corpus.Format { return corpus.Raw }
func (l *libFuzzer) modes() []string       { return []string{byBytes, byStructure, byCompares} }

func (l *libFuzzer) program(mode string, narrow bool) string {
	if narrow {
		mode += "-codec"
	}
	return l.folder.program("libfuzzer-" + mode)
}

func (l *libFuzzer) build(c *call) error {
	clang, err := exec.LookPath("clang")
	if err != nil {
		return errors.New("libFuzzer needs clang (on Debian: apt-get install clang); --engine native needs nothing")
	}
	overlay, err := l.untraced(c)
	if err != nil {
		return err
	}
	for _, mode := range l.modes() {
		for _, narrow := range []bool{true, false} {
			program := l.program(mode, narrow)
			args := append([]string{"build", "-buildmode=c-archive", "-o", program + ".a"}, instrumentation(narrow)...)
			switch mode {
			case byBytes:
				args = append(args, "-tags=libfuzzer", "-overlay="+overlay)
			case byStructure:
				args = append(args, "-tags=libfuzzer,mutator", "-overlay="+overlay)
			case byCompares:
				args = append(args, "-tags=libfuzzer")
			}
			if _, err := output(c, c.root, "go", append(args, "./fuzz/libfuzzer")...); err != nil {
				return err
			}
			if _, err := output(c, c.root, clang, "-fsanitize=fuzzer", program+".a", "-o", program); err != nil {
				return err
			}
		}
	}
	return nil
}

// comparison is a line of Go's runtime by which instrumented code tells
// libFuzzer what it compares.
var comparison = regexp.MustCompile(`(?m)^\tlibfuzzerCallTraceIntCmp\(.*\)$`)

// untraced writes an overlay for the go command in which the runtime does not
// tell what is compared: that takes half of the time, and can be told neither to
// the compiler nor to the engine. One mode of three has it.
func (l *libFuzzer) untraced(c *call) (overlay string, err error) {
	root, err := output(c, c.root, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	file := filepath.Join(root, "src", "runtime", "libfuzzer.go")
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if !comparison.Match(source) {
		return "", fmt.Errorf("%s does not call libfuzzerCallTraceIntCmp; this version of Go is another one than package campaign knows", file)
	}
	changed := l.folder.program("runtime-libfuzzer.go")
	if err := corpus.WriteFile(changed, comparison.ReplaceAll(source, nil)); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		return "", err
	}
	overlay = l.folder.program("overlay.json")
	return overlay, corpus.WriteFile(overlay, text)
}

func (l *libFuzzer) prepare(target targets.Target, seeds []corpus.Input) error {
	work := l.folder.work(target.Name)
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	for _, dir := range []string{l.folder.corpus(target.Name), filepath.Join(work, "artifacts")} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
	}
	if err := corpus.WriteFile(filepath.Join(work, "dictionary"), dictionary()); err != nil {
		return err
	}
	return corpus.WriteFolder(filepath.Join(work, "seeds"), corpus.Raw, seeds)
}

var libFuzzerCounts = []*regexp.Regexp{
	regexp.MustCompile(`stat::number_of_executed_units: (\d+)`),
	regexp.MustCompile(`(?m)^#(\d+)\s`),
}

func (l *libFuzzer) slice(ctx context.Context, s slice) (outcome, error) {
	work := l.folder.work(s.target.Name)
	environment := []string{crash.FolderVariable + "=" + l.folder.crashes(), "ECGEN_TARGET=" + s.target.Name, "GOTRACEBACK=all"}
	length, entropic := maxLength, "1"
	if s.mode != byCompares {
		entropic = "0" // weighing inputs by rare features takes longer than the targets do
		if s.narrow {
			length = shortLength
		}
	}
	args := []string{
		"-runs=" + strconv.FormatInt(s.executions+int64(s.inputs), 10), "-print_final_stats=1", "-timeout=10", "-rss_limit_mb=2048",
		"-max_len=" + strconv.Itoa(length), "-entropic=" + entropic, "-artifact_prefix=artifacts/", "-dict=dictionary", l.folder.corpus(s.target.Name), "seeds",
	}
	o, err := execute(ctx, s, work, environment, l.program(s.mode, s.narrow), args...)
	if err != nil {
		return o, err
	}
	for _, count := range libFuzzerCounts {
		if matches := count.FindAllStringSubmatch(o.output, -1); matches != nil {
			o.executions, _ = strconv.ParseInt(matches[len(matches)-1][1], 10, 64)
			break
		}
	}
	artifacts, err := filepath.Glob(filepath.Join(work, "artifacts", "*"))
	if err != nil {
		return o, err
	}
	// What is only slow is run by the campaign itself, as any input.
	artifacts = slices.DeleteFunc(artifacts, func(name string) bool { return strings.HasPrefix(filepath.Base(name), "slow-unit-") })
	if len(artifacts) > 0 {
		return o, o.took(s.target.Name, artifacts[0])
	}
	if o.executions > 0 {
		o.trouble = ""
	}
	return o, nil
}
