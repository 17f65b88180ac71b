package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

func prepareRun(flags *flag.FlagSet) action {
	dir := addFolderFlag(flags)
	pattern := addTargetFlag(flags)
	engine := flags.String("engine", "native", "native, which needs Go alone, or libfuzzer, which needs clang and is faster")
	budget := flags.Duration("budget", 0, "for how long the campaign runs in all, interruptions left out, such as 20m or 8h")
	count := flags.Int64("executions", 0, "run each target so many times instead, in one slice")
	workers := flags.Int("workers", runtime.NumCPU(), "how many targets run at the same time")
	asJSON := flags.Bool("json", false, "print events as JSON, one a line")
	keep := flags.Bool("regressions", true, "at the end, reduce what crashes, and make regression inputs of it below "+regressionFolder)
	return func(c *call) (bool, error) {
		switch {
		case (*budget > 0) == (*count > 0):
			return false, errors.New("say for how long with --budget, such as --budget 8h, or how often with --executions")
		case *workers < 1:
			return false, errors.New("there must be at least one worker")
		}
		list, err := chosen(*pattern)
		if err != nil {
			return false, err
		}
		folder := folderOf(c, *dir)
		e, err := newEngine(*engine, folder)
		if err != nil {
			return false, err
		}
		unlock, err := folder.begin(*engine)
		if err != nil {
			return false, err
		}
		defer unlock()
		text := budget.String()
		if *count > 0 {
			text = plural(int(*count), "execution") + " each"
		}
		r := &campaign{
			call: c, folder: folder, engine: e, engineName: *engine, targets: list,
			workers: *workers, budget: *budget, count: *count, view: newView(c.stdout, *asJSON, text),
		}
		if err := r.run(); err != nil {
			return false, err
		}
		return r.conclude(*asJSON, *keep)
	}
}

// campaign is one run of a campaign.
type campaign struct {
	*call
	folder     folder
	engine     engine
	engineName string
	targets    []targets.Target
	workers    int
	budget     time.Duration
	count      int64
	view       view

	journal  *journal
	state    *state
	coverage *coverage
	began    time.Time // of this run's fuzzing
	before   float64   // seconds that the campaign had run by then
	running  map[string]bool
	sites    map[string]bool // folders of crashes that are in the journal
}

// done is what a worker hands back.
type done struct {
	slice   slice
	outcome outcome
	err     error

	added    int // inputs
	features int // that they were the first to reach
}

// run builds everything, and fuzzes, unless the budget is used up.
func (r *campaign) run() (err error) {
	if r.state, err = readJournal(r.folder.journal()); err != nil {
		return err
	}
	if r.budget > 0 && r.state.At >= r.budget.Seconds() {
		fmt.Fprintf(r.stderr, "The campaign has had its %v; a larger --budget goes on, another --dir begins anew.\n", r.budget)
		return nil
	}
	fmt.Fprintf(r.stderr, "Building for the %s engine.\n", r.engineName)
	if err := r.engine.build(r.call); err != nil {
		return err
	}
	p, err := buildProber(r.call, r.folder.program("probe"), "")
	if err != nil {
		return err
	}
	several := newProbers(p.program, r.workers)
	defer several.close()
	return r.fuzz(several)
}

// fuzz goes on with the campaign from where its journal ended.
func (r *campaign) fuzz(p inputRunner) (err error) {
	r.before = r.state.At
	if r.journal, err = openJournal(r.folder.journal()); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.journal.close()) }()
	r.coverage = newCoverage(p, r.targets)
	if err := r.prepare(); err != nil {
		return err
	}
	r.began = time.Now()
	if err := r.record(event{Kind: "begin", Commit: commit(r, r.root), Go: runtime.Version(), Workers: r.workers}); err != nil {
		return err
	}
	if err := r.noteCrashes(); err != nil {
		return err
	}
	err = r.loop()
	text := "the budget is used up"
	switch {
	case err != nil:
		text = err.Error()
	case r.Err() != nil:
		text = "interrupted"
	}
	if recordErr := r.record(event{Kind: "end", Text: text}); err == nil {
		err = recordErr
	}
	r.view.end(r.state)
	if r.Err() != nil {
		fmt.Fprintln(r.stderr, "Interrupted: the same command goes on where this ends.")
	}
	return err
}

