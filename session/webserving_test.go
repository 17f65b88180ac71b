package session_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

// Every page of amuleweb works with our server, shows the values that we put
// in, and does what its buttons say.
func TestAmulewebWorksWithOurServer(t *testing.T) {
	required.Programs(t, "amuleweb")
	s := startStandIn(t)
	host, port, _ := net.SplitHostPort(s.address)
	web := amuletest.FreePort(t)
	site := fmt.Sprintf("127.0.0.1:%d", web)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	program := amuletest.Start(t, t.TempDir(), "amuleweb", "-h", host, "-p", port, "-P", amuletest.Password, "-A", "webpw", "-s", fmt.Sprint(web), "-N")
	amuletest.WaitFor(t, program, site)
	// ask sends a request until its answer is whole: amuleweb now and then hangs
	// up in the middle of a page.
	ask := func(t *testing.T, send func() (*http.Response, error)) (body string) {
		t.Helper()
		var err error
		for range 5 {
			if body, err = page(send()); err == nil {
				return body
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("%v; amuleweb says\n%s", err, program.Output())
		return ""
	}
	get := func(t *testing.T, path string) string {
		t.Helper()
		return ask(t, func() (*http.Response, error) { return browser.Get("http://" + site + "/" + path) })
	}
	get(t, "")
	// What the login page sends; 3.0 takes no password out of an address.
	ask(t, func() (*http.Response, error) {
		return browser.PostForm("http://"+site+"/", url.Values{"pass": {"webpw"}})
	})
	d := url.QueryEscape(downloadHash.String())
	for _, test := range []struct {
		path   string
		opcode codec.Opcode // that it asks, among others
		shows  []string
	}{
		{"amuleweb-main-dload.php", ec.OpGetDLoadQueue, []string{"download-debian.iso", "700.00 mb", "12.00 kb/s", "175.00 mb", "shared-thesis.pdf", "Alice"}},
		{"amuleweb-main-shared.php", ec.OpGetSharedFiles, []string{"shared-thesis.pdf", "1.00MB", "400.00KB", "33"}},
		{"amuleweb-main-search.php", ec.OpSearchResults, []string{"found-ubuntu.iso", "700.00mb", "17"}},
		{"amuleweb-main-servers.php", ec.OpGetServerList, []string{"Our Server", "made up", "192.0.2.77", "4321", "98765"}},
		{"amuleweb-main-kad.php", ec.OpGetStatsGraphs, nil},
		{"amuleweb-main-stats.php", 0, []string{"amule_stats_download.png"}},
		{"amule_stats_download.png", 0, []string{"PNG"}},
		{"amule_stats_upload.png", 0, []string{"PNG"}},
		{"amule_stats_conncount.png", 0, []string{"PNG"}},
		{"amule_stats_kad.png", 0, []string{"PNG"}},
		{"stats_tree.php", ec.OpGetStatsTree, []string{"Our own counter: 123"}},
		{"stats.php", ec.OpStatReq, []string{"Our Server"}},
		{"amuleweb-main-prefs.php", ec.OpGetPreferences, []string{"77", "23", "4662", "300"}},
		{"amuleweb-main-log.php", 0, nil},
		{"log.php?show=log", ec.OpGetLog, []string{"our own log line"}},
		{"log.php?show=srv", ec.OpGetServerInfo, []string{"our server's message"}},
		{"footer.php", 0, nil},
		{"amuleweb-main-dload.php?command=pause&" + d + "=on", ec.OpPartFilePause, []string{"download-debian.iso"}},
		{"amuleweb-main-dload.php?command=resume&" + d + "=on", ec.OpPartFileResume, nil},
		{"amuleweb-main-dload.php?command=prioup&" + d + "=on", ec.OpPartFilePrioSet, nil},
		{"amuleweb-main-dload.php?command=priodown&" + d + "=on", ec.OpPartFilePrioSet, nil},
		{"amuleweb-main-shared.php?command=prioup&" + sharedHash.String() + "=on", ec.OpSharedSetPrio, nil},
		{"amuleweb-main-shared.php?command=reload", ec.OpSharedFilesReload, nil},
		{"footer.php?ed2klink=" + url.QueryEscape("ed2k://|file|linked.bin|1000|D2000000000000000000000000000000|/") + "&selectcat=all&Submit=Download", ec.OpAddLink, nil},
		{"amuleweb-main-dload.php", ec.OpGetDLoadQueue, []string{"linked.bin"}},
		{"amuleweb-main-search.php?command=search&searchval=our+words&searchtype=Local&minsize=&maxsize=&avail=", ec.OpSearchStart, nil},
		{"amuleweb-main-search.php?command=download&" + resultHash.String() + "=on&targetcat=all", ec.OpDownloadSearchResult, nil},
		{"amuleweb-main-servers.php?cmd=connect&ip=" + fmt.Sprint(0x4D0200C0) + "&port=4661", ec.OpServerConnect, nil},
		{"amuleweb-main-servers.php?cmd=disconnect&ip=" + fmt.Sprint(0x4D0200C0) + "&port=4661", ec.OpServerDisconnect, nil},
		{"amuleweb-main-servers.php?cmd=remove&ip=" + fmt.Sprint(0x4D0200C0) + "&port=4661", ec.OpServerRemove, nil},
		{"amuleweb-main-prefs.php?command=update&max_line_down_cap=1000&max_line_up_cap=100&max_down_limit=55&max_up_limit=44&slot_alloc=2&tcp_port=4662&udp_port=4672&max_file_src=300&max_conn_total=500&Submit=Apply", ec.OpSetPreferences, nil},
		{"amuleweb-main-prefs.php", ec.OpGetPreferences, []string{"55", "44"}},
		{"amuleweb-main-dload.php?command=cancel&" + d + "=on", ec.OpPartFileDelete, nil},
	} {
		t.Run(test.path, func(t *testing.T) {
			s.takeAsked()
			body := get(t, test.path)
			for _, want := range test.shows {
				if !strings.Contains(body, want) {
					t.Errorf("does not show %q:\n%s", want, body)
				}
			}
			if test.opcode != 0 {
				s.expect(t, test.opcode)
			}
		})
	}
	if output := program.Output(); strings.Contains(output, "assert") || strings.Contains(output, "rror:") {
		t.Errorf("amuleweb complains:\n%s", output)
	}
}

// page reads the answer to a request to the end.
func page(response *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return string(body), err
}
