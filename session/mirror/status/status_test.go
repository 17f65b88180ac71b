package status_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/session/mirror/status"
)

const noLimit = 1 << 30

// The arrays that one tag had in turn, and what was sent: computed with the
// rules of aMule's RLE_Data.
func TestKnownStatesAreSentAsAMuleSendsThem(t *testing.T) {
	type state struct{ array, data string }
	const unchanged = "not sent"
	for name, states := range map[string][]state{
		"parts": {
			{"0303030500", "03030305" + "00"},
			{"0303030500", unchanged},
			{"0304030500", "00070000" + "03"},
			{"03040305000101", "000005010102"},
			{"0304", "000002"},
		},
		"long runs": {
			{strings.Repeat("00", 300), "0000ff00002d"},
			{strings.Repeat("01", 300), "0101ff01012d"},
		},
		"one more than the longest run": {
			{strings.Repeat("07", 256), "0707ff07"},
			{strings.Repeat("07", 256) + "07", "0000ff0007"},
		},
		"two more":    {{strings.Repeat("07", 257), "0707ff070702"}},
		"never any":   {{"", unchanged}},
		"none at all": {{"05", "05"}, {"", ""}, {"", unchanged}},
		"gaps": {
			{"00ff006f009400000000000000000000", "00ff006f009400000a"},
			{"00ffc06f029400000000000000000000", "000002c0000200000b"},
			{"00ff00ffc06fe04f029428bd0000010100000000000000000000000000000000", "000002c090c2fbe04f029428bd000002010102000010"},
			{"", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sender, receiver []byte
			for i, state := range states {
				array := unhex(t, state.array)
				data, changed := status.Append(nil, sender, array)
				sender = array
				if !changed {
					if state.data != unchanged {
						t.Errorf("state %d is not sent, want %s", i, state.data)
					}
					continue
				}
				if got := hex.EncodeToString(data); got != state.data {
					t.Errorf("state %d is sent as %s, want %s", i, got, state.data)
				}
				var err error
				if receiver, err = status.Decode(receiver, data, len(array)); err != nil || !bytes.Equal(receiver, array) {
					t.Errorf("state %d is read as %x, %v; want %s", i, receiver, err, state.array)
				}
			}
		})
	}
}

// What no writer makes, but every reader has an answer to.
func TestOddDataIsReadAsAMuleReadsIt(t *testing.T) {
	for _, c := range []struct{ name, before, data, want string }{
		{"a run of none", "", "05050009", "09"},
		{"a run of one", "", "050501", "05"},
		{"two equal bytes at the end", "", "0505", "0505"},
		{"three equal bytes are a run of that many", "", "030303", "030303"},
		{"an array that shrinks", "aabbcc", "01", "ab"},
		{"an array that grows", "aa", "0102", "ab02"},
	} {
		got, err := status.Decode(unhex(t, c.before), unhex(t, c.data), noLimit)
		if err != nil || hex.EncodeToString(got) != c.want {
			t.Errorf("%s: %x, %v; want %s", c.name, got, err, c.want)
		}
	}
}

func TestAnArrayLongerThanTheLimitTakesNoMemory(t *testing.T) {
	data := bytes.Repeat([]byte{0, 0, 255}, 1<<20)
	if got, err := status.Decode(nil, data, 255<<20); err != nil || len(got) != 255<<20 {
		t.Errorf("an array as long as the limit: %d bytes, %v", len(got), err)
	}
	allocations := testing.AllocsPerRun(1, func() {
		if got, err := status.Decode(nil, data, 255<<20-1); !errors.Is(err, status.ErrTooLong) || got != nil {
			t.Errorf("one byte over the limit: %d bytes, %v; want %v", len(got), err, status.ErrTooLong)
		}
	})
	if allocations > 0 {
		t.Errorf("%v allocations for an array that is refused", allocations)
	}
}

// The array of before is what snapshots show, so it is not written to.
func TestTheArrayOfBeforeIsLeftAlone(t *testing.T) {
	before := []byte{1, 2, 3, 4}
	for _, data := range [][]byte{{9}, {9, 9, 4}, {9, 9, 9, 9, 9}, {}} {
		array, err := status.Decode(before, data, noLimit)
		if err != nil || array == nil {
			t.Errorf("%x: %x, %v", data, array, err)
		}
		if len(array) > 0 {
			array[0]++
		}
		if !slices.Equal(before, []byte{1, 2, 3, 4}) {
			t.Fatalf("%x changed the array of before", data)
		}
	}
}

