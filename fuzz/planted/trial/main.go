// Command trial is built with bugs planted. It tries inputs of the targets:
//
//	trial replay ROOT     all that are committed, until one fails
//	trial reduce TARGET   the one on standard input, on which the target fails
//
// It prints the input that failed, or that was reduced, as a JSON object; and
// nothing when none fails.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/ecgen/ecgen/fuzz/corpus"
	"github.com/ecgen/ecgen/fuzz/crash"
	"github.com/ecgen/ecgen/fuzz/planted"
	"github.com/ecgen/ecgen/fuzz/reduce"
	"github.com/ecgen/ecgen/fuzz/targets"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trial:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want two arguments, got %d", len(args))
	}
	var failure *planted.Failure
	var err error
	switch verb, argument := args[0], args[1]; verb {
	case "replay":
		failure, err = replay(argument)
	case "reduce":
		failure, err = reduced(argument)
	default:
		err = fmt.Errorf("there is no verb %q", verb)
	}
	if err != nil || failure == nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(failure)
}

func replay(root string) (*planted.Failure, error) {
	for _, target := range targets.All {
		inputs, _, err := corpus.ReadFolder(filepath.Join(root, target.Folder, "testdata", "fuzz", "Fuzz"+target.Name))
		if err != nil {
			return nil, err
		}
		for _, input := range inputs {
			if crash.Run(target, input.Data) != nil {
				return &planted.Failure{Target: target.Name, Data: input.Data}, nil
			}
		}
	}
	return nil, nil
}

// reduced makes the input smaller for at most half a minute.
func reduced(name string) (*planted.Failure, error) {
	target, ok := targets.Find(name)
	if !ok {
		return nil, fmt.Errorf("there is no target %q", name)
	}
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	fails := func(data []byte) bool { return crash.Run(target, data) != nil }
	if !fails(data) {
		return nil, nil // without what was run before
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return &planted.Failure{Target: name, Data: reduce.Reduce(ctx, target.Form, data, fails)}, nil
}
