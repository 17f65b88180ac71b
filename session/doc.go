// Package session speaks aMule's External Connections (EC) protocol over a
// connection, as a client of a daemon and as a daemon to its clients.
//
// [Dial] logs in to amuled, or to aMule itself. [Call] sends one request and
// returns its reply with its type:
//
//	client, err := session.Dial(ctx, "localhost:4712", session.Options{Password: session.NewPassword("secret")})
//	...
//	defer client.Close()
//	queue, err := session.Call(ctx, client, &ec.GetDLoadQueue{})
//
// The requests are the messages of package generated/ec that a client writes.
// A reply FAILED is the error [*FailedError]. A failed login is a
// [*LoginError], which says what to do about it. [Notifications] receives what
// a daemon sends unasked, over a connection of its own.
//
// [Server] stands in for the daemon: it accepts amulecmd, amuleweb, amulegui
// and clients of this package, and gives each request to a [Handler], such as
// a [Mux] of typed functions.
//
// Neither side writes a password, its hash, or what messages hold into a log
// or an error.
package session
