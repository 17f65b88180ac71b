package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// native is Go's own engine. What is peculiar about it:
//
//   - It fuzzes one test of one package, so there is a process for each slice.
//     The working directory decides where it looks for seeds and puts crashers.
//   - A budget of time can end with "context deadline exceeded" and no crasher
//     (golang/go#75804); a budget of executions does not.
//     They include the inputs that are run before new ones are made.
//   - It makes interesting inputs smaller for up to a minute each, and does
//     nothing else meanwhile. That is switched off.
//   - It stops at the first crash. So the tests keep crashes themselves and go
//     on, and only what no program survives ends a slice.
//   - It looks at all counters after each execution, those of the standard
//     library too. So only own packages have some.
type native struct{ folder folder }

// nativeTest is the fuzz test of package fuzz/campaign/native.
const nativeTest = "FuzzTarget"

func (n *native) format() corpus.Format { return corpus.Native }
func (n *native) modes() []string       { return []string{byBytes} }

func (n *native) program(narrow bool) string {
	if narrow {
		return n.folder.program("native-codec.test")
	}
	return n.folder.program("native.test")
}

func (n *native) build(c *call) error {
	for _, narrow := range []bool{true, false} {
		args := append([]string{"test", "-c", "-tags=campaign", "-o", n.program(narrow)}, instrumentation(narrow)...)
		if _, err := output(c, c.root, "go", append(args, "./fuzz/campaign/native")...); err != nil {
			return err
		}
	}
	return nil
}

func (n *native) seeds(target string) string {
	return filepath.Join(n.folder.work(target), "testdata", "fuzz", nativeTest)
}

func (n *native) prepare(target targets.Target, seeds []corpus.Input) error {
	if err := os.RemoveAll(n.folder.work(target.Name)); err != nil {
		return err
	}
	if err := os.MkdirAll(n.folder.corpus(target.Name), 0o777); err != nil {
		return err
	}
	return corpus.WriteFolder(n.seeds(target.Name), corpus.Native, seeds)
}

var (
	nativeCount = regexp.MustCompile(`execs: (\d+)`)
	nativeSeed  = regexp.MustCompile(`failure while testing seed corpus entry: \w+/(\S+)`)
	nativeFound = regexp.MustCompile(`Failing input written to (\S+)`)
)

func (n *native) slice(ctx context.Context, s slice) (outcome, error) {
	dir, corpora := n.folder.work(s.target.Name), n.folder.corpus(s.target.Name)
	environment := []string{
		crash.FolderVariable + "=" + n.folder.crashes(), "ECGEN_TARGET=" + s.target.Name,
		"GOMAXPROCS=1", "GOGC=off", "GOMEMLIMIT=256MiB",
	}
	o, err := execute(ctx, s, dir, environment, n.program(s.narrow),
		"-test.run=^$", "-test.fuzz=^"+nativeTest+"$", "-test.parallel=1", "-test.fuzzminimizetime=0x",
		"-test.fuzztime="+strconv.FormatInt(s.executions+int64(s.inputs), 10)+"x", "-test.fuzzcachedir="+filepath.Dir(corpora))
	if err != nil {
		return o, err
	}
	if text := lineWith(o.output, corpora+string(filepath.Separator)); text != "" {
		return o, cannotKeep(errors.New(text))
	}
	if counts := nativeCount.FindAllStringSubmatch(o.output, -1); counts != nil {
		o.executions, _ = strconv.ParseInt(counts[len(counts)-1][1], 10, 64)
	}
	found := nativeFound.FindStringSubmatch(o.output)
	seed := nativeSeed.FindStringSubmatch(o.output)
	switch {
	case found != nil:
		return o, o.took(s.target.Name, filepath.Join(dir, found[1]))
	case seed != nil:
		for _, folder := range []string{n.seeds(s.target.Name), corpora} {
			if file := filepath.Join(folder, seed[1]); exists(file) {
				return o, o.took(s.target.Name, file)
			}
		}
		return o, fmt.Errorf("%s: the input %s fails, and is nowhere", s.target.Name, seed[1])
	case o.executions > 0:
		o.trouble = "" // golang/go#75804, or an interrupt
	case o.trouble == "":
		o.trouble = "nothing was tried: " + lastLine(o.output)
	}
	return o, nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
