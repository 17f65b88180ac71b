// Package dialect reads and writes packets as every release of aMule since
// 2004 put them on the wire. Package codec speaks the dialects of 2.3 and
// 3.0; this one adds those before, and lets a program choose among all of
// them.
//
// A [Dialect] is a value. What it does differently from the others stands in
// one table. In the two oldest, and on the development trunk of late 2005, a
// packet has no length: it ends where its tree ends. Before 2.2 tags have no
// type: their Type is codec.TypeUnknown, and [Codes] says by name what they
// hold.
//
//	for _, d := range dialect.All() {
//		fmt.Println(d, d.Releases())
//	}
//
// [Detect] says which dialects bytes of unknown age can be of, and why.
package dialect
