package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// oneSidedMeaning is about an item that only one side has.
func oneSidedMeaning(kind Kind, i *item, others []item) (Meaning, string) {
	switch i.what {
	case Type, Enum, Object:
		return Nothing, "what uses it tells more"
	case Code, Value:
		for _, other := range others {
			if sameNumber(&other, i) {
				return Nothing, "another name for " + other.name
			}
		}
	}
	switch {
	case kind == Removed:
		return Breaks, ""
	case i.what == Tag && i.aspect("presence") == "required" && i.aspect("capability") == "":
		return Breaks, "it is required, and old peers do not write it"
	default:
		return Capability, ""
	}
}

// aspect returns the text of an aspect.
func (i *item) aspect(name string) string {
	for _, a := range i.aspects {
		if a.name == name {
			return a.text
		}
	}
	return ""
}

func renamedMeaning(old, new *item) (Meaning, string) {
	if new.value != "" && !diag.Akin(old.name, new.name) {
		return Breaks, "the names have little in common: the number may mean something else now"
	}
	return Nothing, ""
}

// movedMeaning is about items that stand elsewhere.
func movedMeaning(what What, to string) Meaning {
	if what == Code || what == Message && to == "both" {
		return Nothing
	}
	return Breaks
}

// renumberedMeaning knows the mask of flags that nobody knows: a bit that leaves
// it can be used.
func renumberedMeaning(name, old, new string) (Meaning, string) {
	if !strings.HasSuffix(name, "_UNKNOWN_MASK") {
		return Breaks, ""
	}
	was, err := strconv.ParseUint(old, 0, 64)
	is, err2 := strconv.ParseUint(new, 0, 64)
	if err != nil || err2 != nil || is&^was != 0 {
		return Breaks, "flags that were known are not any more"
	}
	return Capability, fmt.Sprintf("flag %#x is known now", was&^is)
}

// always is for what means the same whatever the texts are.
func always(meaning Meaning, note string) meaningOf {
	return func(string, string) (Meaning, string) { return meaning, note }
}

// codeTypeMeaning is about the types that code lists state. One that only one
// side states, and another spelling of the same, mean nothing.
func codeTypeMeaning(old, new string) (Meaning, string) {
	switch {
	case old == "" || new == "":
		return Nothing, "only one side states it"
	case plainType(old) == plainType(new):
		return Nothing, "another spelling"
	default:
		return Breaks, ""
	}
}

func plainType(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(name, "std::"), "_t")
}

// typeMeaning knows that integers stand in any width on the wire.
func typeMeaning(old, new string) (Meaning, string) {
	was, is := width(old), width(new)
	switch {
	case was == 0 || is == 0:
		return Breaks, ""
	case is > was:
		return Breaks, fmt.Sprintf("programs that keep %d bits cut larger numbers", was)
	default:
		return Nothing, "integers are written in any width"
	}
}

// width returns the bits of an unsigned integer type, 0 for other types.
func width(name string) int {
	digits, found := strings.CutPrefix(name, "uint")
	bits, err := strconv.Atoi(digits)
	if !found || err != nil || bits > 64 {
		return 0
	}
	return bits
}

func presenceMeaning(old, new string) (Meaning, string) {
	switch {
	case new == "required":
		return Breaks, "old peers may leave it out"
	case old == "required":
		return Breaks, "programs may count on it"
	case new == "repeated":
		return Breaks, "programs may take only one"
	default:
		return Nothing, ""
	}
}

func capabilityMeaning(old, new string) (Meaning, string) {
	if new == "" {
		return Nothing, ""
	}
	return Breaks, "clients that do not send " + new + " do not get it"
}

// requestMeaning is about the capability that a request needs.
func requestMeaning(old, new string) (Meaning, string) {
	if new == "" {
		return Nothing, ""
	}
	return Breaks, "daemons that do not answer " + new + " do not take it"
}

// detailMeaning is about sets of levels, of which the empty one stands for all.
func detailMeaning(old, new string) (Meaning, string) {
	if new == "" || old != "" && contains(new, old) {
		return Capability, ""
	}
	return Breaks, "some levels go without it"
}

func reportedMeaning(old, new string) (Meaning, string) {
	if new == "always" {
		return Nothing, ""
	}
	return Breaks, "programs must keep the last value"
}

func valuesMeaning(old, new string) (Meaning, string) {
	if old == "" || new == "" {
		return Nothing, ""
	}
	return Breaks, "the numbers may mean something else"
}

// setMeaning is about sets of what is taken.
func setMeaning(old, new string) (Meaning, string) {
	if contains(new, old) {
		return Capability, ""
	}
	return Breaks, ""
}

func repliesMeaning(old, new string) (Meaning, string) {
	if contains(old, new) {
		return Nothing, ""
	}
	return Breaks, "old clients do not expect it"
}

func pushedMeaning(old, new string) (Meaning, string) {
	if new == "when asked" {
		return Breaks, "programs may wait for it"
	}
	return Capability, ""
}

// contains reports whether a list in words has all of another's names.
func contains(list, other string) bool {
	names := strings.Split(list, ", ")
	return other == "" || !slices.ContainsFunc(strings.Split(other, ", "), func(name string) bool {
		return !slices.Contains(names, name)
	})
}
