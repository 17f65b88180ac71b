package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/ecgen/ecgen/generated/ec"
)

// sizeText returns an amount of bytes in the unit that suits it, as in
// 4.5 MiB.
func sizeText(bytes uint64) string {
	if bytes < 1<<10 {
		return fmt.Sprintf("%d B", bytes)
	}
	value, units := float64(bytes)/(1<<10), "KMGTPE"
	for value >= 1023.95 && len(units) > 1 {
		value /= 1 << 10
		units = units[1:]
	}
	return fmt.Sprintf("%.1f %ciB", value, units[0])
}

// speedText returns bytes a second as sizeText does, or nothing for 0.
func speedText(speed uint64) string {
	if speed == 0 {
		return ""
	}
	return sizeText(speed) + "/s"
}

// printable returns text that other people wrote with nothing in it that could
// upset a terminal, or a table.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// stateText says in a word what a download is doing.
func stateText(d *ec.PartFile) string {
	switch d.Status {
	case ec.PartFileStatusReady, ec.PartFileStatusEmpty:
		if d.SourceCountXfer > 0 {
			return "downloading"
		}
		return "waiting"
	case ec.PartFileStatusPaused:
		if d.Stopped {
			return "stopped"
		}
		return "paused"
	case ec.PartFileStatusInsufficient:
		return "disk full"
	}
	return words(d.Status.String())
}

// words returns a name of the protocol as words.
func words(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", " "))
}
