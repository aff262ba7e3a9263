// Package wine holds the tests of gwlogs.exe: the script test runs them under
// wine, with a stand-in for the event log API (dll/wevtapi.c). They have the
// build tag wine, for they need what the script sets up.
package wine
