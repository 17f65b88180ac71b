package ec_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// exchanges has every scenario of amulecmd by the requests that it sends
// after login. What it printed is compared with what textClient prints of the
// same messages, all lines in their order, so the requests say what is
// checked: StatReq the status, GetDLoadQueue the downloads, and so on.
var exchanges = []struct{ requests, scenarios string }{
	{"", "net-results search-results-global"}, // the connection broke during login
	{"", "login-wrong-password"},              // the text of the refusal
	{"", "download-0 unknown"},                // nothing but the login: the client itself refuses the command
	{"AddLink", "add-bad add-ed2k-big add-ed2k-small add-ed2k-sources add-ed2k-tiny add-magnet " +
		"add-server add-server-loopback-refused add-server2"},
	{"Connect", "connect"},
	{"Disconnect", "disconnect"},
	{"GetDLoadQueue", "forcezlib-show-dl net-show-dl show-dl show-dl-after-cancel show-dl-paused show-dl-prio"},
	{"GetDLoadQueue PartFileDelete", "cancel cancel-unknown"},
	{"GetDLoadQueue PartFilePause", "pause pause-all"},
	{"GetDLoadQueue PartFileResume", "resume resume-all"},
	{"GetLog", "show-log show-log-2 show-log-after-reset"},
	{"GetPreferences", "get-bwlimits get-bwlimits-2 get-ipfilter get-ipfilter-level get-ipfilter-level-2 " +
		"get-ipfilter-state get-ipfilter-state-clients get-ipfilter-state-servers"},
	{"GetServerList", "net-show-servers show-servers"},
	{"GetSharedFiles", "forcezlib-show-shared net-show-shared show-shared"},
	{"GetStatsTree", "net-statistics statistics statistics-2"},
	{"GetULoadQueue", "net-show-ul show-ul"},
	{"IPFilterReload", "reload-ipfilter reload-ipfilter-file"},
	{"IPFilterUpdate", "reload-ipfilter-net"},
	{"KadStart", "connect-kad"},
	{"KadStop", "disconnect-kad"},
	{"PartFilePrioSet", "priority-auto priority-high priority-low priority-normal"},
	{"ResetLog", "reset"},
	{"SearchProgressRequest", "net-progress search-progress-global search-progress-kad search-progress-local"},
	{"SearchResultsRequest", "net-results-2 search-results-kad search-results-local"},
	{"SearchStart", "net-search-local search-global search-kad search-local"},
	{"ServerConnect", "connect-addr connect-ed2k net-connect-ed2k-addr"},
	{"ServerDisconnect", "disconnect-ed2k net-disconnect-ed2k"},
	{"SetPreferences GetPreferences", "set-bwlimit-down set-bwlimit-up " +
		"set-ipfilter-clients-off set-ipfilter-clients-on set-ipfilter-level set-ipfilter-off set-ipfilter-on " +
		"set-ipfilter-on-again set-ipfilter-servers-off set-ipfilter-servers-on"},
	{"SharedFilesReload", "reload-shared"},
	{"Shutdown", "shutdown"}, // amulecmd does not wait for the reply
	{"StatReq", "forcezlib-status net-status net-status-disconnected net-status-reconnected status status-2"},
	{"SearchStart SearchProgressRequest SearchResultsRequest DownloadSearchResult DownloadSearchResult " +
		"GetDLoadQueue StatReq GetDLoadQueue PartFilePause GetDLoadQueue GetDLoadQueue PartFileResume",
		"net-session-search-download"},
	{"StatReq GetDLoadQueue GetSharedFiles GetServerList GetULoadQueue GetStatsTree GetPreferences GetPreferences " +
		"SearchStart SearchProgressRequest SearchResultsRequest AddLink GetDLoadQueue " +
		"GetDLoadQueue PartFilePause GetDLoadQueue PartFileResume GetDLoadQueue PartFileDelete GetDLoadQueue GetLog",
		"session-interactive"},
}

// withoutText has the clients whose values no text says.
var withoutText = map[string]string{
	"amulegui-2.3.3-amuled-2.3.3": "shows values in windows only",
	"amulegui-3.0-amuled-3.0":     "shows values in windows only",
	"amuleweb-2.3.3-amuled-2.3.3": "shows values in web pages only",
	"raw-amuled-2.3.3":            "no aMule program",
	"raw-amuled-3.0":              "no aMule program",
}

// scenarioCounts says how many scenarios each client was compared in.
var scenarioCounts = map[string]int{"amulecmd-2.3.3-amuled-2.3.3": 92, "amulecmd-3.0-amuled-3.0": 49}

func TestValuesAgreeWithWhatAMulecmdPrinted(t *testing.T) {
	requests := make(map[string]string)
	for _, row := range exchanges {
		for scenario := range strings.FieldsSeq(row.scenarios) {
			requests[scenario] = row.requests
		}
	}
	unused := maps.Clone(requests)
	counts := make(map[string]int)
	for _, c := range captures(t) {
		if withoutText[c.pair] != "" {
			continue
		}
		counts[c.pair]++
		want, found := requests[c.scenario]
		if got := c.requests(t); !found || got != want {
			t.Errorf("%s: the requests are %q, the table has %q", c.name(), got, want)
		}
		delete(unused, c.scenario)
		c.compareText(t)
	}
	if !maps.Equal(counts, scenarioCounts) || len(unused) > 0 {
		t.Errorf("%v scenarios were compared, want %v; not captured: %q", counts, scenarioCounts, slices.Sorted(maps.Keys(unused)))
	}
}

