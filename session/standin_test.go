package session_test

import (
	"bytes"
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
)

// standIn is a daemon of our own with a little of everything, for real clients.
type standIn struct {
	mux      session.Mux
	address  string
	recorder recorder
	log      safeBuffer

	mutex       sync.Mutex
	asked       []codec.Opcode
	refused     []string
	downloads   []ec.PartFile
	shared      []ec.KnownFile
	preferences ec.SetPreferences
	results     []ec.SearchFile
	reset       bool // the log
}

var (
	downloadHash = codec.Hash{0xD0, 1, 2, 3}
	sharedHash   = codec.Hash{0x5A, 1, 2, 3}
	resultHash   = codec.Hash{0xE5, 1, 2, 3}
	server       = ec.Server{
		Address: codec.IPv4{Address: [4]byte{192, 0, 2, 77}, Port: 4661}, Name: "Our Server", Desc: "made up", Version: "17.15",
		Users: 4321, UsersMax: 5000, Files: 98765, Ping: 42,
	}
	peer = ec.Client{
		ECID: 31, Name: "Alice", Hash: codec.Hash{0xA1}, UserIP: 0x4D0200C0, UserPort: 4662, Software: ec.ClientSoftwareAMule, SoftwareVersion: "2.3.3",
		UploadFileName: "shared-thesis.pdf", UploadFile: 21, UpSpeed: 2048, DownloadSession: 4096, UploadSession: 1 << 20, UploadTotal: 2 << 20,
		UploadState: ec.UploadStateUploading, DownloadState: ec.DownloadStateNone,
	}
)

// startStandIn serves until the test ends.
func startStandIn(t *testing.T) *standIn {
	s := &standIn{
		downloads: []ec.PartFile{{
			ECID: 11, Name: "download-debian.iso", Hash: downloadHash, SizeFull: 734003200, SizeDone: 183500800, SizeXfer: 183500800, Status: ec.PartFileStatusReady,
			SourceCount: 9, SourceCountXfer: 2, Speed: 12288, DownloadPrio: ec.FilePrioNormal, PartMetID: 1, ED2KLink: "ed2k://|file|download-debian.iso|734003200|D0010203000000000000000000000000|/",
		}},
		shared: []ec.KnownFile{{
			ECID: 21, Name: "shared-thesis.pdf", Hash: sharedHash, SizeFull: 1048576, Location: "/srv/shared", UploadPrio: ec.FilePrioHigh,
			ReqCount: 3, ReqCountAll: 33, AcceptCount: 2, AcceptCountAll: 22, Uploaded: 4096, UploadedAll: 409600, ED2KLink: "ed2k://|file|shared-thesis.pdf|1048576|5A010203000000000000000000000000|/",
		}},
		results: []ec.SearchFile{{ECID: 41, Name: "found-ubuntu.iso", SizeFull: 700 << 20, Hash: resultHash, SourceCount: 17, CompleteSourceCount: 5}},
	}
	s.preferences = ec.SetPreferences{
		General:       &ec.GeneralPreferences{UserNick: "our nick"},
		Connections:   &ec.ConnectionPreferences{ULCap: 100, DLCap: 1000, MaxUL: 23, MaxDL: 77, SlotAllocation: 2, TCPPort: 4662, UDPPort: 4672, MaxFileSources: 300, MaxConn: 500, NetworkED2K: codec.SwitchEmpty, NetworkKademlia: codec.SwitchEmpty},
		MessageFilter: &ec.MessageFilterPreferences{}, RemoteCtrl: &ec.RemoteControlPreferences{}, OnlineSig: &ec.OnlineSignaturePreferences{},
		Servers: &ec.ServerPreferences{}, Files: &ec.FilePreferences{}, Directories: &ec.DirectoryPreferences{}, CoreTweaks: &ec.CoreTweakPreferences{},
		Security: &ec.SecurityPreferences{IPFilterLevel: 127, IPFilterClients: codec.SwitchEmpty, IPFilterServers: codec.SwitchEmpty},
		Kademlia: &ec.KademliaPreferences{UpdateURL: "http://127.0.0.1:1/nodes.dat"},
	}
	s.answerQueues()
	s.answerCommands()
	s.answerSearches()
	s.answerStatistics()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	daemon := &session.Server{
		Password: session.NewPassword(amuletest.Password),
		Version:  "2.3.3",
		Handler:  s,
		Logger:   logTo(&s.log),
	}
	go daemon.Serve(&recordingListener{Listener: l, recorder: &s.recorder})
	t.Cleanup(func() {
		daemon.Close()
		s.check(t)
	})
	return s
}

