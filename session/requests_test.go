package session_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/amuletest/required"
)

var update = flag.Bool("update", false, "rewrite testdata/requests.md from what the daemon answers")

var options = session.Options{Password: session.NewPassword(amuletest.Password)}

const requestsTable = "testdata/requests.md"

// tour is what a tour through all requests knows and notes.
type tour struct {
	*testing.T
	client *session.Client
	rows   map[codec.Opcode][]string

	download, other, shared codec.Hash
}

// Every opcode of the protocol is sent to a real daemon. Its reply must decode
// with its type and without an unknown tag; testdata/requests.md says what it
// is of amuled 2.3.3.
func TestAllRequests(t *testing.T) {
	daemon := amuletest.StartDaemon(t, map[string][]byte{"shared file.txt": bytes.Repeat([]byte("shared "), 3000)})
	client, err := amuletest.Dial(t, daemon.Address, options)
	if err != nil {
		t.Fatal(err)
	}
	r := &tour{T: t, client: client, rows: map[codec.Opcode][]string{}}
	r.rows[ec.OpAuthReq] = []string{row(ec.OpAuthReq, "yes", "at login", "AUTH_SALT", "typed, no unknown tag")}
	r.rows[ec.OpAuthPasswd] = []string{row(ec.OpAuthPasswd, "yes", "at login", "AUTH_OK", "typed, no unknown tag")}
	r.downloads()
	r.sharedFiles()
	r.people()
	r.networks()
	r.searches()
	r.settings()
	r.statistics()
	r.logs()
	r.notSent()
	r.shutDown(daemon)
	r.compare()
}

// row is a line of the table.
func row(op codec.Opcode, cells ...string) string {
	return fmt.Sprintf("| 0x%02X | %s | %s |", uint8(op), ec.Protocol.Opcodes[op].Protocol, strings.Join(cells, " | "))
}

// send sends a request and notes what comes of it.
func (r *tour) send(what string, request ec.Message) ec.Message {
	r.Helper()
	op := request.Opcode()
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel()
	reply, err := r.client.Call(ctx, request)
	verdict := "typed, no unknown tag"
	if failed, ok := errors.AsType[*session.FailedError](err); ok {
		reply, err = failed.Reply, nil
		verdict += fmt.Sprintf("; %q", failed.Reply.Reason)
	}
	if err != nil {
		r.Errorf("%s %s: %v", ec.Protocol.Opcodes[op].Protocol, what, err)
		return nil
	}
	if text, err := reply.MarshalJSON(); err != nil || bytes.Contains(text, []byte(`"unknown_tags"`)) {
		r.Errorf("%s %s: the reply has unknown tags: %s, %v", ec.Protocol.Opcodes[op].Protocol, what, text, err)
	}
	line := row(op, "yes", what, ec.Protocol.Opcodes[reply.Opcode()].Protocol, verdict)
	if !slices.Contains(r.rows[op], line) {
		r.rows[op] = append(r.rows[op], line)
	}
	return reply
}

// ends sends a request to a daemon of its own, because amuled 2.3.3 fails an
// assertion at it and ends: with or without answering FAILED before.
func (r *tour) ends(what string, request ec.Message) {
	r.Helper()
	client, err := amuletest.Dial(r.T, amuletest.StartDaemon(r.T, nil).Address, options)
	if err != nil {
		r.Fatal(err)
	}
	op := request.Opcode()
	_, err = client.Call(r.Context(), request)
	failed, ok := errors.AsType[*session.FailedError](err)
	if !errors.Is(err, session.ErrConnectionLost) && !(ok && failed.Reply.Reason == "Invalid opcode (wrong protocol version?)") {
		r.Errorf("%s %s: %v", ec.Protocol.Opcodes[op].Protocol, what, err)
	}
	r.rows[op] = append(r.rows[op], row(op, "yes, alone", what, "FAILED or none", "amuled fails an assertion and ends: typed, or ErrConnectionLost"))
}

// spare notes a request that is not sent because ends shows what it does.
func (r *tour) spare(what string, op codec.Opcode) {
	r.rows[op] = append(r.rows[op], row(op, "no: amuled would end, as at NOOP", what, "", ""))
}

// within asks again until the reply is as wanted.
func (r *tour) within(request ec.Message, wanted func(ec.Message) bool) {
	r.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if reply, err := r.client.Call(r.Context(), request); err == nil && wanted(reply) {
			return
		}
	}
	r.Fatalf("the reply to %v never is as wanted", request)
}

