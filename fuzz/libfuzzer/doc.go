// Command libfuzzer is the fuzz targets as libFuzzer takes them: an archive of
// C functions, which clang links with the engine.
//
//	go build -tags libfuzzer -buildmode=c-archive -gcflags=github.com/ecgen/ecgen/...=-d=libfuzzer -o body.a ./fuzz/libfuzzer
//	clang -fsanitize=fuzzer body.a -o fuzz_body
//
// One program has all targets. The environment variable ECGEN_TARGET says which
// one is run, or else the name of the program: fuzz_body is Body. With the tag
// mutator inputs are changed by what they mean.
package main