// Handle notes the request.
func (s *standIn) Handle(ctx context.Context, c *session.Conn, request ec.Message) (ec.Message, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.asked = append(s.asked, request.Opcode())
	reply, err := s.mux.Handle(ctx, c, request)
	if err != nil {
		s.refused = append(s.refused, err.Error()+": "+request.String())
	}
	return reply, err
}

// takeAsked returns which requests came since the last call.
func (s *standIn) takeAsked() []codec.Opcode {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// check says what went wrong on our side.
func (s *standIn) check(t *testing.T) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, request := range s.refused {
		t.Errorf("the stand-in refuses: %s", request)
	}
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			t.Errorf("the server complains: %s", line)
		}
	}
	s.recorder.check(t)
}

// answer makes f answer its requests, whatever connection they come from.
func answer[Q ec.Request[R], R ec.Message](s *standIn, f func(Q) (R, error)) {
	session.Handle(&s.mux, func(_ context.Context, _ *session.Conn, q Q) (R, error) { return f(q) })
}

// obey answers a command with NOOP.
func obey[Q ec.Request[*ec.NoOp]](s *standIn, f func(Q)) {
	answer(s, func(q Q) (*ec.NoOp, error) {
		if f != nil {
			f(q)
		}
		return &ec.NoOp{}, nil
	})
}

func (s *standIn) answerQueues() {
	answer(s, func(q *ec.GetDLoadQueue) (*ec.DLoadQueue, error) {
		return &ec.DLoadQueue{PartFiles: chosen(s.downloads, q.ECIDs, func(f ec.PartFile) uint32 { return f.ECID })}, nil
	})
	answer(s, func(q *ec.GetSharedFiles) (*ec.SharedFiles, error) {
		reply := &ec.SharedFiles{}
		for _, file := range chosen(s.shared, q.ECIDs, func(f ec.KnownFile) uint32 { return f.ECID }) {
			reply.Files = append(reply.Files, ec.SharedFile{KnownFile: &file})
		}
		return reply, nil
	})
	answer(s, func(*ec.GetULoadQueue) (*ec.ULoadQueue, error) {
		return &ec.ULoadQueue{Clients: []ec.Client{peer}}, nil
	})
	answer(s, func(*ec.GetUpdate) (*ec.SharedFiles, error) {
		byID := server
		byID.ECID, byID.IP, byID.Port, byID.Address = 51, 0x4D0200C0, 4661, codec.IPv4{}
		reply := &ec.SharedFiles{
			Clients: &ec.ClientList{Clients: []ec.Client{peer}},
			Servers: &ec.ServerList{Servers: []ec.Server{byID}},
			Friends: &ec.FriendList{Friends: []ec.Friend{{ECID: 61, Name: "Bob", Hash: codec.Hash{0xB0}}}},
		}
		for _, file := range s.downloads {
			reply.Files = append(reply.Files, ec.SharedFile{PartFile: &file})
		}
		for _, file := range s.shared {
			reply.Files = append(reply.Files, ec.SharedFile{KnownFile: &file})
		}
		return reply, nil
	})
	answer(s, func(*ec.GetServerList) (*ec.ServerListReply, error) {
		return &ec.ServerListReply{Servers: []ec.Server{server}}, nil
	})
}

// chosen returns the items of these ids, or all of them.
func chosen[T any](items []T, ecids []uint32, id func(T) uint32) []T {
	return slices.DeleteFunc(slices.Clone(items), func(item T) bool { return len(ecids) > 0 && !slices.Contains(ecids, id(item)) })
}

