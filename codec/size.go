package codec

// Size measures a list of tags before it is written. Its methods return the
// size with one more tag; names and lengths are those that the Append method
// of the same name is given.
type Size struct {
	Count   int   // of tags
	Logical int64 // what the list counts in its parent's TAGLEN; the bytes it takes in the fixed form
	Coded   int   // the bytes it takes under FlagUTF8Numbers

	extended bool // some list below needs the extended count
}

// Uint adds a tag that Encoder.AppendUint appends.
func (s Size) Uint(name TagName, v uint64) Size {
	width := 1 << integerClass(v)
	s.Count++
	s.Logical += headSize + int64(width)
	s.Coded += numberSize(uint32(name)<<1) + 2 + width
	return s
}

// Text adds a tag that Encoder.AppendString or Encoder.AppendDouble appends.
func (s Size) Text(name TagName, length int) Size { return s.Bytes(name, TypeString, length+1) }

// Bytes adds a tag that Encoder.AppendBytes appends: with this many bytes.
func (s Size) Bytes(name TagName, t Type, length int) Size {
	s.Count++
	s.Logical += headSize + int64(length)
	s.Coded += numberSize(uint32(name)<<1) + numberSize(uint32(t)) + numberSize(uint32(length)) + length
	return s
}

// Empty adds a tag that Encoder.AppendEmpty appends.
func (s Size) Empty(name TagName) Size { return s.Bytes(name, TypeCustom, 0) }

// Switch adds a tag that Encoder.AppendSwitch appends.
func (s Size) Switch(name TagName, value Switch) Size {
	if value == SwitchEmpty {
		return s.Empty(name)
	}
	return s.Bytes(name, TypeUint8, 1)
}

// Tag adds a tag that Encoder.Open and Encoder.Close append: with own data
// and children of this size.
func (s Size) Tag(name TagName, own Payload, children Size) Size {
	length := children.Logical + int64(own.size())
	s.Count++
	s.Logical += headSize + length + int64(logicalCountSize(children.Count, FlagLargeTagCount))
	s.Coded += codedHeadSize(FlagUTF8Numbers, name, own.Type, uint32(length)) + children.Coded + own.size()
	if children.Count > 0 {
		s.Coded += countSize(children.Count, FlagUTF8Numbers|FlagLargeTagCount)
	}
	s.extended = s.extended || children.extended || children.Count >= largeCount
	return s
}

// Tags adds untyped tags.
func (s Size) Tags(tags []Tag) Size {
	if len(tags) == 0 {
		return s
	}
	w := treeWriter{flags: FlagUTF8Numbers | FlagLargeTagCount}
	s.Count += len(tags)
	s.Logical += w.measure(tags)
	s.Coded += w.coded
	s.extended = s.extended || w.extended
	return s
}

// Body returns the number of bytes of a body with this opcode and these tags.
// It is not exact, but too large, when a list must be cut short because flags
// lack FlagLargeTagCount.
func (s Size) Body(op Opcode, flags Flags) int {
	size := opcodeSize(flags, op) + countSize(s.Count, flags)
	if flags&FlagUTF8Numbers != 0 {
		return size + s.Coded
	}
	return size + int(s.Logical)
}
