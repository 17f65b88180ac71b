package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"time"
)

func prepareStatus(flags *flag.FlagSet) action {
	dir := addFolderFlag(flags)
	asJSON := flags.Bool("json", false, "print JSON")
	return func(c *call) (bool, error) {
		folder := folderOf(c, *dir)
		s, d, err := folder.open()
		if err != nil {
			return false, err
		}
		doing := "not running"
		if unlock, err := lock(folder.join("lock")); err == nil {
			unlock()
		} else if errors.Is(err, errRunning) {
			doing = "running"
		}
		if *asJSON {
			return true, json.NewEncoder(c.stdout).Encode(map[string]any{
				"engine": d.Engine, "running": doing == "running", "seconds": s.At, "total": s.total(), "targets": s.Targets,
			})
		}
		last := "nothing yet"
		if n := len(s.Events); n > 0 {
			e := s.Events[n-1]
			last = fmt.Sprintf("%s of %s, %v ago", e.Kind, e.Target, time.Since(e.Time).Round(time.Second))
			if e.Kind == "end" {
				last = fmt.Sprintf("it ended %v ago: %s", time.Since(e.Time).Round(time.Second), e.Text)
			}
		}
		fmt.Fprintf(c.stdout, "%s, %s engine, %s; last event: %s\n", folder, d.Engine, doing, last)
		printTable(c.stdout, s, nil, len(s.Targets))
		fmt.Fprintln(c.stdout, summary(s, "its budget"))
		printSpeeds(c.stdout, d.Engine, s)
		return true, nil
	}
}
