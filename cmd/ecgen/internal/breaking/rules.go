package breaking

import (
	"github.com/ecgen/ecgen/cmd/ecgen/internal/compare"
	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

// Rules returns all rules, those about the wire first.
func Rules() []rule.Rule {
	var rules []rule.Rule
	for _, r := range wireRules {
		r.Category = rule.Wire
		rules = append(rules, r.Rule)
	}
	return append(rules, constRemoved, typeRemoved, typeChanged, fieldRemoved, fieldTypeChanged)
}

// wireRule returns the rule that a change breaks.
func wireRule(change compare.Change) rule.Rule {
	for _, r := range wireRules {
		if r.kind == change.Kind && r.what == change.What && r.aspect == change.Aspect {
			r.Category = rule.Wire
			return r.Rule
		}
	}
	panic("no rule for " + change.String())
}

// wireRules say which changes are meant, of those that break old peers.
var wireRules = []struct {
	kind   compare.Kind
	what   compare.What
	aspect string
	rule.Rule
}{
	{compare.Removed, compare.Code, "", rule.Rule{
		ID:      "CODE_REMOVED",
		Summary: "A code is gone from the headers.",
		Why:     "Old peers go on to send it, and wait for it. Keep the code; list it as unused if no message has it.",
		Before:  "\tEC_TAG_SPARE = 0x0105,\n",
		After:   "\n",
	}},
	{compare.Renamed, compare.Code, "", rule.Rule{
		ID:      "CODE_REUSED",
		Summary: "A number has another name, which has little in common with the old one.",
		Why:     "Old peers take it for what it was. A number is never used again; take a new one.",
		Before:  "\tEC_TAG_SPARE = 0x0105,\n",
		After:   "\tEC_TAG_COLOUR = 0x0105,\n",
	}},
	{compare.Renumbered, compare.Code, "", rule.Rule{
		ID:      "CODE_RENUMBERED",
		Summary: "A code has another number.",
		Why:     "The number is all that is on the wire.",
		Before:  "\tEC_TAG_ITEM_NAME = 0x0101,\n",
		After:   "\tEC_TAG_ITEM_NAME = 0x0111,\n",
	}},
	{compare.Retyped, compare.Type, "", rule.Rule{
		ID:      "CODE_TYPE_CHANGED",
		Summary: "The headers give codes another width.",
		Why:     "The widths of opcodes, tag names, types and lengths are the form of every packet.",
		Before:  "typedef uint8_t ec_opcode_t;\n",
		After:   "typedef uint16_t ec_opcode_t;\n",
	}},
	{compare.Changed, compare.Enum, "use", rule.Rule{
		ID:      "ENUM_USE_CHANGED",
		Summary: "Numbers became bits, or bits numbers.",
		Why:     "3 is the third value here, and two values together there.",
		Before:  "  State:\n    type: uint8\n",
		After:   "  State:\n    type: uint8\n    bits: true\n",
	}},
	{compare.Removed, compare.Value, "", rule.Rule{
		ID:      "ENUM_VALUE_REMOVED",
		Summary: "An enum lost a value.",
		Why:     "Old peers still send it. Keep the value, and say who sent it.",
		Before:  "      - {name: DONE, value: 2, doc: Complete}\n",
		After:   "\n",
	}},
	{compare.Renamed, compare.Value, "", rule.Rule{
		ID:      "ENUM_VALUE_REUSED",
		Summary: "A number of an enum has another name, which has little in common with the old one.",
		Why:     "Old peers take it for what it was.",
		Before:  "      - {name: DONE, value: 2, doc: Complete}\n",
		After:   "      - {name: LOST, value: 2, doc: Lost}\n",
	}},
	{compare.Renumbered, compare.Value, "", rule.Rule{
		ID:      "ENUM_VALUE_RENUMBERED",
		Summary: "A value of an enum has another number.",
		Why:     "The number is all that is on the wire.",
		Before:  "      - {name: DONE, value: 2, doc: Complete}\n",
		After:   "      - {name: DONE, value: 3, doc: Complete}\n",
	}},
	{compare.Changed, compare.Object, "own data", rule.Rule{
		ID:      "OWN_DATA_CHANGED",
		Summary: "The own data of an object can no longer be what it was.",
		Why:     "Old peers write and expect the old type. Another type beside it breaks nothing.",
		Before:  "      - {name: ID, type: uint32, doc: Number}\n",
		After:   "      - {name: Hash, type: hash16, doc: Hash}\n",
	}},
	{compare.Removed, compare.Message, "", rule.Rule{
		ID:      "MESSAGE_REMOVED",
		Summary: "An opcode has no meaning any more in a direction.",
		Why:     "Old peers still send it, and wait for it.",
		Before:  "  - opcode: EVENT\n    from: daemon\n    doc: Tells unasked.\n    pushed: At any time.\n    tags: []\n",
		After:   "\n",
	}},
	{compare.Moved, compare.Message, "", rule.Rule{
		ID:      "MESSAGE_WRITER_CHANGED",
		Summary: "A message is no longer written by those who wrote it.",
		Why:     "Old peers still do.",
		Before:  "  - opcode: NOOP\n    from: both\n",
		After:   "  - opcode: NOOP\n    from: daemon\n",
	}},
	{compare.Changed, compare.Message, "replies", rule.Rule{
		ID:      "REPLY_ADDED",
		Summary: "A request has a reply that it did not have.",
		Why:     "Old clients do not expect it. Send it only to clients that told a capability.",
		Before:  "      - {opcode: ANSWER}\n",
		After:   "      - {opcode: ANSWER}\n      - {opcode: FAILED, when: there is none}\n",
	}},
	{compare.Changed, compare.Message, "sent", rule.Rule{
		ID:      "PUSH_REMOVED",
		Summary: "A message is no longer sent unasked.",
		Why:     "Clients that wait for it never learn what it told.",
		Before:  "    doc: Tells unasked.\n    pushed: At any time.\n",
		After:   "    doc: Tells unasked.\n",
	}},
	{compare.Changed, compare.Message, "capability", rule.Rule{
		ID:      "MESSAGE_CAPABILITY_CHANGED",
		Summary: "Only daemons with a capability take a request that others took, too.",
		Why:     "Old clients send it without asking for the capability.",
		Before:  "    doc: Asks.\n",
		After:   "    doc: Asks.\n    capability: CAN_MORE\n",
	}},
	{compare.Removed, compare.Tag, "", rule.Rule{
		ID:      "TAG_REMOVED",
		Summary: "A tag stands no longer in a message or object.",
		Why:     "Old peers look for it, and still write it, which is then an unknown tag.",
		Before:  "      - {tag: ITEM_NAME, type: string, doc: Name}\n",
		After:   "\n",
	}},
	{compare.Moved, compare.Tag, "", rule.Rule{
		ID:      "TAG_MOVED",
		Summary: "A tag stands in another place of the tree.",
		Why:     "Old peers look for it where it was.",
		Before: "      - {tag: COUNT, type: uint16, doc: Number of items}\n" +
			"objects:\n  Item:\n    doc: A thing\n    prefixes: [ITEM]\n    tags:\n",
		After: "objects:\n  Item:\n    doc: A thing\n    prefixes: [ITEM]\n    tags:\n" +
			"      - {tag: COUNT, type: uint16, doc: Number of items}\n",
	}},
	{compare.Added, compare.Tag, "", rule.Rule{
		ID:      "REQUIRED_TAG_ADDED",
		Summary: "A tag that is always there was added to a message or object that exists.",
		Why:     "Old peers do not write it. Make it optional, and say since which release it is there.",
		Before:  "      - {tag: ITEM_NAME, type: string, doc: Name}\n",
		After: "      - {tag: ITEM_NAME, type: string, doc: Name}\n" +
			"      - {tag: SPARE, type: uint8, presence: required, doc: Something new}\n",
	}},
	{compare.Retyped, compare.Tag, "", rule.Rule{
		ID:      "TAG_TYPE_CHANGED",
		Summary: "A tag has another type, or a wider one.",
		Why:     "Old peers read it as what it was, or cut numbers that do not fit.",
		Before:  "      - {tag: ITEM_NAME, type: string, doc: Name}\n",
		After:   "      - {tag: ITEM_NAME, type: bytes, doc: Name}\n",
	}},
	{compare.Changed, compare.Tag, "presence", rule.Rule{
		ID:      "TAG_PRESENCE_CHANGED",
		Summary: "A tag became required or repeated, or is required no longer.",
		Why:     "Old peers leave it out, count on it, or take only the first.",
		Before:  "      - {tag: ITEM_NAME, type: string, doc: Name}\n",
		After:   "      - {tag: ITEM_NAME, type: string, presence: repeated, doc: Name}\n",
	}},
	{compare.Changed, compare.Tag, "capability", rule.Rule{
		ID:      "TAG_CAPABILITY_CHANGED",
		Summary: "Only clients with a capability get a tag that others got, too.",
		Why:     "Clients that do not know the capability miss it.",
		Before:  "      - {tag: ITEM_NAME, type: string, doc: Name}\n",
		After:   "      - {tag: ITEM_NAME, type: string, capability: CAN_MORE, doc: Name}\n",
	}},
	{compare.Changed, compare.Tag, "detail levels", rule.Rule{
		ID:      "TAG_DETAIL_CHANGED",
		Summary: "A tag is left out at a detail level that had it.",
		Why:     "Clients that ask at that level miss it.",
		Before:  "      - {tag: ITEM_SIZE, type: uint32, unit: bytes, doc: Size}\n",
		After:   "      - {tag: ITEM_SIZE, type: uint32, unit: bytes, detail: [FULL], doc: Size}\n",
	}},
	{compare.Changed, compare.Tag, "reported", rule.Rule{
		ID:      "TAG_INCREMENTAL",
		Summary: "A tag is left out when it has not changed.",
		Why:     "Clients that do not keep the last value take it for absent.",
		Before:  "      - {tag: ITEM_SIZE, type: uint32, unit: bytes, doc: Size}\n",
		After:   "      - {tag: ITEM_SIZE, type: uint32, unit: bytes, incremental: true, doc: Size}\n",
	}},
	{compare.Changed, compare.Tag, "values", rule.Rule{
		ID:      "TAG_VALUES_CHANGED",
		Summary: "The numbers of a tag are those of another enum.",
		Why:     "Old peers take them for what they were.",
		Before:  "      - {tag: ITEM_STATE, type: uint8, enum: State, doc: State}\n",
		After:   "      - {tag: ITEM_STATE, type: uint8, enum: Rating, doc: State}\n",
	}},
	{compare.Changed, compare.Tag, "unit", rule.Rule{
		ID:      "TAG_UNIT_CHANGED",
		Summary: "A number counts something else.",
		Why:     "Old peers are wrong by the factor between the units.",
		Before:  "      - {tag: ITEM_SIZE, type: uint32, unit: bytes, doc: Size}\n",
		After:   "      - {tag: ITEM_SIZE, type: uint32, unit: KiB, doc: Size}\n",
	}},
	{compare.Changed, compare.Tag, "other names", rule.Rule{
		ID:      "TAG_NAMES_CHANGED",
		Summary: "A tag name is no longer taken in a place that took several.",
		Why:     "Old peers still write it.",
		Before:  "      - {tag: ITEM, type: Item, also_named: [OTHER], doc: An item}\n",
		After:   "      - {tag: ITEM, type: Item, doc: An item}\n",
	}},
}

// The rules about the generated package.
var (
	constRemoved = rule.Rule{
		ID:       "GO_CONST_REMOVED",
		Category: rule.GoAPI,
		Summary:  "A constant of the generated package is gone.",
		Why:      "Programs that name it do not compile any more.",
		Before:   "\tEC_TAG_SPARE = 0x0105,\n",
		After:    "\tEC_TAG_SPARED = 0x0105,\n",
	}
	typeRemoved = rule.Rule{
		ID:       "GO_TYPE_REMOVED",
		Category: rule.GoAPI,
		Summary:  "A type of the generated package is gone.",
		Why:      "Programs that name it do not compile any more. go: keeps the old name of a message.",
		Before:   "  - opcode: EVENT\n",
		After:    "  - opcode: EVENT\n    go: News\n",
	}
	typeChanged = rule.Rule{
		ID:       "GO_TYPE_CHANGED",
		Category: rule.GoAPI,
		Summary:  "A type of the generated package is of another sort, or lost a method.",
		Why:      "Programs convert values of it to the old type, or call the method.",
		Before:   "  State:\n    type: uint8\n",
		After:    "  State:\n    type: uint16\n",
	}
	fieldRemoved = rule.Rule{
		ID:       "GO_FIELD_REMOVED",
		Category: rule.GoAPI,
		Summary:  "A field of the generated package is gone.",
		Why:      "Programs that name it do not compile any more. go: keeps the old name.",
		Before:   "      - {tag: ITEM_NAME, type: string, doc: Name}\n",
		After:    "      - {tag: ITEM_NAME, type: string, go: Title, doc: Name}\n",
	}
	fieldTypeChanged = rule.Rule{
		ID:       "GO_FIELD_TYPE_CHANGED",
		Category: rule.GoAPI,
		Summary:  "A field of the generated package has another type.",
		Why:      "Programs that read or set it do not compile any more.",
		Before:   "      - {tag: ITEM_SIZE, type: uint32, unit: bytes, doc: Size}\n",
		After:    "      - {tag: ITEM_SIZE, type: uint64, unit: bytes, doc: Size}\n",
	}
)
