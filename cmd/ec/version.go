package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
)

func versionOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	asJSON := flags.Bool("json", false, "print one JSON object")
	return func(c *call) (bool, error) { return version(c, *asJSON) }
}

// version prints what the build knows of itself.
func version(c *call, asJSON bool) (bool, error) {
	if len(c.args) > 0 {
		return false, usageError("want no arguments")
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false, fmt.Errorf("this program was built without module information")
	}
	details := map[string]string{"version": info.Main.Version, "go": info.GoVersion}
	text := fmt.Sprintf("ec %s %s\n", info.Main.Version, info.GoVersion)
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision", "vcs.time", "vcs.modified":
			details[setting.Key] = setting.Value
			text += fmt.Sprintf("%s %s\n", setting.Key, setting.Value)
		}
	}
	if asJSON {
		return false, json.NewEncoder(c.stdout).Encode(details)
	}
	_, err := io.WriteString(c.stdout, text)
	return false, err
}
