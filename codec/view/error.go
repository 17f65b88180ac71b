package view

import (
	"errors"
	"fmt"
)

// JSONError says what is wrong with JSON that should be a message, and where.
type JSONError struct {
	Path   string // as in fields.PARTFILE[3].PARTFILE_NAME; empty for the whole text
	Reason string
}

// Error returns path and reason.
func (e *JSONError) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

func failf(format string, arguments ...any) error {
	return &JSONError{Reason: fmt.Sprintf(format, arguments...)}
}

// inside adds a step to the path of an error on the way up: ".key" or "[i]".
func inside(step string, err error) error {
	e, ok := errors.AsType[*JSONError](err)
	if !ok {
		return err
	}
	return &JSONError{Path: step + e.Path, Reason: e.Reason}
}
