// Package crash runs fuzz targets and says of what goes wrong where it went
// wrong, so that the thousands of inputs that one fault gives are told to be
// one.
package crash

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"github.com/ecgen/ecgen/fuzz/targets"
)

// Crash is an exception from a target's property.
type Crash struct {
	Target string `json:"target"`

	// Site is equal for crashes that have one cause: the text without its
	// values, and for a panic the first function of this module on the stack.
	Site string `json:"site"`

	Text  string `json:"text"`            // of the panic, or of the error that the target returned
	Stack string `json:"stack,omitempty"` // of a panic; functions with file and line
}

func (c *Crash) Error() string {
	if c.Stack == "" {
		return c.Text
	}
	return c.Text + "\n\n" + c.Stack
}

// Run runs a target. It returns nil when the property holds for data.
func Run(target targets.Target, data []byte) (c *Crash) {
	defer func() {
		if value := recover(); value != nil {
			c = panicked(target.Name, fmt.Sprint("panic: ", value))
		}
	}()
	if err := target.Run(data); err != nil {
		return &Crash{Target: target.Name, Site: constant(err.Error()), Text: err.Error()}
	}
	return nil
}

// MaxStack is how much stack programs that run targets should allow: endless
// recursions end sooner than with what Go allows.
const MaxStack = 64 << 20

// module is what the names of own functions begin with.
const module = "github.com/ecgen/ecgen/"

// panicked is called while the stack is that of the panic.
func panicked(target, text string) *Crash {
	var callers [256]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	own := ""
	var stack strings.Builder
	for {
		frame, more := frames.Next()
		if own == "" && strings.HasPrefix(frame.Function, module) {
			own = frame.Function
		}
		if strings.HasPrefix(frame.Function, module+"fuzz/crash.") || !more {
			break
		}
		fmt.Fprintf(&stack, "%s\n\t%s:%d\n", frame.Function, frame.File, frame.Line)
	}
	return &Crash{Target: target, Site: site(text, own), Text: text, Stack: stack.String()}
}

var (
	headline = regexp.MustCompile(`(?m)^\s*((?:panic|fatal error|runtime): .*|==\d+== ?ERROR: .*|.*(?:hung|terminated unexpectedly|exceeded).*)$`)
	function = regexp.MustCompile(`(?m)^\s*(` + regexp.QuoteMeta(module) + `\S+)\(.*\)$`)
)

// Parse finds the crash in what a program printed before it died: a fault that
// no program survives, such as an endless recursion, or a hang that was ended.
func Parse(target, output string) *Crash {
	text := "died without a word"
	if match := headline.FindStringSubmatch(output); match != nil {
		text = match[1]
	}
	own := ""
	for _, match := range function.FindAllStringSubmatch(output, -1) {
		if !strings.HasPrefix(match[1], module+"fuzz") {
			own = match[1]
			break
		}
	}
	return &Crash{Target: target, Site: site(text, own), Text: text, Stack: cut(output, 8<<10)}
}

// site joins a text without its values and the function's name without the
// module's.
func site(text, function string) string {
	if function == "" {
		return constant(text)
	}
	return constant(text) + " in " + strings.TrimPrefix(function, module)
}

var (
	quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	paths  = regexp.MustCompile(`\w+(?:\[\d+\])?(?:/\w+(?:\[\d+\])?)+`)
	values = regexp.MustCompile(`\b(?:0x[0-9a-f]+|[0-9a-f]*[0-9][0-9a-f]*|[0-9a-f]{6,}|[a-f]{2})\b`)
	runs   = regexp.MustCompile(`[-#%+.,: ]*#[-#%+.,: ]*`)
)

// constant leaves of a text what is the same for all values: words, but for the
// paths of tags. Lines that begin with a blank or a number are of printed trees.
func constant(text string) string {
	var words []string
	for line := range strings.Lines(quoted.ReplaceAllString(text, "#")) {
		if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "0x") {
			words = append(words, strings.Fields(line)...)
		}
	}
	text = strings.ReplaceAll(strings.Join(words, " "), "*ec.", "") // which is no value, though hexadecimal
	text = values.ReplaceAllString(paths.ReplaceAllString(text, "#"), "#")
	return strings.TrimSpace(cut(runs.ReplaceAllString(text, " # "), 140))
}

func cut(text string, most int) string {
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "")
	}
	return text
}
