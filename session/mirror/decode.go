package mirror

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// NewDownload returns what a reply to GET_DLOAD_QUEUE at detail level FULL says
// of a download: there the coded fields are differences to nothing. Their
// arrays may have limit bytes in all. The result shares memory with the file.
// The error wraps one of package status.
func NewDownload(file *ec.PartFile, limit int) (*Download, error) {
	coded, err := (&decoder{left: limit}).decode(codedFields{}, partFileCodes(file), true)
	if err != nil {
		return nil, err
	}
	return newDownload(nil, file, coded), nil
}

// NewSharedFile is NewDownload for a reply to GET_SHARED_FILES.
func NewSharedFile(file *ec.KnownFile, limit int) (*SharedFile, error) {
	coded, err := (&decoder{left: limit}).decode(codedFields{}, knownFileCodes(file), true)
	if err != nil {
		return nil, err
	}
	return newSharedFile(nil, file, coded), nil
}

// newDownload returns a download as the update changes it. Old is nil when it
// was not known.
func newDownload(old *Download, update *ec.PartFile, coded codedFields) *Download {
	d := &Download{}
	if old == nil {
		d.PartFile = *update
	} else {
		*d = *old
		merge(&d.PartFile, update)
	}
	d.PartStatus, d.GapStatus, d.ReqStatus, d.SourceNames = nil, nil, nil, nil
	hide(&d.PartFile, codedTags...)
	d.set(coded)
	return d
}

// newSharedFile is newDownload for a shared file.
func newSharedFile(old *SharedFile, update *ec.KnownFile, coded codedFields) *SharedFile {
	f := &SharedFile{}
	if old == nil {
		f.KnownFile = *update
	} else {
		*f = *old
		merge(&f.KnownFile, update)
	}
	f.PartStatus, f.GapStatus, f.ReqStatus, f.SourceNames = nil, nil, nil, nil
	hide(&f.KnownFile, codedTags...)
	f.Availability = coded.availability
	return f
}

// hide makes tags absent whose fields are zero.
func hide(o object, tags ...codec.TagName) {
	for _, tag := range tags {
		o.SetPresent(tag, false)
	}
}

// codedFields is what the coded tags of a file have told.
type codedFields struct {
	availability    []byte
	gaps, requested []status.Range
	names           []SourceName
}

// set shows coded fields. Once a download is complete its availability is that
// of a shared file, which aMule does not send while it has none: what is known
// from before would stay for ever.
func (d *Download) set(c codedFields) {
	d.Availability, d.Gaps, d.Requested, d.Names = c.availability, c.gaps, c.requested, c.names
	if d.Status == ec.PartFileStatusComplete {
		d.Availability = nil
	}
}

// size returns how many bytes the arrays have.
func (c *codedFields) size() int {
	return len(c.availability) + status.ArraySize(c.gaps) + status.ArraySize(c.requested)
}

// known reports whether anything was told.
func (c *codedFields) known() bool { return c.size() > 0 || len(c.names) > 0 }

// codes is what an update has of the coded tags; nil is what it lacks.
type codes struct {
	ecid                   uint32
	parts, gaps, requested []byte
	names                  *ec.SourceNames
}

func partFileCodes(f *ec.PartFile) codes {
	return codes{f.ECID, f.PartStatus, f.GapStatus, f.ReqStatus, f.SourceNames}
}

func knownFileCodes(f *ec.KnownFile) codes {
	return codes{f.ECID, f.PartStatus, f.GapStatus, f.ReqStatus, f.SourceNames}
}

// ofDownload reports whether the tags are there that only downloads have. Lists
// of shared files say by nothing else that a file is one.
func (c *codes) ofDownload() bool { return c.gaps != nil || c.requested != nil || c.names != nil }

func (c *codes) fault(tag string, err error) error {
	return fmt.Errorf("mirror: %s of file %d: %w", tag, c.ecid, err)
}

// decoder decodes coded fields.
type decoder struct {
	left int // how many bytes the arrays of all files may still have
}

// decode returns the fields after an update. Anew says that the arrays are
// differences to nothing, which names never are.
func (d *decoder) decode(c codedFields, update codes, anew bool) (_ codedFields, err error) {
	if anew {
		d.left += c.size()
		c = codedFields{names: c.names}
	}
	if update.parts != nil {
		if c.availability, err = d.array(c.availability, update.parts); err != nil {
			return c, update.fault("PART_STATUS", err)
		}
	}
	if update.gaps != nil {
		if c.gaps, err = d.ranges(c.gaps, update.gaps); err != nil {
			return c, update.fault("GAP_STATUS", err)
		}
	}
	if update.requested != nil {
		if c.requested, err = d.ranges(c.requested, update.requested); err != nil {
			return c, update.fault("REQ_STATUS", err)
		}
	}
	if update.names != nil {
		c.names = renamed(c.names, update.names.Names)
	}
	return c, nil
}

// ranges decodes a list of ranges within the limit.
func (d *decoder) ranges(before []status.Range, data []byte) ([]status.Range, error) {
	array, err := d.array(status.Array(before), data)
	if err != nil {
		return nil, err
	}
	return status.Ranges(array)
}

// array decodes an array within the limit.
func (d *decoder) array(before, data []byte) ([]byte, error) {
	array, err := status.Decode(before, data, d.left+len(before))
	d.left += len(before) - len(array)
	return array, err
}

// renamed returns names after changes. One with a count of 0 is no more; one
// without a name has the name that it had.
func renamed(names []SourceName, changes []ec.SourceName) []SourceName {
	byID := make(map[uint32]SourceName, len(names)+len(changes))
	for _, name := range names {
		byID[name.ID] = name
	}
	for _, change := range changes {
		if change.Count == 0 {
			delete(byID, change.ID)
			continue
		}
		name := SourceName{ID: change.ID, Name: byID[change.ID].Name, Count: change.Count}
		if change.Name != "" || change.Present(ec.TagPartFileSourceNames) {
			name.Name = change.Name
		}
		byID[change.ID] = name
	}
	return slices.SortedFunc(maps.Values(byID), bySourceNameID)
}

func bySourceNameID(a, b SourceName) int { return cmp.Compare(a.ID, b.ID) }
