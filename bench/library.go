package bench

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// partSize is the size of a part of an eD2k file in bytes.
const partSize = 9_728_000

var (
	subjects = []string{"debian", "Ünïcode Sämpler", "lecture", "holiday", "concert", "field recording", "manual", "漢字 slides"}
	kinds    = []string{"iso", "ogg", "pdf", "tar.gz", "webm", "zip"}
)

// SharedFiles returns a daemon's reply with n shared files of 20 tags each, as
// amuled writes them at detail level FULL. It is the same for the same n.
func SharedFiles(n int) *ec.SharedFiles {
	random := newRandom(uint64(n))
	m := &ec.SharedFiles{Files: make([]ec.SharedFile, n)}
	for i := range m.Files {
		m.Files[i].KnownFile = knownFile(random, uint32(i+1))
	}
	return m
}

func knownFile(random *rand.Rand, id uint32) *ec.KnownFile {
	name, size, hash := fileName(random), fileSize(random), hash(random)
	requests, accepted := random.Uint32N(5000), random.Uint32N(900)
	f := &ec.KnownFile{
		ECID:                id,
		ReqCount:            uint16(requests / 8),
		ReqCountAll:         requests,
		AcceptCount:         uint16(accepted / 8),
		AcceptCountAll:      accepted,
		Uploaded:            uint64(accepted) * 184_320,
		UploadedAll:         uint64(accepted) * partSize,
		AICHMasterHash:      aichHash(random),
		UploadPrio:          ec.FilePrio(random.IntN(4)),
		CompleteSourcesLow:  uint16(random.IntN(20)),
		CompleteSourcesHigh: uint16(20 + random.IntN(200)),
		CompleteSources:     uint16(random.IntN(40)),
		OnQueue:             uint16(random.IntN(12)),
		Name:                name,
		Hash:                hash,
		Location:            "/srv/amule/Incoming/" + pick(random, subjects),
		SizeFull:            size,
		ED2KLink:            ed2kLink(name, size, hash),
		PartStatus:          runLength(sourcesOfParts(random, size)),
	}
	markAll(f, "KnownFile", ec.TagPartFileGapStatus, ec.TagPartFileReqStatus, ec.TagPartFileSourceNames)
	return f
}

func fileName(random *rand.Rand) string {
	return fmt.Sprintf("%s %d (part %02d of %02d).%s", pick(random, subjects),
		1990+random.IntN(36), random.IntN(40), 40, pick(random, kinds))
}

// fileSize returns a size from one byte to 4 GiB.
func fileSize(random *rand.Rand) uint64 { return 1 + random.Uint64N(1<<(20+random.IntN(13))) }

func aichHash(random *rand.Rand) string {
	const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var text [32]byte
	for i := range text {
		text[i] = base32[random.IntN(len(base32))]
	}
	return string(text[:])
}

// ed2kLink returns the link as a daemon with a HighID writes it.
func ed2kLink(name string, size uint64, hash codec.Hash) string {
	return fmt.Sprintf("ed2k://|file|%s|%d|%s|/|sources,127.0.0.1:24663|/",
		url.PathEscape(name), size, strings.ToUpper(hash.String()))
}

// sourcesOfParts returns for each part how many sources have it.
func sourcesOfParts(random *rand.Rand, size uint64) []byte {
	parts := make([]byte, 1+size/partSize)
	sources := byte(random.IntN(30))
	for i := range parts {
		if random.IntN(8) == 0 {
			sources = byte(random.IntN(30))
		}
		parts[i] = sources
	}
	return parts
}

// runLength returns data as aMule packs the status of parts and gaps: two
// equal bytes are followed by the length of their run, up to 255.
func runLength(data []byte) []byte {
	var packed []byte
	for len(data) > 0 {
		run := 1
		for run < min(len(data), 255) && data[run] == data[0] {
			run++
		}
		packed = append(packed, data[0])
		if run > 1 {
			packed = append(packed, data[0], byte(run))
		}
		data = data[run:]
	}
	return packed
}

// update is a reply to GET_UPDATE as amulegui gets it each second: it lists
// all files, and of one in a hundred what changed.
func update() ec.Message {
	random := newRandom(3)
	m := &ec.SharedFiles{Files: make([]ec.SharedFile, 10_000)}
	for i := range m.Files {
		f := &ec.KnownFile{ECID: uint32(i + 1)}
		if random.IntN(100) == 0 {
			f.ReqCountAll = 1 + random.Uint32N(5000)
			f.UploadedAll = 1 + random.Uint64N(1<<32)
			f.OnQueue = uint16(1 + random.IntN(12))
		}
		m.Files[i].KnownFile = f
	}
	return m
}
