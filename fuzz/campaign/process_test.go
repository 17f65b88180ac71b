package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// asTool makes the test binary another program, so that it can be killed: the
// tool, one that starts a child as the tool does, or that child.
const asTool = "ECGEN_CAMPAIGN_TEST"

func TestMain(m *testing.M) {
	switch os.Getenv(asTool) {
	case "tool":
		main()
	case "parent":
		child := exec.CommandContext(context.Background(), os.Args[0])
		child.Env = append(child.Environ(), asTool+"=child")
		child.Stdout = os.Stdout
		detach(child)
		if err := child.Run(); err != nil {
			panic(err)
		}
	case "child":
		fmt.Println(os.Getpid())
		time.Sleep(time.Hour)
	}
	os.Exit(m.Run())
}

func tool(args ...string) (command *exec.Cmd, stderr *bytes.Buffer) {
	stderr = &bytes.Buffer{}
	command = exec.Command(os.Args[0], args...)
	command.Env = append(command.Environ(), asTool+"=tool")
	command.Stderr = stderr
	return command, stderr
}

// buildsPrograms skips a test that builds the programs of a campaign where that
// takes long.
func buildsPrograms(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: building the programs of a campaign, because of -short")
	}
}

// onlyPrograms is buildsPrograms for a test of what the programs do, which are
// built without the race detector.
func onlyPrograms(t *testing.T) {
	t.Helper()
	buildsPrograms(t)
	if raceDetector {
		t.Skip("SKIPPED: programs that are built without the race detector")
	}
}

// The real tool with the real engine, killed in the middle of a slice.
func TestKilledProcessIsContinued(t *testing.T) {
	onlyPrograms(t)
	dir := folder(t.TempDir())
	command, stderr := tool("run", "--dir", string(dir), "--target", "Number", "--budget", "1h", "--workers", "1")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer command.Process.Kill()
	for limit := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		s, err := readJournal(dir.journal())
		if err != nil {
			t.Fatal(err)
		}
		if s.total().Executions > 0 {
			break
		}
		if time.Now().After(limit) {
			t.Fatalf("nothing is in the journal: %s", stderr)
		}
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	command.Wait()
	before, err := readJournal(dir.journal())
	if err != nil {
		t.Fatal(err)
	}
	code, stdout, _ := do(t, "status", "--dir", string(dir))
	if code != good || !strings.Contains(stdout, "not running") {
		t.Errorf("status after a kill: %d, %q", code, stdout)
	}
	again, stderr := tool("run", "--dir", string(dir), "--target", "Number", "--executions", "2000", "--json")
	if err := again.Run(); err != nil {
		t.Fatal(err, stderr)
	}
	after, err := readJournal(dir.journal())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := after.total().Executions, before.total().Executions+2000; got < want {
		t.Errorf("%d executions, want at least %d", got, want)
	}
	if len(after.Events) <= len(before.Events) || after.At < before.At {
		t.Errorf("%d events until %v s, before %d until %v s", len(after.Events), after.At, len(before.Events), before.At)
	}
}

// No engine outlives a campaign that is killed. Those of LLVM would, until they
// print something.
func TestEnginesEndWithTheirCampaign(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there are no such processes here")
	}
	parent := exec.Command(os.Args[0])
	parent.Env = append(parent.Environ(), asTool+"=parent")
	stdout, err := parent.StdoutPipe() // of both, so it ends with the last of them
	if err == nil {
		err = parent.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer parent.Process.Kill()
	printed := bufio.NewReader(stdout)
	line, err := printed.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	outlives := time.AfterFunc(time.Minute, func() {
		t.Errorf("process %d lives", child)
		if process, err := os.FindProcess(child); err == nil {
			process.Kill()
		}
	})
	defer outlives.Stop()
	parent.Process.Kill()
	io.Copy(io.Discard, printed)
	parent.Wait()
}

// Go's engine counts the inputs that it has before it makes new ones: a target
// with more seeds than executions is fuzzed nevertheless.
func TestNewInputsAreMadeHoweverManySeedsThereAre(t *testing.T) {
	buildsPrograms(t)
	const executions = 40
	dir := folder(t.TempDir())
	code, stdout, stderr := do(t, "run", "--dir", string(dir), "--target", "Diff", "--executions", fmt.Sprint(executions))
	if code != good {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	s, err := readJournal(dir.journal())
	if err != nil {
		t.Fatal(err)
	}
	diff := s.of("Diff")
	if seeds := diff.Corpus - diff.New; seeds < 2*executions || diff.Executions < int64(seeds+executions) {
		t.Errorf("%d executions with %d seeds", diff.Executions, seeds)
	}
}

// An input that ends the process is told from one that does not, and the next
// one is run as if nothing had been.
func TestProberOutlivesItsProcess(t *testing.T) {
	p, done := newTestProber(t)
	defer done()
	if c, err := p.crashes("Number", []byte("a")); c != nil || err != nil {
		t.Fatal(c, err)
	}
	p.process.command.Process.Kill()
	c, err := p.crashes("Number", []byte("a"))
	if err != nil || c == nil || c.Site != crash.Parse("Number", "").Site {
		t.Errorf("an input during which the process died: %+v, %v", c, err)
	}
	r, err := p.run("Number", []byte("a"), true)
	if err != nil || r.Crash != nil || len(r.Features) == 0 || !r.CodecOnly {
		t.Errorf("the next input: %+v, %v", r, err)
	}
	if _, err := p.run("Nothing", nil, false); err == nil || !strings.Contains(err.Error(), "no target") {
		t.Errorf("a target that is not there: %v", err)
	}
}

// A campaign can be built for libFuzzer wherever clang is; CI has it.
func TestLibFuzzerEngine(t *testing.T) {
	onlyPrograms(t)
	required.Programs(t, "clang")
	dir := folder(t.TempDir())
	code, stdout, stderr := do(t, "run", "--engine", "libfuzzer", "--dir", string(dir), "--target", "Body,Typed,Packet", "--executions", "1000")
	if code != good {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	s, err := readJournal(dir.journal())
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"Body", "Typed", "Packet"} {
		for _, mode := range []string{byBytes, byStructure, byCompares} {
			if m := s.of(target).modes[mode]; m == nil || m.Executions < 1000 {
				t.Errorf("%s, %s: %+v", target, mode, m)
			}
		}
	}
	if s.AllBlocks == 0 || !strings.Contains(stdout, "custom mutator") {
		t.Errorf("%d blocks, %s", s.AllBlocks, stdout)
	}
}

func newTestProber(t *testing.T) (*prober, func()) {
	t.Helper()
	buildsPrograms(t)
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	p, done, err := temporaryProber(&call{Context: t.Context(), root: root})
	if err != nil {
		t.Fatal(err)
	}
	return p, done
}
