package header

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// integerKind is a type of C++ in which constants are computed, in the order in
// which the language widens them.
type integerKind int

const (
	signed32 integerKind = iota
	unsigned32
	signed64
	unsigned64
)

func (k integerKind) signed() bool { return k == signed32 || k == signed64 }

func (k integerKind) bits() uint {
	if k <= unsigned32 {
		return 32
	}
	return 64
}

// constant is a number and the type in which it is computed. Its value is nil
// when it is not known because of an error that was reported where it arose.
type constant struct {
	value *big.Int
	kind  integerKind
}

func integer(value int64, kind integerKind) constant {
	return constant{big.NewInt(value), kind}
}

func truth(holds bool) constant {
	if holds {
		return integer(1, signed32)
	}
	return integer(0, signed32)
}

func (c constant) known() bool  { return c.value != nil }
func (c constant) isTrue() bool { return c.known() && c.value.Sign() != 0 }

// fits reports whether a number can be held in so many bits.
func fits(value *big.Int, bits uint, signed bool) bool {
	if !signed {
		return value.Sign() >= 0 && value.BitLen() <= int(bits)
	}
	if value.Sign() < 0 {
		value = new(big.Int).Not(value)
	}
	return value.BitLen() < int(bits)
}

// in brings a number into a type: unsigned types wrap around, signed ones must
// hold it.
func (k integerKind) in(value *big.Int) (constant, error) {
	if k.signed() {
		if !fits(value, k.bits(), true) {
			return constant{}, errors.New("the result overflows")
		}
		return constant{value, k}, nil
	}
	modulus := new(big.Int).Lsh(big.NewInt(1), k.bits())
	return constant{new(big.Int).Mod(value, modulus), k}, nil
}

// narrowest returns a number in the first of the given types that holds it.
func narrowest(value *big.Int, kinds ...integerKind) (constant, bool) {
	for _, kind := range kinds {
		if fits(value, kind.bits(), kind.signed()) {
			return constant{value, kind}, true
		}
	}
	return constant{}, false
}

var everyKind = []integerKind{signed32, unsigned32, signed64, unsigned64}

// after returns the value of an enumerator that states none.
func after(previous constant) (constant, bool) {
	if !previous.known() {
		return previous, true
	}
	next := new(big.Int).Add(previous.value, big.NewInt(1))
	return narrowest(next, append([]integerKind{previous.kind}, everyKind...)...)
}

// suffixes are the endings of a number that say how it is computed.
var suffixes = map[string]struct{ unsigned, long bool }{
	"":  {},
	"u": {unsigned: true},
	"l": {long: true}, "ll": {long: true}, "z": {long: true},
	"ul": {true, true}, "ull": {true, true}, "uz": {true, true},
	"lu": {true, true}, "llu": {true, true}, "zu": {true, true},
}

// parseNumber reads an integer of C++: decimal, octal, hexadecimal or binary,
// with digit separators and with a suffix for its type.
func parseNumber(text string) (constant, error) {
	text = strings.ToLower(strings.ReplaceAll(text, "'", ""))
	digits := strings.TrimRight(text, "ulz")
	suffix, known := suffixes[text[len(digits):]]
	if !known {
		return constant{}, errors.New("not a number")
	}
	base := 10
	switch {
	case strings.HasPrefix(digits, "0x"):
		base, digits = 16, digits[2:]
	case strings.HasPrefix(digits, "0b"):
		base, digits = 2, digits[2:]
	case strings.HasPrefix(digits, "0"):
		base = 8
	}
	value, err := strconv.ParseUint(digits, base, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return constant{}, errors.New("the number does not fit in 64 bits")
	case err != nil:
		return constant{}, errors.New("not a number")
	}
	var kinds []integerKind
	for _, kind := range everyKind {
		tooNarrow := suffix.long && kind.bits() == 32
		wrongSign := suffix.unsigned && kind.signed() || !suffix.unsigned && base == 10 && !kind.signed()
		if !tooNarrow && !wrongSign {
			kinds = append(kinds, kind)
		}
	}
	number, fit := narrowest(new(big.Int).SetUint64(value), kinds...)
	if !fit {
		return constant{}, errors.New("a decimal number beyond 63 bits needs the suffix u")
	}
	return number, nil
}

// escapes are the characters that a backslash and a letter stand for.
var escapes = map[string]int64{
	"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "e": 27, `\\`: '\\', "'": '\'', `"`: '"', "?": '?',
}

// parseCharacter reads a character in quotes, as char holds it.
func parseCharacter(text string) (constant, error) {
	inside := strings.TrimSuffix(strings.TrimPrefix(text, "'"), "'")
	char := integerType{bits: 8, signed: true}
	escape, escaped := strings.CutPrefix(inside, `\`)
	if !escaped {
		if len(inside) != 1 || inside[0] >= 0x80 {
			return constant{}, errors.New("not one character of ASCII")
		}
		return integer(int64(inside[0]), signed32), nil
	}
	if value, known := escapes[escape]; known {
		return integer(value, signed32), nil
	}
	digits, base := escape, 8
	if hexadecimal, ok := strings.CutPrefix(escape, "x"); ok {
		digits, base = hexadecimal, 16
	}
	value, err := strconv.ParseUint(digits, base, 8)
	if err != nil {
		return constant{}, errors.New("not a character")
	}
	return char.hold(new(big.Int).SetUint64(value)), nil
}
