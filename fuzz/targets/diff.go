package targets

import (
	"errors"
	"fmt"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/fuzz/reference"
	"github.com/ecgen/ecgen/generated/ec"
)

// Diff compares package codec with the reference decoder.
var Diff = Target{
	Name: "Diff", Form: loose.Body, Folder: "fuzz",
	Doc: "A body is accepted or refused as by the slow reference decoder: with the same tree, or for the same reason " +
		"at the same offset, also by the walk over its elements and by its typed message. The input is one byte of " +
		"flags and a body.",
	Run: func(data []byte) error {
		flags, body := split(data)
		return differs(body, flags)
	},
}

// few are limits that small inputs reach.
var few = newLimits(codec.Budgets{Depth: 12, Tags: 200})

// differs compares all readers of a plain body.
func differs(body []byte, flags codec.Flags) error {
	budgets := few.Budgets()
	want, verdict, offset := reference.Decode(body, uint32(flags), reference.Limits{Depth: budgets.Depth, Tags: budgets.Tags})
	var p codec.Packet
	err := p.Decode(body, flags, codec.Share, few)
	if err := sameVerdict("the untyped packet", err, verdict, offset); err != nil {
		return err
	}
	if err == nil && (p.Opcode != codec.Opcode(want.Opcode) || !sameTags(p.Tags, want.Tags)) {
		return fmt.Errorf("read as\n%v\nwant\n%v", &p, want)
	}
	_, walkErr := walk(body, flags, few)
	if err := sameVerdict("walking", walkErr, verdict, offset); err != nil {
		return err
	}
	return eachMessage(body, flags, func(_ codec.Direction, m ec.Message) error {
		return sameVerdict("the typed message", m.DecodeBody(body, flags, codec.Share, few), verdict, offset)
	})
}

// verdicts are the errors of package codec for those of the reference.
var verdicts = map[reference.Verdict]error{
	reference.Accepted:    nil,
	reference.BadFlags:    codec.ErrFlags,
	reference.Sealed:      codec.ErrEncrypted,
	reference.EndsEarly:   codec.ErrTruncated,
	reference.BadNumber:   codec.ErrNumber,
	reference.TooShort:    codec.ErrLength,
	reference.TooDeep:     codec.ErrTooDeep,
	reference.TooManyTags: codec.ErrTooManyTags,
}

func sameVerdict(who string, err error, verdict reference.Verdict, offset int) error {
	if errors.Is(err, codec.ErrTooMuchMemory) {
		return nil // which the reference does not count
	}
	e, _ := errors.AsType[*codec.Error](err)
	if !errors.Is(err, verdicts[verdict]) || e != nil && e.Offset != offset {
		return fmt.Errorf("%s says %v, the reference decoder: %s at offset %d", who, err, verdict, offset)
	}
	return nil
}

func sameTags(a []codec.Tag, b []reference.Tag) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := &a[i], &b[i]
		if uint16(x.Name) != y.Name || byte(x.Type) != y.Type || string(x.Data) != string(y.Own) || !sameTags(x.Children, y.Children) {
			return false
		}
	}
	return true
}
