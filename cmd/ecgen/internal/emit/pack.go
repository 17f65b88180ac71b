package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// member is a field of a Go struct.
type member struct {
	comment string
	name    string
	goType  *jen.Statement
	size    int // in bytes, where pointers have eight
	align   int
}

// pack returns the members in their order, but for small ones that come earlier
// to fill a gap before a member that must be aligned: large replies have many
// objects, and a tenth of a shared file would be gaps.
func pack(members []member) (packed []member) {
	members = slices.Clone(members)
	for offset := 0; len(members) > 0; {
		fits := func(m member) bool { return offset%m.align == 0 }
		next := max(0, slices.IndexFunc(members, fits))
		m := members[next]
		offset += (m.align - offset%m.align) % m.align
		offset += m.size
		packed = append(packed, m)
		members = slices.Delete(members, next, next+1)
	}
	return packed
}

// fieldMember is the member for a field of the spec.
func (e *structEmitter) fieldMember(f *model.Field, goType *jen.Statement) member {
	size, align := sizeOf(f)
	return member{fieldComment(e.s, f), f.Name, goType, size, align}
}

// listMember is a member that is a slice.
func listMember(comment, name string, element *jen.Statement) member {
	return member{comment, name, jen.Index().Add(element), 24, 8}
}

// sizeOf returns the size of the Go type of a field, and to what it is to be
// aligned.
func sizeOf(f *model.Field) (size, align int) {
	if f.Repeated {
		return 24, 8
	}
	switch f.Kind {
	case model.KindUint:
		return f.Width / 8, f.Width / 8
	case model.KindBool, model.KindEmpty, model.KindSwitch:
		return 1, 1
	case model.KindString, model.KindDouble:
		return 16, 8
	case model.KindBytes:
		return 24, 8
	case model.KindIPv4:
		return 6, 2
	case model.KindHash16, model.KindUint128:
		return 16, 8 // which they need not be
	default:
		return 8, 8
	}
}
