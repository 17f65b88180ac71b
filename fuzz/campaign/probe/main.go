// Command probe runs inputs of fuzz targets one by one, and says of each what
// code it reaches and whether it crashes. The campaign runner builds it with
// "go build -cover" and keeps it in a process of its own, because some crashes
// end the process.
//
// It reads requests from standard input, a JSON object each, and answers each
// with another one.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/coverage"
	"runtime/debug"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// request asks for one run.
type request struct {
	Target string `json:"target"`
	Data   []byte `json:"data"`
	Cover  bool   `json:"cover"` // whether the answer shall have features
}

// answer says what a run gave.
type answer struct {
	// Features are what was reached: a block of code in the upper bits, and in
	// the lower five the number of binary digits of how often it was run.
	Features []uint64 `json:"features,omitempty"`

	// CodecOnly says that no package below the module was reached but codec.
	CodecOnly bool `json:"codec_only,omitempty"`

	Crash *crash.Crash `json:"crash,omitempty"`
}

func main() {
	debug.SetMaxStack(crash.MaxStack)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(2)
	}
}

func serve(requests io.Reader, answers io.Writer) error {
	known := make(map[string]targets.Target)
	for _, target := range targets.All {
		known[target.Name] = target
	}
	p := &probe{}
	in, out := json.NewDecoder(requests), json.NewEncoder(answers)
	for {
		var r request
		if err := in.Decode(&r); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		target, ok := known[r.Target]
		if !ok {
			return fmt.Errorf("there is no target %q", r.Target)
		}
		a, err := p.run(target, r)
		if err != nil {
			return err
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
}

// probe has what is needed again for each run.
type probe struct {
	counters bytes.Buffer

	// The numbers that packages have among those with counters. A program can
	// clear its counters only when it has some itself.
	known       bool
	main, codec uint32
}

func (p *probe) run(target targets.Target, r request) (a answer, err error) {
	if !r.Cover {
		a.Crash = crash.Run(target, r.Data)
		return a, nil
	}
	if !p.known {
		if err := p.learn(); err != nil {
			return a, err
		}
	}
	functions, err := p.count(func() { a.Crash = crash.Run(target, r.Data) })
	if err != nil {
		return a, err
	}
	a.CodecOnly = true
	for _, f := range functions {
		if f.pkg == p.main {
			continue
		}
		a.CodecOnly = a.CodecOnly && f.pkg == p.codec
		for block, count := range f.counts {
			if count > 0 {
				a.Features = append(a.Features, f.feature(block, count))
			}
		}
	}
	return a, nil
}

// learn finds out which package has which number, by what counts when nothing
// is called, and when codec is.
func (p *probe) learn() error {
	own, err := p.count(func() {})
	if err != nil {
		return err
	}
	both, err := p.count(func() { codec.DefaultLimits() })
	if err != nil {
		return err
	}
	for _, f := range both {
		if len(own) > 0 && f.pkg != own[0].pkg {
			p.main, p.codec, p.known = own[0].pkg, f.pkg, true
			return nil
		}
	}
	return errors.New("build it with -cover, and with counters in itself and in package codec")
}

// count returns the functions that ran while run did.
func (p *probe) count(run func()) ([]function, error) {
	if err := coverage.ClearCounters(); err != nil {
		return nil, err
	}
	run()
	p.counters.Reset()
	if err := coverage.WriteCounters(&p.counters); err != nil {
		return nil, err
	}
	return readCounters(p.counters.Bytes())
}
