package mirror

import (
	"cmp"
	"maps"
	"slices"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

// A daemon keeps one memory for each connection, not one for each kind of
// request. These requests share it with GET_UPDATE:
//
//   - GET_SHARED_FILES and GET_DLOAD_QUEUE have the coded fields of files
//     encoded by the same encoders, and but for level UPDATE make them begin
//     anew. Where aMule 3.0 answers from its cache of whole replies the encoders
//     are others.
//   - GET_ULOAD_QUEUE at level INC_UPDATE leaves out the fields of peers that
//     were sent already.
//
// What else these replies say is not taken over: GET_UPDATE does not know that
// it was sent.
//
// DELETE_CATEGORY gives downloads other categories, which 2.3.3 tells of and
// 3.0 does not: it takes them for unchanged.

// shares reports whether the request has to do with the memory that GET_UPDATE
// goes by, or changes what a mirror knows by it.
func shares(request ec.Message) bool {
	switch request := request.(type) {
	case *ec.GetUpdate, *ec.GetSharedFiles, *ec.GetDLoadQueue, *ec.DeleteCategory:
		return true
	case *ec.GetULoadQueue:
		return request.DetailLevel == ec.DetailLevelIncUpdate
	}
	return false
}

// observe takes in the reply to a request that shares the daemon's memory.
func (st *state) observe(request, reply ec.Message, peer session.Peer) error {
	switch request := request.(type) {
	case *ec.GetSharedFiles:
		all := len(request.ECIDs) == 0
		level := levelOf(request.DetailLevel, request)
		reply, ok := reply.(*ec.SharedFiles)
		if !ok || fromCache(level, all, peer) {
			return nil
		}
		if err := st.observeFiles(reply.Files, level != ec.DetailLevelUpdate); err != nil {
			return err
		}
		listed := map[uint32]bool{}
		for _, f := range reply.Files {
			_, c := codesOf(f)
			listed[c.ecid] = true
		}
		st.lost(lostEncoders(all, level, peer, listed, reply.Removed))
	case *ec.GetDLoadQueue:
		level := levelOf(request.DetailLevel, request)
		reply, ok := reply.(*ec.DLoadQueue)
		if !ok || fromCache(level, len(request.ECIDs) == 0, peer) {
			return nil
		}
		files := make([]ec.SharedFile, len(reply.PartFiles))
		for i := range reply.PartFiles {
			files[i].PartFile = &reply.PartFiles[i]
		}
		return st.observeFiles(files, level != ec.DetailLevelUpdate)
	case *ec.GetULoadQueue:
		if reply, ok := reply.(*ec.ULoadQueue); ok {
			st.listClients(reply.Clients, false)
		}
	}
	return nil
}

// deleteCategory moves downloads as the daemon does: those of the category to
// the first one, and those of later ones with them.
func (st *state) deleteCategory(category *ec.Category) {
	if category == nil || category.Index == 0 {
		return
	}
	index := uint8(category.Index) // as aMule cuts it
	files := st.files.begin()
	for _, f := range st.files.items {
		if f.kind != ec.TagPartFile || f.download.Category < index {
			continue
		}
		next, download := *f, *f.download
		if next.category == nil {
			next.category = &f.download.Category
		}
		if download.Category--; f.download.Category == index {
			download.Category = 0
		}
		next.download = &download
		files.list(f, &next)
	}
	files.amend()
}

// levelOf returns the detail level of a request. None means FULL.
func levelOf(level ec.DetailLevel, request ec.Message) ec.DetailLevel {
	if level == 0 && !request.Present(ec.TagDetailLevel) {
		return ec.DetailLevelFull
	}
	return level
}

// fromCache reports whether aMule 3.0 answers from its cache: all files at level
// FULL for a client that reads UTF-8 numbers and large counts.
func fromCache(level ec.DetailLevel, all bool, peer session.Peer) bool {
	return all && level == ec.DetailLevelFull && peer.UTF8Numbers && peer.LargeTagCount
}

// observeFiles decodes the coded fields of a reply.
func (st *state) observeFiles(list []ec.SharedFile, anew bool) error {
	files := st.files.begin()
	for _, f := range list {
		kind, update := codesOf(f)
		old := files.find(update.ecid)
		known := old
		if known == nil {
			known = &file{ecid: update.ecid}
		}
		left := st.left
		coded, err := st.decode(known.coded, update, anew)
		if err != nil {
			return err
		}
		st.left = left
		next := st.recode(known, coded)
		next.encoder = cmp.Or(known.encoder, kind)
		if update.ofDownload() {
			next.encoder = ec.TagPartFile
		}
		files.list(old, next)
	}
	files.amend()
	return nil
}

// lostEncoders returns which encoders of shared files a reply to
// GET_SHARED_FILES shows to be gone: those of files that a list of all lacks,
// or that a partial one names as removed.
func lostEncoders(all bool, level ec.DetailLevel, peer session.Peer, listed map[uint32]bool, removed []uint32) func(uint32) bool {
	switch {
	case !all:
		return func(uint32) bool { return false }
	case level == ec.DetailLevelUpdate && peer.PartialUpdate:
		gone := map[uint32]bool{}
		for _, ecid := range removed {
			gone[ecid] = true
		}
		return func(ecid uint32) bool { return gone[ecid] }
	}
	return func(ecid uint32) bool { return !listed[ecid] }
}

// lost makes the coded fields of shared files begin anew whose encoders are
// gone.
func (st *state) lost(encoder func(ecid uint32) bool) {
	files := st.files.begin()
	for _, f := range slices.Concat(st.files.items, slices.Collect(maps.Values(st.files.remembered))) {
		if f.encoder == ec.TagKnownFile && f.coded.known() && encoder(f.ecid) {
			files.list(files.find(f.ecid), st.recode(f, codedFields{}))
		}
	}
	files.amend()
}
