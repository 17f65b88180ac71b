// Package client has code tables as a client of the protocol types them by hand.
// What follows // want is what is wrong with the line.
package client

import "example.org/wire"

type ECOpcode uint8

// Values that count on.
const (
	OpNoop ECOpcode = iota + 1
	OpAuthReq
	OpAuthFail
	OpAuthOk
	OpStrings // want WRONG_VALUE
)

const (
	OpAddLink wire.Opcode = 0x09
	OpStatReq             = wire.Opcode(0x0A)
	OpGetLog              = OpStatReq + 43
	OpHello               = 0xF1 // want UNKNOWN_NAME
)

// Tag names with the mistakes of a real client.
const (
	TagPartfile       = 0x0300
	TagPartFileName   = 0x0301
	TagPartfileDone   = 0x0304 // want UNKNOWN_NAME
	TagPartfileStatus = 0x0315 // want WRONG_VALUE
	TagPartfilePrio   = 0x030F // want WRONG_VALUE
	TagPartfileSrcs   = 0x030C // want UNKNOWN_NAME
	TagPartfileCat    = 0x0318 // want WRONG_VALUE
	TagPartfilePaused = 0x031A // want UNKNOWN_NAME
	TagKnownfileName  = 0x0401 // want UNKNOWN_NAME
	TagKnownfileSize  = 0x0402 // want UNKNOWN_NAME
	TagKnownfileHash  = 0x0403 // want UNKNOWN_NAME
	TagServerName     = 0x0501
	TagServerUsers    = 0x0504 // want WRONG_VALUE
	TagServerFiles    = 0x0505 // want WRONG_VALUE
	TagClientName     = 0x0601 // want WRONG_VALUE
	TagClientUploaded = 0x0602 // want UNKNOWN_NAME
	TagClientSpeed    = 0x0603 // want UNKNOWN_NAME
	TagPrefsFiles     = 0x1400 // want WRONG_VALUE
	TagPrefsWebserver = 0x1C00 // want UNKNOWN_NAME
	TagStatsUl        = 0x0202 // want UNKNOWN_NAME
	TagStatsDl        = 0x0203 // want UNKNOWN_NAME
	TagStatsUlSpeed   = 0x0200
)

var names = map[uint16]string{
	0x0700: "EC_TAG_SEARCHFILE",
	0x0702: "EC_TAG_SEARCH_TYPE", // want WRONG_VALUE
}

var values = map[string]uint16{
	"EC_TAG_SERVER":    0x0500,
	"EC_TAG_SERVER_IP": 0x0A18, // want DOUBLED_VALUE
}

func kind(op ECOpcode) int {
	switch op {
	case OpNoop:
		return 7
	}
	OpAuthReq := 9
	return OpAuthReq
}
