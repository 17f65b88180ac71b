package mirror

import (
	"context"
	"maps"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

// Encoder is what a daemon remembers of one connection: what it has sent. Its
// methods make the replies to the requests that go by this memory, from the
// present state.
//
// The state's lists are in the order of ECIDs, which no two objects share. It
// must never be changed afterwards: a file that is the same pointer the next
// time is taken to be unchanged. Whether fields that aMule always sends are
// marked as present does not matter, nor do the IDs of SourceNames.
//
// What is gone is forgotten, so that it is sent whole when it comes back; aMule
// up to 3.0 remembers it, and its own client never shows it again.
//
// An Encoder is not safe for use by several goroutines at once.
type Encoder struct {
	peer    session.Peer
	updates bool // whether GET_UPDATE was ever sent

	files   map[uint32]*sentFile
	clients sent[ec.Client, *ec.Client]
	servers sent[ec.Server, *ec.Server]
	friends sent[ec.Friend, *ec.Friend]

	sharedFiles, downloads view
}

// sentFile is what was sent of a file.
type sentFile struct {
	sentStatus
	kind    codec.TagName // EC_TAG_PARTFILE or EC_TAG_KNOWNFILE: as what it was first met, or GET_UPDATE told last
	encoder codec.TagName // the same, but that of a download once the client can know that it is one
	state   any           // what GET_UPDATE told last: a *Download or *SharedFile

	// The fields that it told. When a file becomes the other kind, the client
	// goes on with what both have.
	download *ec.PartFile
	shared   *ec.KnownFile
}

// NewEncoder returns the memory of a new connection to this peer. If partial
// updates were agreed on, files that did not change are left out, and
// FILE_REMOVED tells which are gone.
func NewEncoder(peer session.Peer) *Encoder {
	return &Encoder{
		peer:        peer,
		files:       map[uint32]*sentFile{},
		clients:     sent[ec.Client, *ec.Client]{},
		servers:     sent[ec.Server, *ec.Server]{},
		friends:     sent[ec.Friend, *ec.Friend]{},
		sharedFiles: view{},
		downloads:   view{},
	}
}

// Handle makes the mux of a connection answer the four requests from the state
// that the function returns:
//
//	server.NewHandler = func(c *session.Conn) session.Handler {
//		var mux session.Mux
//		mirror.NewEncoder(c.Peer()).Handle(&mux, daemon.Snapshot)
//		...
//
// Detail levels that a request does not have are refused as aMule refuses them.
func (e *Encoder) Handle(mux *session.Mux, state func() *Snapshot) {
	session.Handle(mux, func(_ context.Context, _ *session.Conn, request *ec.GetUpdate) (*ec.SharedFiles, error) {
		if request.DetailLevel != ec.DetailLevelIncUpdate {
			return nil, session.ErrUnknownRequest
		}
		return e.Update(state()), nil
	})
	session.Handle(mux, func(_ context.Context, _ *session.Conn, request *ec.GetSharedFiles) (*ec.SharedFiles, error) {
		if request.DetailLevel == ec.DetailLevelIncUpdate {
			return nil, session.ErrUnknownRequest
		}
		return e.SharedFiles(request, state()), nil
	})
	session.Handle(mux, func(_ context.Context, _ *session.Conn, request *ec.GetDLoadQueue) (*ec.DLoadQueue, error) {
		if request.DetailLevel == ec.DetailLevelIncUpdate {
			return nil, session.ErrUnknownRequest
		}
		return e.Downloads(request, state()), nil
	})
	session.Handle(mux, func(_ context.Context, _ *session.Conn, request *ec.GetULoadQueue) (*ec.ULoadQueue, error) {
		return e.Uploads(request, state()), nil
	})
}

// file returns what was sent of a file. Kind is as what it is met.
func (e *Encoder) file(ecid uint32, kind codec.TagName) *sentFile {
	f := e.files[ecid]
	if f == nil {
		f = &sentFile{kind: kind, encoder: kind}
		e.files[ecid] = f
	}
	return f
}

// Update replies to GET_UPDATE.
func (e *Encoder) Update(now *Snapshot) *ec.SharedFiles {
	e.updates = true
	reply := &ec.SharedFiles{}
	there := map[uint32]bool{}
	for download, shared := range now.files() {
		f, ecid := e.tell(download, shared)
		there[ecid] = true
		if f != (ec.SharedFile{}) {
			reply.Files = append(reply.Files, f)
		}
	}
	for _, ecid := range slices.Sorted(maps.Keys(e.files)) {
		if there[ecid] {
			continue
		}
		if e.peer.PartialUpdate && e.files[ecid].state != nil {
			reply.Removed = append(reply.Removed, ecid)
		}
		delete(e.files, ecid)
	}
	reply.Clients = &ec.ClientList{Clients: e.clients.update(now.Clients, clientRules)}
	reply.Servers = &ec.ServerList{Servers: e.servers.update(now.Servers, serverRules)}
	reply.Friends = &ec.FriendList{Friends: e.friends.update(now.Friends, friendRules)}
	return reply
}

// tell returns what GET_UPDATE tells of a download or a shared file. When it did
// not change that is nothing but its ECID, or nothing at all with partial updates.
func (e *Encoder) tell(download *Download, shared *SharedFile) (f ec.SharedFile, ecid uint32) {
	all := !e.peer.PartialUpdate
	if download != nil {
		sent := e.file(download.ECID, ec.TagPartFile)
		all = all || sent.kind != ec.TagPartFile
		if all || sent.state != any(download) {
			f.PartFile = sent.tellDownload(download)
		}
		ecid = download.ECID
	} else {
		sent := e.file(shared.ECID, ec.TagKnownFile)
		all = all || sent.kind != ec.TagKnownFile
		if all || sent.state != any(shared) {
			f.KnownFile = sent.tellShared(shared)
		}
		ecid = shared.ECID
	}
	if !all && f != (ec.SharedFile{}) && isBareFile(f) {
		f = ec.SharedFile{}
	}
	return f, ecid
}

// tellDownload returns what differs of a download since it was told last.
func (s *sentFile) tellDownload(now *Download) *ec.PartFile {
	update := &ec.PartFile{ECID: now.ECID}
	if s.state == any(now) {
		return update
	}
	if s.download == nil {
		s.download = &ec.PartFile{ECID: now.ECID}
	}
	if s.kind == ec.TagKnownFile && s.shared != nil {
		project(s.download, s.shared)
	}
	s.kind, s.encoder, s.state = ec.TagPartFile, ec.TagPartFile, now
	complete := now.PartFile
	fill(&complete, downloadTags.increment)
	delta(s.download, &complete, update, nil)
	setStatus(update, s.encode(now))
	return update
}

// tellShared is tellDownload for a shared file.
func (s *sentFile) tellShared(now *SharedFile) *ec.KnownFile {
	update := &ec.KnownFile{ECID: now.ECID}
	if s.state == any(now) {
		return update
	}
	if s.shared == nil || s.kind == ec.TagPartFile {
		s.shared = &ec.KnownFile{ECID: now.ECID}
	}
	if s.kind == ec.TagPartFile && s.download != nil {
		project(s.shared, s.download)
	}
	s.kind, s.encoder, s.state = ec.TagKnownFile, ec.TagKnownFile, now
	complete := now.KnownFile
	fill(&complete, fileTags.increment)
	delta(s.shared, &complete, update, nil)
	update.PartStatus = s.availability(now.Availability)
	return update
}

// rules say how the objects of a kind are sent that are nothing but their
// fields.
type rules[T any] struct {
	ecid        func(*T) uint32
	complete    func(*T)        // makes one say what aMule always says
	conditional []codec.TagName // are left out when they no longer hold
}

var (
	clientRules = rules[ec.Client]{clientECID, completeClient, conditionalTags}
	serverRules = rules[ec.Server]{serverECID, func(s *ec.Server) { fill(s, serverTags.increment) }, nil}
	friendRules = rules[ec.Friend]{friendECID, func(f *ec.Friend) { fill(f, friendTags.increment) }, nil}
)

func completeClient(c *ec.Client) {
	fill(c, clientTags.increment)
	if c.UploadFile != 0 {
		fill(c, []codec.TagName{ec.TagPartFileName})
	}
	if c.RequestFile != 0 {
		fill(c, []codec.TagName{ec.TagClientNextRequestedPart, ec.TagClientLastDownloadingPart})
	}
}

// sent is what was told of objects of such a kind.
type sent[T any, P interface {
	*T
	object
}] map[uint32]*T

// update returns what differs, for all objects, and forgets those that are gone.
func (s sent[T, P]) update(now []*T, r rules[T]) []T {
	updates := make([]T, len(now))
	there := make(map[uint32]bool, len(now))
	for i, state := range now {
		there[r.ecid(state)] = true
		updates[i] = s.one(state, r)
	}
	maps.DeleteFunc(s, func(ecid uint32, _ *T) bool { return !there[ecid] })
	return updates
}

// one returns what differs for one object.
func (s sent[T, P]) one(state *T, r rules[T]) (update T) {
	told := s[r.ecid(state)]
	if told == nil {
		told = new(T)
		s[r.ecid(state)] = told
	}
	now := *state
	r.complete(&now)
	setECID(P(&update), r.ecid(state))
	delta(P(told), P(&now), P(&update), r.conditional)
	return update
}
