package peers

import (
	"google.golang.org/protobuf/proto"

	"github.com/ecgen/ecgen/bench/peers/plainpb"
	"github.com/ecgen/ecgen/bench/peers/pooledpb"
)

// protobufPeers are the two libraries for protobuf: Google's, and vtprotobuf
// with its means of saving allocations.
func protobufPeers(files []File) []peer {
	plain := &plainpb.SharedFiles{Files: Convert[*plainpb.File](files)}
	var read *plainpb.SharedFiles
	decoded := func() []File { return Convert[File](read.Files) }

	pooled := pooledpb.SharedFilesFromVTPool()
	unpool := func() {
		pooled.ReturnToVTPool()
		pooled = pooledpb.SharedFilesFromVTPool()
	}
	decodedPooled := func() []File { return Convert[File](pooled.Files) }

	encodeVT := func(dst []byte) ([]byte, error) {
		size := plain.SizeVT()
		if cap(dst) < size {
			dst = make([]byte, size)
		}
		_, err := plain.MarshalToSizedBufferVT(dst[:size])
		return dst[:size], err
	}
	return []peer{
		{
			name:   "protobuf",
			encode: func(dst []byte) ([]byte, error) { return proto.MarshalOptions{}.MarshalAppend(dst, plain) },
			decode: func(body []byte) error {
				read = new(plainpb.SharedFiles)
				return proto.Unmarshal(body, read)
			},
			decoded: decoded,
		},
		{
			name:   "vtproto",
			encode: encodeVT,
			decode: func(body []byte) error {
				read = new(plainpb.SharedFiles)
				return read.UnmarshalVT(body)
			},
			decoded: decoded,
		},
		{
			name:      "vtproto-unsafe",
			encode:    encodeVT,
			readsOnly: true,
			decode: func(body []byte) error {
				read = new(plainpb.SharedFiles)
				return read.UnmarshalVTUnsafe(body)
			},
			decoded: decoded,
		},
		{
			name:      "vtproto-pool",
			encode:    encodeVT,
			readsOnly: true,
			decode: func(body []byte) error {
				unpool()
				return pooled.UnmarshalVT(body)
			},
			decoded: decodedPooled,
		},
		{
			name:      "vtproto-unsafe-pool",
			encode:    encodeVT,
			readsOnly: true,
			decode: func(body []byte) error {
				unpool()
				return pooled.UnmarshalVTUnsafe(body)
			},
			decoded: decodedPooled,
		},
	}
}
