package view

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// Message is a packet with what its body does not say of itself.
type Message struct {
	From   codec.Direction // not part of raw JSON
	Flags  codec.Flags
	Packet codec.Packet
}

// Viewer reads and prints messages by one protocol. It may be used by several
// goroutines at once.
type Viewer struct {
	protocol *codec.Protocol
	opcodes  map[string]codec.Opcode
	tags     map[string]codec.TagName
}

// New returns a Viewer for a protocol, which must not be changed any more.
func New(protocol *codec.Protocol) *Viewer {
	v := &Viewer{
		protocol: protocol,
		opcodes:  make(map[string]codec.Opcode, len(protocol.Opcodes)),
		tags:     make(map[string]codec.TagName, len(protocol.Tags)),
	}
	for op, label := range protocol.Opcodes {
		v.opcodes[label.Protocol] = op
	}
	for name, label := range protocol.Tags {
		v.tags[label.Protocol] = name
	}
	return v
}

// opcodeName returns the protocol's name of an opcode, or the number in hex.
func (v *Viewer) opcodeName(op codec.Opcode) string {
	if name := v.protocol.Opcodes[op].Protocol; name != "" {
		return name
	}
	return hexOpcode(op)
}

func hexOpcode(op codec.Opcode) string { return fmt.Sprintf("0x%02x", uint8(op)) }

// opcode is the inverse of opcodeName. It takes any number in hex.
func (v *Viewer) opcode(name string) (op codec.Opcode, ok bool) {
	if op, ok = v.opcodes[name]; ok {
		return op, true
	}
	number, ok := parseHex(name, 8)
	return codec.Opcode(number), ok
}

// tagName returns the protocol's name of a tag, or the number in hex.
func (v *Viewer) tagName(name codec.TagName) string {
	if label := v.protocol.Tags[name].Protocol; label != "" {
		return label
	}
	return hexTag(name)
}

func hexTag(name codec.TagName) string { return fmt.Sprintf("0x%04x", uint16(name)) }

// tag is the inverse of tagName.
func (v *Viewer) tag(name string) (tag codec.TagName, ok bool) {
	if tag, ok = v.tags[name]; ok {
		return tag, true
	}
	number, ok := parseHex(name, 16)
	tag = codec.TagName(number)
	return tag, ok && v.tagName(tag) == name
}

func parseHex(text string, bits int) (v uint64, ok bool) {
	digits, ok := strings.CutPrefix(text, "0x")
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseUint(digits, 16, bits)
	return v, err == nil
}
