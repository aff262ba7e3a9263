//go:build !windows

package check

// systemSettings are the proxies that the system knows; here there are none but the environment's.
func systemSettings() []ProxyConfig { return nil }

// configFolders are where the product puts its configuration; here it is not installed.
func configFolders() []string { return nil }
