package main

import "fmt"

// name returns the full name of a benchmark.
func name(benchmark, set, form, impl string) string {
	return fmt.Sprintf("%s/msg=%s/form=%s/impl=%s", benchmark, set, form, impl)
}

// ofMany returns the name of a benchmark on the set that peers are compared on.
func ofMany(benchmark, form, impl string) string { return name(benchmark, many, form, impl) }

// peerDecoders are the peers that read, from the fastest way to use a library
// to the plainest.
var (
	sharingDecoders = []string{"vtproto-unsafe-pool", "easyproto-reuse"}
	reusingDecoders = []string{"vtproto-pool", "msgp-tuple-reuse", "msgp-map-reuse"}
	freshDecoders   = []string{"protobuf", "vtproto", "msgp-map", "msgp-tuple", "cbor", "gob", "json"}
	aliasDecoders   = []string{"vtproto-unsafe", "easyproto"}
	encoders        = []string{"protobuf", "vtproto", "msgp-map", "msgp-tuple", "easyproto", "cbor", "gob", "json"}
)
