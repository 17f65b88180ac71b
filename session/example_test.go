package session_test

import (
	"context"
	"fmt"
	"log"
	"net"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

// The download queue of the daemon that this user runs: five statements, and
// what is done about errors.
func Example() {
	ctx := context.Background()
	config, err := session.ReadConfig("") // amule.conf has the address and the password's MD5
	if err != nil {
		log.Fatal(err)
	}
	client, err := session.Dial(ctx, config.Address, session.Options{Password: config.Password})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	queue, err := session.Call(ctx, client, &ec.GetDLoadQueue{})
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range queue.PartFiles {
		fmt.Printf("%d of %d bytes of %s\n", file.SizeDone, file.SizeFull, file.Name)
	}
}

// A daemon of one's own: the compiler checks that each reply belongs to its
// request.
func ExampleServer() {
	var mux session.Mux
	session.Handle(&mux, func(context.Context, *session.Conn, *ec.GetDLoadQueue) (*ec.DLoadQueue, error) {
		return &ec.DLoadQueue{PartFiles: []ec.PartFile{{ECID: 1, Name: "debian.iso", SizeFull: 734003200}}}, nil
	})
	session.Handle(&mux, func(context.Context, *session.Conn, *ec.AddLink) (*ec.NoOp, error) {
		return nil, session.Failed("this daemon adds nothing")
	})
	password := session.NewPassword("secret")
	server := &session.Server{Password: password, Handler: &mux}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go server.Serve(listener)
	defer server.Close()

	ctx := context.Background()
	client, err := session.Dial(ctx, listener.Addr().String(), session.Options{Password: password})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	queue, err := session.Call(ctx, client, &ec.GetDLoadQueue{})
	fmt.Println(queue.PartFiles[0].Name, err)
	_, err = session.Call(ctx, client, &ec.AddLink{})
	fmt.Println(err)
	// Output:
	// debian.iso <nil>
	// session: the daemon says that ADD_LINK failed: this daemon adds nothing
}
