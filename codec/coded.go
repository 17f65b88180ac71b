package codec

// What package dialect needs of the UTF-8 scheme of numbers.

// MaxNumber is the largest number that has a coded form under
// FlagUTF8Numbers.
const MaxNumber = maxNumber

// AppendNumber appends v, which is at most MaxNumber, as it is coded under
// FlagUTF8Numbers.
func AppendNumber(dst []byte, v uint32) []byte { return appendNumber(dst, v) }

// ConsumeNumber reads the coded number with which b begins, and returns it
// with its length. The error is ErrTruncated or ErrNumber.
func ConsumeNumber(b []byte) (v uint32, size int, err error) {
	switch v, size = readNumber(b, 0); size {
	case numberTruncated:
		return 0, 0, ErrTruncated
	case numberInvalid:
		return 0, 0, ErrNumber
	}
	return v, size, nil
}