func (s *standIn) answerCommands() {
	status := func(hashes []codec.Hash, status ec.PartFileStatus, stopped bool) {
		for i := range s.downloads {
			if f := &s.downloads[i]; slices.Contains(hashes, f.Hash) {
				f.Status, f.Stopped = status, stopped
			}
		}
	}
	obey(s, func(q *ec.PartFilePause) { status(q.Hashes, ec.PartFileStatusPaused, false) })
	obey(s, func(q *ec.PartFileResume) { status(q.Hashes, ec.PartFileStatusReady, false) })
	obey(s, func(q *ec.PartFileStop) { status(q.Hashes, ec.PartFileStatusPaused, true) })
	obey(s, func(q *ec.PartFileDelete) {
		s.downloads = slices.DeleteFunc(s.downloads, func(f ec.PartFile) bool { return slices.Contains(q.Hashes, f.Hash) })
	})
	obey(s, func(q *ec.PartFilePrioSet) {
		for i := range s.downloads {
			s.downloads[i].DownloadPrio = q.Changes[0].Prio
			if q.Changes[0].Prio == ec.FilePrioAuto {
				s.downloads[i].DownloadPrio = ec.FilePrioAutoHigh // commands have one code, reports several
			}
		}
	})
	obey(s, func(q *ec.SharedSetPrio) { s.shared[0].UploadPrio = q.Changes[0].Prio })
	obey(s, func(q *ec.AddLink) {
		for _, link := range q.Links {
			fields := strings.Split(link.URL, "|")
			had := func(f ec.PartFile) bool { return f.Name == fields[2] }
			if len(fields) > 2 && fields[1] == "file" && !slices.ContainsFunc(s.downloads, had) {
				s.downloads = append(s.downloads, ec.PartFile{ECID: 12, Name: fields[2], Hash: codec.Hash{0xD2}, SizeFull: 1000, PartMetID: 2})
			}
		}
	})
	obey[*ec.SharedFilesReload](s, nil)
	obey[*ec.IPFilterReload](s, nil)
	obey[*ec.IPFilterUpdate](s, nil)
	obey[*ec.ServerConnect](s, nil)
	obey[*ec.ServerDisconnect](s, nil)
	obey[*ec.ServerRemove](s, nil)
	obey[*ec.ServerAdd](s, nil)
	obey[*ec.KadStart](s, nil)
	obey[*ec.KadStop](s, nil)
	obey[*ec.KadBootstrapFromIP](s, nil)
	obey[*ec.KadUpdateFromURL](s, nil)
	obey[*ec.Shutdown](s, nil)
	obey(s, func(*ec.ResetLog) { s.reset = true })
	answer(s, func(*ec.Connect) (*ec.Strings, error) {
		return &ec.Strings{Lines: []string{"Connecting to our network..."}}, nil
	})
	answer(s, func(*ec.Disconnect) (ec.Message, error) {
		return &ec.Strings{Lines: []string{"Disconnected from our network."}}, nil
	})
	answer(s, func(q *ec.GetPreferences) (*ec.SetPreferences, error) { return s.groups(q), nil })
	obey(s, s.prefer)
}

// groups returns the groups that are asked for.
func (s *standIn) groups(q *ec.GetPreferences) *ec.SetPreferences {
	reply := s.preferences
	reply.DetailLevel = q.DetailLevel
	for _, group := range []struct {
		bit    ec.PreferenceGroups
		forget func()
	}{
		{ec.PreferenceGroupsGeneral, func() { reply.General = nil }},
		{ec.PreferenceGroupsConnections, func() { reply.Connections = nil }},
		{ec.PreferenceGroupsMessageFilter, func() { reply.MessageFilter = nil }},
		{ec.PreferenceGroupsRemoteControls, func() { reply.RemoteCtrl = nil }},
		{ec.PreferenceGroupsOnlineSig, func() { reply.OnlineSig = nil }},
		{ec.PreferenceGroupsServers, func() { reply.Servers = nil }},
		{ec.PreferenceGroupsFiles, func() { reply.Files = nil }},
		{ec.PreferenceGroupsDirectories, func() { reply.Directories = nil }},
		{ec.PreferenceGroupsSecurity, func() { reply.Security = nil }},
		{ec.PreferenceGroupsCoreTweaks, func() { reply.CoreTweaks = nil }},
		{ec.PreferenceGroupsKademlia, func() { reply.Kademlia = nil }},
	} {
		if q.Groups&group.bit == 0 {
			group.forget()
		}
	}
	return &reply
}

