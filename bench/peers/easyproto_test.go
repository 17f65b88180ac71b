package peers

import (
	"fmt"

	"github.com/VictoriaMetrics/easyproto"
)

// easyprotoPeers are protobuf by hand, as easyproto has it. What is read
// aliases the body.
func easyprotoPeers(files []File) []peer {
	var pool easyproto.MarshalerPool
	var read SharedFiles
	encode := func(dst []byte) ([]byte, error) {
		m := pool.Get()
		defer pool.Put(m)
		root := m.MessageMarshaler()
		for i := range files {
			appendFile(root.AppendMessage(1), &files[i])
		}
		return m.Marshal(dst), nil
	}
	decoded := func() []File { return read.Files }
	return []peer{
		{
			name:   "easyproto",
			encode: encode,
			decode: func(body []byte) error {
				read = SharedFiles{}
				return readFiles(&read, body)
			},
			decoded: decoded,
		},
		{
			name:      "easyproto-reuse",
			encode:    encode,
			readsOnly: true,
			decode:    func(body []byte) error { return readFiles(&read, body) },
			decoded:   decoded,
		},
	}
}

func appendFile(m *easyproto.MessageMarshaler, f *File) {
	m.AppendUint32(1, f.ECID)
	m.AppendUint32(2, uint32(f.ReqCount))
	m.AppendUint32(3, f.ReqCountAll)
	m.AppendUint32(4, uint32(f.AcceptCount))
	m.AppendUint32(5, f.AcceptCountAll)
	m.AppendUint64(6, f.Uploaded)
	m.AppendUint64(7, f.UploadedAll)
	m.AppendString(8, f.AICHMasterHash)
	m.AppendUint32(9, uint32(f.UploadPrio))
	m.AppendUint32(10, uint32(f.CompleteSourcesLow))
	m.AppendUint32(11, uint32(f.CompleteSourcesHigh))
	m.AppendUint32(12, uint32(f.CompleteSources))
	m.AppendUint32(13, uint32(f.OnQueue))
	m.AppendString(14, f.Name)
	m.AppendBytes(15, f.Hash)
	m.AppendString(16, f.Location)
	m.AppendUint64(17, f.SizeFull)
	m.AppendString(18, f.ED2KLink)
	m.AppendString(19, f.OwnComment)
	m.AppendUint32(20, uint32(f.OwnRating))
	m.AppendBytes(21, f.PartStatus)
}

func readFiles(s *SharedFiles, body []byte) (err error) {
	s.Files = s.Files[:0]
	var field easyproto.FieldContext
	for len(body) > 0 {
		if body, err = field.NextField(body); err != nil {
			return err
		}
		if field.FieldNum != 1 {
			continue
		}
		data, ok := field.MessageData()
		if !ok {
			return fmt.Errorf("field 1 of SharedFiles is not a message")
		}
		if n := len(s.Files); n < cap(s.Files) {
			s.Files = s.Files[:n+1]
		} else {
			s.Files = append(s.Files, File{})
		}
		if err := readFile(&s.Files[len(s.Files)-1], data); err != nil {
			return err
		}
	}
	return nil
}

func readFile(f *File, body []byte) (err error) {
	*f = File{}
	var field easyproto.FieldContext
	for len(body) > 0 {
		if body, err = field.NextField(body); err != nil {
			return err
		}
		ok := true
		switch field.FieldNum {
		case 1:
			f.ECID, ok = field.Uint32()
		case 2:
			f.ReqCount, ok = small[uint16](&field)
		case 3:
			f.ReqCountAll, ok = field.Uint32()
		case 4:
			f.AcceptCount, ok = small[uint16](&field)
		case 5:
			f.AcceptCountAll, ok = field.Uint32()
		case 6:
			f.Uploaded, ok = field.Uint64()
		case 7:
			f.UploadedAll, ok = field.Uint64()
		case 8:
			f.AICHMasterHash, ok = field.String()
		case 9:
			f.UploadPrio, ok = small[uint8](&field)
		case 10:
			f.CompleteSourcesLow, ok = small[uint16](&field)
		case 11:
			f.CompleteSourcesHigh, ok = small[uint16](&field)
		case 12:
			f.CompleteSources, ok = small[uint16](&field)
		case 13:
			f.OnQueue, ok = small[uint16](&field)
		case 14:
			f.Name, ok = field.String()
		case 15:
			f.Hash, ok = field.Bytes()
		case 16:
			f.Location, ok = field.String()
		case 17:
			f.SizeFull, ok = field.Uint64()
		case 18:
			f.ED2KLink, ok = field.String()
		case 19:
			f.OwnComment, ok = field.String()
		case 20:
			f.OwnRating, ok = small[uint8](&field)
		case 21:
			f.PartStatus, ok = field.Bytes()
		}
		if !ok {
			return fmt.Errorf("field %d of File is of the wrong type", field.FieldNum)
		}
	}
	return nil
}

// small reads a number of fewer than 32 bits.
func small[T uint8 | uint16](field *easyproto.FieldContext) (T, bool) {
	v, ok := field.Uint32()
	return T(v), ok
}
