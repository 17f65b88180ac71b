package capture

import (
	"errors"
	"io"
	"iter"
	"net/netip"
	"slices"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/reassembly"
)

// Connection is one TCP connection of a capture.
type Connection struct {
	Ends   [2]netip.AddrPort // in the order of the first packet that was seen
	Opener int               // which of Ends opened it; negative when that was not captured
}

// Chunk is what one direction of a connection brought next, in the order of
// the stream: each byte once, whatever was sent twice or came out of order. It
// begins where a packet did.
type Chunk struct {
	Connection *Connection
	From       int // index of Connection.Ends
	Time       time.Time
	Data       []byte

	// Begun says that the stream's beginning was captured; else nobody knows
	// how many bytes came before the first chunk.
	Begun bool

	// Missing is how many bytes between the last chunk and this one the
	// capture lacks.
	Missing int

	// End says that nothing more comes from this side.
	End bool
}

// mostPages is how much of one direction (in pages of 1,900 bytes, about 30
// MB) is held back while bytes before it are missing.
const mostPages = 16 << 10

// Stats counts what a capture had.
type Stats struct {
	Packets int // of any kind
	TCP     int // packets of TCP
}

// Chunks walks the chunks of a capture, all connections mixed as they came.
// An error is the end; it is io.ErrUnexpectedEOF when the capture ends within
// a packet. What came before is complete all the same. Stats may be nil.
func Chunks(stream io.Reader, stats *Stats) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		if stats == nil {
			stats = new(Stats)
		}
		source, failure := openSource(stream)
		if failure != nil {
			yield(nil, failure)
			return
		}
		var found factory
		assembler := reassembly.NewAssembler(reassembly.NewStreamPool(&found))
		assembler.MaxBufferedPagesPerConnection = mostPages
		for {
			data, info, err := source.next()
			if err != nil {
				failure = err
				break
			}
			stats.Packets++
			packet := gopacket.NewPacket(data, source.linkType(info), gopacket.DecodeOptions{NoCopy: true, Lazy: true})
			segment, ok := packet.Layer(layers.LayerTypeTCP).(*layers.TCP)
			network := packet.NetworkLayer()
			if !ok || network == nil {
				continue
			}
			stats.TCP++
			assembler.AssembleWithContext(network.NetworkFlow(), segment, &moment{info})
			if !found.release(yield) {
				return
			}
		}
		assembler.FlushAll()
		if found.release(yield) && !errors.Is(failure, io.EOF) {
			yield(nil, failure)
		}
	}
}

// moment tells the assembler when a packet was captured.
type moment struct{ info gopacket.CaptureInfo }

func (m *moment) GetCaptureInfo() gopacket.CaptureInfo { return m.info }

// factory makes a stream for each connection, and collects their chunks.
type factory struct{ chunks []*Chunk }

func (f *factory) New(network, transport gopacket.Flow, segment *layers.TCP, _ reassembly.AssemblerContext) reassembly.Stream {
	s := &stream{factory: f, connection: &Connection{Opener: -1}, ahead: [2]map[uint32]struct{}{{}, {}}}
	s.connection.Ends[0] = endpoint(network.Src(), uint16(segment.SrcPort))
	s.connection.Ends[1] = endpoint(network.Dst(), uint16(segment.DstPort))
	return s
}

func endpoint(address gopacket.Endpoint, port uint16) netip.AddrPort {
	ip, _ := netip.AddrFromSlice(address.Raw())
	return netip.AddrPortFrom(ip, port)
}

// release hands out the chunks that were collected.
func (f *factory) release(yield func(*Chunk, error) bool) bool {
	for _, chunk := range f.chunks {
		if !yield(chunk, nil) {
			return false
		}
	}
	f.chunks = f.chunks[:0]
	return true
}

// stream is one connection on its way through the assembler.
type stream struct {
	factory    *factory
	connection *Connection
	begun      [2]bool
	seen       [2]bool                // something of this direction
	next       [2]uint32              // the sequence number that is to come
	ahead      [2]map[uint32]struct{} // those of packets that came before their turn
}

func side(direction reassembly.TCPFlowDirection) int {
	if direction == reassembly.TCPDirClientToServer {
		return 0
	}
	return 1
}

// Accept takes every packet. A direction whose beginning was not captured
// begins with the first packet that was.
func (s *stream) Accept(segment *layers.TCP, _ gopacket.CaptureInfo, direction reassembly.TCPFlowDirection, _ reassembly.Sequence, start *bool, _ reassembly.AssemblerContext) bool {
	from := side(direction)
	if !s.seen[from] {
		s.seen[from] = true
		s.next[from] = segment.Seq
		if segment.SYN {
			s.begun[from] = true
			s.next[from]++
			s.connection.Opener = from
			if segment.ACK {
				s.connection.Opener = 1 - from
			}
		}
	}
	if len(segment.Payload) > 0 && int32(segment.Seq-s.next[from]) > 0 {
		s.ahead[from][segment.Seq] = struct{}{}
	}
	*start = true
	return true
}

// ReassembledSG collects what is in order now, cut where packets began.
func (s *stream) ReassembledSG(gather reassembly.ScatterGather, context reassembly.AssemblerContext) {
	direction, _, end, missing := gather.Info()
	size, _ := gather.Lengths()
	data := append([]byte(nil), gather.Fetch(size)...)
	from := side(direction)
	missing = max(missing, 0)
	s.next[from] += uint32(missing)
	begin := 0
	for _, cut := range s.cuts(from, size) {
		s.factory.chunks = append(s.factory.chunks, &Chunk{
			Connection: s.connection,
			From:       from,
			Time:       context.GetCaptureInfo().Timestamp,
			Data:       data[begin:cut],
			Begun:      s.begun[from],
			Missing:    missing,
			End:        end && cut == size,
		})
		begin, missing = cut, 0
	}
	s.next[from] += uint32(size)
}

// cuts returns where the packets end that the next size bytes came in, as far
// as they came before their turn; size is the last.
func (s *stream) cuts(from, size int) []int {
	cuts := []int{size}
	for sequence := range s.ahead[from] {
		distance := int(int32(sequence - s.next[from]))
		if distance < size {
			delete(s.ahead[from], sequence)
		}
		if distance > 0 && distance < size {
			cuts = append(cuts, distance)
		}
	}
	slices.Sort(cuts)
	return cuts
}

// ReassemblyComplete lets the assembler forget the connection.
func (s *stream) ReassemblyComplete(reassembly.AssemblerContext) bool { return true }
