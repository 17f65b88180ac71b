module github.com/ecgen/ecgen

go 1.26.0

require github.com/klauspost/compress v1.20.3
