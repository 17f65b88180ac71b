package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"

	"github.com/ecgen/ecgen/fuzz/corpus"
)

// listed is a target as list shows it.
type listed struct {
	Name        string `json:"name"`
	Doc         string `json:"doc"`
	Seeds       int    `json:"seeds"`
	Regressions int    `json:"regressions"`
	Bytes       int    `json:"bytes"` // of all of them
}

func prepareList(flags *flag.FlagSet) action {
	pattern := addTargetFlag(flags)
	long := flags.Bool("long", false, "say what holds for all inputs of each target")
	asJSON := flags.Bool("json", false, "print JSON, one target a line")
	return func(c *call) (bool, error) {
		list, err := chosen(*pattern)
		if err != nil {
			return false, err
		}
		out := json.NewEncoder(c.stdout)
		for _, target := range list {
			l := listed{Name: target.Name, Doc: target.Doc}
			for _, place := range []struct {
				folder string
				count  *int
			}{{seedFolder(target), &l.Seeds}, {filepath.Join(regressionFolder, testName(target.Name)), &l.Regressions}} {
				inputs, _, err := corpus.ReadFolder(filepath.Join(c.root, place.folder))
				if err != nil {
					return false, err
				}
				*place.count = len(inputs)
				for _, input := range inputs {
					l.Bytes += len(input.Data)
				}
			}
			switch {
			case *asJSON:
				out.Encode(l)
			default:
				fmt.Fprintf(c.stdout, "%-32s %12s, %s, %s bytes\n", l.Name, plural(l.Seeds, "seed"), plural(l.Regressions, "regression"), commas(float64(l.Bytes)))
				if *long {
					fmt.Fprintf(c.stdout, "\t%s\n", l.Doc)
				}
			}
		}
		return true, nil
	}
}