// requests names the requests after login.
func (c *capture) requests(t *testing.T) string {
	t.Helper()
	var names []string
	for i := range c.frames {
		f := &c.frames[i]
		if f.from == codec.FromClient && f.opcode != ec.OpAuthReq && f.opcode != ec.OpAuthPasswd {
			names = append(names, reflect.TypeOf(f.read(t)).Elem().Name())
		}
	}
	return strings.Join(names, " ")
}

// ownText matches the lines that amulecmd prints whatever it is told.
var ownText = regexp.MustCompile(`^($|This is amulecmd |Creating client|-{20}|\|  .* text client|Use 'Help'|Ok, exiting` +
	`|Syntax error|Invalid argument|Type 'help|Not a valid hash|EC connection failed|Connection Failed|Nr\. )`)

const prompt = "aMulecmd$ "

// compareText compares what amulecmd printed with what textClient prints of
// the same frames.
func (c *capture) compareText(t *testing.T) {
	t.Helper()
	client := &textClient{command: c.typed()}
	frames := c.frames
	var expected []string
	next := func() {
		f := &frames[0]
		frames = frames[1:]
		if m := f.read(t); f.from == codec.FromClient {
			expected = append(expected, client.sends(m)...)
		} else {
			expected = append(expected, client.gets(m)...)
		}
	}
	for line := range strings.Lines(c.output) {
		line = strings.TrimSuffix(line, "\n")
		if command, ok := strings.CutPrefix(line, prompt); ok {
			client.command = command
			continue
		}
		if ownText.MatchString(line) {
			continue
		}
		for len(expected) == 0 && len(frames) > 0 {
			next()
		}
		if len(expected) == 0 || line != expected[0] {
			t.Errorf("%s: printed is\n%q, the messages say\n%q", c.name(), line, expected)
			return
		}
		expected = expected[1:]
	}
	for len(frames) > 0 {
		next()
	}
	if len(expected) > 0 {
		t.Errorf("%s: the messages say %q, but it is not printed", c.name(), expected)
	}
}

// typed returns the command that amulecmd was called with, or "" for an
// interactive session.
func (c *capture) typed() string {
	line, _, _ := strings.Cut(c.command, "\n")
	_, command, _ := strings.Cut(line, " -c ")
	return command
}

func TestRequestsSayWhatWasTyped(t *testing.T) {
	compared := 0
	for _, c := range captures(t) {
		for i := range c.frames {
			f := &c.frames[i]
			if c.typed() == "" || f.from != codec.FromClient {
				continue
			}
			said := commandOf(f.read(t))
			if said == "" {
				continue
			}
			compared++
			typed := strings.Replace(c.typed(), "70000", "4464", 1) // amulecmd cuts a limit to 16 bits
			if said != typed {
				t.Errorf("%s: typed was %q, the request says %q", f.name(), typed, said)
			}
		}
	}
	if compared != 56 {
		t.Errorf("%d requests were compared, want 56", compared)
	}
}

// commandOf returns the command that makes amulecmd send a request, or "" when
// the request does not tell.
func commandOf(m ec.Message) string {
	switch m := m.(type) {
	case *ec.AddLink:
		return "add " + m.Links[0].URL
	case *ec.SearchStart:
		return strings.ToLower("search "+m.Query.Type.String()) + " " + m.Query.Name
	case *ec.ServerConnect:
		if !m.Present(ec.TagServer) {
			return "connect ed2k"
		}
		return "connect " + m.Address.String()
	case *ec.PartFilePrioSet:
		return strings.ToLower("priority "+m.Changes[0].Prio.String()) + " " + m.Changes[0].Hash.String()
	case *ec.PartFilePause:
		return "pause " + hashesText(m.Hashes)
	case *ec.PartFileResume:
		return "resume " + hashesText(m.Hashes)
	case *ec.PartFileDelete:
		return "cancel " + hashesText(m.Hashes)
	case *ec.GetStatsTree:
		if m.Capping > 0 {
			return fmt.Sprintf("statistics %d", m.Capping)
		}
	case *ec.SetPreferences:
		return setCommand(m)
	}
	return ""
}

func hashesText(hashes []codec.Hash) string {
	if len(hashes) > 1 {
		return "all"
	}
	return hashes[0].String()
}

func setCommand(m *ec.SetPreferences) string {
	onOff := map[bool]string{false: "off", true: "on"}
	switch limits, filter := m.Connections, m.Security; {
	case limits != nil && limits.Present(ec.TagConnMaxUL):
		return fmt.Sprintf("set bwlimit up %d", limits.MaxUL)
	case limits != nil:
		return fmt.Sprintf("set bwlimit down %d", limits.MaxDL)
	case filter.Present(ec.TagIPFilterLevel):
		return fmt.Sprintf("set ipfilter level %d", filter.IPFilterLevel)
	case !filter.IPFilterServers.Present():
		return "set ipfilter clients " + onOff[filter.IPFilterClients.On()]
	case !filter.IPFilterClients.Present():
		return "set ipfilter servers " + onOff[filter.IPFilterServers.On()]
	default:
		return "set ipfilter " + onOff[filter.IPFilterClients.On() && filter.IPFilterServers.On()]
	}
}
