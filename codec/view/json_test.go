package view

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

var sixteen = [16]byte{0xfe, 15: 0x01}

// Each case is the fields of a report, as tags and as typed JSON.
var typedCases = []struct {
	name   string
	tags   []codec.Tag
	fields string
}{
	{"nothing", nil, `{}`},
	{"integers", list(codec.NewUint(tagSpeed, 1<<53), codec.NewUint(tagState, 7)), `{"SPEED":9007199254740992,"STATE":7}`},
	{"integer over 2^53", list(codec.NewUint(tagSpeed, 1<<53+1)), `{"SPEED":"9007199254740993"}`},
	{"largest integer", list(codec.NewUint(tagSpeed, 1<<64-1)), `{"SPEED":"18446744073709551615"}`},
	{"empty integer", list(codec.NewCustom(tagSpeed, nil)), `{"SPEED":null}`},
	{"booleans", list(codec.NewUint(tagShared, 1), codec.NewUint(tagChoice, 0)), `{"SHARED":true,"CHOICE":false}`},
	{"empty booleans", list(codec.NewCustom(tagShared, nil), codec.NewCustom(tagChoice, nil)), `{"SHARED":null,"CHOICE":null}`},
	{"presence", list(codec.NewCustom(tagMark, nil)), `{"MARK":true}`},
	{"string", list(codec.NewString(tagName, "a\"\\\n\x7f\u009b\u2028\u202e\U0001f600\U000e0001é")),
		`{"NAME":"a\"\\\u000a\u007f\u009b\u2028\u202e😀\udb40\udc01é"}`},
	{"string that is not UTF-8", list(codec.NewString(tagName, "a\xff")), `{"NAME":{"hex":"61ff00"}}`},
	{"string with a NUL", list(codec.NewString(tagName, "a\x00b")), `{"NAME":{"hex":"61006200"}}`},
	{"double", list(codec.NewDoubleTag(tagRatio, "1.23457e+06")), `{"RATIO":1.23457e+06}`},
	{"double that is no JSON number", list(codec.NewDoubleTag(tagRatio, "-nan")), `{"RATIO":"-nan"}`},
	{"double like a number", list(codec.NewDoubleTag(tagRatio, "01")), `{"RATIO":"01"}`},
	{"double with a space", list(codec.NewDoubleTag(tagRatio, "1 ")), `{"RATIO":"1 "}`},
	{"double that is no text", list(codec.NewDoubleTag(tagRatio, "\xff")), `{"RATIO":{"hex":"ff00"}}`},
	{"bytes", list(codec.NewHash(tagHash, sixteen), codec.NewUInt128(tagKad, sixteen), codec.NewCustom(tagBlob, []byte{0, 10})),
		`{"HASH":"fe000000000000000000000000000001","KAD":"fe000000000000000000000000000001","BLOB":"000a"}`},
	{"no bytes", list(codec.NewCustom(tagBlob, nil)), `{"BLOB":""}`},
	{"address", list(codec.NewIPv4(tagAddress, codec.IPv4{Address: [4]byte{127, 0, 0, 1}, Port: 4662})), `{"ADDRESS":"127.0.0.1:4662"}`},
	{"order of the packet", list(codec.NewString(tagName, ""), codec.NewUint(tagSpeed, 1)), `{"NAME":"","SPEED":1}`},
	{"list", list(codec.NewUint(tagIDs, 1), codec.NewUint(tagIDs, 300)), `{"IDS":[1,300]}`},
	{"list of one", list(codec.NewUint(tagIDs, 1)), `{"IDS":[1]}`},
	{"positions", list(codec.NewString(tagComments, "a"), codec.NewUint(tagComments, 1), codec.NewString(tagComments, "b"), codec.NewUint(tagComments, 2)),
		`{"COMMENTS":[["a",1],["b",2]]}`},
	{"objects", list(codec.NewUint(tagPartFile, 5, codec.NewString(tagName, "x")), codec.NewHash(tagPartFile, sixteen), codec.NewCustom(tagPartFile, nil)),
		`{"PARTFILE":[{"own":5,"NAME":"x"},{"own":{"hash16":"fe000000000000000000000000000001"}},{}]}`},
	{"mixed lists", list(codec.NewUint(tagPartFile, 1), codec.NewUint(tagKnownFile, 2), codec.NewUint(tagKnownFile, 3), codec.NewUint(tagPartFile, 4)),
		`{"PARTFILE":[{"own":1},{"own":4}],"KNOWNFILE":[{"own":2},{"own":3}],"order":[["PARTFILE",1],["KNOWNFILE",2],["PARTFILE",1]]}`},
	{"lists one after the other", list(codec.NewUint(tagKnownFile, 2), codec.NewUint(tagKnownFile, 3), codec.NewUint(tagPartFile, 4)),
		`{"KNOWNFILE":[{"own":2},{"own":3}],"PARTFILE":[{"own":4}]}`},
	{"positions around a field", list(codec.NewString(tagComments, "a"), codec.NewUint(tagComments, 1), codec.NewUint(tagSpeed, 9), codec.NewString(tagComments, "b"), codec.NewUint(tagComments, 2)),
		`{"COMMENTS":[["a",1],["b",2]],"SPEED":9,"order":[["COMMENTS",1],["SPEED",1],["COMMENTS",1]]}`},
	{"element of another name", list(codec.NewUint(tagFile, 1), codec.NewUint(tagOtherFile, 2)), `{"FILE":[{"own":1},{"tag":"OTHER_FILE","own":2}]}`},
	{"leaf of another name", list(codec.NewUint(tagOtherLink, 2), codec.NewUint(tagLink, 1)), `{"LINK":[{"tag":"OTHER_LINK","value":2},1]}`},
	{"container", list(codec.NewCustom(tagGroup, nil, codec.NewString(tagName, "x"))), `{"GROUP":{"NAME":"x"}}`},
	{"one kind of own data", list(codec.NewIPv4(tagServer, codec.IPv4{Port: 1})), `{"SERVER":{"own":"0.0.0.0:1"}}`},
	{"many kinds of own data", list(codec.NewString(tagNode, "n",
		codec.NewUint(tagValue, 1<<60), codec.NewString(tagValue, "1"), codec.NewDoubleTag(tagValue, "1"), codec.NewIPv4(tagValue, codec.IPv4{}),
		codec.NewUInt128(tagValue, sixteen), codec.NewCustom(tagValue, []byte{1}), codec.NewString(tagValue, "\xff"))),
		`{"NODE":{"own":"n","VALUE":[{"own":"1152921504606846976"},{"own":{"string":"1"}},{"own":{"double":1}},{"own":{"ipv4":"0.0.0.0:0"}},` +
			`{"own":{"uint128":"fe000000000000000000000000000001"}},{"own":{"bytes":"01"}},{"own":{"string":{"hex":"ff00"}}}]}}`},
	{"objects in objects", list(codec.NewString(tagNode, "a", codec.NewString(tagNode, "b", codec.NewString(tagNode, "c")))),
		`{"NODE":{"own":"a","NODE":[{"own":"b","NODE":[{"own":"c"}]}]}}`},
	{"field without a name", list(codec.NewUint(tagNameless, 1)), `{"0x0118":1}`},

	{"unknown name", list(odd(0x7fff, 99, "\x01", codec.NewUint(tagSpeed, 1))), `{"unknown_tags":[[32767,99,"01",[[256,2,"01",[]]]]]}`},
	{"unknown tag between", list(codec.NewUint(tagSpeed, 1), codec.NewUint(5, 1), codec.NewUint(tagState, 1)),
		`{"SPEED":1,"unknown_tags":[[5,2,"01",[]]],"STATE":1}`},
	{"unknown tags between", list(codec.NewUint(5, 1), codec.NewUint(tagSpeed, 1), codec.NewUint(5, 2)),
		`{"unknown_tags":[[5,2,"01",[]],[5,2,"02",[]]],"SPEED":1,"order":[["unknown_tags",1],["SPEED",1],["unknown_tags",1]]}`},
	{"wrong type", list(codec.NewString(tagSpeed, "1")), `{"unknown_tags":[[256,6,"3100",[]]]}`},
	{"wrong length", list(odd(tagSpeed, codec.TypeUint16, "\x01")), `{"unknown_tags":[[256,3,"01",[]]]}`},
	{"too large", list(codec.NewUint(tagState, 256)), `{"unknown_tags":[[259,3,"0100",[]]]}`},
	{"leaf with children", list(codec.NewUint(tagSpeed, 1, codec.NewUint(5, 1))), `{"unknown_tags":[[256,2,"01",[[5,2,"01",[]]]]]}`},
	{"second tag", list(codec.NewUint(tagSpeed, 1), codec.NewUint(tagSpeed, 2)), `{"SPEED":1,"unknown_tags":[[256,2,"02",[]]]}`},
	{"after a misfit", list(codec.NewString(tagSpeed, ""), codec.NewUint(tagSpeed, 2)), `{"unknown_tags":[[256,6,"00",[]],[256,2,"02",[]]]}`},
	{"list after a misfit", list(codec.NewUint(tagIDs, 1), codec.NewString(tagIDs, ""), codec.NewUint(tagIDs, 2)),
		`{"IDS":[1],"unknown_tags":[[268,6,"00",[]],[268,2,"02",[]]]}`},
	{"other name after a misfit", list(codec.NewString(tagOtherLink, ""), codec.NewUint(tagLink, 2)), `{"unknown_tags":[[278,6,"00",[]],[277,2,"02",[]]]}`},
	{"second object", list(codec.NewCustom(tagGroup, nil), codec.NewCustom(tagGroup, nil)), `{"GROUP":{},"unknown_tags":[[279,1,"",[]]]}`},
	{"object of a wrong type", list(codec.NewString(tagPartFile, "", codec.NewUint(tagState, 1))), `{"unknown_tags":[[270,6,"00",[[259,2,"01",[]]]]]}`},
	{"object with odd own data", list(odd(tagPartFile, codec.TypeUint32, "\x01", codec.NewUint(tagState, 1))),
		`{"PARTFILE":[{"own":{"type":4,"hex":"01"},"STATE":1}]}`},
	{"object of only odd own data", list(odd(tagPartFile, codec.TypeUint32, "\x01")), `{"unknown_tags":[[270,4,"01",[]]]}`},
	{"container with own data", list(odd(tagGroup, codec.TypeCustom, "\x01", codec.NewUint(5, 1))),
		`{"GROUP":{"own":{"type":1,"hex":"01"},"unknown_tags":[[5,2,"01",[]]]}}`},
	{"half an item", list(codec.NewString(tagComments, "a"), codec.NewUint(tagComments, 1), codec.NewString(tagComments, "b")),
		`{"COMMENTS":[["a",1]],"unknown_tags":[[269,6,"6200",[]]]}`},
	{"item with a tag between", list(codec.NewString(tagComments, "a"), codec.NewUint(tagSpeed, 1), codec.NewUint(tagComments, 1)),
		`{"unknown_tags":[[269,6,"6100",[]],[269,2,"01",[]]],"SPEED":1,"order":[["unknown_tags",1],["SPEED",1],["unknown_tags",1]]}`},
	{"item of wrong types", list(codec.NewString(tagComments, "a"), codec.NewString(tagComments, "b"), codec.NewString(tagComments, "a"), codec.NewUint(tagComments, 1)),
		`{"unknown_tags":[[269,6,"6100",[]],[269,6,"6200",[]],[269,6,"6100",[]],[269,2,"01",[]]]}`},
}

