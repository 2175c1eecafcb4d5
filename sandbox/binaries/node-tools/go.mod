// The small programs of our own that the sandbox's node needs.
module registry-access.invalid/sandbox/node-tools

go 1.26.0

require (
	github.com/vishvananda/netlink v1.3.1
	golang.org/x/sys v0.49.0
)

require github.com/vishvananda/netns v0.0.5 // indirect
