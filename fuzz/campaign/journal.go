package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// event is a line of the journal, and of what run --json prints.
type event struct {
	Kind string    `json:"event"` // begin, slice, crash, trouble or end
	Time time.Time `json:"time"`
	At   float64   `json:"at"` // seconds for which the campaign ran until then, interruptions left out

	Target string `json:"target,omitempty"`
	Text   string `json:"text,omitempty"` // of trouble, and why a run ended

	// Of a begin.
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go,omitempty"`
	Workers int    `json:"workers,omitempty"`

	// Of a slice.
	Mode       string  `json:"mode,omitempty"` // bytes or structure: how inputs were mutated
	Executions int64   `json:"executions,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`     // that it took
	Processor  float64 `json:"cpu_seconds,omitempty"` // that all of its processes took together
	Corpus     int     `json:"corpus,omitempty"`      // inputs of the target after it
	New        int     `json:"new,omitempty"`         // inputs that it added
	Features   int     `json:"features,omitempty"`    // blocks with magnitudes that it was the first to reach
	Blocks     int     `json:"blocks,omitempty"`      // blocks of code that the target's inputs reach after it
	AllBlocks  int     `json:"all_blocks,omitempty"`  // and that those of all targets reach

	// Of a crash.
	Site string `json:"site,omitempty"`
	ID   string `json:"id,omitempty"`
}

// journal is the file of events, which is only appended to.
type journal struct {
	w     io.Writer
	file  *os.File
	whole int64 // bytes of whole lines
}

// openJournal opens a journal to go on with it. What a run that was killed did
// not write to the end is cut off.
func openJournal(name string) (*journal, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	whole := int64(bytes.LastIndexByte(content, '\n') + 1)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &journal{file, file, whole}, nil
}

// add writes an event so that it outlives the machine. Of one that cannot be
// written to the end nothing stays, so that there may be room for the next.
func (j *journal) add(e event) error {
	line, err := json.Marshal(e)
	if err == nil {
		line = append(line, '\n')
		_, err = j.w.Write(line)
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err == nil {
		j.whole += int64(len(line))
	} else if truncateErr := j.file.Truncate(j.whole); truncateErr == nil {
		j.file.Seek(j.whole, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("the journal cannot be written: %w", cannotKeep(err))
	}
	return nil
}

func (j *journal) close() error { return j.file.Close() }

// progress is what is known of one target.
type progress struct {
	Slices     int
	Executions int64
	Seconds    float64
	Processor  float64
	Corpus     int
	New        int
	Blocks     int
	Sites      []string // where it crashed
	Troubles   int      // slices in a row that gave nothing but an error

	recent  float64 // new features, of which older ones count less and less
	seconds float64 // that they took, counted likewise
	ended   float64 // when the last slice did

	modes map[string]*speed
}

// speed is how fast a target is in one mode.
type speed struct {
	Executions         int64
	Seconds, Processor float64

	slices int
	most   int64 // executions of one slice
}

// afterStart returns how many there are in a second when starting is left out.
func (s speed) afterStart() float64 {
	return float64(s.Executions) / max(s.Seconds-startUp*float64(s.slices), s.Seconds/10)
}

// perCore returns executions in a second of processor time, 0 when nothing was
// measured.
func (s speed) perCore() float64 { return ratio(float64(s.Executions), s.Processor) }

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// state is what the events of a journal come to.
type state struct {
	At        float64
	Targets   map[string]*progress
	AllBlocks int
	Events    []event
}

func newState() *state { return &state{Targets: make(map[string]*progress)} }

// of returns the progress of a target, which begins here if it did not.
func (s *state) of(target string) *progress {
	p := s.Targets[target]
	if p == nil {
		p = &progress{modes: make(map[string]*speed)}
		s.Targets[target] = p
	}
	return p
}

// readJournal returns the state that a journal leads to. A last line that is
// not complete is left out: it is being written.
func readJournal(name string) (*state, error) {
	s := newState()
	content, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	number := 0
	for line := range bytes.Lines(content) {
		number++
		if !bytes.HasSuffix(line, []byte("\n")) {
			break
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
		s.add(e)
	}
	return s, nil
}

// forget is what older slices count of what later ones do, when it is judged
// what a target still gives.
const forget = 0.7

func (s *state) add(e event) {
	s.At = max(s.At, e.At)
	s.Events = append(s.Events, e)
	switch e.Kind {
	case "slice":
		p := s.of(e.Target)
		p.Slices++
		p.Executions += e.Executions
		p.Seconds += e.Seconds
		p.Processor += e.Processor
		p.Corpus, p.Blocks = e.Corpus, e.Blocks
		p.New += e.New
		p.Troubles = 0
		p.recent = p.recent*forget + float64(e.Features)
		p.seconds = p.seconds*forget + e.Seconds
		p.ended = e.At
		s.AllBlocks = max(s.AllBlocks, e.AllBlocks)
		mode := p.modes[e.Mode]
		if mode == nil {
			mode = &speed{}
			p.modes[e.Mode] = mode
		}
		mode.slices++
		mode.most = max(mode.most, e.Executions)
		mode.Executions += e.Executions
		mode.Seconds += e.Seconds
		mode.Processor += e.Processor
	case "crash":
		p := s.of(e.Target)
		p.Sites = append(p.Sites, e.Site)
	case "trouble":
		p := s.of(e.Target)
		p.Troubles++
		p.ended = e.At
	}
}

// total adds up all targets.
func (s *state) total() (t progress) {
	for _, p := range s.Targets {
		t.Slices += p.Slices
		t.Executions += p.Executions
		t.Seconds += p.Seconds
		t.Processor += p.Processor
		t.Corpus += p.Corpus
		t.New += p.New
		t.Sites = append(t.Sites, p.Sites...)
	}
	t.Blocks = s.AllBlocks
	return t
}
