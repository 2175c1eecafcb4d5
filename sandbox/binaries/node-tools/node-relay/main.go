// Node-relay joins the node's network namespace to the host's loopback without a link between them: a socket belongs to the namespace that
// it was made in, and this process makes some in both. Ports of the host's loopback are opened under the same numbers inside. Over a
// unix socket it takes HTTP CONNECT to addresses inside, which is how the API server reaches the kubelet and Pods.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	dialTimeout = 10 * time.Second
	downPoll    = 250 * time.Millisecond
)

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	namespace := flag.String("namespace", "", "the network namespace's file, such as /proc/1/ns/net")
	socket := flag.String("socket", "", "the unix socket to listen on")
	ports := flag.String("ports", "", "ports of the host's loopback to open inside, separated by commas")
	flag.Parse()
	file, err := os.Open(*namespace)
	if err != nil {
		log.Fatal(err)
	}
	relay := &relay{namespace: file, opened: make(map[int]bool)}
	for _, text := range strings.Split(*ports, ",") {
		if text == "" {
			continue
		}
		port, err := strconv.Atoi(text)
		if err != nil {
			log.Fatal(err)
		}
		if err := relay.open(port); err != nil {
			log.Fatal(err)
		}
	}
	if err := os.Remove(*socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		log.Fatal(err)
	}
	unix.Umask(0o177)
	listener, err := net.Listen("unix", *socket)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, relay))
}

type relay struct {
	namespace *os.File
	mutex     sync.Mutex
	opened    map[int]bool
}

// ServeHTTP knows CONNECT host:port, and PUT /ports/PORT.
func (relay *relay) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	port, isPort := strings.CutPrefix(request.URL.Path, "/ports/")
	switch {
	case request.Method == http.MethodConnect:
		relay.connect(response, request.Host)
	case request.Method == http.MethodGet && request.URL.Path == "/ready":
		response.WriteHeader(http.StatusOK)
	case request.Method == http.MethodPut && isPort:
		number, err := strconv.Atoi(port)
		if err == nil {
			err = relay.open(number)
		}
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		response.WriteHeader(http.StatusOK)
	default:
		http.NotFound(response, request)
	}
}

func (relay *relay) connect(response http.ResponseWriter, address string) {
	inside, err := relay.dial(address)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadGateway)
		return
	}
	outside, buffered, err := response.(http.Hijacker).Hijack()
	if err != nil {
		_ = inside.Close()
		log.Print(err)
		return
	}
	if _, err := io.WriteString(outside, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = inside.Close()
		_ = outside.Close()
		return
	}
	join(&bufferedConn{outside, buffered.Reader}, inside)
}

// The host's loopback is meant by its addresses: what listens there are the host's services, such as webhooks.
func (relay *relay) dial(address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(host)
	if host == "localhost" || ip.IsLoopback() {
		return net.DialTimeout("tcp", address, dialTimeout)
	}
	if ip == nil {
		return nil, fmt.Errorf("%s is no address, and there is no name service inside", host)
	}
	var connection net.Conn
	err = relay.inside(func() error {
		var err error
		connection, err = net.DialTimeout("tcp", address, dialTimeout)
		return err
	})
	return connection, err
}

// Runs something on a thread that is in the node's network namespace, and ends with it.
func (relay *relay) inside(act func() error) error {
	done := make(chan error, 1)
	go func() {
		// Never unlocked: Go then ends the thread instead of using it for anything else.
		runtime.LockOSThread()
		if err := unix.Setns(int(relay.namespace.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("enter the network namespace: %w", err)
			return
		}
		done <- act()
	}()
	return <-done
}

func (relay *relay) listen(port int) (net.Listener, error) {
	var listener net.Listener
	err := relay.inside(func() error {
		var err error
		listener, err = net.Listen("tcp", loopback(port))
		return err
	})
	return listener, err
}

func (relay *relay) open(port int) error {
	relay.mutex.Lock()
	defer relay.mutex.Unlock()
	if relay.opened[port] {
		return nil
	}
	listener, err := relay.listen(port)
	if err != nil {
		return err
	}
	relay.opened[port] = true
	go relay.serve(port, listener)
	return nil
}

// A service that is down is closed inside too, so that it reads there as what it is: connection refused.
func (relay *relay) serve(port int, listener net.Listener) {
	for {
		inside, err := listener.Accept()
		if err != nil {
			log.Fatalf("port %d: %v", port, err)
		}
		outside, err := net.DialTimeout("tcp", loopback(port), dialTimeout)
		if err == nil {
			go join(inside, outside)
			continue
		}
		reset(inside)
		_ = listener.Close()
		for {
			time.Sleep(downPoll)
			if probe, err := net.DialTimeout("tcp", loopback(port), dialTimeout); err == nil {
				_ = probe.Close()
				break
			}
		}
		if listener, err = relay.listen(port); err != nil {
			log.Fatalf("port %d: %v", port, err)
		}
	}
}

func loopback(port int) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}

func reset(connection net.Conn) {
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// What came with the request's head is read first.
type bufferedConn struct {
	net.Conn
	reader *bufio.Reader
}

func (connection *bufferedConn) Read(into []byte) (int, error) {
	return connection.reader.Read(into)
}

func (connection *bufferedConn) CloseWrite() error {
	return closeWrite(connection.Conn)
}

func join(one, other net.Conn) {
	var copies sync.WaitGroup
	for _, pair := range [][2]net.Conn{{one, other}, {other, one}} {
		copies.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			_ = closeWrite(pair[0])
		})
	}
	copies.Wait()
	_ = one.Close()
	_ = other.Close()
}

func closeWrite(connection net.Conn) error {
	if half, ok := connection.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return connection.Close()
}
