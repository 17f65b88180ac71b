package session_test

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// amulecmd runs amulecmd against the stand-in and returns what it prints.
func amulecmd(t *testing.T, s *standIn, input string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	host, port, _ := net.SplitHostPort(s.address)
	home := t.TempDir()
	cmd := exec.CommandContext(ctx, "amulecmd", append([]string{"-h", host, "-p", port, "-P", amuletest.Password}, args...)...)
	cmd.Env = append(cmd.Environ(), "HOME="+home, "LC_ALL=C.UTF-8")
	cmd.Dir = home
	cmd.Stdin = strings.NewReader(input)
	output, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(output), "assert") {
		t.Errorf("amulecmd %q: %v\n%s", args, err, output)
	}
	return string(output)
}

// Every command of amulecmd works against our server, and prints the values
// that we put in.
func TestAmulecmdWorksAgainstOurServer(t *testing.T) {
	required.Programs(t, "amulecmd")
	s := startStandIn(t)
	const good = "Operation was successful."
	d, f := strings.ToUpper(downloadHash.String()), strings.ToUpper(sharedHash.String())
	for _, test := range []struct {
		command string
		opcode  codec.Opcode // of the last request
		prints  []string
	}{
		{"status", ec.OpStatReq, []string{"Connected to Our Server", "192.0.2.77:4661", "HighID", "Kad: Connected", "12.00 kB/s", "2.00 kB/s", "Clients in queue:\t5", "Total sources:\t99"}},
		{"statistics", ec.OpGetStatsTree, []string{"Statistics", "Our own counter: 123", "Uptime: 1:00 hours"}},
		{"statistics 3", ec.OpGetStatsTree, []string{"Our own counter: 123"}},
		{"show dl", ec.OpGetDLoadQueue, []string{d, "download-debian.iso", "[25.0%]", "9", "001.part.met", "Normal", "12.00 kB/s"}},
		{"show ul", ec.OpGetULoadQueue, []string{"31 Alice shared-thesis.pdf", "2.00 kB/s"}},
		{"show shared", ec.OpGetSharedFiles, []string{f, "/srv/shared/shared-thesis.pdf", "High", "3(33) / 2(22)"}},
		{"show servers", ec.OpGetServerList, []string{"192.0.2.77", "4661", "Our Server"}},
		{"show log", ec.OpGetLog, []string{"our own log line"}},
		{"pause " + d, ec.OpPartFilePause, []string{good}},
		{"show dl", ec.OpGetDLoadQueue, []string{"Paused"}},
		{"resume " + d, ec.OpPartFileResume, []string{good}},
		{"pause all", ec.OpPartFilePause, []string{good}},
		{"resume all", ec.OpPartFileResume, []string{good}},
		{"priority high " + d, ec.OpPartFilePrioSet, []string{good}},
		{"show dl", ec.OpGetDLoadQueue, []string{"High"}},
		{"priority low " + d, ec.OpPartFilePrioSet, []string{good}},
		{"priority normal " + d, ec.OpPartFilePrioSet, []string{good}},
		{"priority auto " + d, ec.OpPartFilePrioSet, []string{good}},
		{"add ed2k://|file|added%20file.bin|1000|D2000000000000000000000000000000|/", ec.OpAddLink, []string{good}},
		{"show dl", ec.OpGetDLoadQueue, []string{"added"}},
		{"cancel D2000000000000000000000000000000", ec.OpPartFileDelete, []string{good}},
		{"connect", ec.OpConnect, []string{"Connecting to our network..."}},
		{"connect ed2k", ec.OpServerConnect, []string{good}},
		{"connect kad", ec.OpKadStart, []string{good}},
		{"connect 192.0.2.77:4661", ec.OpServerConnect, []string{good}},
		{"disconnect", ec.OpDisconnect, []string{"Disconnected from our network."}},
		{"disconnect ed2k", ec.OpServerDisconnect, []string{good}},
		{"disconnect kad", ec.OpKadStop, []string{good}},
		{"get bwlimits", ec.OpGetPreferences, []string{"Up: 23 kB/s, Down: 77 kB/s"}},
		{"set bwlimit up 31", ec.OpGetPreferences, []string{"Up: 31 kB/s, Down: 77 kB/s"}},
		{"set bwlimit down 91", ec.OpGetPreferences, []string{"Up: 31 kB/s, Down: 91 kB/s"}},
		{"get ipfilter", ec.OpGetPreferences, []string{"clients is ON", "servers is ON", "Level is 127"}},
		{"get ipfilter state", ec.OpGetPreferences, []string{"clients is ON", "servers is ON"}},
		{"get ipfilter state clients", ec.OpGetPreferences, []string{"clients is ON"}},
		{"get ipfilter state servers", ec.OpGetPreferences, []string{"servers is ON"}},
		{"get ipfilter level", ec.OpGetPreferences, []string{"Level is 127"}},
		{"set ipfilter off", ec.OpGetPreferences, []string{"clients is OFF", "servers is OFF"}},
		{"set ipfilter on", ec.OpGetPreferences, []string{"clients is ON", "servers is ON"}},
		{"set ipfilter clients off", ec.OpGetPreferences, []string{"clients is OFF"}},
		{"set ipfilter clients on", ec.OpGetPreferences, []string{"clients is ON"}},
		{"set ipfilter servers off", ec.OpGetPreferences, []string{"servers is OFF"}},
		{"set ipfilter servers on", ec.OpGetPreferences, []string{"servers is ON"}},
		{"set ipfilter level 200", ec.OpGetPreferences, []string{"Level is 200"}},
		{"reload shared", ec.OpSharedFilesReload, []string{good}},
		{"reload ipfilter", ec.OpIPFilterReload, []string{good}},
		{"reload ipfilter file", ec.OpIPFilterReload, []string{good}},
		{"reload ipfilter net", ec.OpIPFilterUpdate, []string{good}},
		{"reset", ec.OpResetLog, []string{good}},
		{"show log", ec.OpGetLog, []string{"after the reset"}},
		{"search local our words", ec.OpSearchStart, []string{"Refetch results in a moment"}},
		{"search global our words", ec.OpSearchStart, []string{"Refetch results in a moment"}},
		{"search kad ours", ec.OpSearchStart, []string{"Refetch results in a moment"}},
		{"progress", ec.OpSearchProgress, []string{"Search progress: 64 %"}},
		{"results", ec.OpSearchResults, []string{"found-ubuntu.iso", "700.000", "17"}},
		{"shutdown", ec.OpShutdown, nil},
	} {
		t.Run(test.command, func(t *testing.T) {
			s.takeAsked()
			output := amulecmd(t, s, "", "-c", test.command)
			for _, want := range test.prints {
				if !strings.Contains(output, want) {
					t.Errorf("does not print %q:\n%s", want, output)
				}
			}
			s.expect(t, test.opcode)
		})
	}
	t.Run("interactive", func(t *testing.T) {
		output := amulecmd(t, s, "search local our words\nresults\ndownload 0\nshow dl\nhelp\nquit\n")
		for _, want := range []string{"found-ubuntu.iso", "download-debian.iso", "Shutdown", "exiting"} {
			if !strings.Contains(output, want) {
				t.Errorf("does not print %q:\n%s", want, output)
			}
		}
		s.expect(t, ec.OpDownloadSearchResult)
	})
	t.Run("wrong password", func(t *testing.T) {
		host, port, _ := net.SplitHostPort(s.address)
		cmd := exec.Command("amulecmd", "-h", host, "-p", port, "-P", "wrong", "-c", "status")
		cmd.Env = append(cmd.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
		if output, _ := cmd.CombinedOutput(); !strings.Contains(string(output), "Authentication failed: wrong password.") {
			t.Errorf("prints %s", output)
		}
		s.forgive("wrong password")
	})
}

// expect waits until a request has come.
func (s *standIn) expect(t *testing.T, want codec.Opcode) {
	t.Helper()
	var asked []codec.Opcode
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if asked = append(asked, s.takeAsked()...); slices.Contains(asked, want) {
			return
		}
	}
	t.Errorf("it asked %v, want %v", asked, want)
}

// forgive takes an expected complaint from the log.
func (s *standIn) forgive(complaint string) {
	for range 100 {
		if text := s.log.String(); strings.Contains(text, complaint) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.log.mutex.Lock()
	defer s.log.mutex.Unlock()
	text := s.log.buffer.String()
	s.log.buffer.Reset()
	for line := range strings.Lines(text) {
		if !strings.Contains(line, complaint) {
			fmt.Fprint(&s.log.buffer, line)
		}
	}
}
