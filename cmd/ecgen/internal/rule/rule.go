// Package rule is about the rules by which ecgen judges: their names, what they
// are about and why, each with an example.
package rule

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// Category groups rules by whom a breach of them hurts.
type Category string

// The categories.
const (
	Wire  Category = "WIRE"   // programs that speak to others
	GoAPI Category = "GO_API" // programs that import the generated package
	Audit Category = "AUDIT"  // programs with code tables of their own
)

// Rule is one rule. Before and After are an example: a change of the headers or
// the spec that breaks the rule. Without After, Before itself does.
type Rule struct {
	ID       string
	Category Category
	Summary  string
	Why      string
	Before   string
	After    string
}

// List prints the rules, one to a line.
func List(w io.Writer, rules []Rule) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.Category, r.ID, r.Summary)
	}
	return table.Flush()
}

// Explain prints all that is known of a rule.
func (r Rule) Explain(w io.Writer) {
	fmt.Fprintf(w, "%s (%s)\n%s\n\n%s\n", r.ID, r.Category, r.Summary, r.Why)
	if r.After == "" {
		fmt.Fprintf(w, "\nExample:\n%s", indent(r.Before))
		return
	}
	fmt.Fprintf(w, "\nBefore:\n%s\nAfter:\n%s", indent(r.Before), indent(r.After))
}

func indent(text string) string {
	if strings.TrimSpace(text) == "" {
		text = "(nothing)"
	}
	var b strings.Builder
	for line := range strings.Lines(strings.Trim(text, "\n") + "\n") {
		b.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
	}
	return b.String()
}

// Find returns the rule of an id. The error offers the nearest one.
func Find(rules []Rule, id string) (Rule, error) {
	var ids []string
	for _, r := range rules {
		if r.ID == id {
			return r, nil
		}
		ids = append(ids, r.ID)
	}
	return Rule{}, unknown(id, ids)
}

// Select returns a predicate for the rules that are among those named in only,
// or all when that is empty, and not among those named in except. A name is an
// id or a category; both lists have commas between.
func Select(rules []Rule, only, except string) (func(id string) bool, error) {
	chosen := map[string]bool{}
	for _, r := range rules {
		chosen[r.ID] = only == ""
	}
	for _, list := range []struct {
		names string
		is    bool
	}{{only, true}, {except, false}} {
		for _, name := range strings.FieldsFunc(list.names, func(r rune) bool { return r == ',' }) {
			named := 0
			for _, r := range rules {
				if r.ID == name || string(r.Category) == name {
					chosen[r.ID] = list.is
					named++
				}
			}
			if named == 0 {
				return nil, unknown(name, names(rules))
			}
		}
	}
	return func(id string) bool { return chosen[id] }, nil
}

func names(rules []Rule) []string {
	var all []string
	for _, r := range rules {
		all = append(all, r.ID, string(r.Category))
	}
	return all
}

func unknown(name string, known []string) error {
	if hint := diag.DidYouMean(name, known); hint != "" {
		return fmt.Errorf("unknown rule %q; %s", name, hint)
	}
	return fmt.Errorf("unknown rule %q; ecgen explain lists them", name)
}
