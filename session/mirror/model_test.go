package mirror_test

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// model is a daemon whose state changes at random.
type model struct {
	*rand.Rand
	last      uint32 // ECID
	downloads map[uint32]*mirror.Download
	shared    map[uint32]*mirror.SharedFile
	clients   map[uint32]*ec.Client
	servers   map[uint32]*ec.Server
	friends   map[uint32]*ec.Friend
	gone      []*mirror.SharedFile // that may be shared again
}

func newModel(seed uint64) *model {
	return &model{
		Rand:      rand.New(rand.NewPCG(seed, 0)),
		downloads: map[uint32]*mirror.Download{},
		shared:    map[uint32]*mirror.SharedFile{},
		clients:   map[uint32]*ec.Client{},
		servers:   map[uint32]*ec.Server{},
		friends:   map[uint32]*ec.Friend{},
	}
}

// snapshot returns the state. It has the pointers of the one before where
// nothing changed.
func (m *model) snapshot() *mirror.Snapshot {
	return &mirror.Snapshot{
		Downloads:   inOrder(m.downloads),
		SharedFiles: inOrder(m.shared),
		Clients:     inOrder(m.clients),
		Servers:     inOrder(m.servers),
		Friends:     inOrder(m.friends),
	}
}

func inOrder[T any](objects map[uint32]*T) (list []*T) {
	for _, ecid := range slices.Sorted(maps.Keys(objects)) {
		list = append(list, objects[ecid])
	}
	return list
}

func (m *model) ecid() uint32 {
	m.last += 1 + m.Uint32N(3)
	return m.last
}

// any returns the ECID of one of the objects, or 0.
func anyOf[T any](m *model, objects map[uint32]*T) uint32 {
	ecids := slices.Sorted(maps.Keys(objects))
	if len(ecids) == 0 {
		return 0
	}
	return ecids[m.IntN(len(ecids))]
}

// step changes the state a little.
func (m *model) step() {
	for range m.IntN(6) {
		switch m.IntN(16) {
		case 0:
			d := &mirror.Download{PartFile: ec.PartFile{ECID: m.ecid(), Hash: m.hash(), SizeFull: m.size()}}
			d.Gaps = []status.Range{{Start: 0, End: d.SizeFull - 1}}
			m.downloads[d.ECID] = d
			m.changeDownload(d.ECID)
		case 1:
			f := &mirror.SharedFile{KnownFile: ec.KnownFile{ECID: m.ecid(), Hash: m.hash(), SizeFull: m.size()}}
			m.shared[f.ECID] = f
			m.changeShared(f.ECID)
		case 2:
			delete(m.downloads, anyOf(m, m.downloads))
		case 3:
			if ecid := anyOf(m, m.shared); ecid != 0 {
				m.gone = append(m.gone, m.shared[ecid])
				delete(m.shared, ecid)
			}
		case 4: // shared again, under the same ECID
			if n := len(m.gone); n > 0 {
				f := m.gone[n-1]
				m.gone = m.gone[:n-1]
				m.shared[f.ECID] = f
				m.changeShared(f.ECID)
			}
		case 5: // a finished download is cleared, and becomes a shared file with another ECID
			if d := m.downloads[anyOf(m, m.downloads)]; d != nil {
				delete(m.downloads, d.ECID)
				m.toShared(d, m.ecid())
			}
		case 6: // or with the same
			if d := m.downloads[anyOf(m, m.downloads)]; d != nil {
				delete(m.downloads, d.ECID)
				m.toShared(d, d.ECID)
			}
		case 7: // and back
			if f := m.shared[anyOf(m, m.shared)]; f != nil {
				delete(m.shared, f.ECID)
				m.downloads[f.ECID] = &mirror.Download{
					PartFile:     ec.PartFile{ECID: f.ECID, Hash: f.Hash, Name: f.Name, SizeFull: f.SizeFull},
					Availability: f.Availability,
				}
				m.changeDownload(f.ECID)
			}
		case 8, 9:
			m.changeDownload(anyOf(m, m.downloads))
		case 10:
			m.changeShared(anyOf(m, m.shared))
		case 11:
			change(m, m.clients, func(c *ec.Client) *uint32 { return &c.ECID })
		case 12:
			change(m, m.servers, func(s *ec.Server) *uint32 { return &s.ECID })
		case 13:
			change(m, m.friends, func(f *ec.Friend) *uint32 { return &f.ECID })
		case 14:
			m.retarget(anyOf(m, m.clients))
		}
	}
	for _, c := range inOrder(m.clients) {
		m.clients[c.ECID] = m.consistent(c)
	}
}

