package main

import (
	"time"

	"github.com/ecgen/ecgen/fuzz/targets"
)

// scheduler hands out slices. Each target waits for its next one in inverse
// proportion to what it gives: new features in a second, of late. One that gives
// nothing waits longest, but its turn comes.
type scheduler struct {
	state   *state
	targets []targets.Target
	modes   []string
	shape   map[string]shape // of targets, by name
	running map[string]bool
	handed  map[string]int // slices of targets in this run
	workers int
	budget  time.Duration // 0 when each target has one slice of a count in each mode
	count   int64         // executions of that slice
}

// shape is what a target's inputs were measured to be.
type shape struct {
	inputs int
	narrow bool
}

// Bounds of slices.
const (
	firstExecutions = 200              // of a target whose speed is not known
	patience        = 15 * time.Second // in which a slice that hangs is ended by its engine, which then has the input
	shortest        = 3 * time.Second
	longest         = 2 * time.Minute
	startUp         = 0.2 // seconds that a slice takes before it runs anything
	worthwhile      = 20  // how many times as long as that a slice takes
	mostGrowth      = 20  // times as many executions as in any slice before, since little is known of the speed
	mostTroubles    = 3   // slices in a row after which a target is left alone
)

// next returns the next slice, unless none is to be begun now. Done says that
// none will be.
func (s *scheduler) next() (next slice, ok, done bool) {
	var chosen *targets.Target
	best, done := -1.0, true
	usual := s.usual()
	for i := range s.targets {
		target := &s.targets[i]
		p := s.state.of(target.Name)
		if p.Troubles >= mostTroubles || s.count > 0 && s.handed[target.Name] >= len(s.modes) {
			continue
		}
		done = false
		if s.running[target.Name] {
			continue
		}
		priority := p.expected(usual) * (s.state.At - p.ended + 1e-6)
		if s.handed[target.Name] == 0 && p.Slices == 0 {
			priority = 1e18 // what was never run comes first, in the order of the table
		}
		if priority > best {
			best, chosen = priority, target
		}
	}
	if chosen == nil || done {
		return slice{}, false, done
	}
	next = s.slice(*chosen)
	s.handed[chosen.Name]++
	return next, true, false
}

// usual returns how many new features the targets give in a second, on average.
func (s *scheduler) usual() float64 {
	features, seconds := 0.0, 0.0
	for _, p := range s.state.Targets {
		features += p.recent
		seconds += p.seconds
	}
	return max(ratio(features, seconds), 1e-3)
}

// expected returns how many a target will give: what it gave of late, and as
// long as little is known of it, what is usual.
func (p *progress) expected(usual float64) float64 {
	doubt := shortest.Seconds()
	return (p.recent + doubt*usual) / (p.seconds + doubt)
}

func (s *scheduler) slice(target targets.Target) slice {
	p, shape := s.state.of(target.Name), s.shape[target.Name]
	next := slice{target: target, mode: s.modes[s.handed[target.Name]%len(s.modes)], inputs: shape.inputs, narrow: shape.narrow}
	if s.count > 0 {
		next.executions, next.longest = s.count, time.Hour
		return next
	}
	left := s.budget.Seconds() - s.state.At
	speed := p.modes[next.mode]
	if speed == nil || speed.Executions == 0 {
		next.executions = firstExecutions
		next.longest = patience
		return next
	}
	// So long that starting does not matter, and so short that each target gets
	// some of them.
	perSecond := speed.afterStart()
	seconds := max(shortest.Seconds(), worthwhile*(startUp+float64(shape.inputs)/perSecond))
	turns := s.budget.Seconds() * float64(s.workers) / float64(len(s.targets)) / 4
	seconds = max(0.5, min(seconds, turns, longest.Seconds(), left))
	next.executions = max(1, min(int64(seconds*perSecond), mostGrowth*speed.most))
	next.longest = time.Duration(min(2*seconds, left)*float64(time.Second)) + patience
	return next
}
