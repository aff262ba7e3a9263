// Versioninfo FILE KEY... prints strings of the version resource of a program, as Windows reads it: a tool of ../test.
package main

import (
	"fmt"
	"log"
	"os"
	"syscall"
	"unsafe"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("versioninfo: ")
	if len(os.Args) < 3 {
		log.Fatal("usage: versioninfo FILE KEY...")
	}
	data, err := resource(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for _, key := range os.Args[2:] {
		fmt.Printf("%s: %s\n", key, value(data, key))
	}
}

var (
	version  = syscall.NewLazyDLL("version.dll")
	sizeOf   = version.NewProc("GetFileVersionInfoSizeW")
	read     = version.NewProc("GetFileVersionInfoW")
	queryFor = version.NewProc("VerQueryValueW")
)

func resource(name string) ([]byte, error) {
	file, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	size, _, err := sizeOf.Call(uintptr(unsafe.Pointer(file)), 0)
	if size == 0 {
		return nil, fmt.Errorf("%s: no version resource: %w", name, err)
	}
	data := make([]byte, size)
	if ok, _, err := read.Call(uintptr(unsafe.Pointer(file)), 0, size, uintptr(unsafe.Pointer(&data[0]))); ok == 0 {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// value is a string in American English, Unicode: the only language that the resource has.
func value(data []byte, key string) string {
	name, err := syscall.UTF16PtrFromString(`\StringFileInfo\040904b0\` + key)
	if err != nil {
		log.Fatal(err)
	}
	var text *uint16
	var length uint32
	ok, _, _ := queryFor.Call(uintptr(unsafe.Pointer(&data[0])), uintptr(unsafe.Pointer(name)),
		uintptr(unsafe.Pointer(&text)), uintptr(unsafe.Pointer(&length)))
	if ok == 0 || length == 0 {
		return ""
	}
	return syscall.UTF16ToString(unsafe.Slice(text, length))
}
