package peers

import (
	"bytes"
	"encoding/gob"
	"encoding/json"

	"github.com/fxamacker/cbor/v2"
)

// arrays is SharedFiles for CBOR, each object as an array of its values.
type arrays struct {
	_     struct{} `cbor:",toarray"`
	Files []array
}

type array struct {
	_ struct{} `cbor:",toarray"`
	File
}

// reflectingPeers find out at run time what they have to write.
func reflectingPeers(files []File) []peer {
	written := &SharedFiles{Files: files}
	var read SharedFiles
	decoded := func() []File { return read.Files }

	writtenArrays := &arrays{Files: make([]array, len(files))}
	for i := range files {
		writtenArrays.Files[i].File = files[i]
	}
	var readArrays arrays

	// Half a million values are too many for the limit of cbor.Unmarshal.
	cborMode, err := cbor.DecOptions{MaxArrayElements: 1 << 24}.DecMode()
	if err != nil {
		panic(err)
	}
	return []peer{
		{
			name:   "cbor",
			encode: appendTo(func(b *bytes.Buffer) error { return cbor.MarshalToBuffer(writtenArrays, b) }),
			decode: func(body []byte) error {
				readArrays = arrays{}
				return cborMode.Unmarshal(body, &readArrays)
			},
			decoded: func() []File {
				files := make([]File, len(readArrays.Files))
				for i := range files {
					files[i] = readArrays.Files[i].File
				}
				return files
			},
		},
		{
			name:   "gob",
			encode: appendTo(func(b *bytes.Buffer) error { return gob.NewEncoder(b).Encode(written) }),
			decode: func(body []byte) error {
				read = SharedFiles{}
				return gob.NewDecoder(bytes.NewReader(body)).Decode(&read)
			},
			decoded: decoded,
		},
		{
			name:   "json",
			encode: appendTo(func(b *bytes.Buffer) error { return json.NewEncoder(b).Encode(written) }),
			decode: func(body []byte) error {
				read = SharedFiles{}
				return json.Unmarshal(body, &read)
			},
			decoded: decoded,
		},
	}
}

// appendTo makes an appending function of one that writes to a buffer.
func appendTo(write func(*bytes.Buffer) error) func([]byte) ([]byte, error) {
	return func(dst []byte) ([]byte, error) {
		buffer := bytes.NewBuffer(dst)
		err := write(buffer)
		return buffer.Bytes(), err
	}
}