// prefer takes the values that q has. A client writes switches as numbers, a
// daemon as empty tags.
func (s *standIn) prefer(q *ec.SetPreferences) {
	body, err := q.AppendBody(nil, codec.FlagBase)
	if err == nil {
		err = s.preferences.DecodeBody(body, codec.FlagBase, codec.Merge, codec.DefaultLimits())
	}
	if err != nil {
		s.refused = append(s.refused, err.Error())
	}
	for _, value := range []*codec.Switch{&s.preferences.Security.IPFilterClients, &s.preferences.Security.IPFilterServers} {
		switch *value {
		case codec.SwitchOn:
			*value = codec.SwitchEmpty
		case codec.SwitchOff:
			*value = codec.SwitchAbsent
		}
	}
}

func (s *standIn) answerSearches() {
	answer(s, func(*ec.SearchStart) (*ec.Strings, error) {
		return &ec.Strings{Lines: []string{"Search in progress. Refetch results in a moment!"}}, nil
	})
	answer(s, func(*ec.SearchStop) (*ec.MiscData, error) { return &ec.MiscData{}, nil })
	answer(s, func(*ec.SearchProgressRequest) (*ec.SearchProgress, error) {
		return &ec.SearchProgress{Status: 64}, nil
	})
	answer(s, func(*ec.SearchResultsRequest) (*ec.SearchResults, error) {
		return &ec.SearchResults{Files: s.results}, nil
	})
	answer(s, func(*ec.DownloadSearchResult) (*ec.Strings, error) { return &ec.Strings{}, nil })
}

func (s *standIn) answerStatistics() {
	state := &ec.ConnState{Bits: ec.ConnStateBitsED2KConnected | ec.ConnStateBitsKadConnected | ec.ConnStateBitsKadRunning, ED2KID: 0x4D0200C0, ClientID: 0x4D0200C0, Server: &server}
	answer(s, func(q *ec.StatReq) (*ec.Stats, error) {
		stats := &ec.Stats{DLSpeed: 12288, ULSpeed: 2048, DLSpeedLimit: 78848, ULSpeedLimit: 23552, ULQueueLen: 5, TotalSrcCount: 99, ED2KUsers: 4321, ED2KFiles: 98765, KadUsers: 777, KadFiles: 888, KadNodes: 55, ConnState: state}
		if q.DetailLevel == ec.DetailLevelIncUpdate {
			byID := *state
			byID.Server = &ec.Server{ECID: 51}
			stats.ConnState = &byID
		}
		return stats, nil
	})
	answer(s, func(*ec.GetConnState) (*ec.MiscData, error) { return &ec.MiscData{ConnState: state}, nil })
	answer(s, func(*ec.GetStatsTree) (*ec.StatsTree, error) {
		return &ec.StatsTree{ServerVersion: "2.3.3", UserNick: "our nick", Root: &ec.StatTreeNode{Label: "Statistics", Children: []ec.StatTreeNode{
			{Label: "Uptime: %s", Values: []ec.StatNodeValue{{Integer: 3600, Type: ec.StatValueTypeTime}}},
			{Label: "Our own counter: %s", Values: []ec.StatNodeValue{{Integer: 123, Type: ec.StatValueTypeInteger}}},
		}}}, nil
	})
	answer(s, func(q *ec.GetStatsGraphs) (*ec.StatsGraphs, error) {
		return &ec.StatsGraphs{Data: bytes.Repeat([]byte{0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 9, 0, 0, 0, 7}, max(1, int(q.Width))), Last: codec.NewDouble(100)}, nil
	})
	answer(s, func(*ec.GetLog) (*ec.Log, error) {
		if s.reset {
			return &ec.Log{Text: "2026-01-02 03:04:05: after the reset\n"}, nil
		}
		return &ec.Log{Text: "2026-01-02 03:04:05: our own log line\n"}, nil
	})
	answer(s, func(*ec.GetServerInfo) (*ec.ServerInfo, error) {
		return &ec.ServerInfo{Text: "our server's message\n"}, nil
	})
}
