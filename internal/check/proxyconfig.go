package check

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"
	"golang.org/x/net/idna"
)

// A ProxyConfig is a place where a proxy may be set, and what is set there.
type ProxyConfig struct {
	Source  string   // diahost.exe.config, environment, WinHTTP, WinINET
	File    string   // its name, where it is one
	Gateway bool     // the gateway goes by it
	Mode    string   // none, system, custom
	Address string   // of custom, without a login
	Bypass  []string // what is not reached through it: regular expressions in the files of .NET
	Default bool     // the account of the service logs in to the proxy
	Script  string   // address of a script that decides
	Err     error    // why it could not be read

	login *url.Userinfo
}

// The files of the product that have its proxy. The host service and the worker read one each.
const (
	hostConfig   = "diahost.exe.config"
	workerConfig = "diawp.exe.config"
)

// netConfig is what System.Net reads of a configuration file of .NET.
type netConfig struct {
	XMLName xml.Name `xml:"configuration"`
	Net     struct {
		Default *struct {
			Enabled     string `xml:"enabled,attr"`
			Credentials string `xml:"useDefaultCredentials,attr"`
			Proxy       *struct {
				Address string `xml:"proxyaddress,attr"`
				System  string `xml:"usesystemdefault,attr"`
				Local   string `xml:"bypassonlocal,attr"`
				Script  string `xml:"scriptLocation,attr"`
			} `xml:"proxy"`
			Bypass struct {
				Add []struct {
					Address string `xml:"address,attr"`
				} `xml:"add"`
			} `xml:"bypasslist"`
		} `xml:"defaultProxy"`
	} `xml:"system.net"`
}

const maxConfig = 4 << 20 // bytes

// ReadConfigs finds the configuration files of the product in a folder and those in it. It is an error if there is none.
func ReadConfigs(folder string) ([]ProxyConfig, error) {
	var all []ProxyConfig
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == folder {
				return err
			}
			return nil
		}
		if d.IsDir() && strings.Count(strings.TrimPrefix(name, folder), string(filepath.Separator)) > 4 {
			return fs.SkipDir
		}
		if base := strings.ToLower(d.Name()); d.Type().IsRegular() && (base == hostConfig || base == workerConfig) && len(all) < 20 {
			all = append(all, readConfig(name, base))
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no %s and no %s in it", hostConfig, workerConfig)
	}
	return all, err
}

func readConfig(name, base string) ProxyConfig {
	p := ProxyConfig{Source: base, File: name, Gateway: true, Mode: "none"}
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxConfig {
		err = errors.New("is too large for a configuration file")
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(name)
	}
	if err == nil {
		err = p.parse(data)
	}
	p.Err = err
	return p
}

func (p *ProxyConfig) parse(data []byte) error {
	var c netConfig
	text := strings.TrimPrefix(string(data), "\ufeff")
	d := xml.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&c); err != nil {
		return err
	}
	def := c.Net.Default
	if def == nil || strings.EqualFold(def.Enabled, "false") {
		return nil
	}
	p.Mode, p.Default = "system", strings.EqualFold(def.Credentials, "true")
	for _, add := range def.Bypass.Add {
		p.Bypass = append(p.Bypass, add.Address)
	}
	if def.Proxy == nil {
		return nil
	}
	p.Script = def.Proxy.Script
	if def.Proxy.Address != "" && !strings.EqualFold(def.Proxy.System, "true") {
		p.Mode, p.Address = "custom", def.Proxy.Address
		if u, err := url.Parse(p.Address); err == nil && u.User != nil {
			p.login, u.User = u.User, nil
			p.Address = u.String()
		}
	} else if strings.EqualFold(def.Proxy.System, "false") && def.Proxy.Script == "" {
		p.Mode = "none"
	}
	return nil
}