func (r *tour) downloads() {
	for i, hash := range []*codec.Hash{&r.download, &r.other} {
		*hash = codec.Hash{byte(i + 1), 0xFE}
		r.send("an ed2k link", &ec.AddLink{Links: []ec.Link{{URL: fmt.Sprintf("ed2k://|file|file %d.bin|%d|%v|/", i, 20_000_000*(i+1), *hash)}}})
	}
	r.send("what is no link", &ec.AddLink{Links: []ec.Link{{URL: "ed2k://|nothing|"}}})
	var ecid uint32
	r.within(&ec.GetDLoadQueue{}, func(m ec.Message) bool {
		queue := m.(*ec.DLoadQueue)
		if len(queue.PartFiles) == 2 {
			ecid = queue.PartFiles[0].ECID
		}
		return ecid != 0
	})
	for _, level := range []ec.DetailLevel{ec.DetailLevelCMD, ec.DetailLevelWeb, ec.DetailLevelFull, ec.DetailLevelUpdate} {
		request := &ec.GetDLoadQueue{DetailLevel: level}
		request.SetPresent(ec.TagDetailLevel, true)
		r.send("at level "+level.String(), request)
	}
	r.ends("at level INC_UPDATE", &ec.GetDLoadQueue{DetailLevel: ec.DetailLevelIncUpdate})
	r.send("one file", &ec.GetDLoadQueue{ECIDs: []uint32{ecid}})
	r.send("", &ec.GetULoadQueue{})
	r.send("at level INC_UPDATE", &ec.GetUpdate{DetailLevel: ec.DetailLevelIncUpdate})
	r.send("again", &ec.GetUpdate{DetailLevel: ec.DetailLevelIncUpdate})
	r.spare("at level FULL", ec.OpGetUpdate)
	one, none := []codec.Hash{r.download}, []codec.Hash{{0xFF}}
	r.send("a download", &ec.PartFilePause{Hashes: one})
	r.send("no download", &ec.PartFilePause{Hashes: none})
	r.send("a download", &ec.PartFileResume{Hashes: one})
	r.send("no download", &ec.PartFileResume{Hashes: none})
	r.send("a download", &ec.PartFileStop{Hashes: one})
	r.send("a download", &ec.PartFileSwapA4AFThis{Hashes: one})
	r.send("a download", &ec.PartFileSwapA4AFThisAuto{Hashes: one})
	r.send("a download", &ec.PartFileSwapA4AFOthers{Hashes: one})
	r.send("a download", &ec.PartFilePrioSet{Changes: []ec.DownloadPrioChange{{Hash: r.download, Prio: ec.FilePrioHigh}}})
	r.send("a new one", &ec.CreateCategory{Category: &ec.Category{Index: 1, Title: "films", Path: "/nowhere", Color: 0xFF0000}})
	category := &ec.Category{Index: 1, Title: "films", Comment: "changed", Color: 0xFF}
	category.SetPresent(ec.TagCategoryPath, true)
	r.send("the new one", &ec.UpdateCategory{Category: category})
	r.send("a download", &ec.PartFileSetCat{Changes: []ec.CategoryChange{{Hash: r.download, Category: 1}}})
	r.send("the new one", &ec.DeleteCategory{Category: &ec.Category{Index: 1}})
	r.send("a download", &ec.RenameFile{Hash: r.download, Name: "renamed.bin"})
	r.send("no peer", &ec.ClientSwapToAnotherFile{Client: 0xFFFF, Hash: r.download})
	r.send("a download that is not complete", &ec.ClearCompleted{ECIDs: []uint32{ecid}})
	r.send("a download", &ec.PartFileDelete{Hashes: []codec.Hash{r.other}})
	r.send("no download", &ec.PartFileDelete{Hashes: none})
}

func (r *tour) sharedFiles() {
	r.send("", &ec.SharedFilesReload{})
	r.within(&ec.GetSharedFiles{}, func(m ec.Message) bool {
		for _, file := range m.(*ec.SharedFiles).Files {
			if file.KnownFile != nil && file.KnownFile.Name == "shared file.txt" {
				r.shared = file.KnownFile.Hash
				return true
			}
		}
		return false
	})
	r.send("", &ec.GetSharedFiles{})
	r.send("at level UPDATE", &ec.GetSharedFiles{DetailLevel: ec.DetailLevelUpdate})
	r.spare("at level INC_UPDATE", ec.OpGetSharedFiles)
	r.send("a file", &ec.SharedSetPrio{Changes: []ec.UploadPrioChange{{Hash: r.shared, Tag: ec.TagKnownFile, Prio: ec.FilePrioHigh}}})
	r.send("a file", &ec.SharedFileSetComment{Hash: r.shared, Comment: "good", Rating: ec.RatingExcellent})
	r.send("a file", &ec.RenameFile{Hash: r.shared, Name: "renamed.txt"})
	r.send("no file", &ec.RenameFile{Hash: codec.Hash{0xFF}, Name: "renamed.txt"})
}

