// Package bench has the data that the project's benchmarks are run on, and
// the benchmarks. The data are made by code from a seed, in the shape that
// real captures have.
package bench

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// SharedFiles returns a daemon's reply with n shared files of 20 tags each, as
// amuled writes them at detail level FULL. It is the same for the same n.
func SharedFiles(n int) *ec.SharedFiles {
	random := rand.New(rand.NewPCG(2004, uint64(n)))
	m := &ec.SharedFiles{Files: make([]ec.SharedFile, n)}
	for i := range m.Files {
		m.Files[i].KnownFile = knownFile(random, uint32(i+1))
	}
	return m
}

var (
	subjects = []string{"debian", "Ünïcode Sämpler", "lecture", "holiday", "concert", "field recording", "manual", "slides"}
	kinds    = []string{"iso", "ogg", "pdf", "tar.gz", "webm", "zip"}
)

func knownFile(random *rand.Rand, id uint32) *ec.KnownFile {
	var hash codec.Hash
	for i := range hash {
		hash[i] = byte(random.Uint32())
	}
	name := fmt.Sprintf("%s %d (part %02d of %02d).%s", subjects[random.IntN(len(subjects))],
		1990+random.IntN(36), random.IntN(40), 40, kinds[random.IntN(len(kinds))])
	size := uint64(random.Int64N(1 << (20 + random.IntN(13))))
	requests, accepted := random.Uint32N(5000), random.Uint32N(900)
	parts := make([]byte, 0, 48)
	for range min(size/9_728_000, 16) {
		v := byte(random.IntN(30))
		parts = append(parts, v, v, byte(2+random.IntN(3)))
	}
	f := &ec.KnownFile{
		ECID:                id,
		ReqCount:            uint16(requests / 8),
		ReqCountAll:         requests,
		AcceptCount:         uint16(accepted / 8),
		AcceptCountAll:      accepted,
		Uploaded:            uint64(accepted) * 184320,
		UploadedAll:         uint64(accepted) * 9_728_000,
		AICHMasterHash:      "ZSA2XUH4QFO7QGCJ5F6LJEQHTRCEJO6I",
		UploadPrio:          ec.FilePrio(random.IntN(4)),
		CompleteSourcesLow:  uint16(random.IntN(20)),
		CompleteSourcesHigh: uint16(20 + random.IntN(200)),
		CompleteSources:     uint16(random.IntN(40)),
		OnQueue:             uint16(random.IntN(12)),
		Name:                name,
		Hash:                hash,
		Location:            "/srv/amule/Incoming/" + subjects[random.IntN(len(subjects))],
		SizeFull:            size,
		ED2KLink:            fmt.Sprintf("ed2k://|file|%s|%d|%s|/", name, size, hex.EncodeToString(hash[:])),
		PartStatus:          parts,
	}
	for _, tag := range []codec.TagName{
		ec.TagKnownFileReqCount, ec.TagKnownFileAcceptCount, ec.TagKnownFileXferred, ec.TagKnownFilePrio,
		ec.TagKnownFileCompleteSourcesLow, ec.TagKnownFileCompleteSources, ec.TagKnownFileOnQueue,
		ec.TagKnownFileComment, ec.TagKnownFileRating,
	} {
		f.SetPresent(tag, true)
	}
	return f
}