// bypasses is the rule of .NET for what is reached directly. An entry that is no regular expression makes .NET refuse the whole file;
// problem names it.
func (p *ProxyConfig) bypasses() (match func(*url.URL) bool, problem string) {
	var rules []*regexp.Regexp
	for _, text := range p.Bypass {
		re, err := regexp.Compile("(?i)" + text)
		if err != nil {
			return nil, text
		}
		rules = append(rules, re)
	}
	return func(u *url.URL) bool {
		address := u.Scheme + "://" + u.Host
		return slices.ContainsFunc(rules, func(re *regexp.Regexp) bool { return re.MatchString(address) })
	}, ""
}

// Environment is the proxy that the environment names for HTTPS; nil for none. The gateway itself does not go by it.
func Environment() *ProxyConfig {
	env := httpproxy.FromEnvironment()
	address := env.HTTPSProxy
	if address == "" {
		address = env.HTTPProxy
	}
	if address == "" {
		return nil
	}
	p := &ProxyConfig{Source: "environment", Mode: "custom", Address: address, Bypass: strings.FieldsFunc(env.NoProxy, func(c rune) bool { return c == ',' })}
	if proxy, err := ParseProxy(address, p.Source); err == nil {
		p.Address = "http://" + proxy.String()
		p.login = url.UserPassword(proxy.User, proxy.Password)
	} else {
		p.Address, p.Err = "", err
	}
	return p
}

// Choose decides which proxy the web targets go through: that of the gateway's files, or else that of the environment.
func Choose(settings []ProxyConfig) *Proxy {
	for _, s := range settings {
		if s.Gateway && s.Err == nil {
			switch s.Mode {
			case "custom":
				p, err := ParseProxy(s.Address, s.Source)
				if err != nil {
					continue
				}
				p.Bypass, _ = s.bypasses()
				return p
			case "system":
				return chooseSystem(settings)
			}
			return nil // the gateway is told to go directly
		}
	}
	for _, s := range settings {
		if s.Source != "environment" || s.Err != nil || s.Mode != "custom" {
			continue
		}
		p, err := ParseProxy(s.Address, s.Source)
		if err != nil {
			continue
		}
		if s.login != nil {
			p.User = s.login.Username()
			p.Password, _ = s.login.Password()
		}
		ask := httpproxy.FromEnvironment().ProxyFunc()
		p.Bypass = func(u *url.URL) bool { to, err := ask(u); return err == nil && to == nil }
		return p
	}
	return nil
}

// chooseSystem is what .NET calls the proxy of the system: that of Internet Explorer's settings.
func chooseSystem(settings []ProxyConfig) *Proxy {
	for _, s := range settings {
		if s.Source == "WinINET" && s.Mode == "custom" {
			if p, err := ParseProxy(s.Address, s.Source); err == nil {
				return p
			}
		}
	}
	return nil
}

// settings tells where a proxy is set, and what is wrong with that before anything is tried.
func (r *runner) settings(context.Context) []Result {
	var all []Result
	add := func(status Status, finding string, values ...string) {
		res := newResult(ProbeProxy, nil, LayerProxy, status, finding)
		for i := 0; i+1 < len(values); i += 2 {
			res.Values[values[i]] = values[i+1]
		}
		all = append(all, *res)
	}
	p := r.plan.Proxy
	for _, s := range r.plan.Settings {
		switch _, bad := s.bypasses(); {
		case s.Err != nil && s.Gateway:
			add(Fault, "config-unreadable", "file", s.File, "error", s.Err.Error())
		case s.Err != nil:
			add(Warning, "proxy-setting-wrong", "source", s.Source, "error", s.Err.Error())
		case s.Gateway && bad != "":
			add(Fault, "bypass-no-expression", "file", s.File, "bypass", bad)
		case s.Gateway:
			if s.Address != "" && !parses(s.Address) {
				add(Fault, "config-address", "file", s.File, "value", s.Address)
			}
			r.suspectBypass(&s, add)
		case p != nil && s.Mode == "custom" && s.Source != p.Source && !sameAddress(s.Address, p.String()):
			add(Note, "other-proxy", "source", s.Source, "proxy", s.Address, "other", p.String(), "setting", p.Source)
		case p == nil && s.Mode == "custom":
			add(Note, "proxy-not-used", "source", s.Source, "proxy", s.Address)
		}
		if s.Script != "" {
			add(Note, "proxy-script", "source", s.Source, "value", s.Script)
		}
	}
	all = append(all, r.differences()...)
	switch {
	case p != nil:
		add(OK, "proxy-set", "proxy", p.String(), "source", p.Source)
	default:
		add(OK, "no-proxy")
	}
	return all
}

