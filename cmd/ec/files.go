package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// open opens a file for reading, or standard input for "-".
func (c *call) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.stdin), nil
	}
	return os.Open(name)
}

// output is a file that is written in one step, by commit. Until then what is
// written stands in a file beside it, or in memory for what is no regular
// file.
type output struct {
	name   string // of a regular file
	part   *os.File
	buffer bytes.Buffer
	stream io.Writer // instead of a regular file
	closer io.Closer // of stream, if it needs one
}

// create begins an output, to standard output for "-".
func (c *call) create(name string) (*output, error) {
	switch name {
	case "":
		return nil, usageError("want -o OUT, or -o - for standard output")
	case "-":
		return &output{stream: c.stdout}, nil
	}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	info, err := os.Stat(name)
	exists := err == nil
	switch {
	case exists && !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		return &output{stream: file, closer: file}, err
	case !exists && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	part, err := os.OpenFile(fmt.Sprintf("%s.%08x.part", name, rand.Uint32()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	o := &output{name: name, part: part}
	if exists {
		if err := part.Chmod(info.Mode().Perm()); err != nil {
			o.discard()
			return nil, err
		}
	}
	return o, nil
}

// Write adds to what commit will write.
func (o *output) Write(b []byte) (int, error) {
	if o.part != nil {
		return o.part.Write(b)
	}
	return o.buffer.Write(b)
}

// commit writes all at once.
func (o *output) commit() error {
	if o.part == nil {
		_, err := o.stream.Write(o.buffer.Bytes())
		return err
	}
	if err := o.part.Close(); err != nil {
		return err
	}
	if err := os.Rename(o.part.Name(), o.name); err != nil {
		return err
	}
	o.part = nil
	return nil
}

// discard forgets what was not committed.
func (o *output) discard() {
	if o.closer != nil {
		o.closer.Close()
	}
	if o.part != nil {
		o.part.Close()
		os.Remove(o.part.Name())
	}
}
