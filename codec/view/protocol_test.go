package view

import (
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// The tags of the protocol that these tests are made of.
const (
	tagSpeed codec.TagName = iota + 0x100
	tagName
	tagRatio
	tagState
	tagBits
	tagShared
	tagChoice
	tagMark
	tagHash
	tagKad
	tagBlob
	tagAddress
	tagIDs
	tagComments
	tagPartFile
	tagKnownFile
	tagFile
	tagOtherFile
	tagServer
	tagNode
	tagValue
	tagLink
	tagOtherLink
	tagGroup
	tagNameless
)

const (
	opReport  codec.Opcode = 0x0c
	opCommand codec.Opcode = 0x0d
	opStrange codec.Opcode = 0x12 // has a name, but is no message
)

// testViewer knows a protocol with a field of each kind.
var testViewer = New(testProtocol())

func testProtocol() *codec.Protocol {
	const report, file, server, node, value, group = 0, 1, 2, 3, 4, 5
	name := codec.Field{Tag: tagName, Kind: codec.KindString}
	state := codec.Field{Tag: tagState, Kind: codec.KindUint, Most: 255, Enum: 1}
	comments := codec.Field{Tag: tagComments, Kind: codec.KindPositions, Repeated: true, Positions: []codec.Field{
		{Kind: codec.KindString}, {Kind: codec.KindUint, Most: 255, Repeated: true},
	}}
	id := codec.Field{Kind: codec.KindUint, Most: 1<<32 - 1}
	p := &codec.Protocol{
		Shapes: []codec.Shape{
			report: {Fields: []codec.Field{
				{Tag: tagSpeed, Kind: codec.KindUint, Most: 1<<64 - 1},
				name,
				{Tag: tagRatio, Kind: codec.KindDouble},
				state,
				{Tag: tagBits, Kind: codec.KindUint, Most: 1<<32 - 1, Enum: 2},
				{Tag: tagShared, Kind: codec.KindBool, Most: 1},
				{Tag: tagChoice, Kind: codec.KindSwitch, Most: 1},
				{Tag: tagMark, Kind: codec.KindEmpty},
				{Tag: tagHash, Kind: codec.KindHash16},
				{Tag: tagKad, Kind: codec.KindUint128},
				{Tag: tagBlob, Kind: codec.KindBytes},
				{Tag: tagAddress, Kind: codec.KindIPv4},
				{Tag: tagIDs, Kind: codec.KindUint, Most: 1<<16 - 1, Repeated: true},
				comments,
				{Tag: tagPartFile, Kind: codec.KindObject, Repeated: true, Children: file, List: "Files"},
				{Tag: tagKnownFile, Kind: codec.KindObject, Repeated: true, Children: file, List: "Files"},
				{Tag: tagFile, Also: []codec.TagName{tagOtherFile}, Kind: codec.KindObject, Repeated: true, Children: file},
				{Tag: tagServer, Kind: codec.KindObject, Children: server},
				{Tag: tagNode, Kind: codec.KindObject, Children: node},
				{Tag: tagLink, Also: []codec.TagName{tagOtherLink}, Kind: codec.KindUint, Most: 255, Repeated: true},
				{Tag: tagGroup, Kind: codec.KindObject, Children: group},
				{Tag: tagNameless, Kind: codec.KindUint, Most: 255},
			}},
			file:   {Own: []codec.Field{id, {Kind: codec.KindHash16}}, Fields: []codec.Field{name, state, comments}},
			server: {Own: []codec.Field{{Kind: codec.KindIPv4}}, Fields: []codec.Field{name}},
			node: {Own: []codec.Field{{Kind: codec.KindString}}, Fields: []codec.Field{
				{Tag: tagValue, Kind: codec.KindObject, Repeated: true, Children: value},
				{Tag: tagNode, Kind: codec.KindObject, Repeated: true, Children: node},
			}},
			value: {Own: []codec.Field{
				{Kind: codec.KindUint, Most: 1<<64 - 1}, {Kind: codec.KindString}, {Kind: codec.KindDouble},
				{Kind: codec.KindIPv4}, {Kind: codec.KindUint128}, {Kind: codec.KindBytes},
			}, Fields: []codec.Field{name}},
			group: {Fields: []codec.Field{name}},
		},
		Messages: [2]map[codec.Opcode]int{
			codec.FromClient: {opCommand: report},
			codec.FromDaemon: {opReport: report},
		},
		Opcodes: map[codec.Opcode]codec.Label{},
		Tags:    map[codec.TagName]codec.Label{},
		Enums: []codec.Enum{
			{Name: "State", Values: map[uint64]string{0: "READY", 7: "PAUSED"}},
			{Name: "Bits", Bits: true, Values: map[uint64]string{1: "LOW", 4: "HIGH"}},
		},
	}
	for i, label := range strings.Fields("REPORT COMMAND") {
		p.Opcodes[opReport+codec.Opcode(i)] = codec.Label{Protocol: label}
	}
	p.Opcodes[opStrange] = codec.Label{Protocol: "STRANGE"}
	for i, label := range strings.Fields("SPEED NAME RATIO STATE BITS SHARED CHOICE MARK HASH KAD BLOB ADDRESS " +
		"IDS COMMENTS PARTFILE KNOWNFILE FILE OTHER_FILE SERVER NODE VALUE LINK OTHER_LINK GROUP") {
		p.Tags[tagSpeed+codec.TagName(i)] = codec.Label{Protocol: label}
	}
	return p
}

// report returns a message with these tags.
func report(tags ...codec.Tag) *Message {
	return &Message{From: codec.FromDaemon, Flags: 0x32, Packet: codec.Packet{Opcode: opReport, Tags: tags}}
}

// list returns its arguments.
func list(tags ...codec.Tag) []codec.Tag { return tags }

// odd returns a tag whose own data are these bytes.
func odd(name codec.TagName, kind codec.Type, data string, children ...codec.Tag) codec.Tag {
	return codec.Tag{Name: name, Type: kind, Data: []byte(data), Children: children}
}