// prepare sets up the targets with their seeds, and measures what their inputs
// reach.
func (r *campaign) prepare() error {
	r.running = make(map[string]bool)
	r.sites = make(map[string]bool)
	known, err := crash.Read(r.folder.crashes())
	if err != nil {
		return err
	}
	// A run that was killed may have kept crashes that it did not note.
	noted := make(map[string]bool)
	for _, p := range r.state.Targets {
		for _, site := range p.Sites {
			noted[site] = true
		}
	}
	for _, kept := range known {
		r.sites[kept.Dir] = noted[kept.Site]
	}
	fmt.Fprintf(r.stderr, "Measuring the inputs of %s.\n", plural(len(r.targets), "target"))
	queue := make(chan targets.Target, len(r.targets))
	for _, target := range r.targets {
		queue <- target
	}
	close(queue)
	failures := make([]error, r.workers)
	var workers sync.WaitGroup
	for i := range failures {
		workers.Go(func() {
			for target := range queue {
				if failures[i] = r.Err(); failures[i] == nil {
					failures[i] = r.prepareTarget(target)
				}
				if failures[i] != nil {
					return
				}
			}
		})
	}
	workers.Wait()
	for _, target := range r.targets {
		r.coverage.merge(r.coverage.targets[target.Name])
	}
	return cmp.Or(failures...)
}

