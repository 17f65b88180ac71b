package corpus

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What one engine wrote the other one reads, whatever the bytes are.
func TestBothFormatsHoldAllBytes(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, data := range [][]byte{{}, {0}, []byte("\"\n`\\"), []byte("\xff\xfe\xed\xa0\x80"), []byte("päckchen"), all} {
		for _, format := range []Format{Native, Raw} {
			got, err := Decode(format.Encode(data))
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s of %q reads as %q, %v", format, data, got, err)
			}
		}
	}
}

// These lines are as go test -fuzz writes them.
func TestNativeFilesOfGo(t *testing.T) {
	for content, want := range map[string]string{
		"go test fuzz v1\n[]byte(\"\\x00\\xffa\\\"\")\n": "\x00\xffa\"",
		"go test fuzz v1\nstring(\"ä\")\n":               "ä",
		"go test fuzz v1\n[]byte(\"0\")":                 "0",
	} {
		if got, err := Decode([]byte(content)); err != nil || string(got) != want {
			t.Errorf("%q reads as %q, %v", content, got, err)
		}
	}
}

// A full disk cuts files short. The others are read nevertheless.
func TestFilesThatWereCutShortAreNamed(t *testing.T) {
	dir := t.TempDir()
	whole := Native.Encode([]byte("whole"))
	for name, content := range map[string][]byte{"a": whole, "b": whole[:len(whole)-4], "c": whole[:16], "d": []byte("raw")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	inputs, broken, err := ReadFolder(dir)
	if err != nil || len(inputs) != 2 || inputs[0].Name != "a" || inputs[1].Name != "d" {
		t.Errorf("read %v, %v", inputs, err)
	}
	if len(broken) != 2 || filepath.Base(broken[0]) != "b" || filepath.Base(broken[1]) != "c" {
		t.Errorf("broken: %v", broken)
	}
}

func TestFoldersAreWrittenAndRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	if inputs, _, err := ReadFolder(dir); inputs != nil || err != nil {
		t.Fatalf("what is not there reads as %v, %v", inputs, err)
	}
	if err := WriteFolder(dir, Native, []Input{{"named", []byte("1")}, {"", []byte("2")}}); err != nil {
		t.Fatal(err)
	}
	inputs, broken, err := ReadFolder(dir)
	if err != nil || len(broken) > 0 || len(inputs) != 2 {
		t.Fatal(inputs, broken, err)
	}
	if inputs[0].Name != Name([]byte("2")) || string(inputs[0].Data) != "2" || inputs[1].Name != "named" {
		t.Errorf("read %v", inputs)
	}
}

// A file that cannot be written leaves nothing, and what was there stays.
func TestWritingIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "inside"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(taken, []byte("x")); err == nil {
		t.Error("a folder was written over")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left over: %v", entries)
	}
}
