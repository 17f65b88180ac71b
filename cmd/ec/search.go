package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

var searchSynopsis = []string{
	"[--json] [--color WHEN] [--in NETWORK] [--type TYPE]",
	" [--extension EXT] [--min-size BYTES] [--max-size BYTES] [--sources NUMBER]",
	" [--wait LONG] [--every LONG] WORD...",
	loginSynopsis,
}

const searchDetails = `NETWORK is local (the connected eD2k server), global (all servers) or kad. TYPE
is audio, video, image, doc, pro, arc or iso. Between the words may stand AND,
OR and NOT. It waits until the search has ended or LONG has passed, and prints
what was found, that with the most sources first. A search drops the results of
the one before. With --json it prints the reply SEARCH_RESULTS, as "ec dump
--json" does.

` + loginDetails + `
Example:

  ec search --in global --type iso --min-size 100000000 debian netinst
`

// searcher is what the options of search say.
type searcher struct {
	login
	form
	network     string
	kind        string
	query       ec.SearchQuery
	sources     uint
	wait, every time.Duration
}

func searchOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	var s searcher
	s.login.define(flags)
	s.form.defineTable(flags)
	flags.StringVar(&s.network, "in", "local", "search in `NETWORK`: local, global or kad")
	flags.StringVar(&s.kind, "type", "", "only files of this `TYPE`")
	flags.StringVar(&s.query.Extension, "extension", "", "only names that end in a dot and `EXT`")
	flags.Uint64Var(&s.query.MinSize, "min-size", 0, "only files of so many `BYTES` or more")
	flags.Uint64Var(&s.query.MaxSize, "max-size", 0, "only files of so many `BYTES` or fewer")
	flags.UintVar(&s.sources, "sources", 0, "only files with this `NUMBER` of sources or more")
	flags.DurationVar(&s.wait, "wait", time.Minute, "wait at most so `LONG` for the end, 1m unless told")
	flags.DurationVar(&s.every, "every", time.Second, "ask each time so `LONG` has passed, 1s unless told")
	return s.run
}

// searchTypes are the kinds of files that aMule knows, as it writes them.
var searchTypes = []string{"", "Audio", "Video", "Image", "Doc", "Pro", "Arc", "Iso"}

func (s *searcher) run(c *call) (bool, error) {
	if s.query.Name = strings.Join(c.args, " "); s.query.Name == "" {
		return false, usageError("want words to search for")
	}
	networks := map[string]ec.SearchType{"local": ec.SearchTypeLocal, "global": ec.SearchTypeGlobal, "kad": ec.SearchTypeKad}
	var known bool
	if s.query.Type, known = networks[s.network]; !known {
		return false, usageError(fmt.Sprintf("--in wants local, global or kad, not %q", s.network))
	}
	kind := slices.IndexFunc(searchTypes, func(name string) bool { return strings.EqualFold(name, s.kind) })
	if kind < 0 {
		return false, usageError(fmt.Sprintf("--type wants one of%s, not %q", strings.ToLower(strings.Join(searchTypes, " ")), s.kind))
	}
	if s.every <= 0 {
		return false, usageError("--every wants a time over 0")
	}
	s.query.FileType = searchTypes[kind]
	s.query.Availability = uint32(min(s.sources, 1<<32-1))
	return false, s.inquire(c, &s.form, func(ctx context.Context, client *session.Client) (answer, error) {
		if _, err := session.Call(ctx, client, &ec.SearchStart{Query: &s.query}); err != nil {
			return answer{}, err
		}
		results, ended, err := s.await(ctx, client)
		if err != nil {
			return answer{}, err
		}
		if !ended {
			fmt.Fprintf(c.stderr, "ec search: the search goes on, these are its results after %v\n", s.wait)
		}
		return answer{results, func(out io.Writer, width int, color bool) error { return printResults(out, results, width, color) }}, nil
	})
}

// await asks for results until the search has ended, or for as long as is
// wanted.
func (s *searcher) await(ctx context.Context, client *session.Client) (results *ec.SearchResults, ended bool, err error) {
	enough := time.After(s.wait)
	p := searchState{network: s.query.Type}
	for {
		select {
		case <-time.After(s.every):
		case <-enough:
			results, err = session.Call(ctx, client, &ec.SearchResultsRequest{})
			return results, false, err
		case <-ctx.Done():
			return nil, false, context.Cause(ctx)
		}
		state, err := session.Call(ctx, client, &ec.SearchProgressRequest{})
		if err != nil {
			return nil, false, err
		}
		if results, err = session.Call(ctx, client, &ec.SearchResultsRequest{}); err != nil {
			return nil, false, err
		}
		if p.ended(state.Status, len(results.Files)) {
			return results, true, nil
		}
	}
}

// searchState is what a daemon told about a search so far.
type searchState struct {
	network ec.SearchType
	found   int
	still   int // how often in a row no more was found
	idle    int // how often in a row the progress was 0
}

// ended reports whether a search has ended, by SEARCH_STATUS and the number of
// results. What aMule tells (CSearchList::GetSearchProgress in SearchList.cpp)
// is 0 when an eD2k search has ended, but also at the beginning of a global one
// on more than a hundred servers. Some versions tell of a local search that has
// ended what they tell of one that is under way.
func (s *searchState) ended(status uint32, found int) bool {
	const kadFinished, steady = 0xfffe, 3
	s.still++
	if found != s.found {
		s.found, s.still = found, 0
	}
	s.idle++
	if status != 0 {
		s.idle = 0
	}
	switch s.network {
	case ec.SearchTypeKad:
		return status == kadFinished
	case ec.SearchTypeGlobal:
		return s.idle >= steady
	default:
		return status == 0 || found > 0 && s.still >= steady
	}
}

func printResults(out io.Writer, results *ec.SearchResults, width int, color bool) error {
	t := &table{columns: []column{{title: "sources"}, {title: "size"}, {title: "known", text: true, spare: true}, {title: "hash", text: true, spare: true}, {title: "name", text: true}}}
	files := slices.Clone(results.Files)
	slices.SortStableFunc(files, func(a, b ec.SearchFile) int { return cmp.Compare(b.SourceCount, a.SourceCount) })
	for i := range files {
		f := &files[i]
		state := words(f.Status.String())
		if f.Status == ec.SearchFileStatusNew {
			state = ""
		}
		t.row(fmt.Sprintf("%d (%d)", f.SourceCount, f.CompleteSourceCount), sizeText(f.SizeFull), state, f.Hash.String(), printable(f.Name))
	}
	return t.print(out, width, color)
}
