package mirror

import (
	"maps"
	"slices"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// sentStatus is what was sent of a file's coded fields, by any request.
type sentStatus struct {
	parts, gaps, requested []byte
	names                  map[string]SourceName
	lastName               uint32 // the ID of the newest name
}

// reset makes the arrays begin anew. Names do not: aMule never sends one twice.
func (s *sentStatus) reset() { s.parts, s.gaps, s.requested = nil, nil, nil }

// encode returns what is to be sent of a download.
func (s *sentStatus) encode(now *Download) codes {
	return codes{
		parts:     s.availability(now.Availability),
		gaps:      array(&s.gaps, status.Array(now.Gaps)),
		requested: array(&s.requested, status.Array(now.Requested)),
		names:     s.rename(now.Names),
	}
}

// availability returns what is to be sent of the sources of each part: nothing
// while they are not known.
func (s *sentStatus) availability(now []byte) []byte {
	if len(now) == 0 {
		return nil
	}
	return array(&s.parts, now)
}

// array returns what is to be sent of an array, or nil.
func array(before *[]byte, now []byte) []byte {
	data, changed := status.Append([]byte{}, *before, now)
	*before = now
	if !changed {
		return nil
	}
	return data
}

// rename returns what is to be sent of the names, or nil: first those that are
// gone or have another count, by their IDs, then the new ones, by name.
func (s *sentStatus) rename(now []SourceName) *ec.SourceNames {
	counts := map[string]uint32{}
	for _, name := range now {
		if name.Count > 0 {
			counts[name.Name] = name.Count
		}
	}
	var changes []ec.SourceName
	for _, name := range slices.SortedFunc(maps.Values(s.names), bySourceNameID) {
		count := counts[name.Name]
		delete(counts, name.Name)
		if count == name.Count {
			continue
		}
		changes = append(changes, ec.SourceName{ID: name.ID, Count: count})
		if name.Count = count; count == 0 {
			delete(s.names, name.Name)
		} else {
			s.names[name.Name] = name
		}
	}
	if s.names == nil {
		s.names = map[string]SourceName{}
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		s.lastName++
		added := SourceName{ID: s.lastName, Name: name, Count: counts[name]}
		s.names[name] = added
		change := ec.SourceName{ID: added.ID, Name: name, Count: added.Count}
		change.SetPresent(ec.TagPartFileSourceNames, true)
		changes = append(changes, change)
	}
	if len(changes) == 0 {
		return nil
	}
	return &ec.SourceNames{Names: changes}
}

// setStatus gives a download its coded fields. An empty one is an array that
// became empty, and is sent.
func setStatus(f *ec.PartFile, c codes) {
	f.PartStatus, f.GapStatus, f.ReqStatus, f.SourceNames = c.parts, c.gaps, c.requested, c.names
	f.SetPresent(ec.TagPartFileGapStatus, c.gaps != nil)
	f.SetPresent(ec.TagPartFileReqStatus, c.requested != nil)
}

// setKnownStatus is setStatus for a download that is reported as a shared file.
func setKnownStatus(f *ec.KnownFile, c codes) {
	f.PartStatus, f.GapStatus, f.ReqStatus, f.SourceNames = c.parts, c.gaps, c.requested, c.names
	f.SetPresent(ec.TagPartFileGapStatus, c.gaps != nil)
	f.SetPresent(ec.TagPartFileReqStatus, c.requested != nil)
}
