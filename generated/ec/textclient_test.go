package ec_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// textClient prints what amulecmd prints, but from typed messages. It knows
// the words and units that the captures have, and no others.
type textClient struct {
	command string // that was typed last
	results []ec.SearchFile
}

// sends returns the lines that amulecmd prints when it sends m.
func (c *textClient) sends(m ec.Message) []string {
	switch m := m.(type) {
	case *ec.PartFilePause:
		return c.target(m.Hashes)
	case *ec.PartFileResume:
		return c.target(m.Hashes)
	case *ec.PartFileDelete:
		return c.target(m.Hashes)
	case *ec.DownloadSearchResult:
		for i, result := range c.results {
			if result.Hash == m.Downloads[0].Hash {
				return []string{fmt.Sprintf("Download File: %d %s", i, result.Name)}
			}
		}
	}
	return nil
}

var typedHash = regexp.MustCompile(`[0-9a-f]{32}`)

// target returns the line about a hash that was typed, if one was.
func (c *textClient) target(hashes []codec.Hash) []string {
	if !typedHash.MatchString(c.command) {
		return nil
	}
	return []string{"Processing by hash: " + hashes[0].String()}
}

// gets returns the lines that amulecmd prints when it gets m.
func (c *textClient) gets(m ec.Message) []string {
	switch m := m.(type) {
	case *ec.AuthOK:
		return []string{"Succeeded! Connection established to aMule " + m.ServerVersion}
	case *ec.AuthFail:
		return []string{"External Connection: Access denied because: " + m.Reason}
	case *ec.NoOp:
		return answer("Operation was successful.")
	case *ec.Failed:
		return answer("Request failed with the following error: " + m.Reason)
	case *ec.Strings:
		return answer(m.Lines...)
	case *ec.Log:
		return answer(strings.Split(strings.TrimSuffix(m.Text, "\n"), "\n")...)
	case *ec.SetPreferences:
		return answer(c.preferences(m)...)
	case *ec.Stats:
		return answer(status(m)...)
	case *ec.DLoadQueue:
		return answer(c.downloads(m)...)
	case *ec.ULoadQueue:
		return answer(uploads(m)...)
	case *ec.SharedFiles:
		return answer(sharedFiles(m)...)
	case *ec.ServerListReply:
		return answer(servers(m)...)
	case *ec.SearchProgress:
		return answer(fmt.Sprintf("Search progress: %d %% ", m.Status))
	case *ec.SearchResults:
		c.results = m.Files
		return append(searchResults(m), answer(fmt.Sprintf("Number of search results: %d", len(m.Files)))...)
	case *ec.StatsTree:
		return answer(statistics(m.Root, "")...)
	}
	return nil
}

// answer marks lines as the daemon's answer.
func answer(lines ...string) []string {
	for i := range lines {
		lines[i] = " > " + lines[i]
	}
	return lines
}

// preferences returns the lines that the command asks for.
func (c *textClient) preferences(m *ec.SetPreferences) (lines []string) {
	if limits := m.Connections; limits != nil {
		lines = append(lines, fmt.Sprintf("Bandwidth limits: Up: %d kB/s, Down: %d kB/s.", limits.MaxUL, limits.MaxDL))
	}
	filter := m.Security
	if filter == nil {
		return lines
	}
	clients, servers, level := true, true, true
	for _, word := range strings.Fields(c.command) {
		switch word {
		case "clients":
			servers, level = false, false
		case "servers":
			clients, level = false, false
		case "level":
			clients, servers = false, false
		case "state", "on", "off":
			level = false
		}
	}
	if clients {
		lines = append(lines, "IP filtering for clients is "+onOff(filter.IPFilterClients)+".")
	}
	if servers {
		lines = append(lines, "IP filtering for servers is "+onOff(filter.IPFilterServers)+".")
	}
	if level {
		lines = append(lines, fmt.Sprintf("Current IPFilter Level is %d.", filter.IPFilterLevel))
	}
	return lines
}

func onOff(s codec.Switch) string {
	if s.Present() {
		return "ON"
	}
	return "OFF"
}

func status(m *ec.Stats) []string {
	ed2k, kad := "Not connected", "Running"
	state := m.ConnState
	if state.Bits&ec.ConnStateBitsED2KConnected != 0 {
		id := "HighID"
		if state.ED2KID < 1<<24 {
			id = "LowID"
		}
		ed2k = fmt.Sprintf("Connected to %s [%v] with %s", state.Server.Name, state.Server.Address, id)
	}
	if state.Bits&ec.ConnStateBitsKadRunning == 0 {
		kad = "Not running"
	}
	return []string{
		"eD2k: " + ed2k,
		"Kad: " + kad,
		"Download:\t" + speed(m.DLSpeed),
		"Upload:\t" + speed(m.ULSpeed),
		fmt.Sprintf("Clients in queue:\t%d", m.ULQueueLen),
		fmt.Sprintf("Total sources:\t%d", m.TotalSrcCount),
	}
}

