package mutate

// Choices are those that bytes say: an engine that changes the bytes changes
// what is built by them, piece by piece. Where they end all choices are the
// first one, which is the simplest.
type Choices struct{ rest []byte }

// NewChoices returns the choices that data says.
func NewChoices(data []byte) *Choices { return &Choices{data} }

// IntN takes one byte, or as many as n needs.
func (c *Choices) IntN(n int) int {
	v := 0
	for most := n - 1; most > 0; most >>= 8 {
		v = v<<8 | int(c.next())
	}
	return v % n
}

// Uint64 takes one byte for the width and so many more.
func (c *Choices) Uint64() (v uint64) {
	for range c.IntN(9) {
		v = v<<8 | uint64(c.next())
	}
	return v
}

// Rest returns the bytes that were not used.
func (c *Choices) Rest() []byte { return c.rest }

func (c *Choices) next() (b byte) {
	if len(c.rest) > 0 {
		b, c.rest = c.rest[0], c.rest[1:]
	}
	return b
}
