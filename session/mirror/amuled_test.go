package mirror_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/mirror"
)

// complete is a download that the daemon finds finished when it starts, so that
// it can be cleared.
var complete = struct {
	name, content string
	hash          codec.Hash // MD4 of the content
}{
	"finished.txt", "ecgen: a file that is complete\n",
	codec.Hash{0x86, 0x2c, 0xa2, 0x44, 0xf6, 0xaa, 0xe1, 0x2b, 0x7b, 0xac, 0x53, 0x7c, 0x06, 0x86, 0x94, 0xae},
}

// partMet returns the control file of the download, which lacks no gap: version,
// date, hash, number of part hashes, number of tags, name, size (CPartFile in
// aMule's src/PartFile.cpp).
func partMet() []byte {
	b := append([]byte{0xE0, 0, 0, 0, 0}, complete.hash[:]...)
	b = append(b, 0, 0, 2, 0, 0, 0)
	b = append(b, 2, 1, 0, 1)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(complete.name)))
	b = append(b, complete.name...)
	b = append(b, 3, 1, 0, 2)
	return binary.LittleEndian.AppendUint32(b, uint32(len(complete.content)))
}

// Real aMule is driven through what a user does. After every step the mirror
// equals what the daemon tells a new connection: of files by the requests for
// all of them, and of everything by a first update.
func TestTheMirrorEqualsAFreshQueryOfRealAMule(t *testing.T) {
	const (
		linux  = "00112233445566778899aabbccddeeff"
		movie  = "0123456789abcdef0123456789abcdef"
		friend = "cc016bd5380e083a904233b0438a6f09"
	)
	daemon := amuletest.StartDaemon(t, map[string][]byte{
		"hello.txt":            []byte("hello, world\n"),
		"manual.pdf":           bytes.Repeat([]byte("manual"), 1000),
		"two.bin":              make([]byte, 10_000_000),
		"../Temp/001.part.met": partMet(),
		"../Temp/001.part":     []byte(complete.content),
	})
	connect := func() *session.Client { return connect(t, daemon, nil) }
	m := mirror.New(connect(), mirror.Limits{})
	call := func(request ec.Message) func() {
		return func() {
			t.Helper()
			if _, err := m.Call(t.Context(), request); err != nil {
				t.Fatalf("%v: %v", request, err)
			}
		}
	}
	file := func(name string) string { return filepath.Join(daemon.Folder, "Incoming", name) }
	move := func(from, to string) func() {
		return func() {
			if err := os.Rename(from, to); err != nil {
				t.Fatal(err)
			}
			call(&ec.SharedFilesReload{})()
		}
	}
	var clearedECID, sharedECID uint32

	for _, step := range []struct {
		name string
		do   func()
		then func(s *mirror.Snapshot) bool // what it leads to
	}{
		{"start", func() {}, func(s *mirror.Snapshot) bool {
			return len(s.SharedFiles) == 3 && len(s.Downloads) == 1 && s.Downloads[0].Status == ec.PartFileStatusComplete
		}},
		{"add a link", call(&ec.AddLink{Links: []ec.Link{{URL: "ed2k://|file|linux.iso|734003200|" + linux + "|/"}}}), func(s *mirror.Snapshot) bool {
			d := download(s, linux)
			return d != nil && d.SizeFull == 734003200 && len(d.Gaps) == 1 && d.Gaps[0].End == 734003199
		}},
		{"create a category", call(&ec.CreateCategory{Category: &ec.Category{Title: "films", Path: filepath.Join(daemon.Folder, "Incoming")}}), nil},
		{"add a link to it", call(&ec.AddLink{Links: []ec.Link{{URL: "ed2k://|file|fake movie.avi|20000000|" + movie + "|/", Category: 1}}}), func(s *mirror.Snapshot) bool {
			return download(s, movie).Category == 1
		}},
		{"pause", call(&ec.PartFilePause{Hashes: hashes(linux)}), func(s *mirror.Snapshot) bool {
			return download(s, linux).Status == ec.PartFileStatusPaused
		}},
		{"resume", call(&ec.PartFileResume{Hashes: hashes(linux)}), func(s *mirror.Snapshot) bool {
			return download(s, linux).Status != ec.PartFileStatusPaused
		}},
		{"stop", call(&ec.PartFileStop{Hashes: hashes(linux, movie)}), func(s *mirror.Snapshot) bool {
			return download(s, linux).Stopped && download(s, movie).Stopped
		}},
		{"resume both", call(&ec.PartFileResume{Hashes: hashes(linux, movie)}), func(s *mirror.Snapshot) bool {
			return !download(s, linux).Stopped
		}},
		{"change the category", call(&ec.PartFileSetCat{Changes: []ec.CategoryChange{{Hash: hash(linux), Category: 1}}}), func(s *mirror.Snapshot) bool {
			return download(s, linux).Category == 1
		}},
		{"change the priority", call(&ec.PartFilePrioSet{Changes: []ec.DownloadPrioChange{{Hash: hash(linux), Prio: ec.FilePrioHigh}}}), func(s *mirror.Snapshot) bool {
			return download(s, linux).DownloadPrio == ec.FilePrioHigh
		}},
		{"rename", call(&ec.RenameFile{Hash: hash(movie), Name: "true möbius.avi"}), func(s *mirror.Snapshot) bool {
			return download(s, movie).Name == "true möbius.avi"
		}},
		{"list everything meanwhile", func() {
			call(&ec.GetDLoadQueue{})()
			call(&ec.GetSharedFiles{})()
			call(&ec.GetDLoadQueue{DetailLevel: ec.DetailLevelUpdate})()
			call(&ec.GetSharedFiles{DetailLevel: ec.DetailLevelUpdate})()
			call(&ec.GetULoadQueue{DetailLevel: ec.DetailLevelIncUpdate})()
		}, nil},
		{"comment", func() {
			call(&ec.SharedFileSetComment{Hash: shared(m.Snapshot(), "hello.txt").Hash, Comment: "greets", Rating: ec.RatingGood})()
		}, func(s *mirror.Snapshot) bool {
			f := shared(s, "hello.txt")
			return f.OwnComment == "greets" && f.OwnRating == ec.RatingGood
		}},
		{"change the upload priority", func() {
			call(&ec.SharedSetPrio{Changes: []ec.UploadPrioChange{{Hash: shared(m.Snapshot(), "manual.pdf").Hash, Prio: ec.FilePrioVeryHigh}}})()
		}, func(s *mirror.Snapshot) bool { return shared(s, "manual.pdf").UploadPrio == ec.FilePrioVeryHigh }},
		{"add a server", call(&ec.ServerAdd{Address: "203.0.113.9:4661", Name: "nowhere"}), func(s *mirror.Snapshot) bool {
			return len(s.Servers) == 1 && s.Servers[0].Name == "nowhere" && s.Servers[0].Port == 4661
		}},
		{"add a friend", call(&ec.FriendCommand{Add: &ec.FriendAdd{Hash: hash(friend), Name: "Böb", IP: 0x0100007F, Port: 5001}}), func(s *mirror.Snapshot) bool {
			return len(s.Friends) == 1 && s.Friends[0].Name == "Böb"
		}},
		{"unshare", func() {
			sharedECID = shared(m.Snapshot(), "hello.txt").ECID
			move(file("hello.txt"), filepath.Join(daemon.Folder, "hello.txt"))()
		}, func(s *mirror.Snapshot) bool { return len(s.SharedFiles) == 2 && s.SharedFile(sharedECID) == nil }},
		{"share again", move(filepath.Join(daemon.Folder, "hello.txt"), file("hello.txt")), func(s *mirror.Snapshot) bool {
			// aMule sends no more of it than it sent differently before.
			return len(s.SharedFiles) == 3 && s.SharedFile(sharedECID) != nil && s.SharedFile(sharedECID).Name == "hello.txt"
		}},
		{"remove a download", call(&ec.PartFileDelete{Hashes: hashes(movie)}), func(s *mirror.Snapshot) bool {
			return download(s, movie) == nil && download(s, linux) != nil
		}},
		{"clear what is complete", func() {
			clearedECID = download(m.Snapshot(), complete.hash.String()).ECID
			call(&ec.ClearCompleted{ECIDs: []uint32{clearedECID}})()
		}, func(s *mirror.Snapshot) bool {
			f := shared(s, complete.name)
			return s.Download(clearedECID) == nil && f != nil && f.ECID != clearedECID && f.Hash == complete.hash
		}},
		{"delete the category", call(&ec.DeleteCategory{Category: &ec.Category{Index: 1}}), func(s *mirror.Snapshot) bool {
			return download(s, linux).Category == 0
		}},
		{"remove the server", call(&ec.ServerRemove{Address: codec.IPv4{Address: [4]byte{203, 0, 113, 9}, Port: 4661}}), func(s *mirror.Snapshot) bool {
			return len(s.Servers) == 0
		}},
		{"connect again", func() { m.Reset(connect()) }, nil},
		{"pause after that", call(&ec.PartFilePause{Hashes: hashes(linux)}), func(s *mirror.Snapshot) bool {
			return download(s, linux).Status == ec.PartFileStatusPaused
		}},
	} {
		start := time.Now()
		step.do()
		changes, err := settle(t, m, daemon, nil, step.name, step.then)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-28s %s (%d ms)", step.name, changes, time.Since(start).Milliseconds())
	}
}