// downloads returns nothing when amulecmd asked only to look up what the
// command names.
func (c *textClient) downloads(m *ec.DLoadQueue) (lines []string) {
	if !strings.HasPrefix(c.command, "show") {
		return nil
	}
	for _, file := range m.PartFiles {
		var otherFiles, transfers, rate string
		if file.SourceCountA4AF > 0 {
			otherFiles = fmt.Sprintf("+%02d", file.SourceCountA4AF)
		}
		state := "Waiting"
		if file.SourceCountXfer > 0 {
			transfers = fmt.Sprintf("(%02d)", file.SourceCountXfer)
			rate = " - " + speed(uint32(file.Speed))
			state = "Downloading"
		}
		if file.Status == ec.PartFileStatusPaused {
			state = "Paused"
		}
		lines = append(lines,
			fmt.Sprintf("%X %s", file.Hash[:], file.Name),
			fmt.Sprintf("\t [%.1f%%] %4d/%4d %3s %4s - %s - %03d.part.met - %s%s",
				100*float64(file.SizeDone)/float64(file.SizeFull),
				file.SourceCount-file.SourceCountNotCurrent, file.SourceCount, otherFiles, transfers,
				state, file.PartMetID, priorities[file.DownloadPrio], rate))
	}
	return lines
}

var priorities = map[ec.FilePrio]string{
	ec.FilePrioLow:        "Low",
	ec.FilePrioHigh:       "High",
	ec.FilePrioAutoLow:    "Auto [Lo]",
	ec.FilePrioAutoNormal: "Auto [No]",
	ec.FilePrioAutoHigh:   "Auto [Hi]",
}

func uploads(m *ec.ULoadQueue) (lines []string) {
	for _, client := range m.Clients {
		lines = append(lines, fmt.Sprintf("%10d %s %s %s %s", client.ECID, client.Name, client.UploadFileName,
			size(client.DownloadSession), speed(client.UpSpeed)))
	}
	return lines
}

func sharedFiles(m *ec.SharedFiles) (lines []string) {
	for _, shared := range m.Files {
		file := shared.KnownFile
		lines = append(lines,
			fmt.Sprintf("%X %s/%s", file.Hash[:], file.Location, file.Name),
			fmt.Sprintf("\t%s - %d(%d) / %d(%d) - %s (%s) - %.2f", priorities[file.UploadPrio],
				file.ReqCount, file.ReqCountAll, file.AcceptCount, file.AcceptCountAll,
				size(file.Uploaded), size(file.UploadedAll), float64(file.UploadedAll)/float64(file.SizeFull)))
	}
	return lines
}

func servers(m *ec.ServerListReply) (lines []string) {
	for _, server := range m.Servers {
		lines = append(lines, fmt.Sprintf("%-24s%s", "["+server.Address.String()+"]", server.Name))
	}
	return lines
}

func searchResults(m *ec.SearchResults) (lines []string) {
	for i, file := range m.Files {
		lines = append(lines, fmt.Sprintf("%-6s%-77s%8d.%03d     %d", strconv.Itoa(i)+".", file.Name,
			file.SizeFull>>20, file.SizeFull>>10%1024, file.SourceCount))
	}
	return lines
}

// statistics returns the lines of a node and of those below it.
func statistics(node *ec.StatTreeNode, indent string) []string {
	values := node.Values
	lines := []string{indent + statVerb.ReplaceAllStringFunc(node.Label, func(verb string) string {
		if verb == "%%" {
			return "%"
		}
		if len(values) == 0 {
			return "(no value)"
		}
		text := statValue(&values[0], verb)
		values = values[1:]
		return text
	})}
	for i := range node.Children {
		lines = append(lines, statistics(&node.Children[i], indent+" ")...)
	}
	return lines
}

var statVerb = regexp.MustCompile(`%(%|[.0-9]*(llu|[sifg]))`)

// statValue returns a value with the one in brackets behind it. Only a
// fraction needs the verb, as it stands in the label.
func statValue(v *ec.StatNodeValue, verb string) string {
	var bracket string
	for i := range v.Extra {
		bracket = " (" + statValue(&v.Extra[i], "%.2f%%") + ")"
	}
	switch v.Type {
	case ec.StatValueTypeInteger, ec.StatValueTypeIString, ec.StatValueTypeIShort:
		return strconv.FormatUint(v.Integer, 10) + bracket
	case ec.StatValueTypeBytes:
		return size(v.Integer) + bracket
	case ec.StatValueTypeTime:
		return duration(v.Integer) + bracket
	case ec.StatValueTypeSpeed:
		return speed(uint32(v.Integer)) + bracket
	case ec.StatValueTypeString:
		return v.Text + bracket
	case ec.StatValueTypeDouble:
		fraction, err := v.Double.Float64()
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf(verb, fraction)
	}
	return v.Type.String()
}

func size(bytes uint64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d kB", bytes>>10)
	}
	return fmt.Sprintf("%.2f MB", float64(bytes)/(1<<20))
}

func speed(bytes uint32) string {
	if bytes < 1<<10 {
		return fmt.Sprintf("%d bytes/sec", bytes)
	}
	return fmt.Sprintf("%.2f kB/s", float64(bytes)/(1<<10))
}

func duration(seconds uint64) string {
	if seconds < 60 {
		return fmt.Sprintf("%02d secs", seconds)
	}
	return fmt.Sprintf("%d:%02d mins", seconds/60, seconds%60)
}
