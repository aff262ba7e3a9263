// The second opinion of the tests, in a module of its own: golang-evtx is GPL-3.0, unmaintained, and brings dependencies
// that gwlogs has no use for. Nothing of it is linked into gwlogs or distributed with it.
module github.com/gwlogs/gwlogs/interop/golangevtx

go 1.26.0

replace github.com/gwlogs/gwlogs => ../..

require (
	github.com/0xrawsec/golang-evtx v1.2.9
	github.com/gwlogs/gwlogs v0.0.0-00010101000000-000000000000
)

require github.com/0xrawsec/golang-utils v1.3.0 // indirect