func TestRangesAreStoredByColumns(t *testing.T) {
	array := unhex(t, "8a8b7a7b6a6b5a5b0404030300000000")
	ranges := []status.Range{{Start: 0x000003045A6A7A8A, End: 0x000003045B6B7B8B}}
	if got, err := status.Ranges(array); err != nil || !slices.Equal(got, ranges) {
		t.Errorf("Ranges(%x) = %x, %v; want %x", array, got, err, ranges)
	}
	if got := status.Array(ranges); !bytes.Equal(got, array) {
		t.Errorf("Array(%x) = %x, want %x", ranges, got, array)
	}
	for _, size := range []int{1, 7, 8, 15, 17, 24} {
		if got, err := status.Ranges(make([]byte, size)); !errors.Is(err, status.ErrRanges) {
			t.Errorf("%d bytes: %v, %v; want %v", size, got, err, status.ErrRanges)
		}
	}
	if got, err := status.Ranges([]byte{}); err != nil || got != nil {
		t.Errorf("no bytes: %v, %v", got, err)
	}
}

func TestSizes(t *testing.T) {
	for size, want := range map[uint64]int{0: 0, 1: 1, 9727999: 1, 9728000: 1, 9728001: 2, 8589934592: 884} {
		if got := status.Parts(size); got != want {
			t.Errorf("Parts(%d) = %d, want %d", size, got, want)
		}
	}
	if got := status.Size([]status.Range{{Start: 0, End: 0}, {Start: 10, End: 19}}); got != 11 {
		t.Errorf("Size = %d, want 11", got)
	}
}

// Two ends that follow each other through random states stay equal, and what
// is sent is never much longer than the array.
func TestBothEndsStayEqual(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var sender, receiver []byte
	for step := range 20000 {
		array := mutate(random, sender)
		data, changed := status.Append(nil, sender, array)
		if changed == bytes.Equal(sender, array) {
			t.Fatalf("step %d: from %x to %x changed is %v", step, sender, array, changed)
		}
		sender = array
		if !changed {
			continue
		}
		if len(data) > len(array)*3/2+1 {
			t.Fatalf("step %d: %d bytes for an array of %d", step, len(data), len(array))
		}
		var err error
		if receiver, err = status.Decode(receiver, data, len(array)); err != nil || !bytes.Equal(receiver, sender) {
			t.Fatalf("step %d: %x is sent as %x and read as %x, %v", step, sender, data, receiver, err)
		}
	}
}

// mutate returns an array that differs from this one in length, in runs, in
// single bytes or not at all.
func mutate(random *rand.Rand, array []byte) []byte {
	array = slices.Clone(array)
	switch random.IntN(6) {
	case 0:
		array = array[:random.IntN(len(array)+1)]
	case 1:
		array = append(array, make([]byte, random.IntN(600))...)
	case 2, 3:
		if len(array) > 0 {
			from := random.IntN(len(array))
			to := from + random.IntN(len(array)-from) + 1
			value := byte(random.IntN(3))
			for i := from; i < to; i++ {
				array[i] = value
			}
		}
	case 4:
		for range random.IntN(20) {
			if len(array) > 0 {
				array[random.IntN(len(array))] = byte(random.IntN(256))
			}
		}
	}
	return array
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{}, []byte("\x00\xff\x00\x6f\x00\x94\x00\x00\x0a"))
	f.Add([]byte("\x00\xff\x00\x6f\x00\x94\x00\x00"), []byte("\x00\x00\x02\xc0\x00\x02\x00\x00\x0b"))
	f.Add([]byte{1}, []byte{0, 0, 255, 0, 0, 255, 7, 7})
	f.Fuzz(func(t *testing.T, before, data []byte) {
		const limit = 4096
		array, err := status.Decode(before, data, limit)
		want := plainDecode(before, data)
		if len(want) > limit {
			if !errors.Is(err, status.ErrTooLong) {
				t.Fatalf("%d bytes are not refused: %v", len(want), err)
			}
			return
		}
		if err != nil || !bytes.Equal(array, want) {
			t.Fatalf("%x after %x is %x, %v; want %x", data, before, array, err, want)
		}
		again, changed := status.Append(nil, before, array)
		if changed == bytes.Equal(before, array) {
			t.Fatalf("from %x to %x changed is %v", before, array, changed)
		}
		if back := plainDecode(before, again); !bytes.Equal(back, array) {
			t.Fatalf("%x is sent as %x, which is %x", array, again, back)
		}
		ranges, err := status.Ranges(array)
		if (err == nil) != (len(array)%16 == 0) {
			t.Fatalf("%d bytes as ranges: %v", len(array), err)
		}
		if err == nil && !bytes.Equal(status.Array(ranges), array) {
			t.Fatalf("%x are the ranges %v, which are %x", array, ranges, status.Array(ranges))
		}
	})
}

// plainDecode is the plainest code for the rules.
func plainDecode(before, data []byte) []byte {
	var expanded []byte
	for i := 0; i < len(data); {
		if i < len(data)-2 && data[i] == data[i+1] {
			expanded = append(expanded, bytes.Repeat(data[i:i+1], int(data[i+2]))...)
			i += 3
		} else {
			expanded = append(expanded, data[i])
			i++
		}
	}
	for i := range min(len(expanded), len(before)) {
		expanded[i] ^= before[i]
	}
	return expanded
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
