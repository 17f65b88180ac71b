package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// madeEngine stands for an engine: a slice takes no time, and finds what the
// test says.
type madeEngine struct {
	folder folder
	mu     sync.Mutex
	slices map[string]int // that each target had
	find   func(s slice, number int) (outcome, error)
}

func (e *madeEngine) format() corpus.Format { return corpus.Native }
func (e *madeEngine) modes() []string       { return []string{byBytes} }
func (e *madeEngine) build(*call) error     { return nil }

func (e *madeEngine) prepare(t targets.Target, seeds []corpus.Input) error {
	return os.MkdirAll(e.folder.corpus(t.Name), 0o777)
}

func (e *madeEngine) slice(_ context.Context, s slice) (outcome, error) {
	e.mu.Lock()
	e.slices[s.target.Name]++
	number := e.slices[s.target.Name]
	e.mu.Unlock()
	return e.find(s, number)
}

// madeRunner says that each input reaches what its bytes are.
type madeRunner struct{}

func (madeRunner) run(_ string, data []byte, _ bool) (r reached, err error) {
	for _, c := range data {
		r.Features = append(r.Features, uint64(c)<<5)
	}
	return r, nil
}

// madeCampaign returns a campaign of three targets in dir.
func madeCampaign(t *testing.T, dir folder, find func(s slice, number int) (outcome, error)) (*campaign, *madeEngine) {
	t.Helper()
	unlock, err := dir.begin("native")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	e := &madeEngine{folder: dir, slices: make(map[string]int), find: find}
	c := &call{Context: context.Background(), stdout: io.Discard, stderr: io.Discard, root: t.TempDir()}
	r := &campaign{
		call: c, folder: dir, engine: e, engineName: "native", workers: 2, count: 10, view: &lineView{w: io.Discard},
		targets: []targets.Target{{Name: "A"}, {Name: "B"}, {Name: "C"}},
	}
	if r.state, err = readJournal(dir.journal()); err != nil {
		t.Fatal(err)
	}
	return r, e
}

func kinds(s *state) (list []string) {
	for _, e := range s.Events {
		list = append(list, strings.TrimSpace(e.Kind+" "+e.Target))
	}
	slices.Sort(list)
	return list
}

// Neither a target that ends the engine, nor one that cannot even be run, keeps
// the others from running.
func TestCrashInOneTargetDoesNotStopTheOthers(t *testing.T) {
	dir := folder(t.TempDir())
	r, e := madeCampaign(t, dir, func(s slice, number int) (outcome, error) {
		switch s.target.Name {
		case "A":
			c := &crash.Crash{Target: "A", Site: "fatal error: stack overflow in codec.x"}
			return outcome{executions: 3, seconds: 1, crash: c, input: []byte("input")}, nil
		case "B":
			return outcome{trouble: "exit status 127"}, nil
		default:
			err := corpus.WriteFile(filepath.Join(dir.corpus("C"), "found"), corpus.Native.Encode([]byte("xyz")))
			return outcome{executions: s.executions, seconds: 1}, err
		}
	})
	if err := r.fuzz(madeRunner{}); err != nil {
		t.Fatal(err)
	}
	if e.slices["A"] != 1 || e.slices["C"] != 1 {
		t.Errorf("slices: %v", e.slices)
	}
	want := []string{"begin", "crash A", "end", "slice A", "slice C", "trouble B"}
	if got := kinds(r.state); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	if p := r.state.of("C"); p.Executions != 10 || p.New != 1 || p.Blocks < 3 {
		t.Errorf("C: %+v", p)
	}
	list, err := crash.Read(dir.crashes())
	if err != nil || len(list) != 1 || string(list[0].Input) != "input" {
		t.Errorf("kept %v, %v", list, err)
	}
	if ok, err := r.conclude(false, false); ok || err != nil {
		t.Errorf("a run with a crash ends with %v, %v", ok, err)
	}
}

