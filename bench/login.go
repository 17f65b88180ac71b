package bench

import (
	"github.com/ecgen/ecgen/generated/ec"
)

// authReq is how amulecmd 3.0 begins.
func authReq() ec.Message {
	return &ec.AuthReq{
		ClientName:       "aMulecmd",
		ClientVersion:    "3.0.0",
		ProtocolVersion:  0x204,
		CanZlib:          true,
		CanUTF8Numbers:   true,
		CanLargeTagCount: true,
		CanPartialUpdate: true,
		PreferNoZlib:     true,
	}
}

func authSalt() ec.Message { return &ec.AuthSalt{PasswdSalt: 0xe38f_4c21_97b0_5da6} }

func authPasswd() ec.Message { return &ec.AuthPasswd{Hash: hash(newRandom(1))} }

func authOK() ec.Message {
	return &ec.AuthOK{ServerVersion: "3.0.0", CanLargeTagCount: true, CanPartialUpdate: true}
}

// statReq is what clients send each second or two.
func statReq() ec.Message {
	m := new(ec.StatReq)
	m.SetPresent(ec.TagDetailLevel, true)
	m.DetailLevel = ec.DetailLevelIncUpdate
	return m
}

// stats is the reply while eD2k and Kad are connected and nothing is logged.
func stats() ec.Message {
	random := newRandom(2)
	m := &ec.Stats{
		UpOverhead:         random.Uint32N(4_000),
		DownOverhead:       random.Uint32N(4_000),
		BannedCount:        random.Uint32N(100),
		TotalSentBytes:     random.Uint64N(1 << 42),
		TotalReceivedBytes: random.Uint64N(1 << 42),
		SharedFileCount:    10_000,
		ULSpeed:            random.Uint32N(2_000_000),
		DLSpeed:            random.Uint32N(8_000_000),
		ULSpeedLimit:       2_048_000,
		DLSpeedLimit:       0,
		ULQueueLen:         random.Uint32N(2_000),
		TotalSrcCount:      random.Uint32N(20_000),
		ED2KUsers:          812_345,
		KadUsers:           1_412_100,
		ED2KFiles:          131_789_012,
		KadFiles:           282_420_000,
		KadNodes:           random.Uint32N(900),
		KadIndexedSources:  random.Uint32N(60_000),
		KadIndexedKeywords: random.Uint32N(10_000),
		KadIndexedNotes:    random.Uint32N(500),
		KadIndexedLoad:     random.Uint32N(3_000),
		KadIPAddress:       random.Uint32(),
		ConnState: &ec.ConnState{
			Bits:     ec.ConnStateBitsED2KConnected | ec.ConnStateBitsKadConnected | ec.ConnStateBitsKadRunning,
			Server:   &ec.Server{ECID: 18},
			ED2KID:   random.Uint32(),
			ClientID: random.Uint32(),
		},
	}
	markAll(m, "Stats", ec.TagStatsLoggerMessage)
	return m
}
