package view

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ecgen/ecgen/codec"
)

// leaf is how the own data of one kind stands in typed JSON.
type leaf struct {
	name   string // the key among several alternatives
	append func(dst []byte, t *codec.Tag) []byte
	parse  func(x value, f *codec.Field) (codec.Tag, error) // without a name
}

var leaves = [...]leaf{
	codec.KindUint:    {"uint", appendUint, parseUint},
	codec.KindBool:    {"bool", appendBool, parseBool},
	codec.KindSwitch:  {"switch", appendBool, parseBool},
	codec.KindEmpty:   {"empty", appendTrue, parseTrue},
	codec.KindString:  {"string", appendText, parseString},
	codec.KindDouble:  {"double", appendDouble, parseDouble},
	codec.KindIPv4:    {"ipv4", appendIPv4, parseIPv4},
	codec.KindHash16:  {"hash16", appendBytes, parseBytes},
	codec.KindUint128: {"uint128", appendBytes, parseBytes},
	codec.KindBytes:   {"bytes", appendBytes, parseBytes},
}

// appendLeaf appends the own data of a tag that f holds.
func appendLeaf(dst []byte, f *codec.Field, t *codec.Tag) []byte {
	return leaves[f.Kind].append(dst, t)
}

// parseLeaf is the inverse of appendLeaf, and takes names of an enumeration for
// their values. The tag has no name yet.
func (v *Viewer) parseLeaf(x value, f *codec.Field) (codec.Tag, error) {
	if name, isText := x.token.(string); isText && f.Enum > 0 {
		enum := &v.protocol.Enums[f.Enum-1]
		number, ok := enum.Parse(name)
		if !ok {
			return codec.Tag{}, unknownName(enum.Name, name, maps.Values(enum.Values))
		}
		x.token = json.Number(strconv.FormatUint(number, 10))
	}
	t, err := leaves[f.Kind].parse(x, f)
	if err == nil && !f.Holds(t.Type, t.Data) {
		err = failf("no such value is possible here")
	}
	return t, err
}

// mostExact is the largest integer up to which a JSON number is exact in all
// programs.
const mostExact = 1 << 53

func appendUint(dst []byte, t *codec.Tag) []byte {
	v, _ := t.Uint()
	switch {
	case len(t.Data) == 0:
		return append(dst, "null"...)
	case v <= mostExact:
		return strconv.AppendUint(dst, v, 10)
	}
	dst = append(dst, '"')
	dst = strconv.AppendUint(dst, v, 10)
	return append(dst, '"')
}

func parseUint(x value, f *codec.Field) (codec.Tag, error) {
	if x.token == nil {
		return codec.NewCustom(0, nil), nil
	}
	v, err := x.integer(f.Most)
	return codec.NewUint(0, v), err
}

func appendBool(dst []byte, t *codec.Tag) []byte {
	if len(t.Data) == 0 {
		return append(dst, "null"...)
	}
	v, _ := t.Uint()
	return strconv.AppendBool(dst, v != 0)
}

func parseBool(x value, _ *codec.Field) (codec.Tag, error) {
	switch x.token {
	case nil:
		return codec.NewCustom(0, nil), nil
	case false:
		return codec.NewUint(0, 0), nil
	case true:
		return codec.NewUint(0, 1), nil
	}
	return codec.Tag{}, failf("want true, false or null, not %s", x.what())
}

func appendTrue(dst []byte, _ *codec.Tag) []byte { return append(dst, "true"...) }

func parseTrue(x value, _ *codec.Field) (codec.Tag, error) {
	if x.token != true {
		return codec.Tag{}, failf("want true, or no such key, not %s", x.what())
	}
	return codec.NewCustom(0, nil), nil
}

// appendText appends the text of a STRING or DOUBLE.
func appendText(dst []byte, t *codec.Tag) []byte {
	text, _ := t.Text()
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return appendString(dst, text)
	}
	dst = appendKey(append(dst, '{'), "hex")
	return append(appendHex(dst, t.Data), '}')
}

