package check_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A lab is three machines of their own, in network namespaces that nothing else is in: the gateway's, a firewall with name server and
// proxies, and the other side, which is Azure, data stores and nodes. Nothing in it reaches the network of this machine.
//
//	gateway 10.80.0.2 --- 10.80.0.1 firewall 203.0.113.1 --- 203.0.113.x other side
type lab struct {
	t       *testing.T
	dir     string
	gateway string // names of the namespaces
	wall    string
	other   string
	gwlogs  string // the program
	ca      *authority
	mu      sync.Mutex
	ended   []func()
}

// labTools are what the lab is made of, with the package of Debian that each is in.
var labTools = map[string]string{
	"ip": "iproute2", "nft": "nftables", "dnsmasq": "dnsmasq-base", "unbound": "unbound", "squid": "squid-openssl", "openssl": "openssl",
	"mariadbd": "mariadb-server-core", "smbd": "samba", "faketime": "faketime", "mitmdump": "mitmproxy", "htpasswd": "apache2-utils",
	"python3": "python3", "unshare": "util-linux",
}

func newLab(t *testing.T) *lab {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("skipped: network namespaces need root")
	}
	for tool, pkg := range labTools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("skipped: no %s here (package %s)", tool, pkg)
		}
	}
	id := fmt.Sprintf("gwl%d", os.Getpid())
	l := &lab{t: t, dir: t.TempDir(), gateway: id + "g", wall: id + "w", other: id + "o"}
	if err := os.Chmod(l.dir, 0o755); err != nil { // servers drop their rights
		t.Fatal(err)
	}
	for dir := filepath.Dir(l.dir); strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		_ = os.Chmod(dir, 0o755)
	}
	t.Cleanup(l.close)
	if out, err := exec.Command("ip", "netns", "add", l.gateway).CombinedOutput(); err != nil {
		t.Skipf("skipped: network namespaces cannot be had here: %s", out)
	}
	l.atEnd(func() { _ = exec.Command("ip", "netns", "del", l.gateway).Run() })
	for _, ns := range []string{l.wall, l.other} {
		l.sh("ip netns add %s", ns)
		l.atEnd(func() { _ = exec.Command("ip", "netns", "del", ns).Run() })
	}
	l.wire()
	l.ca = newAuthority(t, "Lab Root", "DigiCert Inc")
	return l
}

// wire connects the three.
func (l *lab) wire() {
	for _, ns := range []string{l.gateway, l.wall, l.other} {
		l.sh("ip -n %s link set lo up", ns)
		l.in(ns, "sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0")
		l.in(ns, "sysctl -qw net.ipv4.icmp_ratemask=0") // many cases at once: none may miss its "unreachable" for the sake of the others
	}
	l.sh("ip -n %s link add in0 type veth peer name gw0 netns %s", l.gateway, l.wall)
	l.sh("ip -n %s link add out0 type veth peer name az0 netns %s", l.wall, l.other)
	for _, line := range []string{
		l.gateway + " addr add 10.80.0.2/24 dev in0", l.gateway + " addr add 2001:db8:80::2/64 dev in0", l.gateway + " link set in0 up",
		l.wall + " addr add 10.80.0.1/24 dev gw0", l.wall + " addr add 2001:db8:80::1/64 dev gw0", l.wall + " link set gw0 up",
		l.wall + " addr add 203.0.113.1/24 dev out0", l.wall + " addr add 2001:db8:113::1/64 dev out0", l.wall + " link set out0 up",
		l.other + " addr add 2001:db8:113::a/64 dev az0", l.other + " link set az0 up",
		l.gateway + " route add default via 10.80.0.1", l.gateway + " route add default via 2001:db8:80::1",
	} {
		l.sh("ip -n %s", line)
	}
	l.in(l.wall, "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
	var batch strings.Builder
	for i := 2; i < 250; i++ {
		fmt.Fprintf(&batch, "addr add 203.0.113.%d/24 dev az0\n", i)
	}
	batch.WriteString("addr add 10.90.0.5/24 dev az0\nroute add default via 203.0.113.1\nroute add default via 2001:db8:113::1\n")
	cmd := exec.Command("ip", "-n", l.other, "-batch", "-")
	cmd.Stdin = strings.NewReader(batch.String())
	l.must(cmd)
	l.sh("ip -n %s route add 10.90.0.0/24 via 203.0.113.2", l.wall)
	// Routes of the gateway itself that end there.
	l.sh("ip -n %s route add prohibit 203.0.113.91", l.gateway)
	l.sh("ip -n %s route add unreachable 203.0.113.92", l.gateway)
}

func (l *lab) build() {
	l.gwlogs = filepath.Join(l.dir, "gwlogs")
	cmd := exec.Command("go", "build", "-o", l.gwlogs, "github.com/gwlogs/gwlogs/cmd/gwlogs")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	l.must(cmd)
}

func (l *lab) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.ended) - 1; i >= 0; i-- {
		l.ended[i]()
	}
}

func (l *lab) atEnd(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = append(l.ended, f)
}

func (l *lab) must(cmd *exec.Cmd) {
	l.t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
}

