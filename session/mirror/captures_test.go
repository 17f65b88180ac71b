package mirror_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	cmpdiff "github.com/google/go-cmp/cmp"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/mirror"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// conversation is one captured connection between real programs: its requests
// with their replies, from after the login on.
type conversation struct {
	name      string
	peer      session.Peer
	exchanges []captured
	output    string // what the client printed
}

// captured is one request with its reply.
type captured struct {
	request, reply ec.Message
	frame          codec.Frame // the reply's
}

// conversations returns the captured connections on which GET_UPDATE was sent.
func conversations(t *testing.T) (list []*conversation) {
	t.Helper()
	all, err := readConversations()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if slices.ContainsFunc(c.exchanges, func(e captured) bool { return e.request.Opcode() == ec.OpGetUpdate }) {
			list = append(list, c)
		}
	}
	return list
}

var readConversations = sync.OnceValues(func() (all []*conversation, err error) {
	archives, err := filepath.Glob("../../generated/ec/testdata/captures/*.zip")
	if err != nil || len(archives) == 0 {
		return nil, errors.Join(err, errors.New("there are no captures"))
	}
	for _, archive := range archives {
		files, err := zip.OpenReader(archive)
		if err != nil {
			return nil, err
		}
		defer files.Close()
		for _, f := range files.File {
			if path.Base(f.Name) != "c2s.bin" {
				continue
			}
			folder := path.Dir(f.Name)
			c := &conversation{name: strings.TrimSuffix(filepath.Base(archive), ".zip") + "/" + folder}
			if err := c.read(files, folder); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			all = append(all, c)
		}
	}
	return all, nil
})

// read reads the two streams, in which requests and replies alternate. It stops
// where that ends: at a packet that aMule refuses or pushes.
func (c *conversation) read(files *zip.ReadCloser, folder string) error {
	content := func(name string) []byte {
		f, err := files.Open(path.Join(folder, name))
		if err != nil {
			return nil
		}
		defer f.Close()
		data, _ := io.ReadAll(f)
		return data
	}
	c.output = string(content("client-output.txt"))
	requests := codec.NewReader(bytes.NewReader(content("c2s.bin")), codec.DefaultLimits())
	replies := codec.NewReader(bytes.NewReader(content("s2c.bin")), codec.DefaultLimits())
	for {
		from, err := requests.Next()
		if err != nil {
			return nil
		}
		request, err := ec.Read(codec.FromClient, from)
		if err != nil {
			return nil
		}
		to, err := replies.Next()
		if err != nil {
			return nil
		}
		to.Body = bytes.Clone(to.Body)
		reply, err := ec.Read(codec.FromDaemon, to)
		if err != nil {
			return nil
		}
		switch reply := reply.(type) {
		case *ec.AuthOK:
			c.peer.LargeTagCount, c.peer.PartialUpdate = reply.CanLargeTagCount, reply.CanPartialUpdate
			continue
		case *ec.AuthSalt:
			c.peer.UTF8Numbers = request.(*ec.AuthReq).CanUTF8Numbers
			continue
		}
		c.exchanges = append(c.exchanges, captured{request, reply, to})
	}
}

// replay is a connection that answers with what was captured.
type replay struct {
	*conversation
	at int
}

func (r *replay) Call(_ context.Context, request ec.Message) (ec.Message, error) {
	e := r.exchanges[r.at]
	if r.at++; request.String() != e.request.String() {
		return nil, fmt.Errorf("the request is %v, captured was %v", request, e.request)
	}
	// The reply is the caller's, so each replay gets one of its own.
	return ec.Read(codec.FromDaemon, e.frame)
}

func (r *replay) Peer() session.Peer { return r.peer }
func (r *replay) Connections() int   { return 1 }

// follow replays the conversation through a mirror and calls check after each
// GET_UPDATE.
func (c *conversation) follow(t *testing.T, check func(e captured, changes mirror.Changes, now *mirror.Snapshot)) {
	t.Helper()
	m := mirror.New(&replay{conversation: c}, mirror.Limits{})
	for i, e := range c.exchanges {
		if e.request.Opcode() != ec.OpGetUpdate {
			if _, err := m.Call(t.Context(), e.request); err != nil {
				t.Fatalf("exchange %d: %v", i, err)
			}
			continue
		}
		changes, err := m.Update(t.Context())
		if err != nil {
			t.Fatalf("exchange %d: %v", i, err)
		}
		check(e, changes, m.Snapshot())
	}
}

// Each figure of a download is reported twice: as a number that is sent as it
// is, and by arrays of which only differences are sent. They agree after every
// update, so no difference was lost.
func TestCapturedUpdatesAreFollowed(t *testing.T) {
	updates, withGaps, withParts, withNames := 0, 0, 0, 0
	for _, c := range conversations(t) {
		t.Run(c.name, func(t *testing.T) {
			c.follow(t, func(_ captured, _ mirror.Changes, now *mirror.Snapshot) {
				updates++
				for _, d := range now.Downloads {
					if missing := status.Size(d.Gaps); d.SizeDone+missing != d.SizeFull {
						t.Errorf("%s: %d bytes are there and %d are missing of %d", d.Name, d.SizeDone, missing, d.SizeFull)
					}
					if n := len(d.Availability); n != 0 && n != status.Parts(d.SizeFull) {
						t.Errorf("%s: %d parts of a file of %d bytes", d.Name, n, d.SizeFull)
					}
					if n := len(d.Availability) - bytes.Count(d.Availability, []byte{0}); n != int(d.AvailableParts) {
						t.Errorf("%s: %d parts have sources, want %d", d.Name, n, d.AvailableParts)
					}
					sources := map[string]uint32{}
					for _, client := range now.Clients {
						if client.RequestFile == d.ECID && client.RemoteFileName != "" {
							sources[client.RemoteFileName]++
						}
					}
					names := map[string]uint32{}
					for _, name := range d.Names {
						names[name.Name] = name.Count
					}
					if !maps.Equal(names, sources) {
						t.Errorf("%s: the names are %v, the peers have %v", d.Name, names, sources)
					}
					withGaps, withParts, withNames = withGaps+len(d.Gaps), withParts+len(d.Availability), withNames+len(names)
				}
			})
		})
	}
	t.Logf("%d updates with %d gaps, the availability of %d parts and %d names", updates, withGaps, withParts, withNames)
	if updates < 100 || withGaps == 0 || withParts == 0 || withNames == 0 {
		t.Error("the captures do not show enough")
	}
}

