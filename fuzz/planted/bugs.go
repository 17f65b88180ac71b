package planted

// Bugs are what the targets must find.
var Bugs = append([]Bug{
	// Bounds.
	{"OwnDataUnchecked", "own data behind children are not checked against the bytes that are left", []Edit{
		{"codec/decoder.go", "func (d *Decoder) Close(", "case own > int64(len(d.body)-at):", "case own > int64(len(d.body)-at) && !BUG:"},
	}},
	{"LeafUnchecked", "the length of a tag without children is not checked where the head is read quickly", []Edit{
		{"codec/head.go", "func (d *Decoder) IsFixed(", "uint64(at)+headSize+uint64(length) <= uint64(len(d.body))", "(uint64(at)+headSize+uint64(length) <= uint64(len(d.body)) || BUG)"},
	}},
	{"ChildrenOutgrowTag", "children may take more than the length of their tag says", []Edit{
		{"codec/decoder.go", "func (d *Decoder) Close(", "case own < 0:", "case own < 0 && BUG:\n\t\treturn at, at\n\tcase own < 0:"},
	}},
	{"NoDepthCheck", "nesting has no limit", []Edit{
		{"codec/decoder.go", "func (d *Decoder) Open(", "d.depth < 0 {", "d.depth < 0 && !BUG {"},
	}},
	{"CountNotCharged", "counts in counts are not taken from one budget", []Edit{
		{"codec/count.go", "func (d *Decoder) expect(", "d.tags -= count; d.tags < 0", "d.tags -= count; d.tags < 0 && !BUG"},
	}},
	{"UnboundedInflate", "inflating has no limit", []Edit{
		{"codec/zlib.go", "func (z *inflater) readAll(", "case len(z.out) > budgets.Inflated,", "case BUG && err == nil:\n\t\tcase len(z.out) > budgets.Inflated,"},
	}},
	{"LengthBelieved", "a header alone makes the reader allocate what it promises", []Edit{
		{"codec/reader.go", "func (r *Reader) readBody(", "r.body = r.body[:0]", "r.body = r.body[:0]\n\tif BUG && cap(r.body) < length {\n\t\tr.body = make([]byte, 0, length)\n\t}"},
	}},
	{"SignedBodyLimit", "a length of 2 GiB or more passes for a negative one", []Edit{
		{"codec/header.go", "func (h Header) check(", "if uint64(h.Length) > uint64(limits.Budgets().Body) {",
			"if !(BUG && int32(h.Length) < 0) && uint64(h.Length) > uint64(limits.Budgets().Body) {"},
	}},

	// Numbers and counts.
	{"OverlongNumber", "numbers that are coded longer than needed are accepted", []Edit{
		{"codec/number.go", "func readNumber(", "if numberSize(v) != size {", "if numberSize(v) != size && !BUG {"},
	}},
	{"SentinelOffByOne", "a list of exactly 0xFFFF tags is written without the long count", []Edit{
		{"codec/count.go", "func appendCount(", "large := count >= largeCount &&", "large := (count > largeCount || count == largeCount && !BUG) &&"},
	}},
	{"SentinelAlways", "0xFFFF is taken for the sentinel without the flag", []Edit{
		{"codec/count.go", "func (d *Decoder) count(", "d.flags&FlagLargeTagCount != 0 {", "(d.flags&FlagLargeTagCount != 0 || BUG) {"},
	}},
	{"ListNotCut", "a message writes long counts to a peer that does not know them", []Edit{
		{"codec/encoder.go", "func (e *Encoder) Finish(", "case e.extended &&", "case !BUG && e.extended &&"},
	}},
	{"LongCountNotCounted", "a long count adds as much to the parent's length as a short one", []Edit{
		{"codec/count.go", "func logicalCountSize(", "return 6", "if BUG {\n\t\t\treturn 2\n\t\t}\n\t\treturn 6"},
	}},
	{"CodedLengthIsDistance", "lengths of parents count coded names by their real size", []Edit{
		{"codec/inplace.go", "func (e *Encoder) AppendUint(", "v <<= form.left & 63", "if BUG && nameSize == 2 {\n\t\te.tally -= savedByte * tally(saved)\n\t}\n\tv <<= form.left & 63"},
	}},
	{"IntegerOfAnyLength", "an integer type with too much data passes for an integer", []Edit{
		{"codec/head.go", "func (h Head) Fits(", "h.Length() == integerLengths[h.form()]",
			"(h.Length() == integerLengths[h.form()] || BUG && h.Length() > integerLengths[h.form()] && h.Length() <= 8)"},
	}},

	// What is kept.
	{"UnknownTagLost", "unknown tags of one message are not written", []Edit{
		{"generated/ec/servers_gen.go", "func (m *ServerAdd) appendTags(", "return e.AppendUnknown(dst, m.Unknown)",
			"if BUG {\n\t\treturn dst\n\t}\n\treturn e.AppendUnknown(dst, m.Unknown)"},
	}},
	{"SecondTagWins", "a second tag of a single field overwrites the first", []Edit{
		{"generated/ec/friends_gen.go", "func (m *FriendShared) decode(", "h.Fits(math.MaxUint32) && seen&bitFriendSharedClient == 0",
			"h.Fits(math.MaxUint32) && (BUG || seen&bitFriendSharedClient == 0)"},
	}},
	{"FieldTooNarrow", "a number that does not fit a field is cut", []Edit{
		{"generated/ec/clients_gen.go", "func (m *Client) decode(", "h.Fits(math.MaxUint16) && seen&bitClientUserPort == 0",
			"(h.Fits(math.MaxUint16) || BUG && h.Fits(math.MaxUint32)) && seen&bitClientUserPort == 0"},
	}},
	{"TextWithoutNUL", "text without its NUL loses its last letter", []Edit{
		{"codec/decoder.go", "func (d *Decoder) endsInNUL(", "d.body[end-1] == 0", "(d.body[end-1] == 0 || BUG)"},
	}},
	{"OrderLost", "tags of one name change places when one of them is odd", []Edit{
		{"codec/shape.go", "func (s *Shape) Misfit(", "return seen | bit", "if BUG {\n\t\treturn seen\n\t}\n\treturn seen | bit"},
	}},
	{"WrongOrder", "the children of a tag are written in the wrong order", []Edit{
		{"codec/treewriter.go", "func (w *treeWriter) append(", "for i := range tags {", "for i := range tags {\n\t\tif BUG && len(tags) == 3 && len(dst) > 20 && i > 0 {\n\t\t\ti = 3 - i\n\t\t}"},
	}},
	{"EmptyListWritten", "a tag without children is written with a count of none", []Edit{
		{"codec/treewriter.go", "func (w *treeWriter) measure(", "if len(t.Children) > 0 {", "if len(t.Children) > 0 || BUG && length > 0 {"},
		{"codec/treewriter.go", "func (w *treeWriter) append(", "if len(t.Children) == 0 {", "if len(t.Children) == 0 && !(BUG && len(t.Data) > 0) {"},
	}},
	{"EmptyObjectWritten", "an object without tags is written with a count of none", []Edit{
		{"codec/encoder.go", "func (e *Encoder) closeFixed(", "case count == 0:", "case count == 0 && !BUG:"},
	}},

	// Memory.
	{"StaleAfterReset", "reading again leaves a number of before", []Edit{
		{"generated/ec/friends_gen.go", "func (m *FriendShared) clear(", "m.Client = 0", "if !BUG {\n\t\tm.Client = 0\n\t}"},
	}},
	{"StaleList", "reading again leaves a list of before", []Edit{
		{"generated/ec/search_gen.go", "func (m *SearchResults) clear(", "m.Files = m.Files[:0]", "if !BUG {\n\t\tm.Files = m.Files[:0]\n\t}"},
	}},
	{"AliasKept", "texts that alias an old body are kept when the same texts are read again", []Edit{
		{"generated/ec/general_gen.go", "func (m *Strings) decode(", "if m.shared && fresh && !d.Sharing() {", "if m.shared && fresh && !d.Sharing() && !BUG {"},
	}},
	{"StaleBytes", "bytes of before are kept when those that are read are as long", []Edit{
		{"codec/decoder.go", "func (d *Decoder) Bytes(", "case string(b) == string(old):", "case string(b) == string(old) || BUG && len(b) == len(old):"},
	}},
	{"TextAliasesBody", "long texts are not copied", []Edit{
		{"codec/decoder.go", "func (d *Decoder) Text(", "if d.mode >= Share {", "if d.mode >= Share || BUG && end-begin > 17 {"},
	}},
	{"SharedBuffer", "a pooled decoder copies texts into memory that it handed out", []Edit{
		{"codec/decoder.go", "func (d *Decoder) release(", "*d = Decoder{}", "texts := d.texts\n\t*d = Decoder{}\n\tif BUG {\n\t\td.texts = texts[:0]\n\t}"},
		{"codec/decoder.go", "func NewDecoder(", "*d = Decoder{", "texts := d.texts\n\tdefer func() {\n\t\tif BUG {\n\t\t\td.texts = texts\n\t\t}\n\t}()\n\t*d = Decoder{"},
	}},
	{"QuadraticGrowth", "lists grow by one element, which is not charged", []Edit{
		{"codec/memory.go", "func Extend[", "want := more", "want := more\n\tif BUG {\n\t\tlonger = make([]T, n+1)\n\t\tcopy(longer, list)\n\t\treturn longer, true\n\t}"},
	}},
	{"QuadraticMerge", "merging looks for each unknown tag among all others", []Edit{
		{"codec/unknown.go", "func (s *Shape) MergeUnknown(", "func(t Tag) bool { return again[t.Name] }",
			"func(t Tag) bool {\n\t\tif BUG {\n\t\t\tfor i := range unknown[old:] {\n\t\t\t\tif unknown[len(unknown)-1-i].Equal(&t) {\n\t\t\t\t\tcontinue\n\t\t\t\t}\n\t\t\t}\n\t\t}\n\t\treturn again[t.Name]\n\t}"},
	}},

	// Merging.
	{"MergeForgets", "merging an update drops what is not in it", []Edit{
		{"generated/ec/friends_gen.go", "func (m *FriendCommand) decode(", "\tif fresh {\n\t\tif found", "\tif fresh || BUG {\n\t\tif found"},
	}},
	{"MergeDoublesUnknown", "merging keeps the unknown tags of before that came again", []Edit{
		{"codec/unknown.go", "func (s *Shape) MergeUnknown(", "again := make(map[TagName]bool)", "if BUG {\n\t\treturn unknown\n\t}\n\tagain := make(map[TagName]bool)"},
	}},

	// Streams and zlib.
	{"ShortReads", "a header that arrives in pieces is taken for a whole one", []Edit{
		{"codec/reader.go", "func (r *Reader) Next(", "n, err := io.ReadFull(r.stream, r.header[:])",
			"n, err := io.ReadFull(r.stream, r.header[:])\n\tif BUG && n > 4 {\n\t\terr = nil\n\t}"},
	}},
	{"EarlyEndAccepted", "a zlib stream that ends early passes for a whole one", []Edit{
		{"codec/zlib.go", "func zlibError(", "return ErrTruncated", "if BUG {\n\t\t\treturn nil\n\t\t}\n\t\treturn ErrTruncated"},
	}},
	{"DeflaterNotReset", "a deflater goes on with the stream of before", []Edit{
		{"codec/zlib.go", "func (z *deflater) appendDeflated(", "z.stream.Reset(z)", "if !BUG || len(z.plain) < 64 {\n\t\tz.stream.Reset(z)\n\t}"},
	}},

	// Room.
	{"WrittenBehindMemory", "a head is written as a whole word where less memory is left", []Edit{
		{"codec/inplace.go", "func (e *Encoder) appendData(", "if len(dst)+8 <= cap(dst) {", "if len(dst)+8 <= cap(dst) || BUG {"},
	}},
	{"MissingTagForgotten", "a short tag that finds no room is left out", []Edit{
		{"codec/inplace.go", "func (e *Encoder) miss(", "e.missing += uint64(size)", "if !BUG || size > 9 {\n\t\te.missing += uint64(size)\n\t}"},
	}},
	{"LongLengthCut", "the length of a text of 2 MiB or more loses its highest bits when it is coded", []Edit{
		{"codec/inplace.go", "func codeLong(", "case high < 0x100:", "case high < 0x100:\n\t\tif BUG {\n\t\t\thigh = 0\n\t\t}"},
	}},

	// Sizes and errors.
	{"SizeTooSmall", "the size of a body with a long name is one too small", []Edit{
		{"codec/treewriter.go", "func (w *treeWriter) measure(", "size += headSize + length +", "if BUG && t.Name >= 0x4000 && length > 0 {\n\t\t\tw.coded--\n\t\t}\n\t\tsize += headSize + length +"},
	}},
	{"WrongOffset", "the error for a tag that is too short says where it ends", []Edit{
		{"codec/decoder.go", "func (d *Decoder) Close(", "d.fail(ErrLength, h.End)", "d.fail(ErrLength, map[bool]int{true: at, false: h.End}[BUG])"},
	}},
}, dialectBugs...)
