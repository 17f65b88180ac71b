package main

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/targets"
)

func prepareReplay(flags *flag.FlagSet) action {
	name := flags.String("target", "", "the `target` to run; else the names of the folders that files are in say it, and without files all")
	dir := flags.String("corpora", "", "run the inputs of the corpora in this `folder` instead, in which each target has a folder")
	return func(c *call) (bool, error) {
		list := targets.All
		if *name != "" {
			t, err := target(*name)
			if err != nil {
				return false, err
			}
			list = []targets.Target{t}
		}
		p, done, err := temporaryProber(c)
		if err != nil {
			return false, err
		}
		defer done()
		started, count, crashed := time.Now(), 0, 0
		one := func(t targets.Target, input corpus.Input) error {
			found, err := p.crashes(t.Name, input.Data)
			if err != nil {
				return err
			}
			count++
			if found != nil {
				crashed++
				fmt.Fprintf(c.stdout, "%s of %s: %s\n%v\n", t.Name, input.Name, found.Site, found)
			}
			return c.Err()
		}
		if len(c.args) > 0 {
			for _, file := range c.args {
				t, input, err := inputOf(*name, file)
				if err == nil {
					err = one(t, input)
				}
				if err != nil {
					return false, err
				}
			}
		} else {
			for _, t := range list {
				inputs, err := committed(c.root, t)
				if *dir != "" {
					inputs, _, err = corpus.ReadFolder(filepath.Join(*dir, testName(t.Name)))
				}
				for _, input := range inputs {
					err = errors.Join(err, one(t, input))
				}
				if err != nil {
					return false, err
				}
			}
		}
		fmt.Fprintf(c.stdout, "%s in %v, %s\n", plural(count, "input"), time.Since(started).Round(10*time.Millisecond), plural(crashed, "failure"))
		return crashed == 0, nil
	}
}
