package audit

import "github.com/ecgen/ecgen/cmd/ecgen/internal/rule"

// The rules that code tables are checked for.
var (
	wrongValue = rule.Rule{
		ID:       "WRONG_VALUE",
		Category: rule.Audit,
		Summary:  "A name has another number than in the spec.",
		Why:      "The program reads, or writes, something else than it thinks.",
		Before:   "EC_TAG_SERVER_USERS = 0x0504,\n",
	}
	doubledValue = rule.Rule{
		ID:       "DOUBLED_VALUE",
		Category: rule.Audit,
		Summary:  "A tag's number is doubled.",
		Why:      "On the wire a tag name stands shifted by one bit, whose lowest one says that it has children. Shift when reading and writing, and keep the name.",
		Before:   "EC_TAG_SERVER_USERS = 0x0a0a,\n",
	}
	staleName = rule.Rule{
		ID:       "STALE_NAME",
		Category: rule.Audit,
		Summary:  "A name is spelt otherwise in the spec, which has it with the same number.",
		Why:      "The number is right, but who looks for the name does not find it. aMule corrected some names in later releases.",
		Before:   "EC_TAG_STATS_KAD_IP_ADRESS = 0x0213,\n",
	}
	unknownName = rule.Rule{
		ID:       "UNKNOWN_NAME",
		Category: rule.Audit,
		Summary:  "The spec does not know a name.",
		Why:      "It is misspelt, made up, or of an aMule that the spec is not about. If its number is that of another code, the program takes one for the other.",
		Before:   "EC_TAG_PARTFILE_DONE = 0x0304,\n",
	}
)

// Rules returns all rules.
func Rules() []rule.Rule {
	return []rule.Rule{wrongValue, doubledValue, staleName, unknownName}
}
