package mirror

import (
	"maps"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// SharedFiles replies to GET_SHARED_FILES at any detail level but INC_UPDATE,
// which aMule refuses: with the shared files, and with the downloads that are
// shared.
func (e *Encoder) SharedFiles(request *ec.GetSharedFiles, now *Snapshot) *ec.SharedFiles {
	reply, listed := &ec.SharedFiles{}, map[uint32]bool{}
	q := e.query(e.sharedFiles, request.DetailLevel, request, request.ECIDs, now)
	for download, shared := range now.files() {
		var file ec.KnownFile
		switch {
		case download != nil && download.Shared && q.wants(download.ECID, download):
			known := ec.KnownFile{ECID: download.ECID}
			project(&known, &download.PartFile)
			file = atLevel(&known, q.level, fileTags)
			if q.cached {
				file.PartStatus = q.sent(download.ECID, ec.TagKnownFile).availability(download.Availability)
			} else {
				sent := q.sent(download.ECID, ec.TagKnownFile)
				c := sent.encode(download)
				setKnownStatus(&file, c)
				if c.ofDownload() {
					sent.encoder = ec.TagPartFile
				}
			}
		case shared != nil && q.wants(shared.ECID, shared):
			file = atLevel(&shared.KnownFile, q.level, fileTags)
			file.PartStatus = q.sent(shared.ECID, ec.TagKnownFile).availability(shared.Availability)
		default:
			continue
		}
		listed[file.ECID] = true
		reply.Files = append(reply.Files, ec.SharedFile{KnownFile: &file})
	}
	reply.Removed = q.removed()
	if lost := lostEncoders(q.filter == nil, q.level, e.peer, listed, reply.Removed); !q.cached {
		for ecid, f := range e.files {
			if f.encoder == ec.TagKnownFile && lost(ecid) {
				f.sentStatus = sentStatus{}
			}
		}
	}
	return reply
}

// Downloads replies to GET_DLOAD_QUEUE at any detail level but INC_UPDATE, which
// aMule refuses: with the downloads that are not complete.
func (e *Encoder) Downloads(request *ec.GetDLoadQueue, now *Snapshot) *ec.DLoadQueue {
	reply := &ec.DLoadQueue{}
	q := e.query(e.downloads, request.DetailLevel, request, request.ECIDs, now)
	for _, download := range now.Downloads {
		if download.Status == ec.PartFileStatusComplete || !q.wants(download.ECID, download) {
			continue
		}
		tags := downloadTags
		if download.SourceCountXfer > 0 {
			tags.update = slices.Concat(tags.update, transferTags)
		}
		file := atLevel(&download.PartFile, q.level, tags)
		setStatus(&file, q.sent(download.ECID, ec.TagPartFile).encode(download))
		reply.PartFiles = append(reply.PartFiles, file)
	}
	reply.Removed = q.removed()
	return reply
}

// Uploads replies to GET_ULOAD_QUEUE: with the peers that data is sent to.
func (e *Encoder) Uploads(request *ec.GetULoadQueue, now *Snapshot) *ec.ULoadQueue {
	reply := &ec.ULoadQueue{}
	level := levelOf(request.DetailLevel, request)
	for _, c := range now.Clients {
		switch {
		case c.UploadState != ec.UploadStateUploading || len(request.ECIDs) > 0 && !slices.Contains(request.ECIDs, c.ECID):
		case level == ec.DetailLevelIncUpdate:
			reply.Clients = append(reply.Clients, e.clients.one(c, clientRules))
		default:
			reply.Clients = append(reply.Clients, clientAtLevel(c, level))
		}
	}
	return reply
}

// mostGone is how many files that are gone are remembered for a client that
// never sends GET_UPDATE.
const mostGone = 16 << 10

// query is one request for files at a detail level.
type query struct {
	*Encoder
	view   view
	level  ec.DetailLevel
	filter map[uint32]bool // the files asked for; nil for all
	cached bool            // whether aMule would answer from its cache
	listed map[uint32]bool // the files that the reply has or leaves out as unchanged; nil when nothing is left out
}

func (e *Encoder) query(v view, level ec.DetailLevel, request ec.Message, ecids []uint32, now *Snapshot) *query {
	q := &query{
		Encoder: e,
		view:    v,
		level:   levelOf(level, request),
		cached:  fromCache(levelOf(level, request), len(ecids) == 0, e.peer),
	}
	if len(ecids) > 0 {
		q.filter = map[uint32]bool{}
		for _, ecid := range ecids {
			q.filter[ecid] = true
		}
	}
	if e.peer.PartialUpdate && q.level == ec.DetailLevelUpdate {
		q.listed = map[uint32]bool{}
	}
	// A client that never sends GET_UPDATE need not learn from lists what is gone,
	// and goes on with what it knows when that comes back.
	if !e.updates && len(e.files) > len(now.Downloads)+len(now.SharedFiles)+mostGone {
		maps.DeleteFunc(e.files, func(ecid uint32, _ *sentFile) bool {
			return now.Download(ecid) == nil && now.SharedFile(ecid) == nil
		})
	}
	return q
}

// wants reports whether the reply shall have the file.
func (q *query) wants(ecid uint32, state any) bool {
	if q.filter != nil && !q.filter[ecid] {
		return false
	}
	if q.listed == nil {
		return true
	}
	q.listed[ecid] = true
	unchanged := q.view[ecid] == state
	q.view[ecid] = state
	return !unchanged
}

// sent returns what was sent of a file. But for level UPDATE that begins anew,
// and what comes from the cache is as on a connection of its own.
func (q *query) sent(ecid uint32, kind codec.TagName) *sentFile {
	if q.cached {
		return &sentFile{}
	}
	f := q.file(ecid, kind)
	if q.level != ec.DetailLevelUpdate {
		f.reset()
	}
	return f
}

// removed returns the files that the client was told of by earlier requests of
// this kind and that are gone.
func (q *query) removed() (gone []uint32) {
	if q.listed == nil || q.filter != nil {
		return nil
	}
	for _, ecid := range slices.Sorted(maps.Keys(q.view)) {
		if !q.listed[ecid] {
			gone = append(gone, ecid)
			delete(q.view, ecid)
		}
	}
	return gone
}

// view is which files a client knows by one kind of request with partial
// updates, and as what.
type view map[uint32]any

// atLevel returns what a detail level below INC_UPDATE has of an object.
func atLevel[T any, P interface {
	*T
	object
}](state P, level ec.DetailLevel, tags tagLevels) (o T) {
	o = *state
	if level == ec.DetailLevelUpdate {
		keep(P(&o), tags.update)
		fill(P(&o), tags.update)
		return o
	}
	fill(P(&o), tags.full)
	drop(P(&o), func(tag codec.TagName) bool {
		return slices.Contains(tags.increment, tag) && !slices.Contains(tags.full, tag)
	})
	return o
}

// clientAtLevel is atLevel for a peer.
func clientAtLevel(c *ec.Client, level ec.DetailLevel) ec.Client {
	tags := clientTags
	if c.DownloadState == ec.DownloadStateDownloading {
		tags.update = append(slices.Clip(tags.update), ec.TagClientDownSpeed)
		tags.full = append(slices.Clip(tags.full), ec.TagClientDownSpeed)
	}
	if c.UploadFile != 0 {
		tags.full = append(slices.Clip(tags.full), ec.TagPartFileName)
	}
	tags.increment = slices.Concat(tags.increment, conditionalTags)
	return atLevel(c, level, tags)
}