func (m *model) toShared(d *mirror.Download, ecid uint32) {
	m.shared[ecid] = &mirror.SharedFile{
		KnownFile:    ec.KnownFile{ECID: ecid, Hash: d.Hash, Name: d.Name, SizeFull: d.SizeFull},
		Availability: d.Availability,
	}
}

// change adds, removes or changes an object that is nothing but its fields.
func change[T any](m *model, objects map[uint32]*T, ecid func(*T) *uint32) {
	switch id := anyOf(m, objects); {
	case id == 0 || m.IntN(4) == 0:
		object := new(T)
		*ecid(object) = m.ecid()
		m.scramble(object, 5)
		objects[*ecid(object)] = object
	case m.IntN(4) == 0:
		delete(objects, id)
	default:
		object := *objects[id]
		m.scramble(&object, 3)
		objects[id] = &object
	}
}

// retarget makes a peer get or be asked for other files.
func (m *model) retarget(ecid uint32) {
	old := m.clients[ecid]
	if old == nil {
		return
	}
	c := *old
	c.RequestFile, c.UploadFile = anyOf(m, m.downloads), anyOf(m, m.shared)
	if m.IntN(3) == 0 {
		c.RequestFile = 0
	}
	if m.IntN(3) == 0 {
		c.UploadFile = 0
	}
	c.PartStatus, c.UploadPartStatus = nil, nil
	m.clients[ecid] = &c
}

// consistent returns a peer that has what holds of the files that it has to do
// with, and nothing else.
func (m *model) consistent(old *ec.Client) *ec.Client {
	c := *old
	request, upload := m.downloads[c.RequestFile], m.shared[c.UploadFile]
	if request == nil {
		c.RequestFile, c.PartStatus, c.NextRequestedPart, c.LastDownloadingPart = 0, nil, 0, 0
	} else if c.PartStatus == nil {
		c.PartStatus = m.bits(request.SizeFull)
		if m.IntN(4) == 0 {
			c.PartStatus = []byte{}
		}
	}
	if upload == nil {
		c.UploadFile, c.UploadFileName, c.UploadPartStatus = 0, "", nil
	} else {
		c.UploadFileName = upload.Name
		if c.UploadPartStatus == nil {
			c.UploadPartStatus = m.bits(upload.SizeFull)
		}
	}
	if reflect.DeepEqual(&c, old) {
		return old
	}
	return &c
}

func (m *model) bits(size uint64) []byte {
	bits := make([]byte, (status.Parts(size)+7)/8)
	for i := range bits {
		bits[i] = byte(m.Uint32())
	}
	return bits
}

