package model

import (
	"slices"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// Lint looks for what is not wrong but not complete: codes that no message
// places, requests without replies, types that nothing uses.
func Lint(p *Protocol) diag.List {
	findings := append(LintCodes(p), p.unreleased...)
	used := map[*Struct]bool{}
	enums := map[*Enum]bool{}
	for _, s := range append(slices.Clone(p.Messages), p.Objects...) {
		for _, f := range append(slices.Clone(s.Fields), s.Own...) {
			used[f.Object] = true
			enums[f.Enum] = true
			if f.Unit != "" && f.Kind != KindUint && f.Kind != KindDouble {
				findings.Add(f.Position, "%s is not a number, so it has no unit", f.Tag.Name)
			}
		}
	}
	for _, s := range p.Objects {
		if !used[s] {
			findings.Add(s.Position, "object %s is not used", s.Name)
		}
	}
	for _, enum := range p.Enums {
		if !enums[enum] {
			findings.Add(enum.Position, "enum %s is not used", enum.Name)
		}
	}
	for _, s := range p.Messages {
		request := slices.Contains(s.From, "client")
		switch {
		case request && len(s.Replies) == 0:
			findings.Add(s.Position, "the request %s names no replies", s.Opcode.Name)
		case !request && len(s.Replies) > 0:
			findings.Add(s.Position, "%s is written by the daemon, so it has no replies", s.Opcode.Name)
		case !request && s.Pushed == "" && !isReply(p, s):
			findings.Add(s.Position, "%s is the reply to no request and is not pushed", s.Opcode.Name)
		}
	}
	findings.Sort()
	return findings
}

// LintCodes looks for codes that no message places and values that no enum has.
// It also serves a protocol that Build has findings about.
func LintCodes(p *Protocol) diag.List {
	var findings diag.List
	for _, code := range append(Unplaced(p.Opcodes), Unplaced(p.Tags)...) {
		findings.Add(code.Position, "%s is neither used by a message nor listed as unused", code.Name)
	}
	for _, enum := range p.Enums {
		for _, value := range enum.Missing {
			findings.Add(value.Position, "%s of %s is missing in the enum %s", value.Name, enum.Header, enum.Name)
		}
	}
	return findings
}

// Unplaced returns those of the codes that no message places and that are not
// listed as unused.
func Unplaced(codes []*Code) []*Code {
	var unplaced []*Code
	for _, code := range codes {
		if !code.used && !code.Alias {
			unplaced = append(unplaced, code)
		}
	}
	return unplaced
}

func isReply(p *Protocol, s *Struct) bool {
	for _, request := range p.Messages {
		for _, reply := range request.Replies {
			if reply.Message == s {
				return true
			}
		}
	}
	return false
}
