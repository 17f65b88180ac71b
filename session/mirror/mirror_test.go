package mirror_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
	"github.com/ecgen/ecgen/session/mirror"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// script is a connection that gives prepared answers.
type script struct {
	answers []any // *ec.SharedFiles, another message, an error, or a func() any that makes one of them
	peer    session.Peer
	number  int
	asked   []codec.Opcode
}

func (s *script) Call(_ context.Context, request ec.Message) (ec.Message, error) {
	s.asked = append(s.asked, request.Opcode())
	answer := s.answers[0]
	s.answers = s.answers[1:]
	if f, ok := answer.(func() any); ok {
		answer = f()
	}
	if err, ok := answer.(error); ok {
		return nil, err
	}
	return transmit(codec.FromDaemon, codec.FlagBase, answer.(ec.Message))
}

func (s *script) Peer() session.Peer { return s.peer }
func (s *script) Connections() int   { return s.number }

func scripted(answers ...any) *script { return &script{answers: answers, number: 1} }

// reply makes a reply to GET_UPDATE, with everything that is always there.
func reply(files ...ec.SharedFile) *ec.SharedFiles {
	return &ec.SharedFiles{Files: files, Clients: &ec.ClientList{}, Servers: &ec.ServerList{}, Friends: &ec.FriendList{}}
}

func partFile(ecid uint32, name string) ec.SharedFile {
	return ec.SharedFile{PartFile: &ec.PartFile{ECID: ecid, Name: name, Hash: codec.Hash{byte(ecid)}, SizeFull: 100}}
}

func knownFile(ecid uint32, name string) ec.SharedFile {
	return ec.SharedFile{KnownFile: &ec.KnownFile{ECID: ecid, Name: name, Hash: codec.Hash{byte(ecid)}, SizeFull: 100}}
}

// names returns what a snapshot has.
func names(s *mirror.Snapshot) string {
	var list []string
	for _, d := range s.Downloads {
		list = append(list, fmt.Sprintf("%d %s", d.ECID, d.Name))
	}
	for _, f := range s.SharedFiles {
		list = append(list, fmt.Sprintf("%d shared %s", f.ECID, f.Name))
	}
	for _, c := range s.Clients {
		list = append(list, fmt.Sprintf("%d peer %s", c.ECID, c.Name))
	}
	return strings.Join(list, ", ")
}

