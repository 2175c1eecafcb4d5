// Static-web serves a folder over HTTP. It stands in for application servers that can't be had without their vendor's registry.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	address := flag.String("address", ":8080", "where to listen")
	folder := flag.String("folder", "/srv", "what to serve")
	flag.Parse()
	server := &http.Server{Addr: *address, Handler: http.FileServer(http.Dir(*folder)), ReadHeaderTimeout: 10 * time.Second}
	// As process 1 of a container it gets no signal that it doesn't ask for.
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ended.Done()
		_ = server.Shutdown(context.Background())
	}()
	log.Printf("serving %s on %s", *folder, *address)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Print(err)
		os.Exit(1)
	}
}
