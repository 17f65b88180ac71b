package targets

import (
	"errors"

	"github.com/ecgen/ecgen/cmd/ecgen/texts"
	"github.com/ecgen/ecgen/fuzz/loose"
)

// HeaderText reads code headers.
var HeaderText = Target{
	Name: "HeaderText", Form: loose.Bytes, Folder: "fuzz",
	Doc: "Any text is read as a C++ header and as an .abstract file without a panic, alike each time, and all places " +
		"that are spoken of lie in it. The input is the text.",
	Run: func(data []byte) error {
		return errors.Join(texts.Header("codes.h", data), texts.Header("codes.abstract", data))
	},
}

// SpecText reads spec files.
var SpecText = Target{
	Name: "SpecText", Form: loose.Bytes, Folder: "fuzz",
	Doc: "Any files are read as a spec without a panic, alike each time, and all places that are spoken of lie in " +
		"them. The input is a txtar archive of the files.",
	Run: texts.Spec,
}
