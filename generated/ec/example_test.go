package ec_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// A struct literal is a complete message.
func ExampleMessage_appendBody() {
	search := &ec.SearchStart{Query: &ec.SearchQuery{
		Type: ec.SearchTypeGlobal,
		Name: "debian",
	}}
	body, err := search.AppendBody(nil, codec.FlagBase|codec.FlagUTF8Numbers)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x\n", body)
	fmt.Println(search)
	// Output:
	// 2601e0b883021702e0b884060764656269616e00e0b88a06010001
	// SEARCH_START
	//   SEARCH_TYPE GLOBAL (1)
	//     SEARCH_NAME "debian"
	//     SEARCH_FILE_TYPE ""
}

// Zero is written only when it is said to be there: detail level CMD is 0.
func ExampleMessage_setPresent() {
	request := &ec.StatReq{DetailLevel: ec.DetailLevelCMD}
	request.SetPresent(ec.TagDetailLevel, true)
	packet := ec.Packet{Flags: codec.FlagBase, Message: request}
	data, err := packet.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x\n", data)
	// Output:
	// 000000200000000b0a00010008020000000100
}

// Packets are read from a stream one by one.
func ExampleRead() {
	stream := bytes.NewReader([]byte("\x00\x00\x00\x20\x00\x00\x00\x12\x4f\x00\x01\x00\x16\x05\x00\x00\x00\x08\x5e\x3a\xb4\x9c\x17\x4f\x0c\x02"))
	reader := codec.NewReader(stream, codec.DefaultLimits())
	frame, err := reader.Next()
	if err != nil {
		fmt.Println(err)
		return
	}
	message, err := ec.Read(codec.FromDaemon, frame)
	if err != nil {
		fmt.Println(err)
		return
	}
	switch message := message.(type) {
	case *ec.AuthSalt:
		fmt.Printf("salt %X\n", message.PasswdSalt)
	case *ec.AuthFail:
		fmt.Println(message.Reason)
	}
	// Output:
	// salt 5E3AB49C174F0C02
}

// A large reply is walked one file at a time, in the memory of one file.
func ExampleKnownFile_ReadElement() {
	reply := &ec.SharedFiles{Files: []ec.SharedFile{
		{KnownFile: &ec.KnownFile{ECID: 7, Name: "debian.iso", SizeFull: 734003200}},
		{KnownFile: &ec.KnownFile{ECID: 8, Name: "manual.pdf", SizeFull: 102400}},
	}}
	flags := codec.FlagBase
	body, err := reply.AppendBody(nil, flags)
	if err != nil {
		log.Fatal(err)
	}
	var file ec.KnownFile
	for element, err := range codec.Elements(body, flags, codec.DefaultLimits()) {
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
	// 7 debian.iso 734003200
	// 8 manual.pdf 102400
}

// With codec.Merge an update changes what it has, and nothing else.
func ExampleMessage_decodeBody() {
	flags := codec.FlagBase
	server := ec.Server{ECID: 3, Name: "here", Users: 100}
	update := &ec.ServerListReply{Servers: []ec.Server{{ECID: 3, Users: 120}}}
	body, err := update.AppendBody(nil, flags)
	if err != nil {
		log.Fatal(err)
	}
	for element, err := range codec.Elements(body, flags, codec.DefaultLimits()) {
		if err != nil {
			log.Fatal(err)
		}
		if err := server.ReadElement(element, codec.Merge); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(server.Name, server.Users)
	// Output:
	// here 120
}