// settle updates the mirror until it equals a fresh query and has what the step
// leads to. A daemon needs a moment for some steps, and counts seconds. It returns
// what has changed, or why the mirror cannot be updated.
func settle(t *testing.T, m *mirror.Mirror, daemon *amuletest.Daemon, asking *session.Capabilities, step string, then func(*mirror.Snapshot) bool) (string, error) {
	t.Helper()
	var all mirror.Changes
	var fault string
	for range 150 {
		before := m.Snapshot()
		changes, err := m.Update(t.Context())
		if err != nil {
			return "", fmt.Errorf("%s: %w", step, err)
		}
		checkAlike(t, step+": what the changes lead to and the mirror differ", apply(before, changes), m.Snapshot())
		all.Downloads = append(all.Downloads, changes.Downloads...)
		all.SharedFiles = append(all.SharedFiles, changes.SharedFiles...)
		all.Servers = append(all.Servers, changes.Servers...)
		all.Friends = append(all.Friends, changes.Friends...)
		if fault = fresh(t, daemon, asking, m.Snapshot()); fault == "" {
			if then == nil || then(m.Snapshot()) {
				return describe(all), nil
			}
			fault = fmt.Sprintf("the mirror does not have what is expected, but %v %v", m.Snapshot().Downloads, m.Snapshot().SharedFiles)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: %s", step, fault)
	return "", nil
}

// fresh returns how the daemon's answers to a new connection with these
// capabilities, or those by default, differ from the mirror, or "". That the
// daemon hangs up, which it does in the middle too when connections follow each
// other this fast, is a difference.
func fresh(t *testing.T, daemon *amuletest.Daemon, asking *session.Capabilities, now *mirror.Snapshot) string {
	t.Helper()
	client := connect(t, daemon, asking)
	defer client.Close()
	another := mirror.New(client, mirror.Limits{})
	_, err := another.Update(t.Context())
	queue, queueErr := session.Call(t.Context(), another, &ec.GetDLoadQueue{})
	files, filesErr := session.Call(t.Context(), another, &ec.GetSharedFiles{})
	if err := errors.Join(err, queueErr, filesErr); errors.Is(err, session.ErrConnectionLost) {
		t.Log(err)
		return err.Error()
	} else if err != nil {
		t.Fatal(err)
	}
	if d := difference(reflect.ValueOf(another.Snapshot()), reflect.ValueOf(now)); d != "" {
		return "a first update and the mirror differ: " + d
	}

	lists := &mirror.Snapshot{}
	for _, f := range sorted(queue).(*ec.DLoadQueue).PartFiles {
		d, err := mirror.NewDownload(&f, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		lists.Downloads = append(lists.Downloads, d)
	}
	for _, f := range sorted(files).(*ec.SharedFiles).Files {
		if now.Download(f.KnownFile.ECID) != nil {
			continue
		}
		shared, err := mirror.NewSharedFile(f.KnownFile, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		lists.SharedFiles = append(lists.SharedFiles, shared)
	}
	// Only GET_UPDATE has finished downloads, and says which are shared.
	same := mirror.Snapshot{SharedFiles: now.SharedFiles}
	for _, d := range now.Downloads {
		if d.Status != ec.PartFileStatusComplete {
			unknown := *d
			unknown.Shared = false
			same.Downloads = append(same.Downloads, &unknown)
		}
	}
	if d := difference(reflect.ValueOf(lists), reflect.ValueOf(&same)); d != "" {
		return "the lists of all files and the mirror differ: " + d
	}
	return ""
}

// describe returns which objects came, went and changed.
func describe(c mirror.Changes) string {
	var words []string
	for _, change := range c.Downloads {
		switch {
		case change.Old == nil:
			words = append(words, "+"+change.New.Name)
		case change.New == nil:
			words = append(words, "-"+change.Old.Name)
		}
	}
	for _, change := range c.SharedFiles {
		switch {
		case change.Old == nil:
			words = append(words, "+shared "+change.New.Name)
		case change.New == nil:
			words = append(words, "-shared "+change.Old.Name)
		}
	}
	for _, cleared := range c.Cleared() {
		words = append(words, fmt.Sprintf("%d became %d", cleared.Download.ECID, cleared.SharedFile.ECID))
	}
	return strings.Join(words, ", ")
}

// connect dials until the daemon keeps the connection.
func connect(t *testing.T, daemon *amuletest.Daemon, capabilities *session.Capabilities) *session.Client {
	t.Helper()
	client, err := amuletest.Dial(t, daemon.Address, session.Options{
		Password:     session.NewPassword(amuletest.Password),
		Capabilities: capabilities,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func download(s *mirror.Snapshot, hash string) *mirror.Download {
	for _, d := range s.Downloads {
		if d.Hash.String() == hash {
			return d
		}
	}
	return nil
}

func shared(s *mirror.Snapshot, name string) *mirror.SharedFile {
	for _, f := range s.SharedFiles {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func hash(text string) (h codec.Hash) {
	hex.Decode(h[:], []byte(text))
	return h
}

func hashes(texts ...string) (list []codec.Hash) {
	for _, text := range texts {
		list = append(list, hash(text))
	}
	return list
}
