// Package uploadtest is what the tests of uploads need: a [Suite] that every
// destination passes; Azurite, which is the emulator of Azure's storage; a server
// that takes PUTs; and a proxy that makes mistakes. Everything is on loopback.
package uploadtest
