// Package mirror follows a daemon by incremental updates, as amulegui does: the
// daemon sends what changed, and a [Mirror] knows what everything is now.
//
//	client, err := session.Dial(ctx, address, options)
//	...
//	m := mirror.New(client, mirror.Limits{})
//	for changes, err := range m.Updates(ctx, time.Second) {
//		...
//		for _, change := range changes.Downloads {
//			...
//		}
//	}
//
// [Mirror.Snapshot] returns the state as a value that never changes, for any
// number of readers. [Changes] are what two snapshots differ in.
//
// An [Encoder] is the other end: what a server remembers of one connection. It
// makes the replies that bring a client from the snapshot before to the present
// one.
//
// What the two ends remember, and when they forget, is aMule's: CValueMap in
// src/libs/ec/cpp/ECSpecialTags.h, the encoders in src/ExternalConn.cpp, and
// for the receiving side CKnownFilesRem in src/amule-remote-gui.cpp. The codes of
// the three arrays of a file are in package status.
package mirror
