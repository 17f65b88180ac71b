// Package doc writes the protocol reference: a few static pages as HTML or
// Markdown. What they list comes from the resolved spec, so that it is never
// behind; what they explain stands in text/, as Markdown in which code names
// become links and {{packet "name"}} an annotated packet. The packets stand in
// packets.tsv. They were captured, and are taken apart by package codec/view.
//
// The pages need no server and nothing from elsewhere. They are not committed:
// two megabytes that follow from the spec would only make each change of it
// hard to review. testdata has one small page, to show what becomes of a spec.
package doc

import (
	"fmt"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/model"
)

// Format is what the reference is written as.
type Format string

// The formats.
const (
	HTML     Format = "html"
	Markdown Format = "markdown"
)

// Generate returns the files of the reference by name.
func Generate(protocol *model.Protocol, format Format) (map[string][]byte, error) {
	if format != HTML && format != Markdown {
		return nil, fmt.Errorf("unknown format %q: want %s or %s", format, HTML, Markdown)
	}
	s, err := newSite(protocol, format)
	if err != nil {
		return nil, err
	}
	if format == HTML {
		return s.html()
	}
	return s.markdown()
}
