package crash

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ecgen/ecgen/fuzz/corpus"
)

// FolderVariable is the environment variable that names the folder in which
// fuzz tests keep crashes instead of failing, so that fuzzing goes on behind
// them.
const FolderVariable = "ECGEN_CRASHES"

// CannotKeep begins the text of the failure of a fuzz test that could not keep
// a crash.
const CannotKeep = "cannot keep a crash: "

// sitesKept is how many sites of a target are kept. A target that crashes in
// more places is broken as a whole, and would fill the disk.
const sitesKept = 100

// Keeper keeps the smallest input of each site below a folder, in
// TARGET/SITE/input with the crash in crash.json. Several processes may keep in
// one folder; when two of them find one site at the same time, it may keep the
// larger input.
type Keeper struct {
	dir  string
	mu   sync.Mutex
	size map[string]int // of the inputs that this Keeper knows to be kept, by folder
}

// NewKeeper returns a Keeper of a folder, which is made when it is needed.
func NewKeeper(dir string) *Keeper { return &Keeper{dir: dir, size: make(map[string]int)} }

// KeeperOfEnvironment returns the Keeper that FolderVariable asks for, or nil.
func KeeperOfEnvironment() *Keeper {
	if dir := os.Getenv(FolderVariable); dir != "" {
		return NewKeeper(dir)
	}
	return nil
}

// Keep keeps a crash, unless there is one of its site with an input that is not
// larger.
func (k *Keeper) Keep(c *Crash, data []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	dir := filepath.Join(k.dir, c.Target, c.ID())
	if size, known := k.size[dir]; known && size <= len(data) {
		return nil
	}
	if info, err := os.Stat(filepath.Join(dir, "input")); err == nil && info.Size() <= int64(len(data)) {
		k.size[dir] = int(info.Size())
		return nil
	}
	if sites, _ := os.ReadDir(filepath.Dir(dir)); len(sites) >= sitesKept {
		return nil
	}
	text, err := json.MarshalIndent(c, "", "\t")
	if err == nil {
		err = os.MkdirAll(dir, 0o777)
	}
	if err == nil {
		err = corpus.WriteFile(filepath.Join(dir, "crash.json"), append(text, '\n'))
	}
	if err == nil {
		err = corpus.WriteFile(filepath.Join(dir, "input"), data) // last: what has an input is complete
	}
	if err != nil {
		return fmt.Errorf("%s%w", CannotKeep, err)
	}
	k.size[dir] = len(data)
	return nil
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]+`)

// ID names the site in a way that can stand in a path.
func (c *Crash) ID() string {
	sum := sha256.Sum256([]byte(c.Site))
	words := strings.Trim(notInNames.ReplaceAllString(c.Site, "-"), "-")
	return fmt.Sprintf("%s-%x", strings.TrimRight(cut(words, 60), "-"), sum[:4])
}

// Kept is a crash that was kept.
type Kept struct {
	Crash
	Dir     string // with all that there is of it
	Input   []byte // the smallest that was found
	Reduced []byte // what was made of it; nil when nobody tried
}

// Read returns what is kept below a folder, by target and site. Of what is
// written at the moment, and is not complete, nothing is returned.
func Read(dir string) ([]Kept, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*", "*", "crash.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var list []Kept
	for _, name := range names {
		kept := Kept{Dir: filepath.Dir(name)}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &kept.Crash); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		kept.Input, err = os.ReadFile(filepath.Join(kept.Dir, "input"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		kept.Reduced, err = os.ReadFile(filepath.Join(kept.Dir, "reduced"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		list = append(list, kept)
	}
	return list, nil
}

// KeepReduced keeps a smaller input of the same site beside the first.
func (k *Kept) KeepReduced(data []byte) error {
	k.Reduced = data
	return corpus.WriteFile(filepath.Join(k.Dir, "reduced"), data)
}

// Least returns the smallest input that is known.
func (k *Kept) Least() []byte {
	if k.Reduced != nil {
		return k.Reduced
	}
	return k.Input
}
