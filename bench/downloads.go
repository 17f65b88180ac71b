package bench

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/ecgen/ecgen/generated/ec"
)

// downloadQueue is a queue of 200 downloads at detail level FULL, with the
// status of their parts and gaps.
func downloadQueue() ec.Message {
	random := newRandom(4)
	m := &ec.DLoadQueue{PartFiles: make([]ec.PartFile, 200)}
	for i := range m.PartFiles {
		download(random, &m.PartFiles[i], i+1)
	}
	return m
}

func download(random *rand.Rand, f *ec.PartFile, number int) {
	name, size, hash := fileName(random), fileSize(random), hash(random)
	sources, done := random.IntN(200), random.Uint64N(size)
	*f = ec.PartFile{
		ECID:              uint32(20_000 + number),
		UploadPrio:        ec.FilePrioAutoHigh,
		Name:              name,
		Hash:              hash,
		Location:          fmt.Sprintf("%03d.part", number),
		SizeFull:          size,
		ED2KLink:          ed2kLink(name, size, hash),
		Status:            ec.PartFileStatusReady,
		SourceCount:       uint16(sources),
		SourceCountXfer:   uint16(sources / 20),
		SourceCountA4AF:   uint16(sources / 9),
		SizeXfer:          done + done/50,
		SizeDone:          done,
		Speed:             random.Uint64N(400_000),
		DownloadPrio:      ec.FilePrioAutoNormal,
		LastSeenComp:      1_795_000_000 + random.Uint64N(186_697),
		LastRecv:          1_795_186_697,
		DownloadActive:    random.Uint32N(1_000_000),
		AvailableParts:    uint16(1 + size/partSize),
		GainedCompression: random.Uint64N(1 << 20),
		Comments:          new(ec.FileComments),
		PartMetID:         uint16(number),
		A4AFSources:       new(ec.A4AFSources),
		PartStatus:        runLength(sourcesOfParts(random, size)),
		GapStatus:         runLength(columns(gaps(random, size))),
	}
	for range random.IntN(4) {
		f.A4AFSources.ECIDs = append(f.A4AFSources.ECIDs, random.Uint32N(100_000))
	}
	if random.IntN(10) == 0 {
		f.Comments.Comments = []ec.Comment{{UserName: "Peer Zero é", FileName: name, Rating: 4, Text: "nice file, thanks"}}
	}
	markAll(f, "PartFile", ec.TagPartFileReqStatus, ec.TagPartFileSourceNames, ec.TagPartFileShared)
}

// gaps returns where each gap of a file begins and ends, in turn.
func gaps(random *rand.Rand, size uint64) []uint64 {
	var offsets []uint64
	for at := uint64(0); at < size; {
		end := min(size-1, at+random.Uint64N(4*partSize))
		offsets = append(offsets, at, end)
		at = end + 1 + random.Uint64N(8*partSize)
	}
	return offsets
}

// columns returns the lowest bytes of all numbers, then their second bytes and
// so on: equal bytes come together.
func columns(numbers []uint64) []byte {
	turned := make([]byte, 8*len(numbers))
	for i, number := range numbers {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], number)
		for j := range b {
			turned[j*len(numbers)+i] = b[j]
		}
	}
	return turned
}
