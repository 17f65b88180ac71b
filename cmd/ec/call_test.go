package main

import (
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/ecgen/ecgen/codec"
)

// asked returns the fields of the request that arguments of call make, as typed
// JSON, or the error.
func asked(t *testing.T, fields string, args ...string) string {
	t.Helper()
	c := &call{verb: findVerb("call"), flags: flag.NewFlagSet("call", flag.ContinueOnError)}
	c.flags.SetOutput(io.Discard)
	c.verb.options(c.flags)
	if err := c.parse(args); err != nil {
		return err.Error()
	}
	message, err := c.request.message(fields)
	if err != nil {
		return err.Error()
	}
	text, err := viewer.TypedJSON(codec.FromClient, message)
	if err != nil {
		t.Fatal(err)
	}
	_, made, _ := strings.Cut(string(text), `"fields":`)
	return strings.TrimSuffix(made, "}")
}

func TestRequestsAreMadeOfOptions(t *testing.T) {
	const hash, other = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
	for _, c := range []struct{ args, want string }{
		{"stat-req", `{}`},
		{"STAT_REQ --detail-level cmd", `{"DETAIL_LEVEL":0}`},
		{"stat_req --detail-level=INC_UPDATE", `{"DETAIL_LEVEL":4}`},
		{"stat_req --detail-level inc-update", `{"DETAIL_LEVEL":4}`},
		{"stat-req --detail-level 0x3", `{"DETAIL_LEVEL":3}`},
		{"get-preferences --select-prefs categories|files", `{"SELECT_PREFS":129}`},
		{"get-dload-queue --partfile 5 --partfile 6", `{"PARTFILE":[5,6]}`},
		{"partfile-pause --partfile " + hash, `{"PARTFILE":["` + hash + `"]}`},
		{"search-start --search-type kad --search-name debian --search-min-size 5", `{"SEARCH_TYPE":{"own":2,"SEARCH_NAME":"debian","SEARCH_FILE_TYPE":"","SEARCH_MIN_SIZE":5}}`},
		{"partfile-set-cat --partfile " + hash + " --partfile-cat 1 --partfile " + other + " --partfile-cat 2",
			`{"PARTFILE":[{"own":"` + hash + `","PARTFILE_CAT":1},{"own":"` + other + `","PARTFILE_CAT":2}]}`},
		{"add-link --string ed2k://x --string ed2k://y --partfile-cat 3", `{"STRING":[{"own":"ed2k://x"},{"own":"ed2k://y","PARTFILE_CAT":3}]}`},
		{"server-connect --server 127.0.0.1:4661", `{"SERVER":"127.0.0.1:4661"}`},
		{"addlogline --string text --log-to-status", `{"STRING":"text","LOG_TO_STATUS":true}`},
		{"set-preferences --conn-max-ul 20 --conn-max-dl=0 --general-check-new-version", `{"PREFS_GENERAL":{"GENERAL_CHECK_NEW_VERSION":true},"PREFS_CONNECTIONS":{"CONN_MAX_UL":20,"CONN_MAX_DL":0}}`},
		{"set-preferences --general-check-new-version=false", `{"PREFS_GENERAL":{"GENERAL_CHECK_NEW_VERSION":false}}`},
		{"friend --friend-remove --friend-remove.friend 7", `{"FRIEND_REMOVE":{"FRIEND":7}}`},
		{"friend --friend-friendslot=false --friend-friendslot.friend 7", `{"FRIEND_FRIENDSLOT":{"own":false,"FRIEND":7}}`},

		{"stat-reqq", `there is no request "stat-reqq"; "ec call --list" lists them`},
		{"stats", `there is no request "stats"; "ec call --list" lists them`},
		{"get-update", `GET_UPDATE wants --detail-level`},
		{"stat-req --detail-level 256", `invalid value "256" for --detail-level: want a number from 0 to 255`},
		{"stat-req --detail-level most", `invalid value "most" for --detail-level: want a number or one of CMD, WEB, FULL, UPDATE, INC_UPDATE`},
		{"stat-req --detail-level 1 --detail-level 1", `invalid value "1" for --detail-level: it was given already`},
		{"get-dload-queue --partfile x", `invalid value "x" for --partfile: want a number from 0 to 4294967295`},
		{"partfile-pause --partfile 0011", `fields.PARTFILE[0]: want 32 hex digits, not 4`},
		{"server-connect --server localhost", `fields.SERVER: want an address and a port as in 127.0.0.1:4662, not "localhost"`},
		{"friend --friend-remove=false", `invalid value "false" for --friend-remove: want no value: the tag is there or not`},
		{"stat-req --search-name x", `there is no option --search-name`},
	} {
		if got := asked(t, "", strings.Fields(c.args)...); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.args, got, c.want)
		}
	}
}

func TestRequestsAreMadeOfJSON(t *testing.T) {
	for _, c := range []struct{ args, fields, want string }{
		{"stat-req", `{"DETAIL_LEVEL":1}`, `{"DETAIL_LEVEL":1}`},
		{"get-update", `{"unknown_tags":[[1,2,"00",[]]]}`, `{"unknown_tags":[[1,2,"00",[]]]}`},
		{"stat-req", `{"DETAIL_LEVL":1}`, `fields: there is no field "DETAIL_LEVL" here; did you mean "DETAIL_LEVEL"?`},
		{"stat-req", `{`, `--fields: unexpected end of JSON input`},
		{"stat-req --detail-level 1", `{}`, `--fields is all that the message has: want it alone, or an option for each tag`},
	} {
		if got := asked(t, c.fields, strings.Fields(c.args)...); got != c.want {
			t.Errorf("%s %s\ngot  %s\nwant %s", c.args, c.fields, got, c.want)
		}
	}
}

// Options of all requests have names of their own, and stand in the list.
func TestEveryRequestHasOptions(t *testing.T) {
	list := tool("", "call", "--list")
	lines := strings.Split(strings.TrimSuffix(list.stdout, "\n"), "\n")
	names := requestNames()
	if list.code != exitGood || len(lines) != len(names) || len(names) < 79-20 {
		t.Fatalf("%d lines for %d requests, %+v", len(lines), len(names), list)
	}
	for i, name := range names {
		help := tool("", "call", name, "--help") // defining an option twice would panic
		words := strings.Fields(lines[i])
		if words[0] != name || help.code != exitGood {
			t.Errorf("%s is listed as %s", name, words[0])
		}
		for _, option := range words[1:] {
			if !strings.Contains(help.stdout, "\n  "+option+" ") {
				t.Errorf("the help of %s lacks %s", name, option)
			}
		}
	}
}