// An encoder that is given the mirror's snapshots sends what the daemon sent,
// byte for byte, save that a daemon has peers in the order of addresses, and
// files that it lists for other requests in the order of hashes.
func TestTheEncoderSendsWhatDaemonsSent(t *testing.T) {
	for _, c := range conversations(t) {
		t.Run(c.name, func(t *testing.T) {
			var snapshots []*mirror.Snapshot
			c.follow(t, func(_ captured, _ mirror.Changes, now *mirror.Snapshot) { snapshots = append(snapshots, now) })
			encoder := mirror.NewEncoder(c.peer)
			for _, e := range c.exchanges {
				reply := e.reply
				switch request := e.request.(type) {
				case *ec.GetUpdate:
					same(t, encoder.Update(snapshots[0]), sorted(reply))
					snapshots = snapshots[1:]
				case *ec.GetSharedFiles:
					now := &mirror.Snapshot{SharedFiles: stateIn(t, reply).SharedFiles}
					for _, d := range snapshots[0].Downloads {
						if now.SharedFile(d.ECID) == nil {
							now.Downloads = append(now.Downloads, d)
						}
					}
					same(t, encoder.SharedFiles(request, now), sorted(reply))
				case *ec.GetDLoadQueue:
					now := &mirror.Snapshot{Downloads: stateIn(t, reply).Downloads, SharedFiles: snapshots[0].SharedFiles}
					same(t, encoder.Downloads(request, now), sorted(reply))
				}
			}
		})
	}
}

// stateIn returns the files that a reply at level FULL tells of.
func stateIn(t *testing.T, reply ec.Message) *mirror.Snapshot {
	t.Helper()
	now := &mirror.Snapshot{}
	switch reply := sorted(reply).(type) {
	case *ec.SharedFiles:
		for _, f := range reply.Files {
			shared, err := mirror.NewSharedFile(f.KnownFile, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			now.SharedFiles = append(now.SharedFiles, shared)
		}
	case *ec.DLoadQueue:
		for i := range reply.PartFiles {
			download, err := mirror.NewDownload(&reply.PartFiles[i], 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			now.Downloads = append(now.Downloads, download)
		}
	}
	return now
}

// The replies at every detail level are made from what one of them tells.
func TestTheEncoderKnowsDetailLevels(t *testing.T) {
	all, err := readConversations()
	if err != nil {
		t.Fatal(err)
	}
	levels := map[ec.DetailLevel]bool{}
	for _, c := range all {
		if path.Base(c.name) != "raw-detail-levels" {
			continue
		}
		now, encoder := &mirror.Snapshot{}, mirror.NewEncoder(session.Peer{})
		for _, e := range c.exchanges {
			request, is := e.request.(*ec.GetSharedFiles)
			reply, ok := sorted(e.reply).(*ec.SharedFiles)
			if !is || !ok {
				continue
			}
			if now.SharedFiles == nil {
				now = stateIn(t, reply)
			}
			same(t, encoder.SharedFiles(request, now), reply)
			levels[request.DetailLevel] = true
		}
	}
	if len(levels) < 4 {
		t.Errorf("the levels %v were captured, want all but INC_UPDATE", levels)
	}
}

// sorted returns the reply with the lists in the order of ECIDs.
func sorted(reply ec.Message) ec.Message {
	switch reply := reply.(type) {
	case *ec.SharedFiles:
		slices.SortStableFunc(reply.Files, func(a, b ec.SharedFile) int { return cmp.Compare(fileECID(a), fileECID(b)) })
		if reply.Clients != nil {
			slices.SortFunc(reply.Clients.Clients, func(a, b ec.Client) int { return cmp.Compare(a.ECID, b.ECID) })
		}
	case *ec.DLoadQueue:
		slices.SortFunc(reply.PartFiles, func(a, b ec.PartFile) int { return cmp.Compare(a.ECID, b.ECID) })
	}
	return reply
}

func fileECID(f ec.SharedFile) uint32 {
	if f.PartFile != nil {
		return f.PartFile.ECID
	}
	return f.KnownFile.ECID
}

func same(t *testing.T, got, want ec.Message) {
	t.Helper()
	if a, b := body(t, got), body(t, want); !bytes.Equal(a, b) {
		t.Errorf("the reply differs: %s", cmpdiff.Diff(strings.Split(want.String(), "\n"), strings.Split(got.String(), "\n")))
	}
}

func body(t *testing.T, m ec.Message) []byte {
	t.Helper()
	b, err := m.AppendBody(nil, codec.FlagBase|codec.FlagLargeTagCount)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