func (l *lab) sh(format string, args ...any) {
	l.t.Helper()
	l.must(exec.Command("sh", "-c", fmt.Sprintf(format, args...)))
}

// in runs a command in a namespace.
func (l *lab) in(ns, format string, args ...any) {
	l.t.Helper()
	l.must(exec.Command("ip", "netns", "exec", ns, "sh", "-c", fmt.Sprintf(format, args...)))
}

// together starts parts of the lab side by side.
func (l *lab) together(parts ...func()) {
	l.t.Helper()
	var wait sync.WaitGroup
	for _, part := range parts {
		wait.Go(part) // one that fails ends itself alone
	}
	wait.Wait()
	if l.t.Failed() {
		l.t.FailNow()
	}
}

// serve starts a program in a namespace, and waits until it listens at the addresses.
func (l *lab) serve(ns string, addrs []string, args ...string) {
	l.t.Helper()
	cmd := exec.Command("ip", append([]string{"netns", "exec", ns, "timeout", "600"}, args...)...) // should this process be killed
	log := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	l.atEnd(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-done
	})
	for _, addr := range addrs {
		l.await(ns, addr, done, func() string { return strings.Join(args, " ") + "\n" + log.String() })
	}
}

// await waits until somebody listens.
func (l *lab) await(ns, addr string, done <-chan struct{}, who func() string) {
	l.t.Helper()
	for until := time.Now().Add(90 * time.Second); ; {
		var c net.Conn
		err := l.within(ns, func() (err error) {
			d := net.Dialer{Timeout: time.Second}
			c, err = d.Dial("tcp", addr)
			return err
		})
		if err == nil {
			c.Close()
			return
		}
		select {
		case <-done:
			l.t.Fatalf("it has ended: %s", who())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(until) {
			l.t.Fatalf("%s does not listen: %v: %s", addr, err, who())
		}
	}
}

// within runs f on a thread that is in the namespace: sockets that it makes stay there.
func (l *lab) within(ns string, f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		file, err := os.Open("/run/netns/" + ns)
		if err == nil {
			defer file.Close()
			if err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err == nil {
				err = f()
			}
		}
		done <- err
	}()
	return <-done
}

// listen is a listener of this process in a namespace.
func (l *lab) listen(ns, addr string) net.Listener {
	l.t.Helper()
	var in net.Listener
	if err := l.within(ns, func() (err error) { in, err = net.Listen("tcp", addr); return err }); err != nil {
		l.t.Fatalf("%s: %v", addr, err)
	}
	l.atEnd(func() { in.Close() })
	return in
}

// answerEach has f talk to whoever connects.
func (l *lab) answerEach(addr string, f func(net.Conn)) {
	in := l.listen(l.other, addr)
	go func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(20 * time.Second))
				f(c)
			}()
		}
	}()
}

// file writes a file for a server to read.
func (l *lab) file(name, text string) string {
	l.t.Helper()
	name = filepath.Join(l.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		l.t.Fatal(err)
	}
	return name
}

// A run is a command line on the gateway, with what its machine has.
type run struct {
	args   []string
	resolv string // of /etc/resolv.conf; empty for the good name server
	hosts  string // of /etc/hosts; empty for the usual one
	env    []string
	alone  bool // on a machine without a network
}

// checked is what came out.
type checked struct {
	Results []struct {
		Probe, Status, Layer, Finding, Seen string
		Do                                  []string
		Ticket                              string
		Raw                                 []string
		Values                              map[string]string
		Target                              *struct {
			Host string
			Port int
		}
	}
	Interrupted bool
	TookMS      int `json:"took_ms"`
}

const (
	goodResolv = "nameserver 10.80.0.1\n"
	goodHosts  = "127.0.0.1 localhost\n::1 localhost\n"
)

// check runs gwlogs check on the gateway.
func (l *lab) check(t *testing.T, r run) (*checked, int) {
	t.Helper()
	out, code := l.output(t, r, "--format", "json")
	c := new(checked)
	if err := json.Unmarshal([]byte(out), c); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return c, code
}

func (l *lab) output(t *testing.T, r run, more ...string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text, otherwise string) string {
		if text == "" {
			text = otherwise
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	resolv, hosts := write("resolv.conf", r.resolv, goodResolv), write("hosts", r.hosts, goodHosts)
	script := fmt.Sprintf("mount --bind %s /etc/resolv.conf && mount --bind %s /etc/hosts && exec \"$@\"", resolv, hosts)
	args := []string{"netns", "exec", l.gateway, "unshare", "-m", "sh", "-c", script, "sh"}
	if r.alone {
		args = []string{"netns", "exec", l.gateway, "unshare", "-m", "-n", "sh", "-c", "ip link set lo up; " + script, "sh"}
	}
	args = append(append(append(args, l.gwlogs, "check"), r.args...), more...)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ip", args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "SSL_CERT_FILE=" + l.ca.file, "SSL_CERT_DIR=" + dir}, r.env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		if stdout.Len() == 0 {
			t.Fatalf("gwlogs check %v: %v\n%s", r.args, err, stderr.String())
		}
		return stdout.String(), exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return stdout.String(), 0
}
