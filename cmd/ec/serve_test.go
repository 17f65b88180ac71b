package main

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

// conversed returns the requests behind the login, and the replies.
func conversed(t *testing.T, clientStream, daemonStream string) (requests, replies []ec.Message) {
	t.Helper()
	for from, stream := range []string{codec.FromClient: clientStream, codec.FromDaemon: daemonStream} {
		for rest := []byte(stream); len(rest) > 0; {
			f, size, err := codec.ConsumeFrame(rest, codec.DefaultLimits())
			if err != nil {
				return nil, nil
			}
			rest = rest[size:]
			m, err := ec.Read(codec.Direction(from), f)
			if err != nil {
				return nil, nil
			}
			switch m.(type) {
			case *ec.AuthReq, *ec.AuthPasswd, *ec.AuthSalt, *ec.AuthOK, *ec.AuthFail:
				continue
			}
			if from == int(codec.FromClient) {
				requests = append(requests, m)
			} else {
				replies = append(replies, m)
			}
		}
	}
	return requests, replies
}

// Each request of each capture gets the reply that it got from the real daemon,
// in any of the forms in which a capture can be given.
func TestServeAnswersAsTheCapturedDaemonDid(t *testing.T) {
	streams := allCaptures(t)
	answered, conversations := 0, 0
	for name, client := range streams {
		daemonName, isClient := strings.CutSuffix(name, "c2s.bin")
		daemon, isPair := streams[daemonName+"s2c.bin"]
		if !isClient || !isPair {
			continue
		}
		requests, replies := conversed(t, client, daemon)
		if len(replies) == 0 || len(requests) != len(replies) || !allAnswer(requests, replies) {
			continue // refused frames, the end of a session, or notifications among replies
		}
		conversations++
		folder := t.TempDir()
		c2s, s2c := filepath.Join(folder, "c2s.bin"), filepath.Join(folder, "s2c.bin")
		writeFile(t, c2s, client)
		writeFile(t, s2c, daemon)
		for _, files := range [][]string{{c2s, s2c}, {s2c, c2s}} {
			s := new(script)
			for _, file := range files {
				if err := s.read(&call{}, file); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if err := s.complete(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			handler := s.handler(nil)
			for i, request := range requests {
				reply, err := handler.Handle(t.Context(), nil, request)
				if err != nil {
					t.Fatalf("%s: request %d: %v", name, i, err)
				}
				if got, want := reply.String(), replies[i].String(); got != want {
					t.Errorf("%s: request %d, %s\nis answered with\n%s\nwant\n%s", name, i, request, got, want)
				}
				answered++
			}
		}
	}
	if conversations < 100 || answered < 2*300 {
		t.Errorf("only %d answers in %d conversations", answered, conversations)
	}
}

func allAnswer(requests, replies []ec.Message) bool {
	for i := range requests {
		if !answers(requests[i], replies[i]) {
			return false
		}
	}
	return true
}

// The same over a real connection, from a packet capture and from its dump.
func TestServeOverAConnection(t *testing.T) {
	w := &wire{t: t, link: layers.LinkTypeEthernet}
	client, daemon := w.open(50000, 4712)
	w.conversationOf(downloads, client, daemon, 100)
	folder := t.TempDir()
	capture, text := filepath.Join(folder, "capture.pcap"), filepath.Join(folder, "capture.json")
	writeFile(t, capture, w.pcap())
	writeFile(t, text, tool("", "dump", "--json", capture).stdout)
	raw := filepath.Join(folder, "raw.json")
	writeFile(t, raw, tool("", "dump", "--raw", capture).stdout)
	_, replies := conversed(t, readFile(t, downloads+".c2s.bin"), readFile(t, downloads+".s2c.bin"))
	for _, file := range []string{capture, text, raw} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := serve(t, "", file)
			c := loggedIn(t, r.address)
			for range 2 { // the last reply is said again
				queue, err := session.Call(t.Context(), c, &ec.GetDLoadQueue{})
				if err != nil {
					t.Fatal(err)
				}
				if got, want := queue.String(), replies[0].String(); got != want {
					t.Errorf("got\n%s, want\n%s", got, want)
				}
			}
			if p := c.Peer(); p.Version != "2.3.3" || p.LargeTagCount || p.PartialUpdate {
				t.Errorf("the peer is %+v, but a 2.3.3 was captured", p)
			}
			_, err := session.Call(t.Context(), c, &ec.StatReq{})
			if err == nil || !strings.Contains(err.Error(), "nothing is there to answer STAT_REQ") {
				t.Errorf("got %v", err)
			}
			if got := r.end(); got.code != exitGood || strings.Contains(got.stderr, secret) || !strings.Contains(got.stderr, "request=STAT_REQ") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// What a client makes of a reply depends on what the daemon confirmed: the
// same is confirmed again, and everything when no login was captured.
func TestServeConfirmsWhatTheCapturedDaemonDid(t *testing.T) {
	const stats = `{"opcode":"STATS","from":"daemon","flags":32,"fields":{}}`
	login := func(fields string) string {
		return `{"opcode":"AUTH_OK","from":"daemon","flags":32,"fields":{"SERVER_VERSION":"9"` + fields + `}}` + "\n"
	}
	large, partial := `,"CAN_LARGE_TAG_COUNT":true`, `,"CAN_PARTIAL_UPDATE":true`
	for _, c := range []struct {
		logins         string
		large, partial bool
	}{
		{"", true, true},
		{login(""), false, false},
		{login(large), true, false},
		{login(large + partial), true, true},
		{login(partial) + login(""), false, true},
	} {
		p := loggedIn(t, serve(t, c.logins+stats).address).Peer()
		if p.LargeTagCount != c.large || p.PartialUpdate != c.partial || !p.Zlib || !p.UTF8Numbers {
			t.Errorf("%s: the peer is %+v", c.logins, p)
		}
	}
}

// loggedIn logs in to a daemon of the test.
func loggedIn(t *testing.T, address string) *session.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := session.Dial(ctx, address, session.Options{Password: session.NewPassword(secret)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestRequestsAreAnsweredInTurn(t *testing.T) {
	const stats = `{"opcode":"STATS","from":"daemon","flags":32,"fields":{"STATS_UL_SPEED":%}}`
	text := ""
	for _, part := range []string{
		`{"opcode":"STAT_REQ","from":"client","flags":32,"fields":{"DETAIL_LEVEL":0}}`, strings.Replace(stats, "%", "1", 1),
		`{"opcode":"STAT_REQ","from":"client","flags":32,"fields":{"DETAIL_LEVEL":1}}`, strings.Replace(stats, "%", "2", 1),
		`{"opcode":"STAT_REQ","from":"client","flags":32,"fields":{"DETAIL_LEVEL":0}}`, strings.Replace(stats, "%", "3", 1),
	} {
		text += part + "\n"
	}
	c := loggedIn(t, serve(t, text).address)
	for i, step := range []struct {
		level ec.DetailLevel
		want  uint32
	}{{0, 1}, {1, 2}, {0, 3}, {0, 3}, {1, 2}, {2, 1}, {2, 2}, {3, 3}} {
		request := &ec.StatReq{DetailLevel: step.level}
		request.SetPresent(ec.TagDetailLevel, true)
		got, err := session.Call(t.Context(), c, request)
		if err != nil || got.ULSpeed != step.want {
			t.Errorf("step %d: %v, %v, want %d", i, got, err, step.want)
		}
	}
}

// A reply with the opcode of its request is one in raw JSON too.
func TestRawJSONOfWhatBothSidesWrite(t *testing.T) {
	request, reply := unhex("00000020 00000003 290000"), unhex("00000020 0000000b 290001 0e10 02 00000001 32")
	raw := tool(request, "dump", "--raw", "-").stdout + tool(reply, "dump", "--raw", "-").stdout
	serve(t, raw)
	want(t, result{exitGood, "SEARCH_PROGRESS from daemon\n  SEARCH_STATUS 50\n", ""}, "", "call", "search-progress")
}

func TestServeSaysWhatIsWrongWithItsFile(t *testing.T) {
	hideConfig(t)
	t.Setenv("EC_PASSWORD", secret)
	for _, c := range []struct {
		text string
		want result
	}{
		{statReq, result{exitFindings, "", "ec serve: no FILE has a reply of a daemon\n"}},
		{statReply + badFlags, result{exitFailed, "", "ec serve: -: aMule refuses these flags (at 19)\n"}},
		{`{"opcode":"STATS"}`, result{exitFailed, "", "ec serve: -: object 1: the key \"from\" is missing\n"}},
		{"{}\n{", result{exitFailed, "", "ec serve: -: object 1: want an object with the key \"opcode\" (typed) or \"op\" (raw)\n"}},
		{`{"opcode":"0xee","from":"daemon","flags":32,"fields":{}}`, result{exitFailed, "", "ec serve: -: object 1: there is no message 0xee of a daemon\n"}},
	} {
		want(t, c.want, c.text, "serve", "--listen", "127.0.0.1:0", "-")
	}
	want(t, result{exitFailed, "", "ec serve: want a FILE or several, or - for standard input; see \"ec help serve\"\n"}, "", "serve")
	want(t, result{exitFailed, "", "ec serve: --log wants debug, info, warn, error or none, not \"all\"; see \"ec help serve\"\n"}, "", "serve", "--log", "all", "-")
	t.Setenv("EC_PASSWORD", "")
	want(t, result{exitFailed, "", "ec serve: there is no password: set EC_PASSWORD, or use --password-file or --config\n"}, statReply, "serve", "-")
}

// A client that is connected does not keep the program from ending.
func TestServeEnds(t *testing.T) {
	r := serve(t, "", downloads+".s2c.bin")
	loggedIn(t, r.address)
	c, err := net.Dial("tcp", r.address) // never logs in
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := r.end(); got.code != exitGood {
		t.Errorf("%+v", got)
	}
}
