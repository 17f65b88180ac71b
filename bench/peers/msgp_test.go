package peers

import (
	"github.com/ecgen/ecgen/bench/peers/msgpmap"
	"github.com/ecgen/ecgen/bench/peers/msgptuple"
)

// message is what msgp generates.
type message interface {
	MarshalMsg(dst []byte) ([]byte, error)
	UnmarshalMsg(body []byte) ([]byte, error)
}

// msgpPeers are both forms that msgp can write.
func msgpPeers(files []File) []peer {
	return append(
		msgpForm("msgp-map",
			&msgpmap.SharedFiles{Files: Convert[msgpmap.File](files)},
			func() message { return new(msgpmap.SharedFiles) },
			func(m message) []File { return Convert[File](m.(*msgpmap.SharedFiles).Files) }),
		msgpForm("msgp-tuple",
			&msgptuple.SharedFiles{Files: Convert[msgptuple.File](files)},
			func() message { return new(msgptuple.SharedFiles) },
			func(m message) []File { return Convert[File](m.(*msgptuple.SharedFiles).Files) })...)
}

func msgpForm(name string, written message, create func() message, files func(message) []File) []peer {
	read := create()
	decode := func(body []byte) error {
		_, err := read.UnmarshalMsg(body)
		return err
	}
	decoded := func() []File { return files(read) }
	return []peer{
		{
			name:   name,
			encode: written.MarshalMsg,
			decode: func(body []byte) error {
				read = create()
				return decode(body)
			},
			decoded: decoded,
		},
		{
			name:      name + "-reuse",
			encode:    written.MarshalMsg,
			readsOnly: true,
			decode:    decode,
			decoded:   decoded,
		},
	}
}