func (m *model) changeDownload(ecid uint32) {
	old := m.downloads[ecid]
	if old == nil {
		return
	}
	d := *old
	m.scramble(&d.PartFile, 4)
	switch m.IntN(8) {
	case 0:
		d.Comments = &ec.FileComments{}
		for range m.IntN(3) {
			d.Comments.Comments = append(d.Comments.Comments, ec.Comment{UserName: m.text(), Rating: m.Uint64N(6), Text: m.text()})
		}
	case 1:
		d.A4AFSources = &ec.A4AFSources{}
		for range m.IntN(3) {
			d.A4AFSources.ECIDs = append(d.A4AFSources.ECIDs, m.Uint32N(100)+1)
		}
	case 2:
		d.Gaps = m.ranges(d.SizeFull)
	case 3:
		d.Requested = m.ranges(d.SizeFull)
	case 4, 5:
		d.Availability = m.availability(d.Availability, d.SizeFull)
	default:
		names := map[string]uint32{}
		for _, name := range d.Names {
			names[name.Name] = name.Count
		}
		for range m.IntN(3) {
			delete(names, m.text())
			names[m.text()] = m.Uint32N(3) + 1
		}
		d.Names = nil
		for name, count := range names {
			d.Names = append(d.Names, mirror.SourceName{Name: name, Count: count})
		}
		slices.SortFunc(d.Names, func(a, b mirror.SourceName) int { return cmp.Compare(a.Name, b.Name) })
	}
	m.downloads[ecid] = &d
}

func (m *model) changeShared(ecid uint32) {
	if old := m.shared[ecid]; old != nil {
		f := *old
		m.scramble(&f.KnownFile, 4)
		if m.IntN(2) == 0 {
			f.Availability = m.availability(f.Availability, f.SizeFull)
		}
		m.shared[ecid] = &f
	}
}

// availability changes the sources of a few parts. Once known it stays so.
func (m *model) availability(old []byte, size uint64) []byte {
	array := make([]byte, status.Parts(size))
	copy(array, old)
	for range m.IntN(5) {
		array[m.IntN(len(array))] = byte(m.IntN(4))
	}
	return array
}

func (m *model) ranges(size uint64) (ranges []status.Range) {
	for at := m.Uint64N(size); at < size && len(ranges) < 8 && m.IntN(8) > 0; at += 1 + m.Uint64N(size) {
		end := min(size-1, at+m.Uint64N(1<<20))
		ranges = append(ranges, status.Range{Start: at, End: end})
		at = end
	}
	return ranges
}

// scramble sets up to so many fields of an object to random values, often
// zero. It chooses them by the protocol's table, whose order is not that of Go
// structs.
func (m *model) scramble(object any, most int) {
	value := reflect.ValueOf(object).Elem()
	shape := slices.IndexFunc(ec.Protocol.Shapes, func(s codec.Shape) bool { return s.Name == value.Type().Name() })
	fields := ec.Protocol.Shapes[shape].Fields
	for range m.IntN(most + 1) {
		name := fields[m.IntN(len(fields))].Name
		switch name {
		case "Hash", "RemovedHash", "Address", "SizeFull", "RequestFile", "UploadFile":
			continue
		}
		f := value.FieldByName(name)
		switch f.Interface().(type) {
		case codec.Double:
			f.SetString(string(codec.NewDouble(float64(m.IntN(1000)) / 8)))
			continue
		case codec.Hash:
			f.Set(reflect.ValueOf(m.hash()))
			continue
		}
		switch {
		case f.Kind() == reflect.Bool:
			f.SetBool(m.IntN(2) == 0)
		case f.Kind() == reflect.String:
			f.SetString(m.text())
		case f.CanUint() && m.IntN(3) == 0:
			f.SetZero()
		case f.CanUint():
			f.SetUint(m.Uint64() >> (64 - min(f.Type().Bits(), 1+m.IntN(64))))
		}
	}
	if d, ok := object.(*ec.PartFile); ok && d.Status == ec.PartFileStatusComplete {
		d.Status = ec.PartFileStatusCompleting // complete ones are shown without their availability
	}
	if c, ok := object.(*ec.Client); ok && c.Hash == (codec.Hash{}) {
		c.Hash = m.hash()
	}
}

func (m *model) hash() (h codec.Hash) {
	for i := range h {
		h[i] = byte(m.Uint32())
	}
	return h
}

func (m *model) size() uint64 { return 1 + m.Uint64N(uint64(1)<<(10+m.IntN(20))) }

func (m *model) text() string { return []string{"", "a", "b", "ü", "some longer text.iso"}[m.IntN(5)] }