// prepareTarget gives a target its seeds, and what its corpus has from before.
// What crashes among them is kept as a crash, and kept from the engine, which
// would end with it each time.
func (r *campaign) prepareTarget(target targets.Target) error {
	seeds, err := first(r.root, target)
	if err != nil {
		return err
	}
	keeper, t := crash.NewKeeper(r.folder.crashes()), r.coverage.targets[target.Name]
	holds := seeds[:0]
	for _, seed := range seeds {
		_, c, err := t.add(r.coverage.prober, seed.Data)
		if err == nil && c != nil {
			err = keeper.Keep(c, seed.Data)
		}
		if err != nil {
			return err
		}
		if c == nil {
			holds = append(holds, seed)
		}
	}
	t.seeds = len(holds)
	if err := r.engine.prepare(target, holds); err != nil {
		return err
	}
	if err := canKeep(r.folder.corpus(target.Name)); err != nil {
		return err
	}
	_, broken, err := corpus.ReadFolder(r.folder.corpus(target.Name))
	if err != nil {
		return err
	}
	for _, name := range broken {
		fmt.Fprintf(r.stderr, "%s was cut short when it was written, and is removed.\n", name)
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	_, _, err = t.addFolder(r.coverage.prober, r.folder.corpus(target.Name))
	return err
}

// loop hands out slices until the budget is used up or the run is interrupted.
func (r *campaign) loop() error {
	// A worker that fails ends the others.
	ctx, stop := context.WithCancel(r)
	defer stop()
	s := &scheduler{
		state: r.state, targets: r.targets, modes: r.engine.modes(), shape: make(map[string]shape),
		running: r.running, handed: make(map[string]int), workers: r.workers, budget: r.budget, count: r.count,
	}
	for _, target := range r.targets {
		s.shape[target.Name] = r.shape(target.Name)
	}
	results := make(chan done)
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	finished := false
	var failure error
	for {
		r.state.At = r.now()
		finished = finished || failure != nil || r.Err() != nil || r.budget > 0 && r.state.At >= r.budget.Seconds()
		for !finished && len(r.running) < r.workers {
			next, ok, all := s.next()
			if finished = all; !ok {
				break
			}
			r.running[next.target.Name] = true
			go func() {
				d := done{slice: next}
				if d.outcome, d.err = r.engine.slice(ctx, next); d.err == nil {
					d.err = errors.Join(canKeep(r.folder.corpus(next.target.Name)), r.measure(&d))
				}
				results <- d
			}()
		}
		if len(r.running) == 0 && finished {
			return failure
		}
		select {
		case d := <-results:
			delete(r.running, d.slice.target.Name)
			if err := r.take(d); err != nil && failure == nil {
				failure = err
				stop()
			}
			s.shape[d.slice.target.Name] = r.shape(d.slice.target.Name)
		case <-ticker.C:
			r.view.tick(r.state, r.running)
		}
	}
}

func (r *campaign) shape(target string) shape {
	t := r.coverage.targets[target]
	return shape{inputs: t.inputs, narrow: len(t.blocks) > 0 && !t.beyond}
}

// measure finds out what a slice gave. Several slices are measured at once.
func (r *campaign) measure(d *done) (err error) {
	name, p := d.slice.target.Name, r.coverage.prober
	if d.outcome.crash != nil {
		// The prober knows better where it was than what the engine printed.
		again, err := p.run(name, d.outcome.input, false)
		if err != nil {
			return err
		}
		if again.Crash != nil {
			d.outcome.crash = again.Crash
		}
	}
	d.added, d.features, err = r.coverage.targets[name].addFolder(p, r.folder.corpus(name))
	return err
}

// take puts what a slice gave into the journal.
func (r *campaign) take(d done) error {
	if d.err != nil {
		return d.err
	}
	name := d.slice.target.Name
	if d.outcome.crash != nil {
		if err := crash.NewKeeper(r.folder.crashes()).Keep(d.outcome.crash, d.outcome.input); err != nil {
			return err
		}
	}
	if err := r.noteCrashes(); err != nil {
		return err
	}
	if d.outcome.trouble != "" && r.Err() == nil {
		return r.record(event{Kind: "trouble", Target: name, Text: d.outcome.trouble})
	}
	t := r.coverage.targets[name]
	r.coverage.merge(t)
	return r.record(event{
		Kind: "slice", Target: name, Mode: d.slice.mode,
		Executions: d.outcome.executions, Seconds: d.outcome.seconds, Processor: d.outcome.processor,
		Corpus: t.inputs, New: d.added, Features: d.features, Blocks: len(t.blocks), AllBlocks: len(r.coverage.blocks),
	})
}

// noteCrashes puts crashes into the journal that are not in it.
func (r *campaign) noteCrashes() error {
	list, err := crash.Read(r.folder.crashes())
	if err != nil {
		return err
	}
	for _, kept := range list {
		if r.sites[kept.Dir] {
			continue
		}
		if err := r.record(event{Kind: "crash", Target: kept.Target, Site: kept.Site, ID: kept.ID()}); err != nil {
			return err
		}
		r.sites[kept.Dir] = true
	}
	return nil
}

// now returns for how many seconds the campaign has run.
func (r *campaign) now() float64 { return r.before + time.Since(r.began).Seconds() }

// record puts an event into the journal first, and then into the state.
func (r *campaign) record(e event) error {
	e.Time, e.At = time.Now().UTC().Round(time.Millisecond), float64(int(1000*r.now()))/1000
	if err := r.journal.add(e); err != nil {
		return err
	}
	r.state.add(e)
	r.view.event(e)
	return nil
}

// conclude prints the speeds, and looks at the crashes.
func (r *campaign) conclude(asJSON, keep bool) (bool, error) {
	list, err := crash.Read(r.folder.crashes())
	if err != nil {
		return false, err
	}
	w := r.stdout
	if asJSON {
		w = r.stderr
	}
	printSpeeds(w, r.engineName, r.state)
	for name, p := range r.state.Targets {
		if p.Troubles >= mostTroubles {
			return false, fmt.Errorf("%s could not be run %d times in a row", name, p.Troubles)
		}
	}
	if len(list) == 0 {
		return true, nil
	}
	if r.Err() != nil || !keep {
		fmt.Fprintf(w, "%s: campaign triage reduces them.\n", plural(len(list), "crash site"))
		return false, nil
	}
	return triage(r.call, w, r.folder, triageOptions{regressions: true, patience: 30 * time.Second})
}
