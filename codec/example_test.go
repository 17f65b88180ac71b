package codec_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Frames are read one by one until the stream ends.
func ExampleReader() {
	stream := hex.NewDecoder(strings.NewReader(
		"00000022" + "00000015" + "5001020910a4735272e9ed7d029b113cd6b8d50cf1" +
			"00000032" + "00000006" + "0a0108020100"))
	reader := codec.NewReader(stream, codec.DefaultLimits())
	for {
		frame, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		var p codec.Packet
		if err := p.UnmarshalBody(frame.Body, frame.Flags); err != nil {
			log.Fatal(err)
		}
		fmt.Println(&p)
	}
	// Output:
	// 0x50
	//   0x0001 HASH16 a4735272e9ed7d029b113cd6b8d50cf1
	// 0x0a
	//   0x0004 UINT8 0
}

// A Writer picks the flags that aMule would pick for the same peer.
func ExampleWriter() {
	var stream bytes.Buffer
	writer := codec.NewWriter(&stream)
	writer.Peer = codec.Peer{UTF8Numbers: true, LargeTagCount: true}
	if err := writer.Write(&ec.GetUpdate{DetailLevel: ec.DetailLevelIncUpdate}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x\n", stream.Bytes())
	// Output:
	// 0000003200000006520108020104
}

// An untyped packet is built from tags and written under any flags.
func ExamplePacket() {
	p := codec.Packet{Opcode: ec.OpSearchStart, Tags: []codec.Tag{
		codec.NewUint(ec.TagSearchType, 0,
			codec.NewString(ec.TagSearchName, "abc"),
			codec.NewString(ec.TagSearchFileType, ""),
		),
	}}
	for _, flags := range []codec.Flags{codec.FlagBase, codec.FlagBase | codec.FlagUTF8Numbers} {
		frame, err := codec.AppendFrame(nil, flags, &p)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%x\n", frame)
	}
	// Output:
	// 00000020000000202600010e03020000001400020e040600000004616263000e0a06000000010000
	// 00000022000000182601e0b883021402e0b884060461626300e0b88a06010000
}

// All walks a packet with everything in it.
func ExamplePacket_All() {
	p := codec.Packet{Opcode: ec.OpStats, Tags: []codec.Tag{
		codec.NewUint(ec.TagStatsULSpeed, 2048),
		codec.NewUint(ec.TagConnState, 17,
			codec.NewIPv4(ec.TagServer, codec.IPv4{Address: [4]byte{127, 0, 0, 1}, Port: 4661}),
		),
	}}
	for depth, tag := range p.All() {
		fmt.Printf("%d %#04x %s\n", depth, tag.Name, tag.Value())
	}
	// Output:
	// 0 0x0200 2048
	// 0 0x0005 17
	// 1 0x0500 127.0.0.1:4661
}

// Elements reads a list of any length one element at a time, and needs memory
// for one of them only.
func ExampleElements() {
	reply := ec.SharedFiles{Files: []ec.SharedFile{
		{KnownFile: &ec.KnownFile{ECID: 1, Name: "a song.ogg", SizeFull: 3_000_000}},
		{KnownFile: &ec.KnownFile{ECID: 2, Name: "a film.webm", SizeFull: 700_000_000}},
	}}
	body, err := reply.AppendBody(nil, codec.FlagBase)
	if err != nil {
		log.Fatal(err)
	}

	var file ec.KnownFile
	for element, err := range codec.Elements(body, codec.FlagBase, codec.DefaultLimits()) {
		if err != nil {
			log.Fatal(err)
		}
		if element.Name != ec.TagKnownFile {
			continue
		}
		if err := file.ReadElement(element, codec.Share); err != nil {
			log.Fatal(err)
		}
		fmt.Println(file.ECID, file.Name, file.SizeFull)
	}
	// Output:
	// 1 a song.ogg 3000000
	// 2 a film.webm 700000000
}

// An error says what is wrong and where: as a sentinel, as an offset and as a
// path of tags.
func ExampleError() {
	body, err := hex.DecodeString("22" + "0001" + "0801" + "02" + "00000008" + "0001" + "0602" + "06" + "00000002" + "6100" + "07")
	if err != nil {
		log.Fatal(err)
	}
	err = new(ec.SharedFiles).UnmarshalBody(body, codec.FlagBase)
	fmt.Println(err)
	fmt.Println(errors.Is(err, codec.ErrLength))
	if e, ok := errors.AsType[*codec.Error](err); ok {
		fmt.Println(e.Offset, e.PathString())
	}
	// Output:
	// ec: the tag is shorter than its children at offset 12 in SharedFiles/KnownFile[0]
	// true
	// 12 SharedFiles/KnownFile[0]
}
