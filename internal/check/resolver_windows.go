package check

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// absoluteNames is false: GetAddrInfo does not look for a name with a dot at its end in the hosts file.
const absoluteNames = false

func hostsFileName() string {
	return filepath.Join(os.Getenv("SystemRoot"), "System32", "drivers", "etc", "hosts")
}

// canonicalNames are what a name stands for, from the cache of the system or its name server.
func canonicalNames(host string) []string {
	var records *syscall.DNSRecord
	if syscall.DnsQuery(host, syscall.DNS_TYPE_A, 0, nil, &records, nil) != nil {
		return nil
	}
	defer syscall.DnsRecordListFree(records, 1)
	var chain []string
	for r := records; r != nil && len(chain) < 32; r = r.Next {
		if r.Type != syscall.DNS_TYPE_CNAME {
			continue
		}
		cname := (*syscall.DNSPTRData)(unsafe.Pointer(&r.Data[0]))
		if name := windows.UTF16PtrToString(cname.Host); name != "" && !slices.Contains(chain, name) {
			chain = append(chain, name)
		}
	}
	return chain
}

// dnsNoHostsFile is DNS_QUERY_NO_HOSTS_FILE of DnsQuery.
const dnsNoHostsFile = 0x40

// askServers asks the name servers for addresses, past the hosts file.
func askServers(_ context.Context, host string) *answer {
	a := new(answer)
	for _, kind := range []uint16{syscall.DNS_TYPE_A, syscall.DNS_TYPE_AAAA} {
		var records *syscall.DNSRecord
		if syscall.DnsQuery(host, kind, dnsNoHostsFile, nil, &records, nil) != nil {
			continue
		}
		for r := records; r != nil && len(a.addrs) < 32; r = r.Next {
			switch {
			case r.Type != kind:
			case kind == syscall.DNS_TYPE_A:
				a.addrs = append(a.addrs, netip.AddrFrom4([4]byte(r.Data[:4])))
			default:
				a.addrs = append(a.addrs, netip.AddrFrom16([16]byte(r.Data[:16])))
			}
		}
		syscall.DnsRecordListFree(records, 1)
	}
	return a
}

// searchSuffixes are what is appended to names.
func searchSuffixes() []string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer k.Close()
	var all []string
	for _, value := range []string{"SearchList", "Domain", "DhcpDomain"} {
		text, _, err := k.GetStringValue(value)
		if err != nil {
			continue
		}
		for _, s := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}
