package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
)

var completionSynopsis = []string{"SHELL", "--words WORD..."}

const completionDetails = `SHELL is bash, zsh or fish. The script asks this program, with --words, what the
last of the WORDs behind "ec" may become, and offers files when that is nothing.

  bash: echo 'source <(ec completion bash)' >> ~/.bashrc
  zsh:  echo 'source <(ec completion zsh)' >> ~/.zshrc, behind compinit
  fish: ec completion fish > ~/.config/fish/completions/ec.fish
`

// shells has the script for each shell.
var shells = map[string]string{
	"bash": `_ec() {
  local IFS=$'\n'
  COMPREPLY=($("${COMP_WORDS[0]}" completion --words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _ec ec
`,
	"zsh": `_ec() {
  local -a found
  found=("${(@f)$("${words[1]}" completion --words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then
    compadd -- "${found[@]}"
  else
    _files
  fi
}
compdef _ec ec
`,
	"fish": `function __ec_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] completion --words -- $words[2..-1] 2>/dev/null
end
complete -c ec -a '(__ec_complete)'
`,
}

func completionOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	words := flags.Bool("words", false, "print what the last WORD may become, a line each")
	return func(c *call) (bool, error) {
		if *words {
			for _, word := range complete(c.args) {
				fmt.Fprintln(c.stdout, word)
			}
			return false, nil
		}
		if len(c.args) != 1 || shells[c.args[0]] == "" {
			return false, usageError("want bash, zsh or fish")
		}
		_, err := fmt.Fprint(c.stdout, shells[c.args[0]])
		return false, err
	}
}

// complete returns what the last word may become. Bash takes --option=value for
// three words.
func complete(words []string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word == "=" })
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	return slices.DeleteFunc(candidates(words[:len(words)-1], last), func(word string) bool { return !strings.HasPrefix(word, last) })
}

// candidates returns what may stand behind words, in place of last.
func candidates(words []string, last string) (found []string) {
	if len(words) == 0 {
		for _, v := range verbs() {
			found = append(found, v.name)
		}
		return found
	}
	v := findVerb(words[0])
	if v == nil {
		return nil
	}
	flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
	v.options(flags)
	var argument bool
	var request *request
	var open string // the option that the next word is the value of
	for _, word := range words[1:] {
		name, isOption := optionName(word)
		switch {
		case open != "":
			open = ""
		case isOption:
			if f := flags.Lookup(name); f != nil && !isSwitch(f) && !strings.Contains(word, "=") {
				open = name
			}
		case !argument:
			argument = true
			if v.arguments != requestArgument {
				break
			}
			if r, err := newRequest(word); err == nil {
				request = r
				request.define(flags)
			}
		}
	}
	switch {
	case open != "":
		return optionValues(open, request)
	case strings.HasPrefix(last, "-"):
		flags.VisitAll(func(f *flag.Flag) {
			if len(f.Name) == 1 {
				found = append(found, "-"+f.Name)
			} else {
				found = append(found, "--"+f.Name)
			}
		})
		return append(found, "--help")
	case argument:
		return nil
	}
	return v.arguments.candidates()
}

// optionName returns the name of the option that a word is.
func optionName(word string) (name string, isOption bool) {
	if word == "-" || !strings.HasPrefix(word, "-") {
		return "", false
	}
	name, _, _ = strings.Cut(strings.TrimLeft(word, "-"), "=")
	return name, true
}

// isSwitch reports whether an option has no value behind it.
func isSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// optionValues returns the values of an option, if they are few.
func optionValues(name string, r *request) []string {
	if r != nil {
		for f := range all(r.fields) {
			if own := f.own(); f.option == name && own != nil && own.Enum > 0 {
				return lower(enumNames(own.Enum))
			}
		}
	}
	switch name {
	case "from":
		return []string{"client", "daemon"}
	case "color":
		return []string{"auto", "always", "never"}
	case "dialect":
		return dialectNames()
	case "log":
		return []string{"debug", "info", "warn", "error", "none"}
	case "in":
		return []string{"local", "global", "kad"}
	case "type":
		return lower(searchTypes[1:])
	}
	return nil
}

func lower(names []string) (lowered []string) {
	for _, name := range names {
		lowered = append(lowered, strings.ToLower(name))
	}
	return lowered
}

// candidates returns the arguments that there are, if they are no files.
func (a arguments) candidates() (found []string) {
	switch a {
	case verbArgument:
		for _, v := range verbs() {
			found = append(found, v.name)
		}
	case requestArgument:
		for _, name := range requestNames() {
			found = append(found, strings.ToLower(strings.ReplaceAll(name, "_", "-")))
		}
	case listArgument:
		for _, list := range watchLists {
			found = append(found, list.name)
		}
	case shellArgument:
		return []string{"bash", "fish", "zsh"}
	}
	return found
}
