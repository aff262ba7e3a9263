//go:build !windows

package check

import (
	"bufio"
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// absoluteNames says that the resolver takes a name with a dot at its end as it is.
const absoluteNames = true

func hostsFileName() string { return "/etc/hosts" }

// canonicalNames are what a name stands for, where nothing else has told.
func canonicalNames(string) []string { return nil }

// askServers asks the name servers for addresses, past the hosts file, which every question of the resolver for addresses goes to first.
func askServers(ctx context.Context, host string) *answer {
	listen := newListener()
	_, _ = listen.resolver().LookupTXT(ctx, host+".") // only to hear which servers there are
	a := &answer{servers: listen.heard().servers}
	for _, server := range a.servers {
		for _, kind := range []dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA} {
			a.addrs = append(a.addrs, exchange(ctx, server, host, kind)...)
		}
		if len(a.addrs) > 0 {
			a.servers = []string{server}
			return a
		}
	}
	return a
}

// maxAsk is how long a name server may take that is only asked for comparison.
const maxAsk = 2 * time.Second

// exchange asks one server once; nothing comes of whatever goes wrong.
func exchange(ctx context.Context, server, host string, kind dnsmessage.Type) (addrs []netip.Addr) {
	name, err := dnsmessage.NewName(host + ".")
	if err != nil {
		return nil
	}
	id := uint16(rand.Uint32())
	ask := dnsmessage.Message{Header: dnsmessage.Header{ID: id, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: kind, Class: dnsmessage.ClassINET}}}
	data, err := ask.Pack()
	if err != nil {
		return nil
	}
	d := net.Dialer{Timeout: maxAsk}
	c, err := d.DialContext(ctx, "udp", net.JoinHostPort(server, "53"))
	if err != nil {
		return nil
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(maxAsk))
	if _, err := c.Write(data); err != nil {
		return nil
	}
	reply := make([]byte, 4096)
	n, err := c.Read(reply)
	var m dnsmessage.Message
	if err != nil || m.Unpack(reply[:n]) != nil || m.ID != id || !m.Response {
		return nil
	}
	for _, a := range m.Answers {
		switch body := a.Body.(type) {
		case *dnsmessage.AResource:
			addrs = append(addrs, netip.AddrFrom4(body.A))
		case *dnsmessage.AAAAResource:
			addrs = append(addrs, netip.AddrFrom16(body.AAAA))
		}
	}
	return addrs
}

// searchSuffixes are what is appended to names.
func searchSuffixes() []string {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return nil
	}
	defer f.Close()
	var all []string
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) > 1 && (fields[0] == "search" || fields[0] == "domain") {
			all = fields[1:]
		}
	}
	return all
}
