package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/reduce"
	"github.com/ecgen/ecgen/fuzz/targets"
)

// triageOptions say what is done with crashes.
type triageOptions struct {
	regressions bool
	patience    time.Duration // for reducing one input
}

func prepareTriage(flags *flag.FlagSet) action {
	dir := addFolderFlag(flags)
	var options triageOptions
	flags.BoolVar(&options.regressions, "regressions", true, "make regression inputs below "+regressionFolder)
	flags.DurationVar(&options.patience, "patience", 30*time.Second, "for how long one input is reduced")
	return func(c *call) (bool, error) {
		folder := folderOf(c, *dir)
		if _, err := folder.describe(); err != nil {
			return false, fmt.Errorf("there is no campaign in %s: %w", folder, err)
		}
		return triage(c, c.stdout, folder, options)
	}
}

// triage runs each crash again with the code as it is now, and makes its input
// smaller.
func triage(c *call, w io.Writer, folder folder, options triageOptions) (ok bool, err error) {
	list, err := crash.Read(folder.crashes())
	if err != nil {
		return false, err
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "Nothing crashed.")
		return true, nil
	}
	p, done, err := temporaryProber(c)
	if err != nil {
		return false, err
	}
	defer done()
	ok = true
	for i := range list {
		kept := &list[i]
		now, err := p.crashes(kept.Target, kept.Least())
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n\t%s\n", kept.Target, err, kept.Dir)
			ok = false
			continue
		}
		if now == nil {
			fmt.Fprintf(w, "%s: does not crash any more (%s)\n\t%s\n", kept.Target, kept.Site, kept.Dir)
			continue
		}
		ok = false
		if kept.Reduced == nil {
			small, err := reduced(c, p, now, kept.Input, options.patience)
			if err != nil {
				return false, err
			}
			if err := kept.KeepReduced(small); err != nil {
				return false, err
			}
		}
		fmt.Fprintf(w, "%s: %s\n\t%d bytes, reduced to %d: %x\n\t%s\n", kept.Target, now.Site, len(kept.Input), len(kept.Reduced), kept.Reduced[:min(len(kept.Reduced), 64)], kept.Dir)
		if options.regressions {
			name := filepath.Join(c.root, regressionFolder, testName(kept.Target))
			if err := corpus.WriteFolder(name, corpus.Native, []corpus.Input{{Name: now.ID(), Data: kept.Reduced}}); err != nil {
				return false, err
			}
			fmt.Fprintf(w, "\tgo test ./fuzz -run 'Regressions/%s/%s'\n", testName(kept.Target), now.ID())
		}
	}
	return ok, nil
}

// reduced returns the smallest input that crashes at the site at which this one
// does.
func reduced(ctx context.Context, p *prober, c *crash.Crash, data []byte, patience time.Duration) ([]byte, error) {
	target, err := target(c.Target)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var failure error
	small := reduce.Reduce(ctx, target.Form, data, func(candidate []byte) bool {
		again, err := p.crashes(target.Name, candidate)
		if err != nil {
			failure = errors.Join(failure, err)
			cancel()
		}
		return err == nil && again != nil && again.Site == c.Site
	})
	return small, failure
}

func prepareReduce(flags *flag.FlagSet) action {
	name := flags.String("target", "", "the `target` that crashes; else the name of the folder that the file is in says it")
	out := flags.String("o", "", "the `file` to write; else FILE with .reduced behind its name")
	format := flags.String("format", string(corpus.Raw), "native or raw: the `format` of that file")
	patience := flags.Duration("patience", time.Minute, "for how long")
	return func(c *call) (bool, error) {
		if len(c.args) != 1 {
			return false, errors.New("want one FILE")
		}
		t, input, err := inputOf(*name, c.args[0])
		if err != nil {
			return false, err
		}
		p, done, err := temporaryProber(c)
		if err != nil {
			return false, err
		}
		defer done()
		found, err := p.crashes(t.Name, input.Data)
		if err != nil {
			return false, err
		}
		if found == nil {
			return false, fmt.Errorf("%s does not crash %s", c.args[0], t.Name)
		}
		small, err := reduced(c, p, found, input.Data, *patience)
		if err != nil {
			return false, err
		}
		if *out == "" {
			*out = c.args[0] + ".reduced"
		}
		fmt.Fprintf(c.stdout, "%s\n%d bytes, reduced to %d: %x\n%s\n", found.Site, len(input.Data), len(small), small[:min(len(small), 64)], *out)
		return true, corpus.WriteFile(*out, corpus.Format(*format).Encode(small))
	}
}

// inputOf reads an input of the target that is named, or that the folder of
// the file is named for: FuzzBody/x, or crashes/Body/ID/input.
func inputOf(name, file string) (targets.Target, corpus.Input, error) {
	input, err := corpus.ReadFile(file)
	if err != nil {
		return targets.Target{}, input, err
	}
	if name != "" {
		t, err := target(name)
		return t, input, err
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return targets.Target{}, input, err
	}
	for dir := filepath.Dir(absolute); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if t, err := target(filepath.Base(dir)); err == nil {
			return t, input, nil
		}
	}
	return targets.Target{}, input, fmt.Errorf("%s is in no folder that is named for a target; say which with --target", file)
}
