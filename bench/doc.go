// Package bench has the data that this project's benchmarks are run on: a
// message for each thing that connections are busy with, made by code from a
// seed in the shape that real captures have. It also has [Measure], by which
// each benchmark is timed, here and in the module bench/peers, where the same
// data are read and written in other formats.
//
// The names of benchmarks are keys and values, which benchstat can pivot:
//
//	Decode/msg=SharedFiles70000/form=utf8/impl=ecgen-share
//
// To run some of them: go test ./bench -bench Decode/msg=Stats. To run them all
// as a campaign, against the others: go run ./bench/campaign run.
package bench