// update checks what an Update leads to.
func update(t *testing.T, m *mirror.Mirror, want string) mirror.Changes {
	t.Helper()
	changes, err := m.Update(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := names(m.Snapshot()); got != want {
		t.Errorf("the mirror has %q, want %q", got, want)
	}
	return changes
}

func TestWithoutPartialUpdateAFileThatIsMissingIsGone(t *testing.T) {
	m := mirror.New(scripted(
		reply(partFile(1, "a"), partFile(2, "b"), knownFile(3, "c")),
		reply(ec.SharedFile{PartFile: &ec.PartFile{ECID: 2}}, ec.SharedFile{KnownFile: &ec.KnownFile{ECID: 3}}),
		reply(),
	), mirror.Limits{})
	update(t, m, "1 a, 2 b, 3 shared c")
	before := m.Snapshot()
	update(t, m, "2 b, 3 shared c")
	if before.Downloads[1] != m.Snapshot().Downloads[0] {
		t.Error("a file that did not change is another pointer")
	}
	update(t, m, "")
	if got := names(before); got != "1 a, 2 b, 3 shared c" {
		t.Errorf("the snapshot of before has %q", got)
	}
}

func TestWithPartialUpdateAFileIsGoneWhenThatIsSaid(t *testing.T) {
	removed := reply()
	removed.Removed = []uint32{1, 3, 77}
	connection := scripted(reply(partFile(1, "a"), partFile(2, "b"), knownFile(3, "c")), reply(), removed)
	connection.peer.PartialUpdate = true
	m := mirror.New(connection, mirror.Limits{})
	update(t, m, "1 a, 2 b, 3 shared c")
	update(t, m, "1 a, 2 b, 3 shared c")
	update(t, m, "2 b")
}

func TestAFileMayBecomeAnotherKindUnderItsECID(t *testing.T) {
	again := knownFile(1, "")
	again.KnownFile.Hash, again.KnownFile.SizeFull = codec.Hash{}, 0
	again.KnownFile.ReqCount = 5
	back := ec.SharedFile{PartFile: &ec.PartFile{ECID: 1, Category: 2}}
	first := partFile(1, "a")
	first.PartFile.Speed = 9
	first.PartFile.GapStatus, _ = status.Append(nil, nil, status.Array([]status.Range{{Start: 0, End: 99}}))
	m := mirror.New(scripted(reply(first), reply(again), reply(back)), mirror.Limits{})
	update(t, m, "1 a")
	changes := update(t, m, "1 shared a")
	if len(changes.Downloads) != 1 || len(changes.SharedFiles) != 1 || len(changes.Cleared()) != 1 {
		t.Errorf("the changes are %v", changes)
	}
	update(t, m, "1 a")
	if d := m.Snapshot().Downloads[0]; d.Speed != 9 || d.ReqCount != 5 || d.Category != 2 || len(d.Gaps) != 1 {
		t.Errorf("after all the file is %v %v", d, d.Gaps)
	}
}

// aMule 3.0 does not tell which downloads a category was deleted under: it takes
// them for unchanged. What it tells later is a difference to what it told before.
func TestDownloadsLeaveACategoryThatIsDeleted(t *testing.T) {
	in := func(ecid uint32, category uint8) ec.SharedFile {
		f := partFile(ecid, "")
		f.PartFile.Category = category
		return f
	}
	speed := func(ecid uint32) ec.SharedFile {
		return ec.SharedFile{PartFile: &ec.PartFile{ECID: ecid, Speed: 5}}
	}
	bare := func(ecid uint32) ec.SharedFile { return ec.SharedFile{PartFile: &ec.PartFile{ECID: ecid}} }
	deletion := func(index uint32) *ec.DeleteCategory {
		return &ec.DeleteCategory{Category: &ec.Category{Index: index}}
	}
	for name, test := range map[string]struct {
		partial bool
		after   *ec.SharedFiles // the update behind the deletion of category 2
		want    []uint8         // of the files that were in 1, 2 and 3
	}{
		"nothing is told":           {true, reply(), []uint8{1, 0, 2}},
		"nothing is told, each":     {false, reply(bare(1), bare(2), bare(3)), []uint8{1, 0, 2}},
		"all is told":               {false, reply(bare(1), in(2, 0), in(3, 2)), []uint8{1, 0, 2}},
		"back before it is told":    {true, reply(speed(2), bare(3)), []uint8{1, 2, 3}},
		"another before it is told": {true, reply(in(2, 1)), []uint8{1, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			connection := scripted(reply(in(1, 1), in(2, 2), in(3, 3)),
				&ec.NoOp{}, &session.FailedError{Reply: &ec.Failed{}}, &ec.NoOp{}, test.after)
			connection.peer.PartialUpdate = test.partial
			test.after.Files = slices.Clone(test.after.Files)
			for i, f := range test.after.Files {
				if f.PartFile.Category == 0 && f.PartFile.Hash != (codec.Hash{}) {
					test.after.Files[i].PartFile.SetPresent(ec.TagPartFileCat, true)
				}
			}
			m := mirror.New(connection, mirror.Limits{})
			update(t, m, "1 , 2 , 3 ")
			for _, index := range []uint32{0, 1, 2} { // which is none, refused, and done
				if _, err := m.Call(t.Context(), deletion(index)); err != nil && index != 1 {
					t.Fatal(err)
				}
			}
			if got := m.Snapshot().Downloads[2].Category; got != 3 {
				t.Errorf("before the next update the category is %d", got)
			}
			changes := update(t, m, "1 , 2 , 3 ")
			var got []uint8
			for _, d := range m.Snapshot().Downloads {
				got = append(got, d.Category)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("the downloads are in %v, want %v", got, test.want)
			}
			if got[1] == 0 && len(changes.Downloads) != 2 {
				t.Errorf("the changes are %v", changes.Downloads)
			}
		})
	}
}

// A deletion does not need the daemon's memory: it succeeds when an update was
// lost, and loses none.
func TestACategoryIsDeletedWhateverIsKnown(t *testing.T) {
	odd := &session.UnexpectedReplyError{Request: ec.OpDeleteCategory, Reply: &ec.Stats{}}
	m := mirror.New(scripted(odd, reply(partFile(1, "a")), &ec.Strings{}, &ec.NoOp{}), mirror.Limits{})
	deletion := &ec.DeleteCategory{Category: &ec.Category{Index: 1}}
	if _, err := m.Call(t.Context(), deletion); !errors.Is(err, odd) {
		t.Errorf("got %v", err)
	}
	update(t, m, "1 a")
	if _, err := m.Update(t.Context()); err == nil {
		t.Error("an update that is none")
	}
	if _, err := m.Call(t.Context(), deletion); err != nil {
		t.Error(err)
	}
}

func TestAnECIDThatIsUsedAgainIsAnotherFile(t *testing.T) {
	connection := scripted(reply(partFile(1, "a")), reply(partFile(1, "b")))
	m := mirror.New(connection, mirror.Limits{})
	update(t, m, "1 a")
	connection.number++
	connection.answers[0].(*ec.SharedFiles).Files[0].PartFile.Hash = codec.Hash{0xFF}
	changes := update(t, m, "1 b")
	if len(changes.Downloads) != 2 || changes.Downloads[0].New != nil || changes.Downloads[1].Old != nil {
		t.Errorf("the changes are %v", changes.Downloads)
	}
}

func TestWhatIsMetInTheMiddleIsShownWhenItIsKnown(t *testing.T) {
	middle := reply(ec.SharedFile{PartFile: &ec.PartFile{ECID: 1, Speed: 5}}, ec.SharedFile{KnownFile: &ec.KnownFile{ECID: 2}})
	middle.Clients.Clients = []ec.Client{{ECID: 3, Score: 7}}
	whole := reply(partFile(1, "a"))
	whole.Clients.Clients = []ec.Client{{ECID: 3, Name: "peer", Hash: codec.Hash{1}}}
	m := mirror.New(scripted(middle, whole), mirror.Limits{})
	update(t, m, "")
	update(t, m, "1 a, 3 peer peer")
	if now := m.Snapshot(); now.Downloads[0].Speed != 5 || now.Clients[0].Score != 7 {
		t.Errorf("what was told first is lost: %v", now)
	}
}

// A daemon that transmits only uploading peers leaves out one that stops, and
// when it uploads again sends what differs.
func TestWhatComesBackIsSentOnlyAsFarAsItDiffers(t *testing.T) {
	with := func(c ec.Client) *ec.SharedFiles {
		r := reply()
		r.Clients.Clients = []ec.Client{c}
		return r
	}
	m := mirror.New(scripted(
		with(ec.Client{ECID: 3, Name: "peer", Hash: codec.Hash{1}, UpSpeed: 10}),
		reply(),
		with(ec.Client{ECID: 3, UpSpeed: 20}),
		reply(),
		with(ec.Client{ECID: 3}),
	), mirror.Limits{})
	update(t, m, "3 peer peer")
	update(t, m, "")
	update(t, m, "3 peer peer")
	if c := m.Snapshot().Client(3); c.UpSpeed != 20 || c.Hash != (codec.Hash{1}) {
		t.Errorf("the peer is %v", c)
	}
	update(t, m, "")
	update(t, m, "3 peer peer")
}

func TestWhatNoLongerHoldsOfAPeerIsNotShown(t *testing.T) {
	with := func(c ec.Client, present ...codec.TagName) *ec.SharedFiles {
		for _, tag := range present {
			c.SetPresent(tag, true)
		}
		r := reply(partFile(1, "a"), knownFile(2, "b"), partFile(4, "large"))
		r.Files[2].PartFile.SizeFull = 20 * status.PartSize
		r.Clients.Clients = []ec.Client{c}
		return r
	}
	m := mirror.New(scripted(
		with(ec.Client{ECID: 3, Hash: codec.Hash{1}, UploadFile: 2, UploadFileName: "b", UploadPartStatus: []byte{1}, RequestFile: 1, PartStatus: []byte{1}, NextRequestedPart: 5}),
		with(ec.Client{ECID: 3}, ec.TagClientUploadFile, ec.TagClientRequestFile),
		with(ec.Client{ECID: 3, UploadFile: 2, RequestFile: 4}),
	), mirror.Limits{})
	for i, want := range []string{"b 01 01 5", "   0", "b 01  5"} {
		if _, err := m.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
		c := m.Snapshot().Client(3)
		if got := fmt.Sprintf("%s %x %x %d", c.UploadFileName, c.UploadPartStatus, c.PartStatus, c.NextRequestedPart); got != want {
			t.Errorf("update %d: the peer has %q, want %q", i, got, want)
		}
	}
}

// An answer that nobody waited for is not lost.
func TestACancelledUpdateIsTakenInLater(t *testing.T) {
	begun, proceed := make(chan bool), make(chan bool)
	connection := scripted(
		func() any { close(begun); <-proceed; return reply(partFile(1, "a")) },
		reply(ec.SharedFile{PartFile: &ec.PartFile{ECID: 1}}, partFile(2, "b")),
	)
	m := mirror.New(connection, mirror.Limits{})
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	cause := errors.New("enough")
	go func() { <-begun; cancel(cause) }()
	if _, err := m.Update(ctx); !errors.Is(err, cause) {
		t.Fatalf("the error is %v, want %v", err, cause)
	}
	if got := names(m.Snapshot()); got != "" {
		t.Errorf("the mirror has %q already", got)
	}
	if _, err := m.Update(ctx); !errors.Is(err, cause) {
		t.Errorf("the error is %v, want %v", err, cause)
	}
	close(proceed)
	if changes := update(t, m, "1 a, 2 b"); len(changes.Downloads) != 2 {
		t.Errorf("the changes are %v", changes.Downloads)
	}
}

func TestAfterALostReplyAMirrorIsOutOfStep(t *testing.T) {
	cause := errors.New("no answer")
	connection := scripted(reply(partFile(1, "a")), cause, reply(partFile(2, "b")), reply(), reply(partFile(1, "a"), partFile(2, "b")))
	m := mirror.New(connection, mirror.Limits{})
	update(t, m, "1 a")
	if _, err := m.Update(t.Context()); err != cause {
		t.Errorf("the error is %v, want %v", err, cause)
	}
	for range 2 {
		if _, err := m.Update(t.Context()); !errors.Is(err, mirror.ErrOutOfStep) || !errors.Is(err, cause) {
			t.Errorf("the error is %v, want %v because of %v", err, mirror.ErrOutOfStep, cause)
		}
	}
	if got := names(m.Snapshot()); got != "1 a" {
		t.Errorf("the mirror has %q", got)
	}
	m.Reset(connection)
	if changes := update(t, m, "1 a, 2 b"); len(changes.Downloads) != 1 {
		t.Errorf("the changes are %v", changes.Downloads)
	}
}

// A connection that reconnects by itself needs nothing else.
func TestANewConnectionBeginsAnew(t *testing.T) {
	connection := scripted(reply(partFile(1, "a"), partFile(2, "b")), errors.New("lost"))
	m := mirror.New(connection, mirror.Limits{})
	update(t, m, "1 a, 2 b")
	if _, err := m.Update(t.Context()); err == nil {
		t.Error("no error")
	}
	connection.answers = []any{func() any { connection.number++; return reply(partFile(2, "b"), partFile(3, "c")) }}
	changes := update(t, m, "2 b, 3 c")
	if len(changes.Downloads) != 2 || changes.Downloads[0].Old.ECID != 1 || changes.Downloads[1].New.ECID != 3 {
		t.Errorf("the changes are %v", changes.Downloads)
	}
}

// The last reply of a connection may be taken in when there is another already.
func TestAReplyOfTheConnectionBeforeIsNotTakenForTheFirstOfTheNext(t *testing.T) {
	connection := scripted(reply(partFile(1, "a")))
	m := mirror.New(connection, mirror.Limits{})
	update(t, m, "1 a")
	connection.answers = []any{
		func() any {
			connection.number++
			return reply(ec.SharedFile{PartFile: &ec.PartFile{ECID: 1, Speed: 5}})
		},
		reply(partFile(1, "a"), partFile(2, "b")),
	}
	if _, err := m.Update(t.Context()); !errors.Is(err, mirror.ErrOutOfStep) {
		t.Errorf("the error is %v, want %v", err, mirror.ErrOutOfStep)
	}
	update(t, m, "1 a, 2 b")
}

func TestARefusedRequestChangesNothing(t *testing.T) {
	refused := &session.FailedError{Request: ec.OpGetDLoadQueue, Reply: &ec.Failed{Reason: "no"}}
	connection := scripted(reply(partFile(1, "a")), refused, reply(partFile(1, "a")))
	m := mirror.New(connection, mirror.Limits{})
	update(t, m, "1 a")
	if _, err := m.Call(t.Context(), &ec.GetDLoadQueue{DetailLevel: ec.DetailLevelIncUpdate}); err != refused {
		t.Errorf("the error is %v, want %v", err, refused)
	}
	update(t, m, "1 a")
}

func TestAnAnswerOfAnotherKindIsAnError(t *testing.T) {
	m := mirror.New(scripted(&ec.NoOp{}), mirror.Limits{})
	if _, err := m.Update(t.Context()); err == nil || !strings.Contains(err.Error(), "NoOp") {
		t.Errorf("the error is %v", err)
	}
}

// Few bytes can stand for many.
func TestCodedArraysHaveOneBudget(t *testing.T) {
	const limit = 1 << 20
	bomb := bytes.Repeat([]byte{0, 0, 255}, limit/255/4)
	file := func(ecid uint32) ec.SharedFile {
		f := partFile(ecid, "a")
		f.PartFile.PartStatus = bomb
		return f
	}
	within := reply(file(1), file(2), file(3), file(4))
	removed := reply(file(5))
	removed.Removed = []uint32{1}
	connection := scripted(within, reply(file(5)))
	connection.peer.PartialUpdate = true
	m := mirror.New(connection, mirror.Limits{Status: limit})
	if _, err := m.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := m.Update(t.Context())
	if !errors.Is(err, status.ErrTooLong) || !strings.Contains(err.Error(), "PART_STATUS of file 5") {
		t.Errorf("the error is %v, want %v for PART_STATUS of file 5", err, status.ErrTooLong)
	}

	// What is gone has given back its part.
	gone := reply()
	gone.Removed = []uint32{1}
	connection = scripted(within, gone, reply(file(5)))
	connection.peer.PartialUpdate = true
	m = mirror.New(connection, mirror.Limits{Status: limit})
	for range 3 {
		if _, err := m.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// What replaces a remembered file has not given back its part twice.
func TestTheBudgetOfCodedArraysDoesNotGrow(t *testing.T) {
	file := func(ecid uint32, parts []byte) *ec.SharedFiles {
		return reply(ec.SharedFile{PartFile: &ec.PartFile{ECID: ecid, PartStatus: parts, Speed: 5}})
	}
	connection := scripted(file(1, []byte{0, 0, 60}), file(1, nil), file(2, []byte{0, 0, 90}))
	connection.peer.PartialUpdate = true
	m := mirror.New(connection, mirror.Limits{Status: 100, Remember: 1})
	for range 2 {
		update(t, m, "")
	}
	if _, err := m.Update(t.Context()); !errors.Is(err, status.ErrTooLong) {
		t.Errorf("the error is %v, want %v", err, status.ErrTooLong)
	}
}

func TestADaemonThatShowsNewPeersForeverIsForgotten(t *testing.T) {
	connection := scripted()
	connection.peer.PartialUpdate = true
	m := mirror.New(connection, mirror.Limits{Remember: 10})
	for i := range uint32(100) {
		r := reply(ec.SharedFile{PartFile: &ec.PartFile{ECID: 1000 + i, Speed: 1}})
		r.Clients.Clients = []ec.Client{{ECID: i + 1, Hash: codec.Hash{1}, Name: "peer"}}
		connection.answers = []any{r}
		update(t, m, fmt.Sprintf("%d peer peer", i+1))
	}
	back := reply()
	for i := range uint32(99) {
		back.Clients.Clients = append(back.Clients.Clients, ec.Client{ECID: i + 1, Score: 1})
	}
	connection.answers = []any{back}
	if _, err := m.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(m.Snapshot().Clients); n > 10 {
		t.Errorf("%d peers are remembered, want 10 at most", n)
	}
}

func TestUpdatesGoOnAfterErrorsAndEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	cause := errors.New("enough")
	connection := scripted(reply(partFile(1, "a")), errors.New("lost"), func() any { return reply(partFile(2, "b")) })
	m := mirror.New(connection, mirror.Limits{})
	var seen []string
	for _, err := range m.Updates(ctx, time.Millisecond) {
		if err != nil {
			seen = append(seen, err.Error())
		} else {
			seen = append(seen, names(m.Snapshot()))
		}
		switch len(seen) {
		case 2:
			connection.number++
		case 3:
			cancel(cause)
		}
	}
	if want := []string{"1 a", "lost", "2 b", "enough"}; !slices.Equal(seen, want) {
		t.Errorf("seen were %q, want %q", seen, want)
	}
}

func TestReadersNeedNotWait(t *testing.T) {
	daemon := newModel(9)
	m := mirror.New(newLoop(session.Peer{}, func() *mirror.Snapshot { return daemon.snapshot() }), mirror.Limits{})
	done := make(chan bool)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				for _, d := range m.Snapshot().Downloads {
					if d.Name == "never" {
						t.Error(d)
					}
				}
				_ = fmt.Sprint(m.Snapshot().Clients)
			}
		})
	}
	for range 100 {
		daemon.step()
		if _, err := m.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(done)
	readers.Wait()
}

