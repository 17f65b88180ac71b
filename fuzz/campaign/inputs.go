package main

import (
	"flag"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/codec/codectest"
	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/targets"
	"github.com/ecgen/ecgen/fuzz/typed"
	"github.com/ecgen/ecgen/generated/ec"
)

// regressionFolder has inputs that crashed once, in folders named for the tests
// of their targets. They are never pruned.
const regressionFolder = "fuzz/testdata/regressions"

// seedFolder returns where the distilled corpus of a target is, which its native
// fuzz test runs too.
func seedFolder(t targets.Target) string {
	return filepath.Join(t.Folder, "testdata", "fuzz", testName(t.Name))
}

// committed returns the inputs of a target that are in the repository.
func committed(root string, t targets.Target) (inputs []corpus.Input, err error) {
	for _, folder := range []string{seedFolder(t), filepath.Join(regressionFolder, testName(t.Name))} {
		found, broken, err := corpus.ReadFolder(filepath.Join(root, folder))
		if err != nil {
			return nil, err
		}
		if len(broken) > 0 {
			return nil, fmt.Errorf("%s is no input", broken[0])
		}
		inputs = append(inputs, found...)
	}
	return inputs, nil
}

// first returns what a target is begun with: what is committed, and what is made
// for it.
func first(root string, t targets.Target) ([]corpus.Input, error) {
	inputs, err := committed(root, t)
	if err != nil {
		return nil, err
	}
	for _, data := range made(t) {
		inputs = append(inputs, corpus.Input{Name: corpus.Name(data), Data: data})
	}
	return inputs, nil
}

// variants is how many inputs are made, in each form.
const variants = 8

// made returns inputs that are made up: of the target of a message, the message
// with all kinds of values, in each form.
func made(t targets.Target) (list [][]byte) {
	message := messageOf(t)
	for seed := range uint64(variants) {
		if message == nil {
			list = append(list, t.Mutate(nil, maxLength, seed))
			continue
		}
		for _, form := range []codec.Flags{0, codec.FlagUTF8Numbers, codec.FlagLargeTagCount, codec.FlagUTF8Numbers | codec.FlagLargeTagCount} {
			flags := codec.FlagBase | form
			if body, err := codectest.Filled(message, seed).AppendBody(nil, flags); err == nil {
				list = append(list, typed.Input(flags, body))
			}
		}
	}
	return list
}

// messageOf returns the message of a target that has one, or nil.
func messageOf(t targets.Target) codectest.Message {
	for _, from := range []codec.Direction{codec.FromClient, codec.FromDaemon} {
		for op := range ec.Protocol.Messages[from] {
			if "Message"+ec.Protocol.Message(from, op).Name == t.Name {
				return ec.New(from, op)
			}
		}
	}
	return nil
}

// addTargetFlag adds --target.
func addTargetFlag(flags *flag.FlagSet) *string {
	return flags.String("target", "*", "only targets whose names match one of these `globs`, such as 'Body,Zlib,Message*'")
}

// chosen returns the targets whose names match one of the patterns.
func chosen(patterns string) ([]targets.Target, error) {
	var list []targets.Target
	for _, target := range targets.All {
		for pattern := range strings.SplitSeq(patterns, ",") {
			matches, err := path.Match(strings.TrimSpace(pattern), target.Name)
			if err != nil {
				return nil, fmt.Errorf("--target: %q: %w", pattern, err)
			}
			if matches {
				list = append(list, target)
				break
			}
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no target matches %q; campaign list shows them", patterns)
	}
	return list, nil
}

// target returns the target of a name, which may be that of its test.
func target(name string) (targets.Target, error) {
	t, ok := targets.Find(strings.TrimPrefix(name, "Fuzz"))
	if !ok {
		return t, fmt.Errorf("there is no target %q; campaign list shows them", name)
	}
	return t, nil
}
