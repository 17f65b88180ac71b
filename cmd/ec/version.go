package main

import (
	"flag"
	"fmt"
	"runtime/debug"
)

func versionOptions(*flag.FlagSet) func(*call) (bool, error) { return version }

// version prints what the build knows of itself.
func version(c *call) (bool, error) {
	if len(c.args) > 0 {
		return false, usageError("want no arguments")
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false, fmt.Errorf("this program was built without module information")
	}
	fmt.Fprintf(c.stdout, "ec %s %s\n", info.Main.Version, info.GoVersion)
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision", "vcs.time", "vcs.modified":
			fmt.Fprintf(c.stdout, "%s %s\n", setting.Key, setting.Value)
		}
	}
	return false, nil
}
