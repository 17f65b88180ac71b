package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// value is a JSON value as it was written: nil, a bool, a string, a
// json.Number, an array or an *object.
type value struct{ token any }

type array []value

// object has its keys in their order, and what stands under each.
type object struct {
	keys  []string
	items []value
}

// parse reads one JSON value. Deeper than 10,000 levels it is refused.
func parse(text []byte) (value, error) {
	if !json.Valid(text) {
		return value{}, syntaxError(text)
	}
	if err := checkUnicode(text); err != nil {
		return value{}, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return parseNext(d)
}

func parseNext(d *json.Decoder) (value, error) {
	token, err := d.Token()
	switch {
	case err != nil:
		return value{}, failf("%v", err)
	case token == json.Delim('['):
		var items array
		for d.More() {
			item, err := parseNext(d)
			if err != nil {
				return value{}, err
			}
			items = append(items, item)
		}
		_, err = d.Token()
		return value{items}, err
	case token == json.Delim('{'):
		o := new(object)
		for d.More() {
			key, err := parseNext(d)
			if err != nil {
				return value{}, err
			}
			item, err := parseNext(d)
			if err != nil {
				return value{}, err
			}
			o.keys, o.items = append(o.keys, key.token.(string)), append(o.items, item)
		}
		_, err = d.Token()
		return value{o}, err
	default:
		return value{token}, nil
	}
}

func syntaxError(text []byte) error {
	var ignored json.RawMessage
	err := json.Unmarshal(text, &ignored)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return failf("no JSON: %v at byte %d", err, syntax.Offset)
	}
	return failf("no JSON: %v", err)
}

// checkUnicode refuses what package json would silently replace: bytes that
// are not UTF-8, and halves of surrogate pairs. Text is valid JSON.
func checkUnicode(text []byte) error {
	if !utf8.Valid(text) {
		return failf("the text is not UTF-8; bytes belong into a string of hex digits")
	}
	for i := bytes.IndexByte(text, '\\'); i >= 0 && i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		first := escapedUnit(text[i-1:])
		if !utf16.IsSurrogate(first) {
			continue
		}
		if utf16.DecodeRune(first, escapedUnit(text[i+5:])) == utf8.RuneError {
			return failf("half a surrogate pair at byte %d", i)
		}
		i += 6
	}
	return nil
}

// escapedUnit returns the code unit that \uXXXX at the front stands for, or
// 0.
func escapedUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	unit, _ := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(unit)
}

// object returns an object.
func (x value) object() (*object, error) {
	if o, ok := x.token.(*object); ok {
		return o, nil
	}
	return nil, failf("want an object, not %s", x.what())
}

// has reports whether x is an object with this key.
func (x value) has(key string) bool {
	o, ok := x.token.(*object)
	return ok && slices.Contains(o.keys, key)
}

// cut returns what stands under a key, and the object without it.
func (o *object) cut(key string) (member value, rest *object, found bool) {
	i := slices.Index(o.keys, key)
	if i < 0 {
		return value{}, o, false
	}
	return o.items[i], &object{
		keys:  slices.Concat(o.keys[:i], o.keys[i+1:]),
		items: slices.Concat(o.items[:i], o.items[i+1:]),
	}, true
}

// what returns what kind of value x is, for error texts.
func (x value) what() string {
	switch t := x.token.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(t)
	case string:
		return "a string"
	case json.Number:
		return short(t.String())
	case array:
		return "an array"
	default:
		return "an object"
	}
}

// members returns what stands under each of these keys, which an object must
// have, and no others.
func (x value) members(keys ...string) ([]value, error) {
	o, err := x.object()
	if err != nil {
		return nil, err
	}
	found := make([]value, len(keys))
	for i, key := range o.keys {
		place := slices.Index(keys, key)
		if place < 0 {
			return nil, unknownName("key", key, slices.Values(keys))
		}
		if slices.Contains(o.keys[:i], key) {
			return nil, failf("the key %q stands there twice", short(key))
		}
		found[place] = o.items[i]
	}
	for _, key := range keys {
		if !x.has(key) {
			return nil, failf("the key %q is missing", key)
		}
	}
	return found, nil
}

// array returns the items of an array.
func (x value) array() ([]value, error) {
	if items, ok := x.token.(array); ok {
		return items, nil
	}
	return nil, failf("want an array, not %s", x.what())
}

// text returns a string.
func (x value) text() (string, error) {
	if s, ok := x.token.(string); ok {
		return s, nil
	}
	return "", failf("want a string, not %s", x.what())
}

// integer returns a number of at most most. It may stand as a string.
func (x value) integer(most uint64) (uint64, error) {
	var digits string
	switch t := x.token.(type) {
	case json.Number:
		digits = t.String()
	case string:
		digits = t
	default:
		return 0, failf("want an integer, not %s", x.what())
	}
	v, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && v > most:
		return 0, failf("%s is over %d", short(digits), most)
	case err != nil:
		return 0, failf("want an integer from 0 to %d, not %q", most, short(digits))
	}
	return v, nil
}
