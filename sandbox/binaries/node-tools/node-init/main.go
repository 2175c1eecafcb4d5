// Node-init is the first process of the node's namespaces (process, mount and network): it makes them fit for a kubelet without touching
// the host's, and holds them. All processes in them end with it, and all mounts and links with those.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("node-init: ")
	folder := flag.String("folder", "", "holds what the node writes")
	bridge := flag.String("bridge", "cni0", "the bridge of the Pods")
	address := flag.String("address", "", "the bridge's address, which is also the node's, with its prefix length")
	flag.Parse()
	if os.Getpid() != 1 {
		log.Fatal("it has to be the first process of a process namespace")
	}
	// The host's /proc is still in place: it says which process we are for the host.
	pid, err := os.Readlink("/proc/self")
	check("read /proc/self", err)
	check("set up mounts", setUpMounts(*folder))
	check("set up the network", setUpNetwork(*bridge, *address))
	draft := filepath.Join(*folder, "pid.new")
	check("write the process id", os.WriteFile(draft, []byte(pid+"\n"), 0o600))
	check("write the process id", os.Rename(draft, filepath.Join(*folder, "pid")))
	reap()
}

func check(what string, err error) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}

// Every folder that kubelet and containerd have fixed in their code is ours here.
func setUpMounts(folder string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if err := renewSysfs(filepath.Join(folder, "cgroup")); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
		return fmt.Errorf("mount /run: %w", err)
	}
	if err := makeWritable("/var/lib"); err != nil {
		return err
	}
	if err := bindFolder(filepath.Join(folder, "kubelet"), "/var/lib/kubelet"); err != nil {
		return err
	}
	if err := bindFolder(filepath.Join(folder, "log"), "/var/log"); err != nil {
		return err
	}
	return pretendTunables(filepath.Join(folder, "tunables"))
}

// A mounted sysfs shows the network of whoever mounted it. The cgroups in it are kept.
func renewSysfs(keep string) error {
	if err := os.MkdirAll(keep, 0o700); err != nil {
		return err
	}
	if err := unix.Mount("/sys/fs/cgroup", keep, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("keep /sys/fs/cgroup: %w", err)
	}
	if err := unix.Mount("sysfs", "/sys", "sysfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /sys: %w", err)
	}
	if err := unix.Mount(keep, "/sys/fs/cgroup", "", unix.MS_MOVE, ""); err != nil {
		return fmt.Errorf("move /sys/fs/cgroup: %w", err)
	}
	return nil
}

// Puts a tmpfs over a folder and everything that was in it back, so that what is made there is made for us alone.
func makeWritable(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	held := make(map[string]int)
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		descriptor, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
		if err != nil {
			return fmt.Errorf("open %s: %w", path, err)
		}
		held[path] = descriptor
	}
	links := make(map[string]string)
	for _, entry := range entries {
		if entry.Type()&os.ModeSymlink != 0 {
			path := filepath.Join(folder, entry.Name())
			if links[path], err = os.Readlink(path); err != nil {
				return err
			}
		}
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
		return fmt.Errorf("mount %s: %w", folder, err)
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		switch {
		case entry.IsDir():
			err = os.Mkdir(path, 0o755)
		case links[path] != "":
			if err = os.Symlink(links[path], path); err != nil {
				return err
			}
			continue
		case entry.Type().IsRegular():
			err = os.WriteFile(path, nil, 0o600)
		default:
			continue
		}
		if err != nil {
			return err
		}
		source := fmt.Sprintf("/proc/self/fd/%d", held[path])
		if err := unix.Mount(source, path, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
			return fmt.Errorf("put %s back: %w", path, err)
		}
	}
	for _, descriptor := range held {
		_ = unix.Close(descriptor)
	}
	return nil
}

func bindFolder(source, target string) error {
	for _, folder := range []string{source, target} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s to %s: %w", source, target, err)
	}
	return nil
}

// The kernel settings that a kubelet wants are the host's, and not ours to change. It leaves alone what reads as it wants it.
func pretendTunables(folder string) error {
	wanted := map[string]string{
		"vm/overcommit_memory":      "1",
		"vm/panic_on_oom":           "0",
		"kernel/panic":              "10",
		"kernel/panic_on_oops":      "1",
		"kernel/keys/root_maxkeys":  "1000000",
		"kernel/keys/root_maxbytes": "25000000",
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for name, value := range wanted {
		target := filepath.Join("/proc/sys", name)
		if _, err := os.Stat(target); err != nil {
			continue
		}
		source := filepath.Join(folder, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(source, []byte(value+"\n"), 0o600); err != nil {
			return err
		}
		if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("bind %s: %w", target, err)
		}
	}
	return nil
}

// The bridge is made before the CNI plugin would make it: its address is the node's from the start.
func setUpNetwork(name, address string) error {
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	if err := netlink.LinkSetUp(loopback); err != nil {
		return err
	}
	bridge := &netlink.Bridge{LinkAttrs: netlink.NewLinkAttrs()}
	bridge.Name = name
	if err := netlink.LinkAdd(bridge); err != nil {
		return fmt.Errorf("add the bridge %s: %w", name, err)
	}
	own, network, err := net.ParseCIDR(address)
	if err != nil {
		return err
	}
	network.IP = own
	if err := netlink.AddrAdd(bridge, &netlink.Addr{IPNet: network}); err != nil {
		return err
	}
	return netlink.LinkSetUp(bridge)
}

// Whatever loses its parent in here becomes our child.
func reap() {
	children := make(chan os.Signal, 64)
	signal.Notify(children, syscall.SIGCHLD)
	for range children {
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 && err != syscall.EINTR {
				break
			}
		}
	}
}
