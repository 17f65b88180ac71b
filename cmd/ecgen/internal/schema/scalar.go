package schema

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// text takes any scalar as it stands in the file: 3.0 is the text "3.0".
func (r *reader) text(n node, what string, choices []string, target *Text) bool {
	if n.kind == nothing || n.kind == text && n.text == "" {
		r.findings.Add(n.position, "%s is empty", what)
		return false
	}
	if !r.is(n, text, what) {
		return false
	}
	if strings.ContainsFunc(n.text, invisible) {
		r.findings.Add(n.position, "%s has an invisible character", what)
		return false
	}
	if len(choices) > 0 && !slices.Contains(choices, n.text) {
		r.findings.Add(n.position, "%s cannot be %.60q", what, n.text).Hint = hint(n.text, choices)
		return false
	}
	*target = Text{n.text, n.position}
	return true
}

// invisible reports whether an escape made a character that a file cannot have.
func invisible(r rune) bool {
	return r != '\n' && !unicode.IsGraphic(r)
}

func (r *reader) number(n node, what string, target *Number) {
	if n.kind != text {
		r.mismatch(n, what, "a number")
		return
	}
	if n.quoted {
		r.findings.Add(n.position, "%s must be a number, without quotes", what)
		return
	}
	value, problem := parseNumber(n.text)
	if problem != "" {
		r.findings.Add(n.position, "%s %s: %.60q", what, problem, n.text)
		return
	}
	*target = Number{value, n.position}
}

// parseNumber reads decimal and hexadecimal. What YAML versions differ about,
// such as 010, it refuses.
func parseNumber(s string) (value uint64, problem string) {
	digits, base := s, 10
	if strings.HasPrefix(s, "0x") {
		digits, base = s[2:], 16
	} else if len(s) > 1 && s[0] == '0' {
		return 0, "must be decimal, or hexadecimal with 0x"
	}
	value, err := strconv.ParseUint(digits, base, 64)
	switch {
	case err == nil:
		return value, ""
	case errors.Is(err, strconv.ErrRange):
		return 0, "does not fit in 64 bits"
	case strings.HasPrefix(s, "-"):
		return 0, "cannot be negative"
	default:
		return 0, "must be a number"
	}
}

func (r *reader) flag(n node, what string, target *Flag) {
	if n.kind != text {
		r.mismatch(n, what, "true or false")
		return
	}
	switch {
	case n.quoted:
		r.findings.Add(n.position, "%s must be true or false, without quotes", what)
	case n.text != "true" && n.text != "false":
		r.findings.Add(n.position, "%s must be true or false, not %.60q", what, n.text)
	default:
		*target = Flag{n.text == "true", n.position}
	}
}
