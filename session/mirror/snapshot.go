package mirror

import (
	"cmp"
	"iter"
	"slices"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// Snapshot is what a daemon reports of itself at one time. Each list is in the
// order of ECIDs. One that a [Mirror] made is never changed, nor is anything it
// points to: it may be read by several goroutines, and kept. What did not
// change is the same pointer in the next one.
type Snapshot struct {
	// Downloads has every download, also finished ones until they are cleared.
	// Those whose Shared is true are shared as well.
	Downloads []*Download

	// SharedFiles has the other shared files.
	SharedFiles []*SharedFile

	// Clients has the peers that the daemon knows, or only those with an upload
	// slot if it is set up so.
	Clients []*ec.Client

	Servers []*ec.Server
	Friends []*ec.Friend
}

// Download is a file that is being downloaded, or that was and is not yet
// cleared. Of the embedded fields PartStatus, GapStatus, ReqStatus and
// SourceNames are nil; what they told is decoded here.
type Download struct {
	ec.PartFile

	// Availability has for each part of status.PartSize bytes the number of
	// sources that have it, up to 255. It is empty while nothing is known of any
	// part, and when the download is complete.
	Availability []byte

	// Gaps are the missing ranges, in order.
	Gaps []status.Range

	// Requested are the ranges that sources have been asked for, in no order.
	Requested []status.Range

	// Names are those that sources have for the file, in the order of their ID.
	Names []SourceName
}

// SourceName is a name that sources have for a download.
type SourceName struct {
	ID    uint32 // a number for this file and connection; an Encoder has its own
	Name  string
	Count uint32 // of sources with this name
}

// SharedFile is a file that is shared and not among the downloads. The
// embedded fields PartStatus, GapStatus, ReqStatus and SourceNames are nil.
type SharedFile struct {
	ec.KnownFile

	// Availability is as in Download.
	Availability []byte
}

// Download returns the download with this ECID, or nil.
func (s *Snapshot) Download(ecid uint32) *Download {
	return byECID(s.Downloads, downloadECID, ecid)
}

// SharedFile returns the shared file with this ECID, or nil. A download that is
// shared is a Download.
func (s *Snapshot) SharedFile(ecid uint32) *SharedFile {
	return byECID(s.SharedFiles, sharedFileECID, ecid)
}

// Client returns the peer with this ECID, or nil.
func (s *Snapshot) Client(ecid uint32) *ec.Client { return byECID(s.Clients, clientECID, ecid) }

// Server returns the server with this ECID, or nil.
func (s *Snapshot) Server(ecid uint32) *ec.Server { return byECID(s.Servers, serverECID, ecid) }

// Friend returns the friend with this ECID, or nil.
func (s *Snapshot) Friend(ecid uint32) *ec.Friend { return byECID(s.Friends, friendECID, ecid) }

// files walks the downloads and the shared files together, in the order of
// ECIDs. One of the two is nil.
func (s *Snapshot) files() iter.Seq2[*Download, *SharedFile] {
	return func(yield func(*Download, *SharedFile) bool) {
		downloads, shared := s.Downloads, s.SharedFiles
		for len(downloads) > 0 || len(shared) > 0 {
			if len(shared) == 0 || len(downloads) > 0 && downloads[0].ECID < shared[0].ECID {
				if !yield(downloads[0], nil) {
					return
				}
				downloads = downloads[1:]
				continue
			}
			if !yield(nil, shared[0]) {
				return
			}
			shared = shared[1:]
		}
	}
}

func downloadECID(d *Download) uint32     { return d.ECID }
func sharedFileECID(f *SharedFile) uint32 { return f.ECID }
func clientECID(c *ec.Client) uint32      { return c.ECID }
func serverECID(s *ec.Server) uint32      { return s.ECID }
func friendECID(f *ec.Friend) uint32      { return f.ECID }

// byECID returns the element of a sorted list with this ECID, or nil.
func byECID[T any](list []*T, of func(*T) uint32, ecid uint32) *T {
	if i, found := search(list, of, ecid); found {
		return list[i]
	}
	return nil
}

// search returns where in a sorted list the element with this ECID stands, or
// would stand.
func search[T any](list []*T, of func(*T) uint32, ecid uint32) (at int, found bool) {
	return slices.BinarySearchFunc(list, ecid, func(element *T, ecid uint32) int { return cmp.Compare(of(element), ecid) })
}
