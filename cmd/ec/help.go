package main

import (
	"flag"
	"fmt"
)

func helpOptions(*flag.FlagSet) func(*call) (bool, error) { return help }

func help(c *call) (bool, error) {
	switch len(c.args) {
	case 0:
		printOverview(c.stdout)
		return false, nil
	case 1:
		v := findVerb(c.args[0])
		if v == nil {
			return false, usageError(fmt.Sprintf("there is no verb %q", c.args[0]))
		}
		flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
		v.options(flags)
		v.printHelp(c.stdout, flags)
		return false, nil
	default:
		return false, usageError("want one verb at most")
	}
}
