package dialect_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/dialect"
	"github.com/ecgen/ecgen/spec"
)

// A packet of 2.0 with the names and types that its tags had then.
func ExampleReader() {
	stream := bytes.NewReader([]byte("\x32\x23\x04\x01\x76\x06" + "2.0.0\x00"))
	p, err := dialect.NewReader(dialect.V20, stream, codec.DefaultLimits()).Next()
	if err != nil {
		log.Fatal(err)
	}
	table, err := spec.Dialects.ReadFile("dialects/2.0.0.tsv")
	if err != nil {
		log.Fatal(err)
	}
	codes, err := dialect.ParseCodes(string(table))
	if err != nil {
		log.Fatal(err)
	}
	typed := codes.Interpret(dialect.V20, &p.Packet)
	fmt.Println(codes.OpcodeName(typed.Opcode), "accepts", dialect.V20.FlagNames(p.Accepts))
	for _, t := range typed.Tags {
		fmt.Println(codes.TagName(t.Name), t.Value())
	}
	// Output:
	// AUTH_OK accepts [zlib UTF-8 numbers]
	// SERVER_VERSION "2.0.0"
}

// A packet as a daemon of 2.0 sends it to a client that reads UTF-8 numbers.
func ExampleWriter() {
	var stream bytes.Buffer
	w := dialect.NewWriter(dialect.V20, &stream)
	w.Accepts = 0x23
	d := dialect.V20
	if err := w.Write(&codec.Packet{Opcode: dialect.OpAuthOK, Tags: []codec.Tag{d.Text(d.LoginCodes().ServerVersion, "2.0.0")}}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x\n", stream.Bytes())
	// Output: 322304017606322e302e3000
}

// Bytes of unknown age.
func ExampleDetect() {
	login := []byte("\x20\x02\x00\x01\x00\x06\x00\x00\x00\x02\x01\xf0")
	d, likely, ok := dialect.Recognised(dialect.Detect(login, false, nil, codec.DefaultLimits()))
	fmt.Println(d, ok, likely[0].Certain)
	// Output: rc8 true the login says protocol 0x01f0
}
