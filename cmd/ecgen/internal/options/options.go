// Package options parses command lines on which options and other arguments
// stand in any order.
package options

import "flag"

// Parse parses args. What is no option is then in flags.Args; so is all that
// follows "--".
func Parse(flags *flag.FlagSet, args []string) error {
	var others []string
	for {
		if err := flags.Parse(args); err != nil {
			return err
		}
		rest := flags.Args()
		ended := len(rest) < len(args) && args[len(args)-len(rest)-1] == "--"
		if len(rest) == 0 || ended {
			return flags.Parse(append(append([]string{"--"}, others...), rest...))
		}
		others, args = append(others, rest[0]), rest[1:]
	}
}
