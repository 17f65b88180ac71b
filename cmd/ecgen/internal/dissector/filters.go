package dissector

import (
	"slices"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// field is what Wireshark filters by. Fields of one filter have one kind.
type field struct {
	Filter string // without amule_ec.
	Kind   string // of Wireshark's
	Label  string
	Enum   int
	Doc    string
}

// filters are the fields for all tags, with the places that use them.
type filters struct {
	fields []field
	known  map[identity]int // index, from 1
	main   map[*model.Code]string
}

// identity is what one field is for.
type identity struct {
	tag  *model.Code
	kind string
	enum *model.Enum
}

// wiresharkKinds are the kinds that Wireshark shows data as.
var wiresharkKinds = map[model.Kind]string{
	model.KindUint: "uint", model.KindBool: "bool", model.KindSwitch: "bool", model.KindEmpty: "none", model.KindString: "string",
	model.KindDouble: "double", model.KindIPv4: "ipv4", model.KindHash16: "bytes", model.KindUint128: "bytes", model.KindBytes: "bytes",
	model.KindObject: "none", model.KindPositions: "none",
}

// newFilters finds out what each tag mostly carries: that gets the tag's own
// name. What the daemon writes counts more, of an object the first alternative
// for its own data. That a tag has children only does not count if it ever has
// more.
func newFilters(p *model.Protocol) *filters {
	f := &filters{known: map[identity]int{}, main: map[*model.Code]string{}}
	weights := map[identity]int{}
	add := func(tag *model.Code, of *model.Field, weight int) {
		id := identity{tag: tag, kind: wiresharkKinds[of.Kind]}
		if weights[id] += weight; id.kind == "none" {
			weights[id] = 1
		}
		if best := f.main[tag]; best == "" || best == "none" || weights[id] > weights[identity{tag: tag, kind: best}] {
			f.main[tag] = id.kind
		}
	}
	for _, s := range p.Shapes() {
		for _, from := range s.Fields {
			for _, name := range append([]*model.Code{from.Tag}, from.Also...) {
				weight := 1
				if slices.Contains(s.From, "daemon") {
					weight = 100
				}
				add(name, from, weight)
				if from.Object == nil {
					continue
				}
				for i, own := range from.Object.Own {
					if i > 0 {
						weight = 1
					}
					add(name, own, weight)
				}
			}
		}
	}
	return f
}

// index returns the index of the field for a tag with such data.
func (f *filters) index(tag *model.Code, of *model.Field) int {
	id := identity{tag, wiresharkKinds[of.Kind], of.Enum}
	if i, ok := f.known[id]; ok {
		return i
	}
	made := field{Filter: filterName(tag.Name), Kind: id.kind, Label: tag.Name, Doc: of.Doc}
	if id.kind != f.main[tag] {
		made.Filter += ".as_" + suffixes[id.kind]
	}
	if id.enum != nil {
		made.Enum = id.enum.Index + 1
	}
	f.fields = append(f.fields, made)
	f.known[id] = len(f.fields)
	return len(f.fields)
}

// suffixes tell the kinds of one tag's fields apart.
var suffixes = map[string]string{
	"uint": "integer", "bool": "bool", "string": "string", "double": "double", "ipv4": "address", "bytes": "bytes", "none": "container",
}

// filterName makes partfile.name of PARTFILE_NAME.
func filterName(tag string) string {
	return strings.Replace(strings.ToLower(tag), "_", ".", 1)
}
