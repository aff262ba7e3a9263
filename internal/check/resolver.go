package check

import (
	"bufio"
	"context"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// heard is what the name servers said, beyond what the resolver tells.
type heard struct {
	servers []string // that were asked
	chain   []string // the names that the name stands for
	empty   bool     // the name is there, and has no address
	refused bool     // the server does not answer us, whatever it is asked
	none    bool     // the server knows that there is no such name
	failed  bool     // the server could not find out
}

// A listener hears what the resolver of Go and the name servers say to each other: which server it was, and its own words. Other
// systems than Linux and the BSDs have resolvers of their own, which it does not hear.
type listener struct {
	mu sync.Mutex
	of heard
}

func newListener() *listener { return new(listener) }

func (l *listener) resolver() *net.Resolver {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: l.dial}
}

func (l *listener) heard() heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of
}

func (l *listener) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	server, _, _ := net.SplitHostPort(address)
	l.mu.Lock()
	if !slices.Contains(l.of.servers, server) {
		l.of.servers = append(l.of.servers, server)
	}
	l.mu.Unlock()
	if udp, ok := c.(*net.UDPConn); ok {
		return &overheard{udp, l}, err
	}
	return c, err
}

// overheard is a connection to a name server; by UDPConn the resolver knows that messages come whole.
type overheard struct {
	*net.UDPConn
	by *listener
}

func (c *overheard) Read(p []byte) (int, error) {
	n, err := c.UDPConn.Read(p)
	if err == nil {
		c.by.hear(p[:n])
	}
	return n, err
}

func (l *listener) hear(message []byte) {
	var p dnsmessage.Parser
	h, err := p.Start(message)
	if err != nil || !h.Response || p.SkipAllQuestions() != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch h.RCode {
	case dnsmessage.RCodeRefused:
		l.of.refused = !l.of.none
	case dnsmessage.RCodeNameError:
		l.of.none, l.of.refused = true, false
	case dnsmessage.RCodeServerFailure:
		l.of.failed = true
	}
	found := false
	for {
		rh, err := p.AnswerHeader()
		if err != nil {
			break
		}
		if rh.Type != dnsmessage.TypeCNAME {
			found = found || rh.Type == dnsmessage.TypeA || rh.Type == dnsmessage.TypeAAAA
			if p.SkipAnswer() != nil {
				break
			}
			name := strings.TrimSuffix(rh.Name.String(), ".")
			if found && len(l.of.chain) == 0 {
				l.of.chain = append(l.of.chain, name)
			}
			continue
		}
		cname, err := p.CNAMEResource()
		if err != nil {
			break
		}
		if name := strings.TrimSuffix(cname.CNAME.String(), "."); !slices.Contains(l.of.chain, name) {
			l.of.chain = append(l.of.chain, name)
		}
	}
	l.of.empty = l.of.empty || h.RCode == dnsmessage.RCodeSuccess && !found
}

// hostsFile are the names that the hosts file has.
func hostsFile() []string {
	f, err := os.Open(hostsFileName())
	if err != nil {
		return nil
	}
	defer f.Close()
	var names []string
	for s := bufio.NewScanner(f); s.Scan() && len(names) < 100_000; {
		line, _, _ := strings.Cut(s.Text(), "#")
		if fields := strings.Fields(line); len(fields) > 1 {
			for _, name := range fields[1:] {
				names = append(names, strings.ToLower(strings.TrimSuffix(name, ".")))
			}
		}
	}
	return names
}
