#!/usr/bin/env bash
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: a program for each target in $OUT, with seeds, a dictionary and options
# beside it. $SRC, $OUT, $WORK, $CXX, $CXXFLAGS, $LIB_FUZZING_ENGINE and $SANITIZER are theirs. The script "emulate" calls it without them.
set -euo pipefail
cd "$SRC/ecgen"

go run ./fuzz/campaign export --out "$OUT" >"$WORK/programs"

if [ "${SANITIZER:-address}" = coverage ]; then
  # Coverage of Go is not measured with libFuzzer, but with a test that runs the corpus of one target. Its paths are translated to those of
  # the sources.
  mkdir -p "$OUT/coverage"
  go test -c -tags cluster -covermode=atomic -coverpkg=./codec/...,./generated/... -o "$OUT/coverage/ecgen.test" ./fuzz
  while read -r program; do
    cat >"$OUT/$program" <<SCRIPT
#!/bin/sh
# Runs what is in \$FUZZ_CORPUS_DIR.
ECGEN_TARGET=$program exec "\$(dirname "\$0")/coverage/ecgen.test" -test.run='^TestCorpusOfCluster\$' "\$@"
SCRIPT
    chmod +x "$OUT/$program"
    echo "s=github.com/ecgen/ecgen=$SRC/ecgen=" >"$OUT/$program.gocovpath"
  done <"$WORK/programs"
  exit
fi

# One program has all targets: its name says which one it runs.
go build -tags libfuzzer,mutator -buildmode=c-archive -o "$WORK/ecgen.a" \
  -gcflags='github.com/ecgen/ecgen/...=-d=libfuzzer' -gcflags='github.com/klauspost/compress/...=-d=libfuzzer' ./fuzz/libfuzzer
# shellcheck disable=SC2086 # the variables hold several flags
$CXX $CXXFLAGS $LIB_FUZZING_ENGINE "$WORK/ecgen.a" -o "$WORK/ecgen"
while read -r program; do
  ln -f "$WORK/ecgen" "$OUT/$program" 2>/dev/null || cp "$WORK/ecgen" "$OUT/$program"
done <"$WORK/programs"