// An object that comes back whole has nothing of before.
func TestWhatComesBackWholeBeginsAnew(t *testing.T) {
	with := func(f ec.SharedFile, c ec.Client, s ec.Server) *ec.SharedFiles {
		r := reply(f)
		r.Clients.Clients, r.Servers.Servers = []ec.Client{c}, []ec.Server{s}
		return r
	}
	first := partFile(1, "a")
	first.PartFile.Speed = 5
	m := mirror.New(scripted(
		with(first, ec.Client{ECID: 3, Hash: codec.Hash{1}, Score: 5}, ec.Server{ECID: 4, IP: 1, Ping: 5}),
		reply(),
		with(partFile(1, "a"), ec.Client{ECID: 3, Hash: codec.Hash{1}}, ec.Server{ECID: 4, IP: 1}),
	), mirror.Limits{})
	for range 3 {
		if _, err := m.Update(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	now := m.Snapshot()
	if now.Download(1).Speed != 0 || now.Client(3).Score != 0 || now.Server(4).Ping != 0 {
		t.Errorf("what was before is still there: %v %v %v", now.Download(1), now.Client(3), now.Server(4))
	}
}

// A download is listed among the shared files, and then is none of them any more.
// For the daemon it is the same file: the next update goes on with its arrays.
func TestADownloadThatIsNotSharedAnyMoreGoesOn(t *testing.T) {
	now := &mirror.Snapshot{}
	is := func(shared bool, availability byte) {
		d := &mirror.Download{PartFile: ec.PartFile{ECID: 1, Hash: codec.Hash{1}, SizeFull: 100, Shared: shared}, Availability: []byte{availability}}
		d.Gaps = []status.Range{{Start: 10, End: 99}}
		now = &mirror.Snapshot{Downloads: []*mirror.Download{d}}
	}
	connection := newLoop(session.Peer{}, func() *mirror.Snapshot { return now })
	var told *ec.SharedFiles
	m := mirror.New(overheard{connection, &told}, mirror.Limits{})
	files := &ec.GetSharedFiles{DetailLevel: ec.DetailLevelUpdate}
	for _, shared := range []bool{true, false} {
		is(shared, 5)
		if _, err := m.Call(t.Context(), files); err != nil {
			t.Fatal(err)
		}
	}
	is(false, 6)
	if _, err := m.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f := told.Files[0].PartFile; !bytes.Equal(f.PartStatus, []byte{5 ^ 6}) || f.GapStatus != nil {
		t.Errorf("the Encoder tells %x and %x", f.PartStatus, f.GapStatus)
	}
	checkAlike(t, "daemon and mirror differ", now, m.Snapshot())
}

// overheard is a connection of which the last SHARED_FILES are kept.
type overheard struct {
	mirror.Connection
	told **ec.SharedFiles
}

func (o overheard) Call(ctx context.Context, request ec.Message) (ec.Message, error) {
	reply, err := o.Connection.Call(ctx, request)
	if files, ok := reply.(*ec.SharedFiles); ok {
		*o.told = files
	}
	return reply, err
}

// Lists tell of files between two updates. A file that is gone is shown only
// when an update tells of it, and its coded fields begin anew in both ends.
func TestFilesThatComeAndGoBetweenUpdates(t *testing.T) {
	now := &mirror.Snapshot{}
	shared := func(availability byte, title string) func() {
		f := &mirror.SharedFile{KnownFile: ec.KnownFile{ECID: 1, Hash: codec.Hash{1}, SizeFull: 100, MediaTitle: title}, Availability: []byte{availability}}
		return func() { now = &mirror.Snapshot{SharedFiles: []*mirror.SharedFile{f}} }
	}
	download := func() {
		d := &mirror.Download{PartFile: ec.PartFile{ECID: 1, Hash: codec.Hash{1}, SizeFull: 100}, Availability: []byte{9}}
		now = &mirror.Snapshot{Downloads: []*mirror.Download{d}}
	}
	none := func() { now = &mirror.Snapshot{} }

	type step struct {
		request ec.Message
		state   func()
	}
	update := &ec.GetUpdate{}
	files := &ec.GetSharedFiles{DetailLevel: ec.DetailLevelUpdate}
	queue := &ec.GetDLoadQueue{DetailLevel: ec.DetailLevelUpdate}
	for name, steps := range map[string][]step{
		"a list shows a file that is gone": {
			{update, shared(1, "old")}, {update, none}, {files, shared(2, "")}, {update, shared(3, "")},
		},
		"which goes again": {
			{update, shared(1, "")}, {update, none}, {files, shared(2, "")}, {update, none}, {update, shared(3, "")},
		},
		"only lists knew it": {
			{files, shared(1, "")}, {update, none}, {update, shared(2, "")},
		},
		"a list of downloads cannot show that it is gone": {
			{files, shared(1, "")}, {queue, none}, {files, shared(2, "")}, {update, shared(3, "")},
		},
		"a list shows it as another kind": {
			{update, download}, {update, none}, {files, shared(1, "")}, {files, none}, {files, shared(2, "")}, {update, shared(3, "")},
		},
	} {
		for _, partial := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, partial update %v", name, partial), func(t *testing.T) {
				peer := session.Peer{Capabilities: session.Capabilities{PartialUpdate: partial}}
				m := mirror.New(newLoop(peer, func() *mirror.Snapshot { return now }), mirror.Limits{})
				for i, step := range steps {
					step.state()
					if step.request != update {
						if _, err := m.Call(t.Context(), step.request); err != nil {
							t.Fatal(err)
						}
						continue
					}
					if _, err := m.Update(t.Context()); err != nil {
						t.Fatal(err)
					}
					checkAlike(t, fmt.Sprintf("step %d: daemon and mirror differ", i), now, m.Snapshot())
				}
			})
		}
	}
}
