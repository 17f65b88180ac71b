// Package corpus reads and writes the files that inputs of fuzz targets are
// kept in, in the two formats that engines have: Go's own text, which people
// can read in a diff, and the raw bytes that libFuzzer takes.
package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// Format is how a file holds an input.
type Format string

const (
	Native Format = "native" // as "go test -fuzz" has it: a line of version, and a Go literal
	Raw    Format = "raw"    // the bytes of the input, and nothing else
)

// version is the first line of a native file.
const version = "go test fuzz v1"

// Input is one input with the name of its file.
type Input struct {
	Name string
	Data []byte
}

// Encode returns what a file has that holds data.
func (f Format) Encode(data []byte) []byte {
	if f == Raw {
		return data
	}
	return fmt.Appendf(nil, "%s\n[]byte(%q)\n", version, data)
}

// Decode returns the input that a file holds. Whether it is a native one or a
// raw one is seen from its first line.
func Decode(content []byte) ([]byte, error) {
	first, rest, _ := bytes.Cut(content, []byte("\n"))
	if string(bytes.TrimSpace(first)) != version {
		return content, nil
	}
	literal := bytes.TrimSpace(rest)
	for _, form := range []string{"[]byte(", "string("} {
		if text, ok := bytes.CutPrefix(literal, []byte(form)); ok && bytes.HasSuffix(text, []byte(")")) {
			data, err := strconv.Unquote(string(text[:len(text)-1]))
			if err == nil {
				return []byte(data), nil
			}
		}
	}
	return nil, errors.New("not one []byte or string literal behind the first line: the file was cut short, or is of a test with other arguments")
}

// Name returns the name that an input has where people gave it none: the
// beginning of a hash, as Go's engine names files.
func Name(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// ReadFile reads one input, in either format.
func ReadFile(name string) (Input, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return Input{}, err
	}
	data, err := Decode(content)
	if err != nil {
		return Input{}, fmt.Errorf("%s: %w", name, err)
	}
	return Input{filepath.Base(name), data}, nil
}

// ReadFolder reads all inputs of a folder, ordered by name. A folder that is
// not there is an empty one. Files that hold no input, such as those that were
// cut short by a full disk, are in broken; the others are read nevertheless.
func ReadFolder(dir string) (inputs []Input, broken []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		content, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // an engine replaced it meanwhile
		}
		if err != nil {
			return nil, nil, err
		}
		data, err := Decode(content)
		if err != nil {
			broken = append(broken, name)
			continue
		}
		inputs = append(inputs, Input{entry.Name(), data})
	}
	return inputs, broken, nil
}

// WriteFile writes a file so that it is there whole or not at all: beside it
// first, and then under its name.
func WriteFile(name string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".writing-*")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

// WriteFolder writes inputs into a folder, which is made when it is missing.
// An input without a name gets one. Files that are there stay.
func WriteFolder(dir string, format Format, inputs []Input) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, input := range inputs {
		if input.Name == "" {
			input.Name = Name(input.Data)
		}
		if err := WriteFile(filepath.Join(dir, input.Name), format.Encode(input.Data)); err != nil {
			return err
		}
	}
	return nil
}

// Smallest orders inputs by size, and by name where that is equal.
func Smallest(inputs []Input) {
	slices.SortFunc(inputs, func(a, b Input) int {
		if d := len(a.Data) - len(b.Data); d != 0 {
			return d
		}
		return bytes.Compare([]byte(a.Name), []byte(b.Name))
	})
}