// A target that cannot be run is left alone after a while.
func TestTargetsThatCannotRunAreLeftAlone(t *testing.T) {
	dir := folder(t.TempDir())
	r, e := madeCampaign(t, dir, func(s slice, number int) (outcome, error) { return outcome{trouble: "exit status 127"}, nil })
	r.count, r.budget = 0, time.Hour
	if err := r.fuzz(madeRunner{}); err != nil {
		t.Fatal(err)
	}
	for name, n := range e.slices {
		if n != mostTroubles {
			t.Errorf("%s had %d slices", name, n)
		}
	}
	if _, err := r.conclude(false, false); err == nil {
		t.Error("that no target could run is no error")
	}
}

// What a run knew, the next one knows; what was being written when the first
// one was killed is the only thing that is gone.
func TestKilledRunIsContinued(t *testing.T) {
	dir := folder(t.TempDir())
	find := func(s slice, number int) (outcome, error) {
		name := fmt.Sprintf("%s%d", s.target.Name, number)
		err := corpus.WriteFile(filepath.Join(dir.corpus(s.target.Name), name), corpus.Native.Encode([]byte(name)))
		return outcome{executions: 10, seconds: 1}, err
	}
	r, _ := madeCampaign(t, dir, find)
	if err := r.fuzz(madeRunner{}); err != nil {
		t.Fatal(err)
	}
	before := r.state.total()

	// As after kill -9: half a line, half an input, and a crash that was kept
	// but is not in the journal.
	file, err := os.OpenFile(dir.journal(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	file.WriteString(`{"event":"slice","target":"A","execut`)
	file.Close()
	broken := filepath.Join(dir.corpus("A"), "broken")
	if err := os.WriteFile(broken, []byte("go test fuzz v1\n[]byte(\"ab"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := crash.NewKeeper(dir.crashes()).Keep(&crash.Crash{Target: "B", Site: "site"}, []byte("x")); err != nil {
		t.Fatal(err)
	}

	again, _ := madeCampaign(t, dir, find)
	if got := again.state.total(); got.Executions != before.Executions {
		t.Errorf("%d executions are known of %d", got.Executions, before.Executions)
	}
	if err := again.fuzz(madeRunner{}); err != nil {
		t.Fatal(err)
	}
	total := again.state.total()
	if total.Executions != 2*before.Executions || again.state.At < r.state.At || len(total.Sites) != 1 {
		t.Errorf("%+v after %+v", total, before)
	}
	if exists(broken) {
		t.Error("the broken input is still there")
	}
	fresh, err := readJournal(dir.journal())
	if err != nil || fresh.total().Executions != total.Executions {
		t.Errorf("the journal says %+v, %v", fresh.total(), err)
	}
}

// fullDisk takes so many bytes, and then has no room.
type fullDisk struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(b []byte) (int, error) {
	n := min(len(b), d.room-d.Len())
	d.Buffer.Write(b[:n])
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

// When the journal can take no more, the run ends and says so; what the journal
// has is whole but for the last line, and a later run reads it.
func TestFullDiskEndsTheRunAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "journal.jsonl")
	j, err := openJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	disk := &fullDisk{room: 1000}
	j.w = io.MultiWriter(disk)
	events := 0
	for err == nil {
		err = j.add(event{Kind: "slice", Target: "A", Executions: 7})
		events++
	}
	if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "run again to go on") {
		t.Errorf("the error is %v", err)
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, disk.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // as it was left, and after it was opened again
		s, err := readJournal(name)
		if err != nil || s.of("A").Slices != events-1 {
			t.Fatalf("%d of %d events are read, %v", s.of("A").Slices, events-1, err)
		}
		if j, err = openJournal(name); err != nil {
			t.Fatal(err)
		}
		j.close()
	}
}

// What was half written when the disk was full is gone before the next event,
// for which there is room again.
func TestJournalIsWholeWhenThereIsRoomAgain(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := openJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	whole := j.w
	for _, c := range []struct {
		kind string
		full bool
	}{{"slice", false}, {"slice", true}, {"trouble", true}, {"crash", false}, {"end", false}} {
		if j.w = whole; c.full {
			j.w = halfWriter{whole}
		}
		if err := j.add(event{Kind: c.kind, Target: "A"}); c.full != errors.Is(err, errFull) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	s, err := readJournal(name)
	if want := []string{"crash A", "end A", "slice A"}; err != nil || !slices.Equal(kinds(s), want) {
		t.Errorf("the journal has %v, %v, want %v", kinds(s), err, want)
	}
}

// halfWriter writes half of what it is given.
type halfWriter struct{ w io.Writer }

func (h halfWriter) Write(b []byte) (int, error) {
	n, err := h.w.Write(b[:len(b)/2])
	return n, errors.Join(errFull, err)
}

// A folder that cannot be written into any more ends the run, though the engine
// says nothing of it.
func TestFolderThatBecomesReadOnlyEndsTheRun(t *testing.T) {
	const readOnly = "/proc/self/ns" // even for root
	if err := os.WriteFile(filepath.Join(readOnly, "file"), nil, 0o666); !exists(readOnly) || err == nil {
		t.Skip("there is no such folder here")
	}
	dir := folder(t.TempDir())
	r, e := madeCampaign(t, dir, func(s slice, number int) (outcome, error) {
		if number > 100 {
			return outcome{}, errors.New("the run goes on")
		}
		err := error(nil)
		if s.target.Name == "B" && number == 2 {
			corpora := dir.corpus("B")
			err = errors.Join(os.RemoveAll(corpora), os.Symlink(readOnly, corpora))
		}
		return outcome{executions: 10, seconds: 1}, err
	})
	r.count, r.budget = 0, time.Hour
	if err := r.fuzz(madeRunner{}); err == nil || !strings.Contains(err.Error(), "nothing more can be kept") || !strings.Contains(err.Error(), dir.corpus("B")) {
		t.Errorf("the error is %v", err)
	}
	if e.slices["B"] != 2 {
		t.Errorf("slices: %v", e.slices)
	}
}

// An engine that cannot keep what it finds ends the run, with its words.
func TestWhatCannotBeKeptEndsTheRun(t *testing.T) {
	dir := folder(t.TempDir())
	r, _ := madeCampaign(t, dir, func(s slice, number int) (outcome, error) {
		if s.target.Name == "B" {
			return outcome{}, fmt.Errorf("nothing more can be kept: %w", errFull)
		}
		return outcome{executions: 10, seconds: 1}, nil
	})
	if err := r.fuzz(madeRunner{}); !errors.Is(err, errFull) {
		t.Errorf("the error is %v", err)
	}
	s, err := readJournal(dir.journal())
	if err != nil || s.Events[len(s.Events)-1].Kind != "end" || !strings.Contains(s.Events[len(s.Events)-1].Text, "no space") {
		t.Errorf("the journal ends with %+v, %v", s.Events, err)
	}
}

// Two runs of one campaign would write over each other.
func TestOneRunAtATime(t *testing.T) {
	dir := folder(t.TempDir())
	unlock, err := dir.begin("native")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dir.begin("native"); !errors.Is(err, errRunning) {
		t.Errorf("a second run: %v", err)
	}
	unlock()
	if _, err := dir.begin("libfuzzer"); err == nil || !strings.Contains(err.Error(), "--engine native") {
		t.Errorf("another engine: %v", err)
	}
	if unlock, err = dir.begin("native"); err != nil {
		t.Errorf("after it ended: %v", err)
	} else {
		unlock()
	}
}

func TestFoldersThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := do(t, "run", "--budget", "1s", "--dir", filepath.Join(file, "dir"))
	if code != failed || !strings.Contains(stderr, "cannot be made") || !strings.Contains(stderr, file) {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}
