// Package msgpmap has the shared files as msgp writes them, each object as a
// map by name.
package msgpmap

//go:generate go tool msgp -tests=false -io=false -file=library.go

// SharedFiles is the EC message of that name.
type SharedFiles struct {
	Files []File
}

// File is a shared file.
type File struct {
	ECID                uint32
	ReqCount            uint16
	ReqCountAll         uint32
	AcceptCount         uint16
	AcceptCountAll      uint32
	Uploaded            uint64
	UploadedAll         uint64
	AICHMasterHash      string
	UploadPrio          uint8
	CompleteSourcesLow  uint16
	CompleteSourcesHigh uint16
	CompleteSources     uint16
	OnQueue             uint16
	Name                string
	Hash                [16]byte
	Location            string
	SizeFull            uint64
	ED2KLink            string
	OwnComment          string
	OwnRating           uint8
	PartStatus          []byte
}
