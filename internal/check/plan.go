package check

import (
	"regexp"
	"slices"
	"strings"
)

// Targets are those that were named, and what the product needs beside them. A need whose host nobody has named comes out as a target
// without a name, so that its result can say how to name it.
func Targets(named []Target, product Product, cloud Cloud) []Target {
	var all []Target
	add := func(t Target) {
		if !slices.ContainsFunc(all, func(o Target) bool {
			return o.Host == t.Host && o.Port == t.Port && o.Instance == t.Instance && o.Path == t.Path && o.Role == t.Role
		}) {
			all = append(all, t)
		}
	}
	for _, t := range named {
		add(t)
		if t.Role == RoleRelay && t.Port == 443 && strings.Contains(t.Host, ".") {
			for _, port := range relayPorts(product) {
				speak := TCP
				if port == 5671 {
					speak = TLS
				}
				add(Target{Host: t.Host, Port: port, Protocol: speak, Role: RoleRelay, Weight: Optional, Source: "product"})
			}
		}
	}
	for _, n := range needs() {
		if !slices.Contains(n.products, product) || n.cloud != "" && n.cloud != cloud {
			continue
		}
		t := Target{Host: n.host, Port: n.port, Protocol: n.speak, Role: n.role, Weight: n.weight, Source: "product"}
		if strings.HasPrefix(n.host, "*") && slices.ContainsFunc(named, func(o Target) bool { return o.Role == n.role }) {
			continue
		}
		add(t)
	}
	return all
}

// Factory is the target of a factory that was named as NAME.REGION, or by its whole name.
func Factory(text string, cloud Cloud) (Target, error) {
	const form = "--factory NAME.REGION, as in contoso.westeurope"
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "https://"), "/")
	t := Target{Port: 443, Protocol: HTTPS, Role: RoleService, Weight: Required, Source: "factory"}
	if err := t.setHost(text); err != nil {
		return t, wrongInput(form, "--factory: %q is no name of a factory", clip(text))
	}
	if _, whole := azure(t.Host); whole {
		return t, nil
	}
	if strings.Count(t.Host, ".") != 1 {
		return t, wrongInput(form, "--factory: %q has no region", clip(text))
	}
	t.Host += map[Cloud]string{Public: ".datafactory.azure.net", Government: ".datafactory.azure.us", China: ".datafactory.azure.cn"}[cloud]
	return t, nil
}

// CloudOf is the cloud that the targets are of, by the ends of their names; Public if they do not tell.
func CloudOf(targets []Target) Cloud {
	for _, t := range targets {
		if s, ok := azure(t.Host); ok && s.cloud != Public {
			return s.cloud
		}
	}
	return Public
}

// FromKey is the host of the service that an authentication key names. Nothing else of the key is kept, and no error quotes it.
func FromKey(key string) (Target, error) {
	const form = "the key is the line that the portal shows: IR@…; one of an older factory has no host in it: name the factory's with --target"
	t := Target{Port: 443, Protocol: HTTPS, Role: RoleService, Weight: Required, Source: "key"}
	parts := strings.Split(strings.TrimSpace(strings.TrimPrefix(key, "\ufeff")), "@")
	if len(parts) < 4 {
		return t, wrongInput(form, "the key file holds no authentication key")
	}
	for _, part := range parts[1 : len(parts)-1] {
		host, ok := strings.CutPrefix(part, "ServiceEndpoint=")
		if !ok {
			continue
		}
		if err := t.setHost(host); err == nil && strings.Contains(t.Host, ".") {
			return t, nil
		}
	}
	// Keys of before name the front end by its short name, as wu2.
	if region := parts[3]; regionCode.MatchString(region) && len(parts) > 4 {
		t.Host = strings.ToLower(region) + ".frontend.clouddatahub.net"
		return t, nil
	}
	return t, wrongInput(form, "the key names no host of the service")
}

var regionCode = regexp.MustCompile(`^[A-Za-z]{2,4}[0-9]?$`)

// azureName finds hosts of Azure in a text.
var azureName = regexp.MustCompile(`(?i)\b[a-z0-9][a-z0-9.-]*\.(?:azure\.(?:net|us|cn)|windows\.net|clouddatahub\.net|usgovcloudapi\.net|chinacloudapi\.cn|azuresynapse\.net|azuredatalakestore\.net)\b`)

// maxFound is how many hosts of a text are tried.
const maxFound = 20

// HostsIn are the hosts of Azure that a text names, with the roles that they have.
func HostsIn(text, source string) (all []Target) {
	for _, name := range azureName.FindAllString(text, 1000) {
		s, ok := azure(name)
		t := Target{Port: s.port, Protocol: s.speak, Role: s.role, Source: source}
		if !ok || t.setHost(name) != nil || len(all) >= maxFound ||
			slices.ContainsFunc(all, func(o Target) bool { return o.Host == t.Host }) {
			continue
		}
		all = append(all, t)
	}
	return all
}
