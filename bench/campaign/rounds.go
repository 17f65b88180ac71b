package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// tree is a copy of this project whose benchmarks can be run.
type tree struct {
	root     string
	binaries map[string]string // of modules
}

// moduleRoot returns the folder of the module that the command is called in.
func moduleRoot() (string, error) {
	file, err := output("", "go", "env", "GOMOD")
	if err != nil {
		return "", err
	}
	root := filepath.Dir(file)
	if _, err := os.Stat(filepath.Join(root, own)); err != nil {
		return "", fmt.Errorf("call it within the module github.com/ecgen/ecgen: %w", err)
	}
	return root, nil
}

// build builds the benchmarks that the jobs need, below the folder temp.
func build(root, temp string, list []job) (*tree, error) {
	t := &tree{root, make(map[string]string)}
	for _, j := range list {
		if t.binaries[j.module] != "" {
			continue
		}
		binary := filepath.Join(temp, filepath.Base(j.module)+".test")
		if _, err := output(filepath.Join(root, j.module), "go", "test", "-c", "-o", binary, "."); err != nil {
			return nil, err
		}
		t.binaries[j.module] = binary
	}
	return t, nil
}

// run runs a job, each benchmark for about this long.
func (t *tree) run(j job, each time.Duration) ([]line, error) {
	text, err := output(filepath.Join(t.root, j.module), t.binaries[j.module],
		"-test.run=^$", "-test.bench="+j.pattern, "-test.benchtime="+each.String(), "-test.timeout=30m")
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	lines, err := parse(strings.NewReader(text))
	if err == nil && len(lines) == 0 {
		err = fmt.Errorf("no benchmark matches %s", j.name())
	}
	return lines, err
}

// rounds runs all jobs so many times over: in each round every job once, in
// every tree. It hands the lines of a tree, by its index, to take.
func rounds(trees []*tree, list []job, count int, each time.Duration, progress *progress, take func(tree int, lines []line) error) error {
	progress.begin(count * len(list) * len(trees))
	defer progress.end()
	for round := range count {
		for _, j := range list {
			for i, t := range trees {
				progress.step(round+1, j.name())
				lines, err := t.run(j, each)
				if err != nil {
					return err
				}
				if err := take(i, lines); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// progress tells how far a campaign is. On a terminal it is one line that
// changes.
type progress struct {
	w        io.Writer
	terminal bool
	started  time.Time
	told     time.Time
	done     int
	total    int
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w}
	if file, ok := w.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) begin(total int) { p.started, p.total = time.Now(), total }

// quiet is how often progress is told when it is not a terminal.
const quiet = 15 * time.Second

func (p *progress) step(round int, name string) {
	text := fmt.Sprintf("round %d, %d of %d", round, p.done+1, p.total)
	if p.done > 0 {
		left := time.Since(p.started) / time.Duration(p.done) * time.Duration(p.total-p.done)
		text += fmt.Sprintf(", about %v left", left.Round(time.Second))
	}
	p.done++
	switch {
	case p.terminal:
		fmt.Fprintf(p.w, "\r\x1b[K%s: %s", text, name)
	case time.Since(p.told) > quiet:
		p.told = time.Now()
		fmt.Fprintln(p.w, text)
	}
}

func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	fmt.Fprintf(p.w, "measured for %v\n", time.Since(p.started).Round(time.Second))
}
