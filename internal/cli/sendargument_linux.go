package cli

import (
	"os"
	"strconv"
	"strings"
	"unsafe"
)

// hideArgument wipes a secret out of the command line of the process, which
// everybody on the machine can read: what stands behind the first ? or @ of the
// value of a flag. The value itself is gone then; the caller keeps a clone.
func hideArgument(value string) {
	low, high := argumentMemory()
	at := uintptr(unsafe.Pointer(unsafe.StringData(value)))
	if len(value) == 0 || at < low || at+uintptr(len(value)) > high {
		return // not of the command line
	}
	from := strings.IndexAny(value, "?@")
	if from < 0 {
		return
	}
	if value[from] == '@' {
		from = 0
	}
	bytes := unsafe.Slice(unsafe.StringData(value), len(value))
	for i := from; i < len(bytes); i++ {
		bytes[i] = '*'
	}
}

// argumentMemory is where the kernel looks for the command line; 0 to 0 if unknown.
func argumentMemory() (low, high uintptr) {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, 0
	}
	// The second field is a name in brackets, with anything in it.
	_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
	fields := strings.Fields(rest) // from the third on
	const argStart, argEnd = 48 - 3, 49 - 3
	if len(fields) <= argEnd {
		return 0, 0
	}
	start, err1 := strconv.ParseUint(fields[argStart], 10, 64)
	end, err2 := strconv.ParseUint(fields[argEnd], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, 0
	}
	return uintptr(start), uintptr(end)
}
