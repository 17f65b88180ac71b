package mirror

import (
	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// state is what a daemon has told over one connection.
type state struct {
	decoder
	files   table[file]
	clients table[client]
	servers table[ec.Server]
	friends table[ec.Friend]

	snapshot *Snapshot // after the last update; empty at first
}

// file is a download, a shared file, or first the one and then the other under
// the same ECID. It is not changed, but replaced.
type file struct {
	ecid     uint32
	kind     codec.TagName // EC_TAG_PARTFILE or EC_TAG_KNOWNFILE: as which GET_UPDATE told of it last; 0 when it did not
	download *Download     // as it was last told of; nil when it was not
	shared   *SharedFile
	category *uint8 // of the download, as it was last told of; nil when that is shown

	coded   codedFields   // of it as either
	encoder codec.TagName // of them in the daemon: as what the file was first met, told last, or known by its codes; 0 for none
}

// whole reports whether the file can be shown: of one without a hash too little
// is known.
func (f *file) whole() bool {
	if f.kind == ec.TagPartFile {
		return f.download != nil && f.download.Hash != (codec.Hash{})
	}
	return f.shared != nil && f.shared.Hash != (codec.Hash{})
}

// client is a peer as the daemon's updates left it, and as it is shown: without
// what the daemon left out because it no longer holds.
type client struct{ told, shown *ec.Client }

func newState(limits Limits) *state {
	st := &state{decoder: decoder{left: limits.Status}, snapshot: &Snapshot{}}
	st.files = newTable(func(f *file) uint32 { return f.ecid }, (*file).whole, limits.Remember)
	st.files.leave = func(f *file) *file {
		gone := st.recode(f, codedFields{})
		gone.encoder = 0
		return gone
	}
	st.clients = newTable(
		func(c *client) uint32 { return c.told.ECID },
		func(c *client) bool { return c.told.Hash != (codec.Hash{}) || c.told.Present(ec.TagClientHash) },
		limits.Remember)
	st.servers = newTable(serverECID, func(s *ec.Server) bool { return s.IP != 0 || s.Present(ec.TagServerIP) }, limits.Remember)
	st.friends = newTable(friendECID, func(f *ec.Friend) bool { return f.Name != "" || f.Present(ec.TagFriendName) }, limits.Remember)
	return st
}

// update takes in a reply to GET_UPDATE. Partial says that it lacks files that
// did not change. After an error the state is of no use any more.
func (st *state) update(reply *ec.SharedFiles, partial bool) error {
	files := st.files.begin()
	for _, f := range reply.Files {
		if err := st.listFile(files, f, partial); err != nil {
			return err
		}
	}
	files.commit(reply.Removed, !partial)
	st.forgetEncoders()
	if reply.Clients != nil {
		st.listClients(reply.Clients.Clients, true)
	}
	if reply.Servers != nil {
		listPlain(&st.servers, reply.Servers.Servers)
	}
	if reply.Friends != nil {
		listPlain(&st.friends, reply.Friends.Friends)
	}
	st.snapshot = st.next()
	return nil
}

// next returns a snapshot of the state.
func (st *state) next() *Snapshot {
	after := *st.snapshot
	if st.files.news() {
		after.Downloads, after.SharedFiles = nil, nil
		for _, f := range st.files.items {
			if f.kind == ec.TagPartFile {
				after.Downloads = append(after.Downloads, f.download)
			} else {
				after.SharedFiles = append(after.SharedFiles, f.shared)
			}
		}
	}
	if st.clients.news() {
		after.Clients = make([]*ec.Client, len(st.clients.items))
		for i, c := range st.clients.items {
			if c.shown == nil {
				c.shown = shownClient(c.told, &after)
			}
			after.Clients[i] = c.shown
		}
	}
	after.Servers, after.Friends = st.servers.items, st.friends.items
	return &after
}

// listFile enters one file of an update. Partial says that there would be
// nothing of it if it were unchanged.
func (st *state) listFile(files *pass[file], update ec.SharedFile, partial bool) (err error) {
	kind, coded := codesOf(update)
	old := files.find(coded.ecid)
	if isBareFile(update) && (old == nil || old.kind == kind && (old.category == nil || !partial)) {
		files.list(old, old)
		return nil
	}
	next := &file{ecid: coded.ecid}
	if old != nil {
		*next = *old
	}
	if next.category != nil {
		download := *next.download
		download.Category, next.category = *next.category, nil
		next.download = &download
	}
	if files.went(old) && told(update).whole() {
		next.download, next.shared = nil, nil
	}
	if next.coded, err = st.decode(next.coded, coded, false); err != nil {
		return err
	}
	before := *next
	if next.kind, next.encoder = kind, kind; kind == ec.TagPartFile {
		next.download = newDownload(before.asDownload(), update.PartFile, next.coded)
	} else {
		next.shared = newSharedFile(before.asSharedFile(), update.KnownFile, next.coded)
	}
	files.list(old, next)
	return nil
}

// forgetEncoders makes the coded fields of files begin anew that other replies
// told of and that the update does not show: they were gone again before it.
func (st *state) forgetEncoders() {
	for ecid, f := range st.files.remembered {
		if f.encoder != 0 && (f.kind == 0 || f.whole()) {
			st.files.remembered[ecid] = st.files.leave(f)
		}
	}
}

// codesOf returns the kind of a file in a reply, and its coded tags.
func codesOf(f ec.SharedFile) (kind codec.TagName, c codes) {
	if f.PartFile != nil {
		return ec.TagPartFile, partFileCodes(f.PartFile)
	}
	return ec.TagKnownFile, knownFileCodes(f.KnownFile)
}

// told returns an update as a file of which nothing else is known.
func told(update ec.SharedFile) *file {
	kind, coded := codesOf(update)
	f := &file{ecid: coded.ecid, kind: kind}
	if update.PartFile != nil {
		f.download = &Download{PartFile: *update.PartFile}
	} else {
		f.shared = &SharedFile{KnownFile: *update.KnownFile}
	}
	return f
}

// asDownload returns what is known of a file that is a download from now on.
func (f *file) asDownload() *Download {
	if f.kind == ec.TagPartFile || f.shared == nil {
		return f.download
	}
	d := &Download{PartFile: ec.PartFile{ECID: f.ecid}}
	if f.download != nil {
		*d = *f.download
	}
	project(&d.PartFile, &f.shared.KnownFile)
	return d
}

// asSharedFile is asDownload for a file that is no download any more.
func (f *file) asSharedFile() *SharedFile {
	if f.kind == ec.TagKnownFile || f.download == nil {
		return f.shared
	}
	s := &SharedFile{KnownFile: ec.KnownFile{ECID: f.ecid}}
	project(&s.KnownFile, &f.download.PartFile)
	return s
}

// recode returns the file with other coded fields.
func (st *state) recode(f *file, coded codedFields) *file {
	next := *f
	st.left += f.coded.size() - coded.size()
	next.coded = coded
	if f.download != nil {
		download := *f.download
		download.set(coded)
		next.download = &download
	}
	if f.shared != nil {
		shared := *f.shared
		shared.Availability = coded.availability
		next.shared = &shared
	}
	return &next
}

// listClients enters the peers of a reply. All says whether those that it lacks
// are gone.
func (st *state) listClients(updates []ec.Client, all bool) {
	clients := st.clients.begin()
	for i := range updates {
		update := &updates[i]
		old := clients.find(update.ECID)
		next := old
		if !isBare(update) {
			told := *update
			next = &client{told: &told}
			if old != nil && !(clients.went(old) && clients.whole(next)) {
				told = *old.told
				merge(&told, update)
			}
		}
		clients.list(old, next)
	}
	clients.commit(nil, all)
}

// listPlain enters the complete list of objects that are nothing but their
// fields.
func listPlain[T any, P interface {
	*T
	object
}](t *table[T], updates []T) {
	objects := t.begin()
	for i := range updates {
		update := &updates[i]
		old := objects.find(t.ecid(update))
		next := old
		if !isBare(update) {
			object := *update
			if old != nil && !(objects.went(old) && objects.whole(update)) {
				object = *old
				merge(P(&object), P(update))
			}
			next = &object
		}
		objects.list(old, next)
	}
	objects.commit(nil, true)
}

// shownClient returns a peer without the fields that the daemon sends under a
// condition that they do not meet any more: nothing tells that they are gone.
// Those of a file that is uploaded or asked for hold as long as there is one,
// and the parts only if they are as many as the file's.
func shownClient(told *ec.Client, files *Snapshot) *ec.Client {
	shown := *told
	if told.UploadFile == 0 {
		shown.UploadFileName = ""
		hide(&shown, ec.TagPartFileName)
	}
	if told.UploadFile == 0 || !fits(told.UploadPartStatus, told.UploadFile, files) {
		shown.UploadPartStatus = nil
		hide(&shown, ec.TagClientUploadPartStatus)
	}
	if told.RequestFile == 0 {
		shown.NextRequestedPart, shown.LastDownloadingPart = 0, 0
		hide(&shown, ec.TagClientNextRequestedPart, ec.TagClientLastDownloadingPart)
	}
	if told.RequestFile == 0 || !fits(told.PartStatus, told.RequestFile, files) {
		shown.PartStatus = nil
		hide(&shown, ec.TagClientPartStatus)
	}
	return &shown
}

// fits reports whether so many bits can be the parts of a file. None at all
// stand for all, and of a file that is not known anything can be true.
func fits(bits []byte, ecid uint32, files *Snapshot) bool {
	var size uint64
	if download := files.Download(ecid); download != nil {
		size = download.SizeFull
	} else if shared := files.SharedFile(ecid); shared != nil {
		size = shared.SizeFull
	} else {
		return true
	}
	return len(bits) == 0 || len(bits) == (status.Parts(size)+7)/8
}
