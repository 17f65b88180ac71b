package peers

import (
	"reflect"
	"strings"

	"github.com/ecgen/ecgen/bench"
	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// SharedFiles is the EC message of that name in plain Go.
type SharedFiles struct {
	Files []File
}

// File is a shared file: what the EC message says of it, field by field.
type File struct {
	ECID                uint32
	ReqCount            uint16
	ReqCountAll         uint32
	AcceptCount         uint16
	AcceptCountAll      uint32
	Uploaded            uint64
	UploadedAll         uint64
	AICHMasterHash      string
	UploadPrio          uint8
	CompleteSourcesLow  uint16
	CompleteSourcesHigh uint16
	CompleteSources     uint16
	OnQueue             uint16
	Name                string
	Hash                []byte
	Location            string
	SizeFull            uint64
	ED2KLink            string
	OwnComment          string
	OwnRating           uint8
	PartStatus          []byte
}

// Files returns the n shared files that package bench makes, with their texts
// in memory in their order.
func Files(n int) ([]File, error) {
	const flags = codec.FlagBase | codec.FlagLargeTagCount
	body, err := bench.SharedFiles(n).AppendBody(nil, flags)
	if err != nil {
		return nil, err
	}
	var m ec.SharedFiles
	if err := m.UnmarshalBody(body, flags); err != nil {
		return nil, err
	}
	known := make([]*ec.KnownFile, n)
	for i := range known {
		known[i] = m.Files[i].KnownFile
	}
	return Convert[File](known), nil
}

// Convert returns files of another type with the same fields. Both types are
// structs or pointers to structs.
func Convert[To, From any](files []From) []To {
	converted := make([]To, len(files))
	pairs := pair(structOf[To](), structOf[From]())
	for i := range files {
		to := reflect.ValueOf(&converted[i]).Elem()
		if to.Kind() == reflect.Pointer {
			to.Set(reflect.New(to.Type().Elem()))
			to = to.Elem()
		}
		from := reflect.Indirect(reflect.ValueOf(&files[i]).Elem())
		for _, p := range pairs {
			assign(to.Field(p.to), from.Field(p.from))
		}
	}
	return converted
}

// structOf returns the struct that T is or points to.
func structOf[T any]() reflect.Type {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// fields are the indexes of fields of the same name in two structs.
type fields struct{ to, from int }

// pair returns the exported fields that both structs have, in any spelling.
func pair(to, from reflect.Type) (pairs []fields) {
	for i := range to.NumField() {
		for j := range from.NumField() {
			if to.Field(i).IsExported() && strings.EqualFold(to.Field(i).Name, from.Field(j).Name) {
				pairs = append(pairs, fields{i, j})
			}
		}
	}
	return pairs
}

// assign converts a value to the type of a field. An array becomes a slice.
func assign(to, from reflect.Value) {
	if from.Kind() == reflect.Array && to.Kind() == reflect.Slice {
		to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		reflect.Copy(to, from)
		return
	}
	to.Set(from.Convert(to.Type()))
}