func parses(address string) bool { _, err := ParseProxy(address, ""); return err == nil }

func sameAddress(a, b string) bool {
	p, err := ParseProxy(a, "")
	return err == nil && p.String() == b
}

// suspectBypass finds entries that are expressions and hardly mean what they are.
func (r *runner) suspectBypass(s *ProxyConfig, add func(Status, string, ...string)) {
	match, _ := s.bypasses()
	for _, text := range s.Bypass {
		if plain, err := idna.ToASCII(text); err == nil && strings.HasPrefix(plain, "*") {
			add(Fault, "bypass-no-expression", "file", s.File, "bypass", text)
		}
	}
	for _, to := range r.plan.Targets {
		u := &url.URL{Scheme: "https", Host: to.Host}
		if s.Mode == "custom" && to.Protocol == HTTPS && match(u) {
			add(Note, "bypassed", "file", s.File, "host", to.Host)
		}
	}
}

// differences compares the files of the host service and of the worker.
func (r *runner) differences() (all []Result) {
	var first *ProxyConfig
	for i := range r.plan.Settings {
		s := &r.plan.Settings[i]
		if !s.Gateway || s.Err != nil {
			continue
		}
		if first == nil {
			first = s
			continue
		}
		if filepath.Dir(s.File) != filepath.Dir(first.File) {
			first = s
			continue
		}
		if what, a, b := first.differs(s); what != "" {
			res := newResult(ProbeProxy, nil, LayerProxy, Fault, "config-differs")
			res.Values["file"], res.Values["other"] = first.Source, s.Source
			res.Values["setting"], res.Values["value"], res.Values["wanted"] = what, a, b
			res.Values["names"] = filepath.Dir(s.File)
			all = append(all, *res)
		}
	}
	return all
}

// differs is the first thing that is set otherwise in the other file.
func (p *ProxyConfig) differs(o *ProxyConfig) (what, mine, others string) {
	bypass := func(c *ProxyConfig) string { return strings.Join(slices.Sorted(slices.Values(c.Bypass)), ", ") }
	for _, one := range [][3]string{
		{"mode", p.Mode, o.Mode},
		{"proxyaddress", strings.TrimSuffix(strings.ToLower(p.Address), "/"), strings.TrimSuffix(strings.ToLower(o.Address), "/")},
		{"useDefaultCredentials", fmt.Sprint(p.Default), fmt.Sprint(o.Default)},
		{"bypasslist", bypass(p), bypass(o)},
		{"scriptLocation", p.Script, o.Script},
	} {
		if one[1] != one[2] {
			return one[0], one[1], one[2]
		}
	}
	return "", "", ""
}

// Settings are all places in which a proxy is set: the files of the product, in the folder or where it puts them, the environment, and
// Windows'. The error is of a folder that was named.
func Settings(folder string) (all []ProxyConfig, err error) {
	if folder != "" {
		if all, err = ReadConfigs(folder); err != nil {
			return nil, err
		}
	} else {
		for _, usual := range configFolders() {
			files, _ := ReadConfigs(usual)
			all = append(all, files...)
		}
	}
	if env := Environment(); env != nil {
		all = append(all, *env)
	}
	return append(all, systemSettings()...), nil
}

// HostsOf are the hosts of Azure that the configuration files name.
func HostsOf(settings []ProxyConfig) (all []Target) {
	for _, s := range settings {
		if data, err := os.ReadFile(s.File); s.File != "" && err == nil && len(data) <= maxConfig {
			all = append(all, HostsIn(string(data), "configuration")...)
		}
	}
	return all
}
