// Package golangevtx holds a test alone: it compares package evtx with github.com/0xrawsec/golang-evtx.
package golangevtx
