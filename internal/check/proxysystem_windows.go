package check

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows/registry"
)

const internetSettings = `Software\Microsoft\Windows\CurrentVersion\Internet Settings`

// systemSettings are the proxies that Windows knows: WinINET's of this user, and WinHTTP's of the machine.
func systemSettings() (all []ProxyConfig) {
	if k, err := registry.OpenKey(registry.CURRENT_USER, internetSettings, registry.QUERY_VALUE); err == nil {
		p := ProxyConfig{Source: "WinINET", Mode: "none"}
		on, _, _ := k.GetIntegerValue("ProxyEnable")
		server, _, _ := k.GetStringValue("ProxyServer")
		p.Script, _, _ = k.GetStringValue("AutoConfigURL")
		k.Close()
		if p.Address = proxyFor(server); on != 0 && p.Address != "" {
			p.Mode = "custom"
		}
		if p.Mode == "custom" || p.Script != "" {
			all = append(all, p)
		}
	}
	if k, err := registry.OpenKey(registry.LOCAL_MACHINE, internetSettings+`\Connections`, registry.QUERY_VALUE); err == nil {
		value, _, err := k.GetBinaryValue("WinHttpSettings")
		k.Close()
		if address := proxyFor(winHTTPServer(value)); err == nil && address != "" {
			all = append(all, ProxyConfig{Source: "WinHTTP", Mode: "custom", Address: address})
		}
	}
	return all
}

// winHTTPServer reads the server from what netsh winhttp writes: a version, a counter, flags, and the text behind its length.
func winHTTPServer(value []byte) string {
	const at = 12
	if len(value) < at+4 || binary.LittleEndian.Uint32(value[8:])&2 == 0 {
		return ""
	}
	n := int(binary.LittleEndian.Uint32(value[at:]))
	if n < 0 || n > len(value)-at-4 {
		return ""
	}
	return string(value[at+4 : at+4+n])
}

// proxyFor is the proxy for HTTPS of host:port, or of http=host:port;https=host:port.
func proxyFor(server string) string {
	first := ""
	for part := range strings.SplitSeq(server, ";") {
		part = strings.TrimSpace(part)
		scheme, address, ok := strings.Cut(part, "=")
		switch {
		case !ok:
			first = part
		case strings.EqualFold(scheme, "https"):
			return address
		}
	}
	return first
}

// configFolders are where the product puts its configuration.
func configFolders() (all []string) {
	for _, variable := range []string{"ProgramFiles", "ProgramW6432"} {
		for _, product := range []string{"Microsoft Integration Runtime", "Microsoft Data Management Gateway"} {
			folder := filepath.Join(os.Getenv(variable), product)
			if info, err := os.Stat(folder); err == nil && info.IsDir() && (len(all) == 0 || all[len(all)-1] != folder) {
				all = append(all, folder)
			}
		}
	}
	return all
}
