//go:build !windows

package eventlog

// SystemChannels are the live channels of this computer; nil, for there are
// none on this operating system.
func SystemChannels() Channels { return nil }
