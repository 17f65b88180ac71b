package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
)

// readers are the ways to read a large body of which the memory is measured.
var readers = map[string]func(body []byte, flags codec.Flags) error{
	"ecgen-share": func(body []byte, flags codec.Flags) error {
		return new(ec.SharedFiles).DecodeBody(body, flags, codec.Share, codec.DefaultLimits())
	},
	"ecgen-reuse": func(body []byte, flags codec.Flags) error {
		return new(ec.SharedFiles).UnmarshalBody(body, flags)
	},
	"ecgen-element": func(body []byte, flags codec.Flags) error {
		var known ec.KnownFile
		for e, err := range codec.Elements(body, flags, codec.DefaultLimits()) {
			if err != nil {
				return err
			}
			if err := known.ReadElement(e, codec.Share); err != nil {
				return err
			}
		}
		return nil
	},
}

const memoryFlags = codec.FlagBase | codec.FlagLargeTagCount

// The environment in which this test binary only reads a body.
const (
	readerVariable = "ECGEN_BENCH_READER" // a key of readers
	bodyVariable   = "ECGEN_BENCH_BODY"   // the name of a file
)

func TestMain(m *testing.M) {
	if name := os.Getenv(readerVariable); name != "" {
		body, err := os.ReadFile(os.Getenv(bodyVariable))
		if err == nil {
			err = readers[name](body, memoryFlags)
		}
		if err != nil {
			panic(err)
		}
		fmt.Println(peakMemory())
		return
	}
	os.Exit(m.Run())
}

var peakLine = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakMemory returns how much memory this process had at most, in bytes, or 0
// where the system does not say.
func peakMemory() int {
	status, _ := os.ReadFile("/proc/self/status")
	match := peakLine.FindSubmatch(status)
	if match == nil {
		return 0
	}
	kilobytes, _ := strconv.Atoi(string(match[1]))
	return kilobytes << 10
}

// BenchmarkMemory reads a large body in a process that does nothing else, and
// reports how much memory that process had at most, as a multiple of the body.
func BenchmarkMemory(b *testing.B) {
	for name := range readers {
		for _, set := range Sets() {
			if set.Files < 91_000 {
				continue
			}
			b.Run("msg="+set.Name+"/form=large/impl="+name, func(b *testing.B) {
				body := appendBody(b, set.New(), memoryFlags)
				file := filepath.Join(b.TempDir(), "body")
				if err := os.WriteFile(file, body, 0o600); err != nil {
					b.Fatal(err)
				}
				most := 0
				for b.Loop() {
					most = max(most, memoryOf(b, name, file))
				}
				if most == 0 {
					b.Skip("the system does not say how much memory a process had")
				}
				b.ReportMetric(float64(most)/float64(len(body)), "peak/body")
			})
		}
	}
}

// memoryOf returns how much memory a process had at most that read the file.
func memoryOf(b *testing.B, reader, file string) int {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), readerVariable+"="+reader, bodyVariable+"="+file)
	text, err := command.Output()
	if err != nil {
		b.Fatal(err)
	}
	most, err := strconv.Atoi(string(text[:len(text)-1]))
	if err != nil {
		b.Fatal(err)
	}
	return most
}
