package bench

import (
	"bytes"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// sample is a set in one form.
type sample struct {
	set     Set
	form    Form
	message ec.Message // as it was read, so that its texts stand in memory in their order
	body    []byte     // as transmitted
	work    Work
}

// newMessage returns an empty message of the sample's type.
func (s *sample) newMessage() ec.Message { return ec.New(s.set.From, s.message.Opcode()) }

// inflatedFlags are the flags of the body before deflating.
func (s *sample) inflatedFlags() codec.Flags { return s.form.Flags &^ codec.FlagZlib }

// checkMessage fails unless m is written as the sample is.
func (s *sample) checkMessage(b *testing.B, m codec.Appender) {
	b.Helper()
	if !bytes.Equal(appendBody(b, m, s.inflatedFlags()), appendBody(b, s.message, s.inflatedFlags())) {
		b.Fatal("what was read is written differently")
	}
}

func appendBody(tb testing.TB, m codec.Appender, flags codec.Flags) []byte {
	tb.Helper()
	body, err := m.AppendBody(nil, flags)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

// run runs f as a benchmark of this implementation for each set in each form.
func run(b *testing.B, impl string, f func(b *testing.B, s *sample)) {
	for _, set := range Sets() {
		for _, form := range set.Forms() {
			b.Run("msg="+set.Name+"/form="+form.Name+"/impl="+impl, func(b *testing.B) {
				f(b, newSample(b, set, form))
			})
		}
	}
}

// lastSample is kept because large sets take long to make.
var lastSample *sample

func newSample(tb testing.TB, set Set, form Form) *sample {
	if last := lastSample; last != nil && last.set.Name == set.Name {
		if last.form != form {
			last.form, last.body = form, appendBody(tb, last.message, form.Flags)
		}
		return last
	}
	lastSample = nil
	made := set.New()
	s := &sample{set: set, form: form, message: ec.New(set.From, made.Opcode())}
	plain := appendBody(tb, made, s.inflatedFlags())
	if err := s.message.UnmarshalBody(plain, s.inflatedFlags()); err != nil {
		tb.Fatal(err)
	}
	s.work = Work{Bytes: len(plain), Files: set.Files, Tags: countTags(tb, plain, s.inflatedFlags())}
	s.body = appendBody(tb, s.message, form.Flags)
	lastSample = s
	return s
}

func countTags(tb testing.TB, body []byte, flags codec.Flags) (count int) {
	var p codec.Packet
	if err := p.Decode(body, flags, codec.Share, codec.DefaultLimits()); err != nil {
		tb.Fatal(err)
	}
	for range p.All() {
		count++
	}
	return count
}
