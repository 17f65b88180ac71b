package targets

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/ecgen/ecgen/codec"
	"github.com/ecgen/ecgen/fuzz/loose"
	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

var password = session.NewPassword("ectest")

// ClientLogin is a client whose daemon says anything.
var ClientLogin = Target{
	Name: "ClientLogin", Form: loose.Stream, Folder: "fuzz",
	Doc: "Whatever a daemon says, a login succeeds or fails with an error that names its cause, and after a login a " +
		"request has a reply or an error. The input is what the daemon says.",
	Run: func(data []byte) error {
		conn := &talk{says: bytes.NewReader(data)}
		client, err := session.NewClient(context.Background(), conn, session.Options{Password: password})
		if err != nil {
			for _, cause := range []error{
				session.ErrWrongPassword, session.ErrNoPassword, session.ErrProtocolVersion, session.ErrVersionID, session.ErrRefused,
				session.ErrConnectionLost, session.ErrNotEC,
			} {
				if errors.Is(err, cause) {
					return sentPackets(conn, codec.FromClient)
				}
			}
			return fmt.Errorf("the error has no cause: %w", err)
		}
		reply, err := client.Call(context.Background(), &ec.GetSharedFiles{})
		if (reply == nil) == (err == nil) {
			return fmt.Errorf("a request has the reply %v and the error %v", reply, err)
		}
		client.Close()
		return sentPackets(conn, codec.FromClient)
	},
}

// ServerLogin is a server whose client says anything before it has logged in.
var ServerLogin = Target{
	Name: "ServerLogin", Form: loose.Stream, Folder: "fuzz",
	Doc: "Whatever a client says without the answer to a salt that it cannot foresee, a server says AUTH_SALT and AUTH_FAIL at " +
		"most, hands nothing to its handler, and ends the connection. The input is what the client says.",
	Run: func(data []byte) error {
		handled := false
		server := &session.Server{Password: password, Handler: session.HandlerFunc(func(context.Context, *session.Conn, ec.Message) (ec.Message, error) {
			handled = true
			return &ec.NoOp{}, nil
		})}
		conn := &talk{says: bytes.NewReader(data)}
		server.ServeConn(conn)
		if handled {
			return errors.New("a request was handled")
		}
		messages, err := said(conn, codec.FromDaemon)
		if err != nil {
			return err
		}
		for i, m := range messages {
			_, salt := m.(*ec.AuthSalt)
			_, refusal := m.(*ec.AuthFail)
			if i > 1 || !refusal && !(salt && i == 0) {
				return fmt.Errorf("packet %d of the server is %v", i, m)
			}
		}
		return nil
	},
}

// ServerRequests is a server whose client says anything after it has logged in.
var ServerRequests = Target{
	Name: "ServerRequests", Form: loose.Pieces, Folder: "fuzz",
	Doc: "Whatever a client says after its login, a server answers each packet with one, up to the first that it cannot read, " +
		"and ends the connection. The first byte of the input says how the client wants its packets, the rest is what it says.",
	Run: func(data []byte) error {
		if len(data) == 0 {
			return nil
		}
		flags, stream := codec.Flags(data[0]), data[1:]
		hello := &ec.AuthReq{
			ProtocolVersion: 0x0204, CanZlib: flags&codec.FlagZlib != 0, CanUTF8Numbers: flags&codec.FlagUTF8Numbers != 0,
			CanLargeTagCount: flags&codec.FlagLargeTagCount != 0,
		}
		server := &session.Server{Password: password, Limits: budgets, Handler: session.HandlerFunc(func(_ context.Context, _ *session.Conn, m ec.Message) (ec.Message, error) {
			replies := ec.Protocol.Replies[m.Opcode()]
			return ec.New(codec.FromDaemon, replies[0]), nil
		})}
		conn := new(talk)
		conn.says = &visitor{conn: conn, hello: hello, then: stream}
		server.ServeConn(conn)
		messages, err := said(conn, codec.FromDaemon)
		if err != nil {
			return err
		}
		if want := 2 + readable(stream); len(messages) != want {
			return fmt.Errorf("%d packets are sent, want %d", len(messages), want)
		}
		return nil
	},
}

// readable returns how many packets of a stream can be read.
func readable(stream []byte) (count int) {
	for reader := codec.NewReader(bytes.NewReader(stream), budgets); ; count++ {
		frame, err := reader.Next()
		if err != nil || new(codec.Packet).Decode(frame.Body, frame.Flags, 0, budgets) != nil {
			return count
		}
	}
}

// visitor is a client that logs in and then says something.
type visitor struct {
	conn  *talk
	hello *ec.AuthReq
	then  []byte

	packets int // said so far
	rest    bytes.Reader
}

func (v *visitor) Read(b []byte) (int, error) {
	if v.rest.Len() == 0 {
		next, err := v.next()
		if err != nil {
			return 0, err
		}
		v.rest.Reset(next)
	}
	return v.rest.Read(b)
}

// next returns what comes next: AUTH_REQ, AUTH_PASSWD, and the rest.
func (v *visitor) next() ([]byte, error) {
	v.packets++
	switch v.packets {
	case 1:
		return (&ec.Packet{Message: v.hello}).MarshalBinary()
	case 2:
		messages, err := said(v.conn, codec.FromDaemon)
		if err != nil {
			return nil, err
		}
		salt := messages[0].(*ec.AuthSalt).PasswdSalt
		stored, salted := md5.Sum([]byte("ectest")), md5.Sum(fmt.Appendf(nil, "%X", salt))
		answer := md5.Sum(fmt.Appendf(nil, "%x%x", stored, salted))
		return (&ec.Packet{Message: &ec.AuthPasswd{Hash: answer}}).MarshalBinary()
	case 3:
		return v.then, nil
	default:
		return nil, io.EOF
	}
}

// talk is a connection to somebody who says what there is and then hangs up.
type talk struct {
	net.Conn // nil: nothing else is called
	says     io.Reader

	mutex sync.Mutex
	heard bytes.Buffer
}

func (c *talk) Read(b []byte) (int, error) { return c.says.Read(b) }

func (c *talk) Write(b []byte) (int, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.heard.Write(b)
}

func (c *talk) Close() error                     { return nil }
func (c *talk) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 4712} }
func (c *talk) SetDeadline(time.Time) error      { return nil }
func (c *talk) SetReadDeadline(time.Time) error  { return nil }
func (c *talk) SetWriteDeadline(time.Time) error { return nil }

// said returns the packets that were said to c.
func said(c *talk, from codec.Direction) (messages []ec.Message, err error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for rest := c.heard.Bytes(); len(rest) > 0; {
		frame, size, err := codec.ConsumeFrame(rest, codec.LoginLimits())
		if err != nil {
			return nil, fmt.Errorf("what is no packet is sent: %w", err)
		}
		m, err := ec.Read(from, frame)
		if err != nil {
			return nil, fmt.Errorf("a packet that is none of the protocol is sent: %w", err)
		}
		messages, rest = append(messages, m), rest[size:]
	}
	return messages, nil
}

func sentPackets(c *talk, from codec.Direction) error {
	_, err := said(c, from)
	return err
}
