package mirror_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/amuletest"
	"github.com/ecgen/ecgen/session/mirror"
)

// Real aMule is driven at random, a few things between two updates, with the
// requests that share its memory among them, and with each way of telling what
// has gone that the daemon knows: 2.3.3 one, 3.0 both.
func TestTheMirrorFollowsRealAMuleAtRandom(t *testing.T) {
	for i, capabilities := range []session.Capabilities{
		session.DefaultCapabilities(),
		{},
		{UTF8Numbers: true, PartialUpdate: true}, // 3.0 has no cache for these
		{Zlib: true, UTF8Numbers: true, LargeTagCount: true},
	} {
		t.Run(fmt.Sprint("announcing ", capabilities), func(t *testing.T) {
			// A walk whose connection the daemon drops begins anew, as what was
			// asked for last may have been done.
			err := amuletest.Persist(t, func() error {
				w := &walk{T: t, Rand: rand.New(rand.NewPCG(1, uint64(i)))}
				err := w.all(&capabilities)
				if err != nil {
					w.mustRun(err)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// uncached makes 3.0 answer what is true now: in its cache downloads keep the
// number of their category when one is deleted.
var uncached = session.Capabilities{Zlib: true, UTF8Numbers: true}

// walk drives a daemon at random.
type walk struct {
	*testing.T
	*rand.Rand
	daemon     *amuletest.Daemon
	m          *mirror.Mirror
	categories int // beside the one for all
}

// all drives a new daemon until a mirror with these capabilities has been updated
// 40 times, or loses its connection, which is the error.
func (w *walk) all(capabilities *session.Capabilities) error {
	files := map[string][]byte{"../Temp/001.part.met": partMet(), "../Temp/001.part": []byte(complete.content)}
	for n := range 8 {
		files[w.file(n)] = bytes.Repeat([]byte{byte(n)}, 1000+n)
	}
	w.daemon = amuletest.StartDaemon(w.T, files)
	w.m = mirror.New(connect(w.T, w.daemon, capabilities), mirror.Limits{})
	for range 40 {
		var steps []string
		for range 1 + w.IntN(4) {
			step, err := w.step()
			if err != nil {
				return fmt.Errorf("%s: %w", step, err)
			}
			steps = append(steps, step)
		}
		if _, err := settle(w.T, w.m, w.daemon, &uncached, strings.Join(steps, ", "), nil); err != nil {
			return err
		}
	}
	return nil
}

// mustRun fails the test if an error came of the daemon's end.
func (w *walk) mustRun(err error) {
	select {
	case <-w.daemon.Ended():
		w.Fatalf("the daemon has ended: %v", err)
	case <-time.After(time.Second):
	}
}

func (w *walk) file(n int) string { return fmt.Sprintf("file%d.txt", n) }

// step does something, which the daemon may refuse, and says what. It returns an
// error when the daemon does not answer.
func (w *walk) step() (string, error) {
	now := w.m.Snapshot()
	hash := fmt.Sprintf("%032x", 0xabc0+w.IntN(4))
	one := hashes(hash)
	file := w.file(w.IntN(8))
	requests := []ec.Message{
		&ec.AddLink{Links: []ec.Link{{URL: fmt.Sprintf("ed2k://|file|%s.iso|%d|%s|/", hash[28:], 1+w.IntN(50_000_000), hash)}}},
		&ec.PartFileDelete{Hashes: one},
		&ec.PartFilePause{Hashes: one},
		&ec.PartFileStop{Hashes: one},
		&ec.PartFileResume{Hashes: one},
		&ec.PartFilePrioSet{Changes: []ec.DownloadPrioChange{{Hash: one[0], Prio: ec.FilePrio(w.IntN(3))}}},
		// One that does not exist ends 2.3.3.
		&ec.PartFileSetCat{Changes: []ec.CategoryChange{{Hash: one[0], Category: uint8(w.IntN(1 + w.categories))}}},
		&ec.RenameFile{Hash: one[0], Name: fmt.Sprint("name ", w.IntN(100))},
		&ec.FriendCommand{Add: &ec.FriendAdd{Hash: one[0], Name: hash[28:], IP: 0x0100007F, Port: uint16(1 + w.IntN(5))}},
		&ec.ServerAdd{Address: fmt.Sprintf("203.0.113.%d:4661", w.IntN(3)), Name: "nowhere"},
		&ec.ServerRemove{Address: codec.IPv4{Address: [4]byte{203, 0, 113, byte(w.IntN(3))}, Port: 4661}},
		&ec.GetULoadQueue{DetailLevel: ec.DetailLevelIncUpdate},
		&ec.SharedFilesReload{},
	}
	if f := shared(now, file); f != nil {
		requests = append(requests,
			&ec.SharedFileSetComment{Hash: f.Hash, Comment: fmt.Sprint("comment ", w.IntN(9)), Rating: ec.Rating(w.IntN(6))},
			&ec.SharedSetPrio{Changes: []ec.UploadPrioChange{{Hash: f.Hash, Prio: ec.FilePrio(w.IntN(4))}}})
	}
	for _, d := range now.Downloads {
		if d.Status == ec.PartFileStatusComplete {
			requests = append(requests, &ec.ClearCompleted{ECIDs: []uint32{d.ECID}})
		}
	}
	level := ec.DetailLevel(w.IntN(4)) // CMD, WEB, FULL or UPDATE
	downloads, files := &ec.GetDLoadQueue{DetailLevel: level}, &ec.GetSharedFiles{DetailLevel: level}
	downloads.SetPresent(ec.TagDetailLevel, true)
	files.SetPresent(ec.TagDetailLevel, true)
	if w.IntN(3) == 0 {
		for _, d := range now.Downloads {
			downloads.ECIDs = append(downloads.ECIDs, d.ECID)
			break
		}
		for _, f := range now.SharedFiles {
			files.ECIDs = append(files.ECIDs, f.ECID)
			break
		}
	}
	requests = append(requests, downloads, files)

	if w.categories < 3 {
		requests = append(requests, &ec.CreateCategory{Category: &ec.Category{Title: fmt.Sprint("films ", w.IntN(1000)), Path: filepath.Join(w.daemon.Folder, "Incoming")}})
	}
	if w.categories > 0 {
		requests = append(requests, &ec.DeleteCategory{Category: &ec.Category{Index: uint32(1 + w.IntN(w.categories))}})
	}

	if n := w.IntN(len(requests) + 2); n < len(requests) {
		name := fmt.Sprintf("%T", requests[n])
		_, err := w.m.Call(w.Context(), requests[n])
		if _, refused := errors.AsType[*session.FailedError](err); err != nil && !refused {
			return name, err
		}
		switch requests[n].(type) {
		case *ec.CreateCategory:
			w.categories++
		case *ec.DeleteCategory:
			w.categories--
		}
		return name, nil
	}
	in, out := filepath.Join(w.daemon.Folder, "Incoming", file), filepath.Join(w.daemon.Folder, file)
	if os.Rename(in, out) != nil {
		os.Rename(out, in)
	}
	return "move " + file, nil
}