func parseString(x value, _ *codec.Field) (codec.Tag, error) { return parseText(x, codec.TypeString) }

func parseText(x value, kind codec.Type) (codec.Tag, error) {
	if _, ok := x.token.(*object); ok {
		found, err := x.members("hex")
		if err != nil {
			return codec.Tag{}, err
		}
		data, err := found[0].hex()
		return codec.Tag{Type: kind, Data: data}, err
	}
	text, err := x.text()
	return codec.Tag{Type: kind, Data: append([]byte(text), 0)}, err
}

// appendDouble appends the text as a number if JSON has such numbers.
func appendDouble(dst []byte, t *codec.Tag) []byte {
	text, _ := t.Text()
	if n := len(text); n > 0 && (text[0] == '-' || isDigit(text[0])) && isDigit(text[n-1]) && json.Valid([]byte(text)) {
		return append(dst, text...)
	}
	return appendText(dst, t)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func parseDouble(x value, _ *codec.Field) (codec.Tag, error) {
	if number, ok := x.token.(json.Number); ok {
		return codec.NewDoubleTag(0, codec.Double(number)), nil
	}
	return parseText(x, codec.TypeDouble)
}

func appendIPv4(dst []byte, t *codec.Tag) []byte {
	address, _ := t.IPv4()
	return append(address.AddrPort().AppendTo(append(dst, '"')), '"')
}

func parseIPv4(x value, _ *codec.Field) (codec.Tag, error) {
	text, err := x.text()
	if err != nil {
		return codec.Tag{}, err
	}
	address, err := netip.ParseAddrPort(text)
	if err != nil || !address.Addr().Is4() {
		return codec.Tag{}, failf("want an address and a port as in 127.0.0.1:4662, not %q", short(text))
	}
	return codec.NewIPv4(0, codec.IPv4{Address: address.Addr().As4(), Port: address.Port()}), nil
}

func appendBytes(dst []byte, t *codec.Tag) []byte { return appendHex(dst, t.Data) }

func parseBytes(x value, f *codec.Field) (codec.Tag, error) {
	data, err := x.hex()
	t := codec.Tag{Type: codec.TypeCustom, Data: data}
	switch f.Kind {
	case codec.KindHash16:
		t.Type = codec.TypeHash16
	case codec.KindUint128:
		t.Type = codec.TypeUint128
	}
	if err == nil && f.Kind != codec.KindBytes && len(data) != 16 {
		err = failf("want 32 hex digits, not %d", 2*len(data))
	}
	return t, err
}

// appendHex appends a string of lower-case hex digits.
func appendHex(dst, data []byte) []byte {
	return append(hex.AppendEncode(append(dst, '"'), data), '"')
}

// hex returns the bytes of a string of hex digits.
func (x value) hex() ([]byte, error) {
	text, err := x.text()
	if err != nil {
		return nil, err
	}
	data, err := hex.DecodeString(text)
	if err != nil {
		return nil, failf("want pairs of hex digits: %v", err)
	}
	return data, nil
}

// appendString appends text, which is UTF-8, as a JSON string that is safe to
// look at in a terminal.
func appendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case unicode.IsPrint(r):
			dst = utf8.AppendRune(dst, r)
		case r <= 0xffff:
			dst = appendUnit(dst, r)
		default:
			first, second := utf16.EncodeRune(r)
			dst = appendUnit(appendUnit(dst, first), second)
		}
	}
	return append(dst, '"')
}

// appendUnit appends the escape \uXXXX.
func appendUnit(dst []byte, unit rune) []byte {
	return hex.AppendEncode(append(dst, '\\', 'u'), []byte{byte(unit >> 8), byte(unit)})
}

// appendKey appends a key and its colon, after a comma where one is needed.
func appendKey(dst []byte, key string) []byte {
	return append(appendString(appendComma(dst), key), ':')
}

// appendComma appends a comma unless an object or array has just begun.
func appendComma(dst []byte) []byte {
	if last := dst[len(dst)-1]; last == '{' || last == '[' {
		return dst
	}
	return append(dst, ',')
}
