package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ecgen/ecgen/fuzz/corpus"
)

// folder is where a campaign lives. Nothing in it is ever changed in place: the
// journal is appended to, files come into being under their names when they are
// complete.
//
//	campaign.json            what the campaign is of
//	journal.jsonl            what happened, an event a line
//	corpus/Body/FuzzTarget/  inputs that reached something new, as the engine wrote them
//	crashes/Body/ID/         crash.json, input, and what it was reduced to
//	work/Body/               the engine's working directory, with the seeds
//	bin/                     programs, built anew by each run
//	report.html
type folder string

func (f folder) join(elements ...string) string {
	return filepath.Join(append([]string{string(f)}, elements...)...)
}

func (f folder) journal() string             { return f.join("journal.jsonl") }
func (f folder) crashes() string             { return f.join("crashes") }
func (f folder) corpus(target string) string { return f.join("corpus", target, nativeTest) }
func (f folder) work(target string) string   { return f.join("work", target) }
func (f folder) program(name string) string  { return f.join("bin", name) }
func (f folder) description() string         { return f.join("campaign.json") }
func (f folder) report() string              { return f.join("report.html") }

// testName returns the name of a target's native fuzz test, which the folders
// of its committed inputs are named for.
func testName(target string) string { return "Fuzz" + target }

// description says what a campaign is of.
type description struct {
	Engine string `json:"engine"`
}

// addFolderFlag adds --dir.
func addFolderFlag(flags *flag.FlagSet) *string {
	return flags.String("dir", "", "`folder` of the campaign (default fuzz/results in the module)")
}

func folderOf(c *call, dir string) folder {
	if dir == "" {
		return folder(filepath.Join(c.root, "fuzz", "results"))
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		absolute = dir
	}
	return folder(absolute)
}

// begin makes the folder, or opens one that is there, and locks it.
func (f folder) begin(engine string) (unlock func(), err error) {
	for _, dir := range []string{"corpus", "crashes", "work", "bin"} {
		if err := os.MkdirAll(f.join(dir), 0o777); err != nil {
			return nil, fmt.Errorf("the folder of the campaign cannot be made: %w", err)
		}
	}
	unlock, err = lock(f.join("lock"))
	if err != nil {
		return nil, err
	}
	d, err := f.describe()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text, _ := json.Marshal(description{engine})
		err = corpus.WriteFile(f.description(), append(text, '\n'))
	case err == nil && d.Engine != engine:
		err = fmt.Errorf("%s is a campaign of the %s engine, whose corpora have another format; say --engine %[2]s or another --dir", f, d.Engine)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// canKeep returns an error unless inputs can be written into a folder. Not all
// engines say when they cannot: libFuzzer never does, Go's says it like any
// failure.
func canKeep(dir string) error {
	file, err := os.CreateTemp(dir, ".writing-*")
	if err == nil {
		_, err = file.Write(make([]byte, maxLength))
		err = errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	if err != nil {
		return cannotKeep(err)
	}
	return nil
}

// cannotKeep says what err means for a campaign.
func cannotKeep(err error) error {
	return fmt.Errorf("nothing more can be kept (what was found until now is; run again to go on): %w", err)
}

// describe returns what the campaign is of. The error is fs.ErrNotExist when
// there is no campaign.
func (f folder) describe() (d description, err error) {
	text, err := os.ReadFile(f.description())
	if err == nil {
		if err = json.Unmarshal(text, &d); err != nil {
			err = fmt.Errorf("%s: %w", f.description(), err)
		}
	}
	return d, err
}

// open returns the state of a campaign that somebody began.
func (f folder) open() (*state, description, error) {
	d, err := f.describe()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, d, fmt.Errorf("there is no campaign in %s; campaign run begins one", f)
	}
	if err != nil {
		return nil, d, err
	}
	s, err := readJournal(f.journal())
	return s, d, err
}
