package bench

import (
	"math/rand/v2"
	"strconv"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// Set is a message to measure with.
type Set struct {
	Name  string            // as in the names of benchmarks
	From  codec.Direction   // the side that writes such a message
	Files int               // how many files it lists; 0 when it is not about files
	New   func() ec.Message // makes the message, the same one each time
}

// Sets returns all sets: the login, a status poll, and what a client asks for
// after that.
func Sets() []Set {
	sets := []Set{
		{"AuthReq", codec.FromClient, 0, authReq},
		{"AuthSalt", codec.FromDaemon, 0, authSalt},
		{"AuthPasswd", codec.FromClient, 0, authPasswd},
		{"AuthOK", codec.FromDaemon, 0, authOK},
		{"StatReq", codec.FromClient, 0, statReq},
		{"Stats", codec.FromDaemon, 0, stats},
		{"LogLines", codec.FromDaemon, 0, logLines},
		{"Preferences", codec.FromDaemon, 0, preferences},
		{"StatsTree", codec.FromDaemon, 0, statsTree},
		{"SearchResults", codec.FromDaemon, 300, searchResults},
		{"DLoadQueue", codec.FromDaemon, 200, downloadQueue},
		{"Update", codec.FromDaemon, 10_000, update},
	}
	for _, n := range []int{100, 10_000, 70_000, 91_000, 1_000_000} {
		sets = append(sets, Set{
			"SharedFiles" + strconv.Itoa(n), codec.FromDaemon, n,
			func() ec.Message { return SharedFiles(n) },
		})
	}
	return sets
}

// Form is a way in which a body can be coded.
type Form struct {
	Name  string // as in the names of benchmarks
	Flags codec.Flags
}

// mostSmallCount is the largest count of tags that needs no large counts.
const mostSmallCount = 0xFFFE

// Forms returns the forms to measure the set in. A list that needs large
// counts has them in every form.
func (s Set) Forms() []Form {
	always := codec.FlagBase
	if s.Files > mostSmallCount {
		always |= codec.FlagLargeTagCount
	}
	return []Form{
		{"plain", always},
		{"large", always | codec.FlagLargeTagCount},
		{"utf8", always | codec.FlagUTF8Numbers},
		{"zlib", always | codec.FlagZlib},
		{"zlib+utf8", always | codec.FlagZlib | codec.FlagUTF8Numbers},
	}
}

// Zlib reports whether bodies of this form are deflated.
func (f Form) Zlib() bool { return f.Flags&codec.FlagZlib != 0 }

// newRandom returns the source of a set's random choices.
func newRandom(set uint64) *rand.Rand { return rand.New(rand.NewPCG(2004, set)) }

// pick returns one of the choices.
func pick[T any](random *rand.Rand, choices []T) T { return choices[random.IntN(len(choices))] }

// hash returns sixteen random bytes.
func hash(random *rand.Rand) (h codec.Hash) {
	for i := range h {
		h[i] = byte(random.Uint32())
	}
	return h
}

// markAll marks the fields of the named shape as present, so that zeros are
// written, except those that are left out.
func markAll(m interface{ SetPresent(codec.TagName, bool) }, shape string, except ...codec.TagName) {
	for _, tag := range shapes[shape] {
		m.SetPresent(tag, true)
	}
	for _, tag := range except {
		m.SetPresent(tag, false)
	}
}

// shapes has the tags of each kind of object, by the name of its Go type, but not
// those of a release in development: sets are what today's programs exchange.
var shapes = func() map[string][]codec.TagName {
	tags := make(map[string][]codec.TagName)
	for _, shape := range ec.Protocol.Shapes {
		for _, field := range shape.Fields {
			if !ec.Protocol.Provisional(field.Since) {
				tags[shape.Name] = append(tags[shape.Name], field.Tag)
			}
		}
	}
	return tags
}()