func TestTypedJSONIsWrittenAndReadBack(t *testing.T) {
	for _, c := range typedCases {
		t.Run(c.name, func(t *testing.T) {
			m := report(c.tags...)
			want := `{"opcode":"REPORT","from":"daemon","flags":50,"fields":` + c.fields + `}`
			text := string(testViewer.AppendJSON(nil, m))
			if text != want {
				t.Errorf("got\n%s, want\n%s", text, want)
			}
			if !json.Valid([]byte(want)) {
				t.Error("the wanted text is no JSON")
			}
			checkParses(t, want, m)
		})
	}
}

func checkParses(t *testing.T, text string, want *Message) {
	t.Helper()
	got, err := testViewer.ParseJSON([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if got.From != want.From || got.Flags != want.Flags || !got.Packet.Equal(&want.Packet) {
		t.Fatalf("%s\nreads as %v, %#x\n%v, want %v, %#x\n%v", text, got.From, got.Flags, &got.Packet, want.From, want.Flags, &want.Packet)
	}
}

func TestOpcodesWithoutAMessageStandInHex(t *testing.T) {
	for _, c := range []struct {
		from codec.Direction
		op   codec.Opcode
		want string
	}{
		{codec.FromDaemon, 0x05, `"opcode":"0x05","from":"daemon"`},
		{codec.FromDaemon, opStrange, `"opcode":"0x12","from":"daemon"`},
		{codec.FromClient, opReport, `"opcode":"0x0c","from":"client"`},
		{codec.FromClient, opCommand, `"opcode":"COMMAND","from":"client"`},
	} {
		m := &Message{From: c.from, Flags: 0x20, Packet: codec.Packet{Opcode: c.op, Tags: list(codec.NewUint(5, 1))}}
		text := string(testViewer.AppendJSON(nil, m))
		if want := `{` + c.want + `,"flags":32,"fields":{"unknown_tags":[[5,2,"01",[]]]}}`; text != want {
			t.Errorf("got\n%s, want\n%s", text, want)
		}
		checkParses(t, text, m)
	}
}

func TestRawJSONIsWrittenAndReadBack(t *testing.T) {
	for _, c := range []struct {
		m    Message
		want string
	}{
		{Message{Flags: 0x32, Packet: codec.Packet{Opcode: 4, Tags: list(codec.NewString(1291, "3.0.1"))}},
			`{"flags":50,"op":4,"tags":[[1291,6,"332e302e3100",[]]]}`},
		{Message{Packet: codec.Packet{}}, `{"flags":0,"op":0,"tags":[]}`},
		{Message{Flags: 1<<32 - 1, Packet: codec.Packet{Opcode: 255, Tags: list(
			odd(codec.MaxTagName, 255, "\xff", odd(0, 0, ""), odd(1, codec.TypeUint32, "\x00\x00\x00\x05")))}},
			`{"flags":4294967295,"op":255,"tags":[[32767,255,"ff",[[0,0,"",[]],[1,4,"00000005",[]]]]]}`},
	} {
		if text := string(AppendRaw(nil, &c.m)); text != c.want {
			t.Errorf("got\n%s, want\n%s", text, c.want)
		}
		checkParses(t, c.want, &c.m)
	}
}

func TestJSONMayBeWrittenInOtherWays(t *testing.T) {
	const start = `{"fields":`
	const end = `, "flags": "50", "from": "daemon", "opcode": "REPORT"}`
	for _, c := range []struct {
		fields string
		want   []codec.Tag
	}{
		{`{"SPEED":"5"}`, list(codec.NewUint(tagSpeed, 5))},
		{`{"STATE":"PAUSED"}`, list(codec.NewUint(tagState, 7))},
		{`{"STATE":"paused"}`, list(codec.NewUint(tagState, 7))},
		{`{"STATE":"0x10"}`, list(codec.NewUint(tagState, 16))},
		{`{"BITS":"LOW|HIGH|16"}`, list(codec.NewUint(tagBits, 21))},
		{`{"NAME":"\u0061\ud83d\ude00\/"}`, list(codec.NewString(tagName, "a😀/"))},
		{`{"NAME":{"hex":"FF00"}}`, list(codec.NewString(tagName, "\xff"))},
		{`{"NAME":"\u0000"}`, list(codec.NewString(tagName, "\x00"))},
		{`{"NODE":{"VALUE":[{"own":{"uint":5}}],"own":"n"}}`, list(codec.NewString(tagNode, "n", codec.NewUint(tagValue, 5)))},
		{`{"order":[["IDS",1],["SPEED",1],["IDS",1]],"IDS":[1,2],"SPEED":3}`,
			list(codec.NewUint(tagIDs, 1), codec.NewUint(tagSpeed, 3), codec.NewUint(tagIDs, 2))},
		{`{"IDS":[],"unknown_tags":[]}`, nil},
		{"\n\t{ }\r\n", nil},
	} {
		checkParses(t, start+c.fields+end, report(c.want...))
	}
}

func TestErrorsSayWhereAndWhy(t *testing.T) {
	typed := func(fields string) string {
		return `{"opcode":"REPORT","from":"daemon","flags":50,"fields":` + fields + `}`
	}
	raw := func(tags string) string { return `{"flags":50,"op":4,"tags":` + tags + `}` }
	for _, c := range []struct{ text, want string }{
		{``, `no JSON: unexpected end of JSON input at byte 0`},
		{`{"op":4,}`, `no JSON: invalid character '}' looking for beginning of object key string at byte 9`},
		{`5`, `want an object with the key "opcode" (typed) or "op" (raw)`},
		{`{"error":"x","offset":5}`, `want an object with the key "opcode" (typed) or "op" (raw)`},
		{"{\"opcode\":\"\xff\"}", `the text is not UTF-8; bytes belong into a string of hex digits`},
		{`{"opcode":"\ud800"}`, `half a surrogate pair at byte 12`},
		{`{"opcode":"\\\ud83d\u0041"}`, `half a surrogate pair at byte 14`},
		{`{"opcode":"\\ud800"}`, `the key "from" is missing`},
		{strings.Repeat("[", 20000) + strings.Repeat("]", 20000), `no JSON: invalid character '[' exceeded max depth at byte 10001`},

		{`{"opcode":"REPORT","from":"daemon","flags":50}`, `the key "fields" is missing`},
		{`{"opcode":"REPORT","opcode":"REPORT"}`, `the key "opcode" stands there twice`},
		{`{"opcode":"REPORT","form":"daemon"}`, `there is no key "form" here; did you mean "from"?`},
		{`{"opcode":"REPROT","from":"daemon","flags":50,"fields":{}}`, `opcode: there is no opcode "REPROT" here; did you mean "REPORT"?`},
		{`{"opcode":"0x100","from":"daemon","flags":50,"fields":{}}`, `opcode: there is no opcode "0x100" here`},
		{`{"opcode":12,"from":"daemon","flags":50,"fields":{}}`, `opcode: want a string, not 12`},
		{`{"opcode":"REPORT","from":"me","flags":50,"fields":{}}`, `from: want "client" or "daemon", not a string`},
		{`{"opcode":"REPORT","from":"daemon","flags":4294967296,"fields":{}}`, `flags: 4294967296 is over 4294967295`},
		{`{"opcode":"0x12","from":"daemon","flags":50,"fields":{"SPEED":1}}`, `fields: there is no field "SPEED" here`},

		{typed(`[]`), `fields: want an object, not an array`},
		{typed(`{"SPEDE":1}`), `fields: there is no field "SPEDE" here; did you mean "SPEED"?`},
		{typed(`{"OTHER_FILE":[]}`), `fields: there is no field "OTHER_FILE" here`},
		{typed(`{"0x0100":1}`), `fields: there is no field "0x0100" here; did you mean "0x0118"?`},
		{typed(`{"` + strings.Repeat("x", 100) + `":1}`), `fields: there is no field "` + strings.Repeat("x", 64) + `..." here`},
		{typed(`{"SPEED":1,"SPEED":1}`), `fields: the key "SPEED" stands there twice`},
		{typed(`{"SPEED":true}`), `fields.SPEED: want an integer, not true`},
		{typed(`{"SPEED":-1}`), `fields.SPEED: want an integer from 0 to 18446744073709551615, not "-1"`},
		{typed(`{"SPEED":1.0}`), `fields.SPEED: want an integer from 0 to 18446744073709551615, not "1.0"`},
		{typed(`{"SPEED":18446744073709551616}`), `fields.SPEED: 18446744073709551616 is over 18446744073709551615`},
		{typed(`{"STATE":256}`), `fields.STATE: 256 is over 255`},
		{typed(`{"STATE":"256"}`), `fields.STATE: 256 is over 255`},
		{typed(`{"STATE":"PAUSD"}`), `fields.STATE: there is no State "PAUSD" here; did you mean "PAUSED"?`},
		{typed(`{"BITS":"LOW|"}`), `fields.BITS: there is no Bits "LOW|" here; did you mean "LOW"?`},
		{typed(`{"SHARED":1}`), `fields.SHARED: want true, false or null, not 1`},
		{typed(`{"MARK":false}`), `fields.MARK: want true, or no such key, not false`},
		{typed(`{"NAME":null}`), `fields.NAME: want a string, not null`},
		{typed(`{"NAME":{"hex":"6"}}`), `fields.NAME: want pairs of hex digits: encoding/hex: odd length hex string`},
		{typed(`{"NAME":{"hex":"61"}}`), `fields.NAME: no such value is possible here`},
		{typed(`{"NAME":{"text":"61"}}`), `fields.NAME: there is no key "text" here; did you mean "hex"?`},
		{typed(`{"RATIO":[]}`), `fields.RATIO: want a string, not an array`},
		{typed(`{"HASH":"00"}`), `fields.HASH: want 32 hex digits, not 2`},
		{typed(`{"BLOB":"xx"}`), `fields.BLOB: want pairs of hex digits: encoding/hex: invalid byte: U+0078 'x'`},
		{typed(`{"ADDRESS":"[::1]:1"}`), `fields.ADDRESS: want an address and a port as in 127.0.0.1:4662, not "[::1]:1"`},
		{typed(`{"IDS":1}`), `fields.IDS: want an array, not 1`},
		{typed(`{"IDS":[1,null]}`), `fields.IDS[1]: no such value is possible here`},
		{typed(`{"IDS":[1,65536]}`), `fields.IDS[1]: 65536 is over 65535`},
		{typed(`{"COMMENTS":[["a",1],["a"]]}`), `fields.COMMENTS[1]: want 2 items, not 1`},
		{typed(`{"COMMENTS":[["a","b"]]}`), `fields.COMMENTS[0][1]: want an integer from 0 to 255, not "b"`},
		{typed(`{"PARTFILE":[{"NAEM":""}]}`), `fields.PARTFILE[0]: there is no field "NAEM" here; did you mean "NAME"?`},
		{typed(`{"PARTFILE":[{"tag":"FILE"}]}`), `fields.PARTFILE[0]: there is no field "tag" here`},
		{typed(`{"PARTFILE":[5]}`), `fields.PARTFILE[0]: want an object, not 5`},
		{typed(`{"PARTFILE":[{"own":true}]}`), `fields.PARTFILE[0].own: want an integer, not true`},
		{typed(`{"PARTFILE":[{"own":"x"}]}`), `fields.PARTFILE[0].own: want an integer from 0 to 4294967295, not "x"`},
		{typed(`{"PARTFILE":[{"own":{"hash":"x"}}]}`), `fields.PARTFILE[0].own: there is no kind "hash" here; did you mean "hash16"?`},
		{typed(`{"PARTFILE":[{"own":{"hash16":"00"}}]}`), `fields.PARTFILE[0].own.hash16: want 32 hex digits, not 2`},
		{typed(`{"PARTFILE":[{"own":{}}]}`), `fields.PARTFILE[0].own: want one key, the kind, not 0`},
		{typed(`{"PARTFILE":[{"own":{"type":256,"hex":""}}]}`), `fields.PARTFILE[0].own.type: 256 is over 255`},
		{typed(`{"PARTFILE":[{"own":{"type":2}}]}`), `fields.PARTFILE[0].own: the key "hex" is missing`},
		{typed(`{"GROUP":{"own":5}}`), `fields.GROUP.own: there is no own data here`},
		{typed(`{"FILE":[{"tag":"PARTFILE"}]}`), `fields.FILE[0].tag: the field FILE takes no tag "PARTFILE"`},
		{typed(`{"LINK":[{"tag":"LINK"}]}`), `fields.LINK[0]: the key "value" is missing`},
		{typed(`{"unknown_tags":[[1,2,"",[[1,2,3,[]]]]]}`), `fields.unknown_tags[0][3][0][2]: want a string, not 3`},
		{typed(`{"IDS":[1],"order":[["IDS",2]]}`), `fields.order[0]: there are not so many values of "IDS"`},
		{typed(`{"IDS":[1],"order":[["SPEED",1]]}`), `fields.order[0]: there are not so many values of "SPEED"`},
		{typed(`{"IDS":[1,2],"order":[["IDS",1]]}`), `fields.order: it leaves out 1 values of "IDS"`},
		{typed(`{"IDS":[1],"order":[]}`), `fields.order: it leaves out 1 values of "IDS"`},
		{typed(`{"IDS":[1],"order":[["IDS"]]}`), `fields.order[0]: want [name, count], not 1 items`},
		{typed(`{"IDS":[1],"order":[["IDS",-1]]}`), `fields.order[0][1]: want an integer from 0 to 2147483647, not "-1"`},

		{`{"flags":50,"op":4}`, `the key "tags" is missing`},
		{`{"flags":50,"op":4,"tags":[],"more":1}`, `there is no key "more" here`},
		{`{"flags":50,"op":256,"tags":[]}`, `op: 256 is over 255`},
		{`{"flags":50,"op":null,"tags":[]}`, `op: want an integer, not null`},
		{raw(`{}`), `tags: want an array, not an object`},
		{raw(`[[1,2,"00"]]`), `tags[0]: want [name, type, own data in hex, [children]], not 3 items`},
		{raw(`[[32768,2,"00",[]]]`), `tags[0][0]: 32768 is over 32767`},
		{raw(`[[1,256,"00",[]]]`), `tags[0][1]: 256 is over 255`},
		{raw(`[[1,2,"0",[]]]`), `tags[0][2]: want pairs of hex digits: encoding/hex: odd length hex string`},
		{raw(`[[1,2,"00",[]],[1,2,"00",[5]]]`), `tags[1][3][0]: want an array, not 5`},
	} {
		m, err := testViewer.ParseJSON([]byte(c.text))
		if err == nil {
			t.Errorf("%.200s\nreads as %v, want the error %s", c.text, &m.Packet, c.want)
		} else if err.Error() != c.want {
			t.Errorf("%.200s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}