func (r *tour) people() {
	r.send("add", &ec.FriendCommand{Add: &ec.FriendAdd{Hash: codec.Hash{7}, IP: 0x0100007F, Port: 4662, Name: "somebody"}})
	var friend uint32
	r.within(&ec.GetUpdate{DetailLevel: ec.DetailLevelIncUpdate}, func(m ec.Message) bool {
		for _, f := range m.(*ec.SharedFiles).Friends.Friends {
			friend = f.ECID
		}
		return friend != 0
	})
	r.send("slot", &ec.FriendCommand{FriendSlot: &ec.FriendSlot{Enabled: true, ECID: friend}})
	r.send("remove", &ec.FriendCommand{Remove: &ec.FriendRemove{ECID: friend}})
	r.send("remove nobody", &ec.FriendCommand{Remove: &ec.FriendRemove{ECID: 0xFFFF}})
	r.send("ask for files", &ec.FriendCommand{Shared: &ec.FriendShared{Friend: 0xFFFF}})
}

// networks connects to addresses of this machine only; networks are off.
func (r *tour) networks() {
	const nobody = "http://127.0.0.1:1/"
	there, nowhere := codec.IPv4{Address: [4]byte{203, 0, 113, 7}, Port: 4242}, codec.IPv4{Address: [4]byte{127, 0, 0, 1}, Port: 1}
	r.send("", &ec.ServerAdd{Address: "203.0.113.7:4242", Name: "a server"})
	r.send("what is no address", &ec.ServerAdd{Address: "nowhere"})
	for _, level := range []ec.DetailLevel{ec.DetailLevelCMD, ec.DetailLevelWeb, ec.DetailLevelFull, ec.DetailLevelUpdate, ec.DetailLevelIncUpdate} {
		request := &ec.GetServerList{DetailLevel: level}
		request.SetPresent(ec.TagDetailLevel, true)
		r.send("at level "+level.String(), request)
	}
	r.send("no server", &ec.ServerConnect{Address: nowhere})
	r.send("eD2k is off", &ec.ServerDisconnect{})
	r.send("no server", &ec.ServerSetStaticPrio{ECID: 0xFFFF, Static: true, Prio: ec.ServerPrioHigh})
	r.send("the server", &ec.ServerRemove{Address: there})
	r.send("no server", &ec.ServerRemove{Address: nowhere})
	r.send("from an address where nobody is", &ec.ServerUpdateFromURL{URL: nobody + "server.met"})
	r.send("", &ec.GetServerInfo{})
	r.send("", &ec.ClearServerInfo{})
	r.send("networks are off", &ec.Connect{})
	r.send("networks are off", &ec.Disconnect{})
	r.send("Kad is off", &ec.KadStart{})
	r.send("", &ec.KadStop{})
	r.send("from an address where nobody is", &ec.KadUpdateFromURL{URL: nobody + "nodes.dat"})
	r.send("Kad is off", &ec.KadBootstrapFromIP{IP: 0x7F000001, Port: 4672})
	r.send("", &ec.IPFilterReload{})
	r.send("from an address where nobody is", &ec.IPFilterUpdate{URL: nobody + "ipfilter.dat"})
	for _, level := range []ec.DetailLevel{ec.DetailLevelCMD, ec.DetailLevelFull, ec.DetailLevelIncUpdate} {
		request := &ec.GetConnState{DetailLevel: level}
		request.SetPresent(ec.TagDetailLevel, true)
		r.send("at level "+level.String(), request)
	}
}

func (r *tour) searches() {
	r.send("not connected", &ec.SearchStart{Query: &ec.SearchQuery{Type: ec.SearchTypeGlobal, Name: "debian"}})
	r.send("", &ec.SearchStop{})
	r.send("", &ec.SearchResultsRequest{})
	r.send("at level INC_UPDATE", &ec.SearchResultsRequest{DetailLevel: ec.DetailLevelIncUpdate})
	r.send("", &ec.SearchProgressRequest{})
	r.send("no result", &ec.DownloadSearchResult{Downloads: []ec.ResultDownload{{Hash: codec.Hash{9}, Tag: ec.TagPartFile}}})
}

func (r *tour) settings() {
	var all ec.PreferenceGroups
	for group := ec.PreferenceGroups(1); group <= 0x2000; group <<= 1 {
		r.send("group by group", &ec.GetPreferences{Groups: group})
		all |= group
	}
	reply := r.send("all groups at level UPDATE", &ec.GetPreferences{Groups: all, DetailLevel: ec.DetailLevelUpdate})
	if preferences, ok := reply.(*ec.SetPreferences); ok {
		r.send("what it has, at level UPDATE", preferences)
	}
	r.send("one value, at level FULL", &ec.SetPreferences{General: &ec.GeneralPreferences{UserNick: "a tester"}})
}

