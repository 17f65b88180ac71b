package rule_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/rule"
)

var rules = []rule.Rule{
	{ID: "A_ONE", Category: rule.Wire, Summary: "One.", Why: "Because.", Before: "\tx\n\n\ty\n", After: "z\n"},
	{ID: "A_TWO", Category: rule.Wire, Summary: "Two.", Why: "Because.", Before: "x\n"},
	{ID: "B_ONE", Category: rule.GoAPI, Summary: "Three.", Why: "Because.", Before: "x\n", After: "\n"},
}

func TestSelectTakesRulesAndCategories(t *testing.T) {
	for _, test := range []struct{ only, except, want string }{
		{"", "", "A_ONE A_TWO B_ONE"},
		{"WIRE", "", "A_ONE A_TWO"},
		{"A_TWO,GO_API", "", "A_TWO B_ONE"},
		{"", "WIRE", "B_ONE"},
		{"WIRE", "A_ONE", "A_TWO"},
	} {
		followed, err := rule.Select(rules, test.only, test.except)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rules {
			if followed(r.ID) {
				got = append(got, r.ID)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("only %q except %q: %v, want %s", test.only, test.except, got, test.want)
		}
	}
}

func TestUnknownRulesAreErrors(t *testing.T) {
	const want = `unknown rule "A_ON"; did you mean "A_ONE"?`
	if _, err := rule.Select(rules, "", "A_ON"); err == nil || err.Error() != want {
		t.Errorf("Select: %v", err)
	}
	if _, err := rule.Find(rules, "A_ON"); err == nil || err.Error() != want {
		t.Errorf("Find: %v", err)
	}
	if _, err := rule.Find(rules, "NOTHING_LIKE_IT"); err == nil || !strings.Contains(err.Error(), "ecgen explain") {
		t.Errorf("Find: %v", err)
	}
}

func TestExplainShowsTheExample(t *testing.T) {
	for id, want := range map[string]string{
		"A_ONE": "A_ONE (WIRE)\nOne.\n\nBecause.\n\nBefore:\n    \tx\n\n    \ty\n\nAfter:\n    z\n",
		"A_TWO": "A_TWO (WIRE)\nTwo.\n\nBecause.\n\nExample:\n    x\n",
		"B_ONE": "B_ONE (GO_API)\nThree.\n\nBecause.\n\nBefore:\n    x\n\nAfter:\n    (nothing)\n",
	} {
		r, err := rule.Find(rules, id)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		r.Explain(&got)
		if got.String() != want {
			t.Errorf("got\n%q\nwant\n%q", got.String(), want)
		}
	}
}

func TestPrintSortsAndNamesTheRule(t *testing.T) {
	at := func(line int) (f rule.Finding) {
		f.Rule, f.Message = rules[0], "it is so"
		f.Position.File, f.Position.Line, f.Position.Column = "x.h", line, 1
		return f
	}
	var got bytes.Buffer
	rule.Print(&got, []rule.Finding{at(2), at(1)}, nil, false)
	if want := "x.h:1:1: A_ONE: it is so\nx.h:2:1: A_ONE: it is so\n2 findings\n"; got.String() != want {
		t.Errorf("got %q", got.String())
	}
}
