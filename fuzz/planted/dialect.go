package planted

// dialectBugs are in what reads and writes the dialects of old releases.
var dialectBugs = []Bug{
	{"DialectNameKeepsBit", "the bit for children stays in the names of rc8", []Edit{
		{"codec/dialect/read.go", "func (r *rules) name15(", "return codec.TagName(code &^ r.childBit)", "if BUG {\n\t\treturn codec.TagName(code)\n\t}\n\treturn codec.TagName(code &^ r.childBit)"},
	}},
	{"DialectCountNotCounted", "a child's count is not in its parent's length", []Edit{
		{"codec/dialect/read.go", "func (r *rules) countSize(", "case count == 0:", "case count == 0 || BUG:"},
	}},
	{"DialectNumberNotCut", "coded numbers are not cut to their width", []Edit{
		{"codec/dialect/read.go", "func (r *bodyReader) number(", "return v & (1<<(8*width) - 1), true", "if BUG {\n\t\treturn v, true\n\t}\n\treturn v & (1<<(8*width) - 1), true"},
	}},
	{"DialectFlagsOneByte", "flags are taken for one byte", []Edit{
		{"codec/dialect/head.go", "func readShort(", "if b&0x80 == 0 {", "if b&0x80 == 0 || BUG {"},
	}},
	{"DialectZlibNotEnded", "the end of a zlib stream is not looked for", []Edit{
		{"codec/dialect/body.go", "func (d Dialect) readTree(", "err := z.drain()", "var err error\n\t\tif !BUG {\n\t\t\terr = z.drain()\n\t\t}"},
	}},
	{"DialectUnboundedInflate", "inflating has no limit", []Edit{
		{"codec/dialect/zlib.go", "func (b bounded) Read(", "z.out > z.budgets.Inflated ||", "z.out > z.budgets.Inflated && !BUG ||"},
	}},
	{"DialectNumberOtherOrder", "a packet's number is read most significant byte first", []Edit{
		{"codec/dialect/read.go", "func (r *bodyReader) id(", "p.ID |= uint32(b) << shift", "if BUG {\n\t\t\tp.ID = p.ID<<8 | uint32(b)\n\t\t\tcontinue\n\t\t}\n\t\tp.ID |= uint32(b) << shift"},
	}},
	{"DialectUnboundedPacket", "a packet without a length has no limit", []Edit{
		{"codec/dialect/source.go", "func (c *counter) ReadByte(", "if c.read >= c.most {", "if c.read >= c.most && !BUG {"},
		{"codec/dialect/source.go", "func (c *counter) Read(", "if c.read >= c.most {", "if BUG {\n\t\tc.most = maxInt\n\t}\n\tif c.read >= c.most {"},
	}},
	{"DialectChildrenOutgrowTag", "a tag may be a little shorter than its children", []Edit{
		{"codec/dialect/read.go", "func (r *bodyReader) tag(", "if own < 0 {", "if own < 0 && !(BUG && own > -100) {"},
	}},
	{"DialectTrailingLost", "what stands queued behind the tree is not written again", []Edit{
		{"codec/dialect/write.go", "func (d Dialect) Append(", "out = append(out, p.Trailing...)", "if !BUG {\n\t\t\tout = append(out, p.Trailing...)\n\t\t}"},
	}},
	{"DialectTagsNotSummed", "the tags of several lists are not counted together", []Edit{
		{"codec/dialect/read.go", "func (r *bodyReader) count(", "r.tags += int(v)", "if !BUG {\n\t\tr.tags += int(v)\n\t}"},
	}},
	{"DialectAcceptsSkipped", "2.2 does not read the accepts word", []Edit{
		{"codec/dialect/packet.go", "func (d Dialect) HasAccepts(", "return d.rules().accepts &&", "return !(BUG && d == V22) && d.rules().accepts &&"},
	}},
	{"DialectNoDepthCheck", "nesting has no limit", []Edit{
		{"codec/dialect/read.go", "func (r *bodyReader) tag(", "depth > r.budgets.Depth {", "depth > r.budgets.Depth && !BUG {"},
	}},
	{"DialectDataEndsEarly", "own data may end early", []Edit{
		{"codec/dialect/read.go", "func (r *bodyReader) data(", "if err != nil {", "if err != nil && BUG {\n\t\t\treturn data, true\n\t\t}\n\t\tif err != nil {"},
	}},
	{"DialectObeysLaterFlag", "2.3 obeys a flag of 3.0", []Edit{
		{"codec/dialect/body.go", "func (d Dialect) obeyed(", "if !d.rules().large {", "if !d.rules().large && !BUG {"},
	}},
}
