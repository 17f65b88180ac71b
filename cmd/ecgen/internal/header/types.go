package header

import (
	"math/big"
	"strings"
)

// underlyingType finds the range of a type by its name, through the typedefs of
// the file.
func (p *cppParser) underlyingType(name string) (integerType, bool) {
	for range deepestNesting {
		if known, ok := integerTypes[strings.TrimPrefix(name, "std::")]; ok {
			return known, true
		}
		aliased, ok := p.aliases[name]
		if !ok {
			break
		}
		name = aliased
	}
	return integerType{}, false
}

type integerType struct {
	bits   uint
	signed bool
}

// hold returns a number as it is once such a type holds it, in the type that
// C++ computes with then.
func (t integerType) hold(value *big.Int) constant {
	modulus := new(big.Int).Lsh(big.NewInt(1), t.bits)
	held := new(big.Int).Mod(value, modulus)
	if t.signed && !fits(held, t.bits, true) {
		held.Sub(held, modulus)
	}
	for _, kind := range everyKind {
		if kind.bits() >= t.bits && (kind.bits() > t.bits || kind.signed() == t.signed) {
			return constant{held, kind}
		}
	}
	return constant{held, unsigned64}
}

// integerTypes are the types that aMule and C++ have names for.
var integerTypes = map[string]integerType{
	"uint8": {8, false}, "uint16": {16, false}, "uint32": {32, false}, "uint64": {64, false},
	"int8": {8, true}, "int16": {16, true}, "int32": {32, true}, "int64": {64, true},
	"sint8": {8, true}, "sint16": {16, true}, "sint32": {32, true}, "sint64": {64, true},
	"uint8_t": {8, false}, "uint16_t": {16, false}, "uint32_t": {32, false}, "uint64_t": {64, false},
	"int8_t": {8, true}, "int16_t": {16, true}, "int32_t": {32, true}, "int64_t": {64, true},
	"char": {8, true}, "signed char": {8, true}, "unsigned char": {8, false},
	"short": {16, true}, "unsigned short": {16, false},
	"int": {32, true}, "unsigned": {32, false}, "unsigned int": {32, false},
	"long": {64, true}, "unsigned long": {64, false},
	"long long": {64, true}, "unsigned long long": {64, false},
}
