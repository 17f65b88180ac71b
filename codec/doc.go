// Package codec reads and writes the wire format of aMule's External
// Connections (EC) protocol, as aMule 2.3 to 3.0 speak it.
//
// A connection is a sequence of packets. A packet is a header of eight bytes
// (see [Header]) and a body: an opcode and a tree of typed tags. The header's
// [Flags] say how the body is coded, packet by packet, so nothing here reads
// or writes a body without them.
//
// There are three ways in:
//
//   - [Reader] and [Writer] move packets over a stream, [ConsumeFrame] and
//     [AppendFrame] over bytes.
//   - [Packet] and [Tag] are the untyped tree: what aMule's own reader would
//     make of a body, with nothing lost.
//   - [Decoder], [Size] and the Append functions are what the typed messages
//     of package generated/ec stand on.
//
// What aMule's own reader accepts is accepted here and read as the same tree;
// what it refuses is refused. There are two differences, both deliberate:
//
//   - [Limits]. aMule bounds only the length of a body; here the inflated
//     size, the depth, the number of tags and the memory are bounded too.
//   - A zlib stream that ends early. aMule uses whatever it got; here that is
//     [ErrTruncated].
//
// One more is a fault of the zlib library: it takes some streams that use a
// distance code which their block does not define, if the checksum is right.
// No zlib writer makes such streams.
//
// Bytes after the last tag of a body are ignored, as aMule ignores them.
// Payloads are never looked into: a STRING without its NUL is kept as it is.
//
// Values of this package's types are not safe for use by several goroutines
// at once unless their comment says so.
package codec
