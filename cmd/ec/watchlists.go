package main

import (
	"encoding/json"
	"fmt"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session/mirror"
	"github.com/ecgen/ecgen/session/mirror/status"
)

// watchList is a list of a mirror that can be watched.
type watchList struct {
	name    string
	table   func() *table
	rows    func(*mirror.Snapshot) [][]string
	changes func(*mirror.Changes) []change
}

var watchLists = []watchList{
	{"downloads", downloadTable,
		func(s *mirror.Snapshot) [][]string { return rowsOf(s.Downloads, watchedDownload) },
		func(c *mirror.Changes) []change { return changesOf(c.Downloads, watchedDownload) }},
	{"shared", sharedTable,
		func(s *mirror.Snapshot) [][]string { return rowsOf(s.SharedFiles, watchedSharedFile) },
		func(c *mirror.Changes) []change { return changesOf(c.SharedFiles, watchedSharedFile) }},
	{"clients", clientTable,
		func(s *mirror.Snapshot) [][]string { return rowsOf(s.Clients, watchedClient) },
		func(c *mirror.Changes) []change { return changesOf(c.Clients, watchedClient) }},
	{"servers", serverTable,
		func(s *mirror.Snapshot) [][]string { return rowsOf(s.Servers, watchedServer) },
		func(c *mirror.Changes) []change { return changesOf(c.Servers, watchedServer) }},
}

// watched is one element of a list: its row, a message that has it, with the
// keys of typed JSON that lead to it, and what the message holds only as
// differences.
type watched struct {
	ecid    uint32
	row     []string
	message *ec.SharedFiles
	keys    []string
	decoded any // nil for none
}

func watchedDownload(d *mirror.Download) watched {
	return watched{d.ECID, downloadRow(&d.PartFile), &ec.SharedFiles{Files: []ec.SharedFile{{PartFile: &d.PartFile}}}, []string{"PARTFILE"},
		&decodedDownload{decodedShared{partsOf(d.Availability)}, pairs(d.Gaps), pairs(d.Requested), namesOf(d.Names)}}
}

func watchedSharedFile(f *mirror.SharedFile) watched {
	return watched{f.ECID, sharedRow(&f.KnownFile), &ec.SharedFiles{Files: []ec.SharedFile{{KnownFile: &f.KnownFile}}}, []string{"KNOWNFILE"},
		&decodedShared{partsOf(f.Availability)}}
}

func watchedClient(c *ec.Client) watched {
	return watched{c.ECID, clientRow(c), &ec.SharedFiles{Clients: &ec.ClientList{Clients: []ec.Client{*c}}}, []string{"CLIENT", "CLIENT"}, nil}
}

func watchedServer(s *ec.Server) watched {
	return watched{s.ECID, serverRow(s), &ec.SharedFiles{Servers: &ec.ServerList{Servers: []ec.Server{*s}}}, []string{"SERVER", "SERVER"}, nil}
}

// decodedShared is what the coded tags of a shared file have told, as JSON.
type decodedShared struct {
	Parts []uint16 `json:"parts"` // the number of sources of each part
}

// decodedDownload is decodedShared for a download.
type decodedDownload struct {
	decodedShared
	Gaps      [][2]uint64   `json:"gaps"` // the offsets of the first byte and of the last
	Requested [][2]uint64   `json:"requested"`
	Names     []decodedName `json:"source_names"`
}

// decodedName is a name that sources have for a download.
type decodedName struct {
	Name  string `json:"name"`
	Count uint32 `json:"count"`
}

// partsOf returns the availability as numbers: JSON has bytes as text.
func partsOf(availability []byte) []uint16 {
	parts := make([]uint16, len(availability))
	for i, sources := range availability {
		parts[i] = uint16(sources)
	}
	return parts
}

func pairs(ranges []status.Range) [][2]uint64 {
	list := make([][2]uint64, len(ranges))
	for i, r := range ranges {
		list[i] = [2]uint64{r.Start, r.End}
	}
	return list
}

func namesOf(names []mirror.SourceName) []decodedName {
	list := make([]decodedName, len(names))
	for i, name := range names {
		list[i] = decodedName{name.Name, name.Count}
	}
	return list
}

func rowsOf[T any](list []*T, watch func(*T) watched) (rows [][]string) {
	for _, element := range list {
		rows = append(rows, watch(element).row)
	}
	return rows
}

// change is an element before and after.
type change struct {
	ecid     uint32
	old, new []string // rows; nil when it was not there, or is gone
	is       watched  // unless it is gone
}

func changesOf[T any](list []mirror.Change[T], watch func(*T) watched) (changes []change) {
	for _, element := range list {
		var c change
		if element.Old != nil {
			old := watch(element.Old)
			c.ecid, c.old = old.ecid, old.row
		}
		if element.New != nil {
			c.is = watch(element.New)
			c.ecid, c.new = c.is.ecid, c.is.row
		}
		changes = append(changes, c)
	}
	return changes
}

func (c *change) kind() string {
	switch {
	case c.old == nil:
		return "new"
	case c.new == nil:
		return "gone"
	default:
		return "changed"
	}
}

// object returns the element as it stands in typed JSON of a message.
func (c *change) object() (json.RawMessage, error) {
	if c.new == nil {
		return nil, nil
	}
	text, err := c.is.message.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var message struct{ Fields json.RawMessage }
	if err := json.Unmarshal(text, &message); err != nil {
		return nil, err
	}
	text = message.Fields
	for _, key := range c.is.keys {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(text, &fields); err != nil {
			return nil, err
		}
		text = fields[key]
	}
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil || len(list) == 0 {
		return nil, fmt.Errorf("%v is no list: %w", c.is.keys, err)
	}
	return list[0], nil
}

func clientTable() *table {
	return &table{columns: []column{{title: "up"}, {title: "down"}, {title: "uploaded", spare: true}, {title: "downloaded", spare: true},
		{title: "state", text: true}, {title: "program", text: true, spare: true}, {title: "name", text: true}}}
}

func clientRow(c *ec.Client) []string {
	down, _ := c.DownSpeed.Float64() // "nan" is not known
	if !(down > 0) {
		down = 0
	}
	return []string{
		speedText(uint64(c.UpSpeed)), speedText(uint64(down * (1 << 10))), sizeText(c.UploadTotal), sizeText(c.DownloadTotal),
		words(c.DownloadState.String()), printable(c.SoftwareVersion), printable(c.Name),
	}
}

func serverTable() *table {
	return &table{columns: []column{{title: "users"}, {title: "files"}, {title: "ping", spare: true}, {title: "failed", spare: true},
		{title: "address", text: true}, {title: "name", text: true}}}
}

func serverRow(s *ec.Server) []string {
	ping := ""
	if s.Ping > 0 {
		ping = fmt.Sprintf("%d ms", s.Ping)
	}
	ip := s.IP // first octet in the low byte
	address := fmt.Sprintf("%d.%d.%d.%d:%d", byte(ip), byte(ip>>8), byte(ip>>16), byte(ip>>24), s.Port)
	return []string{fmt.Sprint(s.Users), fmt.Sprint(s.Files), ping, fmt.Sprint(s.Failed), address, printable(s.Name)}
}
