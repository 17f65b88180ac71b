// Package peers reads and writes the shared files of package bench in other
// formats, with the libraries that Go programs use for them. It is a module of
// its own, so that users of ecgen never download those.
//
// Code for protobuf and msgp is generated: go generate ./...
package peers

//go:generate go run ./internal/compile