func (r *tour) statistics() {
	for _, level := range []ec.DetailLevel{ec.DetailLevelCMD, ec.DetailLevelWeb, ec.DetailLevelFull, ec.DetailLevelUpdate, ec.DetailLevelIncUpdate} {
		request := &ec.StatReq{DetailLevel: level}
		request.SetPresent(ec.TagDetailLevel, true)
		r.send("at level "+level.String(), request)
	}
	r.send("100 points", &ec.GetStatsGraphs{Width: 100, Scale: 1, Last: "0"})
	r.send("no points", &ec.GetStatsGraphs{})
	r.send("", &ec.GetStatsTree{})
	r.send("at level WEB", &ec.GetStatsTree{DetailLevel: ec.DetailLevelWeb, Capping: 3})
}

func (r *tour) logs() {
	r.send("", &ec.AddLogLine{Text: "a line"})
	r.send("", &ec.AddDebugLogLine{Text: "a line"})
	r.send("", &ec.GetLog{})
	r.send("", &ec.GetLastLogEntry{})
	r.send("", &ec.GetDebugLog{})
	r.send("", &ec.ResetLog{})
	r.send("", &ec.ResetDebugLog{})
}

// notSent is the opcodes that amuled 2.3.3 does not know as requests: replies,
// sent by mistake, and what later releases brought.
func (r *tour) notSent() {
	for op := range ec.Protocol.Opcodes {
		release := since(op)
		switch {
		case release != "":
			r.rows[op] = []string{row(op, "no: since aMule "+release, "", "", "")}
		case ec.New(codec.FromClient, op) != nil:
		case op == ec.OpNoOp:
			r.ends("a reply, by mistake", &ec.NoOp{})
		default:
			r.spare("a reply, by mistake", op)
		}
	}
}

// since returns the release that brought an opcode, or "" for 2.3.3 and older.
func since(op codec.Opcode) string {
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		if shape := ec.Protocol.Message(from, op); shape != nil {
			return shape.Since
		}
	}
	return ""
}

// shutDown ends the daemon, which may be gone before its reply is.
func (r *tour) shutDown(daemon *amuletest.Daemon) {
	_, err := session.Call(r.Context(), r.client, &ec.Shutdown{})
	if err != nil && !errors.Is(err, session.ErrConnectionLost) {
		r.Errorf("SHUTDOWN: %v", err)
	}
	select {
	case <-daemon.Ended():
	case <-time.After(time.Minute):
		r.Error("the daemon does not shut down")
	}
	r.rows[ec.OpShutdown] = []string{row(ec.OpShutdown, "yes", "", "NOOP or none", "amuled may be gone before its reply is: typed, or ErrConnectionLost")}
}

// compare compares the table with the one that is kept. That is of 2.3.3: another
// release answers some requests in other words.
func (r *tour) compare() {
	version := amuletest.Version(r, "amuled")
	var b strings.Builder
	fmt.Fprintf(&b, "# All opcodes, sent to amuled %s\n\nMade by `go test ./session -run AllRequests -update`, checked by the same test. \"Typed, no unknown tag\" says that the\n"+
		"reply is one that the spec gives the request, that it decodes as its type, and that each tag in it has its field.\n\n"+
		"| value | opcode | sent | what | reply | verdict |\n| --- | --- | --- | --- | --- | --- |\n", version)
	old := 0
	for op := range 256 {
		op := codec.Opcode(op)
		if _, known := ec.Protocol.Opcodes[op]; !known {
			continue
		}
		if since(op) == "" {
			old++
		}
		if len(r.rows[op]) == 0 {
			r.Errorf("%s was not sent", ec.Protocol.Opcodes[op].Protocol)
		}
		for _, line := range r.rows[op] {
			b.WriteString(line + "\n")
		}
	}
	fmt.Fprintf(&b, "\n%d opcodes, of which aMule 2.3.3 has %d.\n", len(r.rows), old)
	if version != "2.3.3" {
		r.Log(&b)
		required.Missing(r, "amuled here is "+version+", and "+requestsTable+" is of 2.3.3")
	}
	if *update && !r.Failed() {
		if err := os.WriteFile(requestsTable, []byte(b.String()), 0o644); err != nil {
			r.Fatal(err)
		}
	}
	want, err := os.ReadFile(requestsTable)
	if err != nil {
		r.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		r.Errorf("%s differs (-want +got), -update accepts it:\n%s", requestsTable, diff)
	}
}
