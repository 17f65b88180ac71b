// Command compile makes Go packages from library.proto without protoc: it
// compiles the file itself and runs the plugins that go.mod lists as tools.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

const module = "github.com/ecgen/ecgen/bench/peers"

//go:embed library.proto
var source string

// packages are made from the same source. A pool changes how vtprotobuf reads,
// so it has a package of its own.
var packages = []struct {
	name     string
	features string
	pools    []string
}{
	{"plainpb", "marshal+unmarshal+unmarshal_unsafe+size", nil},
	{"pooledpb", "marshal+unmarshal+unmarshal_unsafe+size+pool", []string{"SharedFiles", "File"}},
}

func main() {
	log.SetFlags(0)
	for _, p := range packages {
		file, err := compile(p.name)
		if err != nil {
			log.Fatal(err)
		}
		target := "M" + file.GetName() + "=" + path.Join(module, p.name)
		common := []string{"module=" + module, target}
		vtproto := append([]string{"features=" + p.features}, common...)
		for _, message := range p.pools {
			vtproto = append(vtproto, "pool="+path.Join(module, p.name)+"."+message)
		}
		for plugin, options := range map[string][]string{
			"protoc-gen-go":         common,
			"protoc-gen-go-vtproto": vtproto,
		} {
			if err := run(plugin, options, file); err != nil {
				log.Fatal(plugin, ": ", err)
			}
		}
	}
}

// compile returns the descriptor of the source as a protobuf package of this
// name: two packages of one name cannot be linked into a program.
func compile(name string) (*descriptorpb.FileDescriptorProto, error) {
	file := name + ".proto"
	compiler := protocompile.Compiler{
		Resolver: &protocompile.SourceResolver{
			Accessor: protocompile.SourceAccessorFromMap(map[string]string{
				file: strings.Replace(source, "package library;", "package "+name+";", 1),
			}),
		},
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(context.Background(), file)
	if err != nil {
		return nil, err
	}
	return protodesc.ToFileDescriptorProto(files[0]), nil
}

// run gives the file to a plugin and writes what it makes of it.
func run(plugin string, options []string, file *descriptorpb.FileDescriptorProto) error {
	request, err := proto.Marshal(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{file.GetName()},
		Parameter:      proto.String(strings.Join(options, ",")),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{file},
	})
	if err != nil {
		return err
	}
	command := exec.Command("go", "tool", plugin)
	command.Stdin, command.Stderr = bytes.NewReader(request), os.Stderr
	output, err := command.Output()
	if err != nil {
		return err
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(output, &response); err != nil {
		return err
	}
	if response.Error != nil {
		log.Fatal(plugin, ": ", *response.Error)
	}
	for _, made := range response.File {
		name := filepath.FromSlash(made.GetName())
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(made.GetContent()), 0o666); err != nil {
			return err
		}
	}
	return nil
}
