package bench

import (
	"fmt"
	"math/rand/v2"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// logLines is a status reply that brings the 200 lines of log that one reply
// can bring.
func logLines() ec.Message {
	random := newRandom(5)
	events := []string{
		"New external connection accepted",
		"Connecting client: aMulecmd 3.0.0",
		"Download of holiday 2004.webm started",
		"IP filter is ready",
		"Asio thread 2 started",
	}
	lines := make([]string, 200)
	for i := range lines {
		lines[i] = fmt.Sprintf(" 2026-11-20 15:%02d:%02d: %s\n", i/60, i%60, pick(random, events))
	}
	m := stats().(*ec.Stats)
	m.LoggerMessage = &ec.LogLines{Lines: lines}
	return m
}

// searchResults is what a client with results of before gets: 300 results, of
// which every third is another name of one before it.
func searchResults() ec.Message {
	random := newRandom(6)
	m := &ec.SearchResults{Files: make([]ec.SearchFile, 300)}
	for i := range m.Files {
		f := &m.Files[i]
		*f = ec.SearchFile{
			ECID:                uint32(i + 1),
			SourceCount:         uint32(1 + random.IntN(400)),
			CompleteSourceCount: uint32(random.IntN(90)),
			Name:                fileName(random),
			SizeFull:            fileSize(random),
			Hash:                hash(random),
		}
		markAll(f, "SearchFile", ec.TagSearchParent, ec.TagKnownFileRating)
		if i%3 == 2 {
			f.Parent = uint32(i)
			f.SizeFull, f.Hash = m.Files[i-1].SizeFull, m.Files[i-1].Hash
		}
	}
	return m
}

// statsTree is a tree of about 120 nodes, three levels below the root.
func statsTree() ec.Message {
	random := newRandom(7)
	id := uint32(0)
	return &ec.StatsTree{Root: statsNode(random, &id, "Statistics", 0)}
}

var statistics = []string{"Uploaded Data (Session (Total)): %s", "Active Uploads: %s", "Average upload time: %s",
	"Total Overhead (Packets): %s", "Found Sources: %s", "eMule: %s"}

func statsNode(random *rand.Rand, id *uint32, label string, depth int) *ec.StatTreeNode {
	*id++
	node := &ec.StatTreeNode{Label: label, ID: *id}
	switch depth {
	case 3:
		node.Values = []ec.StatNodeValue{statsValue(random, random.IntN(3) == 0)}
		return node
	case 2:
		node.Values = []ec.StatNodeValue{statsValue(random, false)}
	}
	for i := range []int{6, 5, 3}[depth] {
		text := statistics[i]
		if depth < 1 {
			text = pick(random, []string{"Transfer", "Connection", "Clients", "Servers", "Shared Files", "Uploads"})
		}
		node.Children = append(node.Children, *statsNode(random, id, text, depth+1))
	}
	return node
}

// statsValue returns an amount of data, perhaps with a number in brackets.
func statsValue(random *rand.Rand, brackets bool) ec.StatNodeValue {
	value := ec.StatNodeValue{Integer: 1 + random.Uint64N(1<<40), Type: ec.StatValueTypeBytes}
	if brackets {
		value.Extra = []ec.StatNodeValue{{Integer: 1 + random.Uint64N(1<<20), Type: ec.StatValueTypeIShort}}
	}
	return value
}

// preferences is the reply to a client that asks for all groups.
func preferences() ec.Message {
	random := newRandom(8)
	const on = codec.SwitchEmpty
	m := &ec.SetPreferences{
		DetailLevel: ec.DetailLevelUpdate,
		Categories:  new(ec.CategoryList),
		General:     &ec.GeneralPreferences{UserNick: "ünïcode nick", UserHash: hash(random), CheckNewVersion: true},
		Connections: &ec.ConnectionPreferences{
			ULCap: 100, DLCap: 300, MaxUL: 230, MaxDL: 770, SlotAllocation: 5, TCPPort: 4662, UDPPort: 4672,
			UDPDisable: on, MaxFileSources: 300, MaxConn: 500, AutoConnect: on, Reconnect: on, NetworkED2K: on, NetworkKademlia: on,
		},
		MessageFilter: &ec.MessageFilterPreferences{Enabled: on, Secure: on, ByKeyword: on, Keywords: "spam,é"},
		RemoteCtrl:    &ec.RemoteControlPreferences{Port: 4711, AutoRun: on, AdminHash: hash(random), UseGzip: on, Refresh: 120, Template: "default"},
		OnlineSig:     &ec.OnlineSignaturePreferences{Enabled: on},
		Servers: &ec.ServerPreferences{
			RemoveDead: on, DeadServerRetries: 3, AutoUpdate: on, AddFromServer: on, UseScoreSystem: on, SmartIDCheck: on,
			UpdateURL: "http://example.org/server.met",
		},
		Files: &ec.FilePreferences{ICHEnabled: on, NewPaused: on, PreviewPrio: on, SaveSources: on, AllocFullSize: on, CheckFreeSpace: on, MinFreeSpace: 1024},
		Directories: &ec.DirectoryPreferences{
			Incoming: "/srv/amule/Incoming", Temp: "/srv/amule/Temp", Shared: new(ec.SharedDirectories),
		},
		Security: &ec.SecurityPreferences{
			CanSeeShares: ec.CanSeeSharesNobody, IPFilterClients: on, IPFilterServers: on, IPFilterAutoUpdate: on,
			IPFilterUpdateURL: "http://example.org/ipfilter.zip", IPFilterLevel: 127, UseSecIdent: on,
			ObfuscationSupported: on, ObfuscationRequested: on,
		},
		CoreTweaks: &ec.CoreTweakPreferences{MaxConnPerFive: 20, Verbose: on, FileBuffer: 240_000, ULQueue: 5000},
		Kademlia:   &ec.KademliaPreferences{UpdateURL: "http://example.org/nodes.dat"},
	}
	for i := range 6 {
		category := ec.Category{
			Index: uint32(i), Path: "/srv/amule/Incoming/" + subjects[i], Comment: "of " + subjects[i],
			Color: random.Uint32N(1 << 24), Title: subjects[i],
		}
		markAll(&category, "Category")
		m.Categories.Categories = append(m.Categories.Categories, category)
	}
	for _, subject := range subjects {
		m.Directories.Shared.Paths = append(m.Directories.Shared.Paths, "/srv/shared/"+subject)
	}
	m.Directories.Shared.Count = uint32(len(subjects))
	return m
}
