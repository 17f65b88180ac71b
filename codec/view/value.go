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

// value is a JSON value as it was written: keys in their order, numbers as
// their text.
type value struct {
	token any      // string, json.Number, bool, nil; json.Delim '{' or '['
	keys  []string // of an object
	items []value  // of an array, or beside the keys
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

func parseNext(d *json.Decoder) (x value, err error) {
	if x.token, err = d.Token(); err != nil {
		return x, failf("%v", err)
	}
	if _, ok := x.token.(json.Delim); !ok {
		return x, nil
	}
	for d.More() {
		if x.isObject() {
			key, err := d.Token()
			if err != nil {
				return x, failf("%v", err)
			}
			x.keys = append(x.keys, key.(string))
		}
		item, err := parseNext(d)
		if err != nil {
			return x, err
		}
		x.items = append(x.items, item)
	}
	if _, err = d.Token(); err != nil {
		return x, failf("%v", err)
	}
	return x, nil
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

func (x value) isObject() bool { return x.token == json.Delim('{') }

func (x value) isArray() bool { return x.token == json.Delim('[') }

// has reports whether x is an object with this key.
func (x value) has(key string) bool { return slices.Contains(x.keys, key) }

// cut returns what stands under a key of an object, and the object without
// it.
func (x value) cut(key string) (member, rest value, found bool) {
	i := slices.Index(x.keys, key)
	if i < 0 {
		return value{}, x, false
	}
	member, rest = x.items[i], x
	rest.keys = slices.Concat(x.keys[:i], x.keys[i+1:])
	rest.items = slices.Concat(x.items[:i], x.items[i+1:])
	return member, rest, true
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
	}
	if x.isArray() {
		return "an array"
	}
	return "an object"
}

// members returns what stands under each of these keys, which an object must
// have, and no others.
func (x value) members(keys ...string) ([]value, error) {
	if !x.isObject() {
		return nil, failf("want an object, not %s", x.what())
	}
	found := make([]value, len(keys))
	for i, key := range x.keys {
		place := slices.Index(keys, key)
		if place < 0 {
			return nil, unknownName("key", key, slices.Values(keys))
		}
		if slices.Contains(x.keys[:i], key) {
			return nil, failf("the key %q stands there twice", short(key))
		}
		found[place] = x.items[i]
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
	if !x.isArray() {
		return nil, failf("want an array, not %s", x.what())
	}
	return x.items, nil
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
