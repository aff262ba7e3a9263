// Msitime FILE.msi SECONDS sets when the MSI says that it was made and saved, in seconds since 1970: wixl and msibuild
// write the time of day there, and the same source would not give the same bytes.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"strconv"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("msitime: ")
	if len(os.Args) != 3 {
		log.Fatal("usage: msitime FILE.msi SECONDS")
	}
	seconds, err := strconv.ParseUint(os.Args[2], 10, 34)
	if err != nil {
		log.Fatal(err)
	}
	msi, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := setTimes(msi, seconds); err != nil {
		log.Fatalf("%s: %v", os.Args[1], err)
	}
	if err := os.WriteFile(os.Args[1], msi, 0o644); err != nil {
		log.Fatal(err)
	}
}

// The property set of the summary (MS-OLEPS): its format, the properties that are times, and the type of a time.
var format = []byte{0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10, 0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3, 0xD9}

const (
	created  = 12
	saved    = 13
	fileTime = 64
)

// setTimes relies on the stream lying in one piece, as libmsi writes it; where it does not, the types do not fit.
func setTimes(msi []byte, seconds uint64) error {
	at := bytes.Index(msi, format)
	if at < 28 || at+20 > len(msi) || bytes.Contains(msi[at+1:], format) {
		return fmt.Errorf("not one summary")
	}
	start := at - 28 + int(binary.LittleEndian.Uint32(msi[at+16:])) // offsets count from the header of the stream
	if start < at || start+8 > len(msi) {
		return fmt.Errorf("the summary is not in one piece")
	}
	section := msi[start:]
	size, count := int(binary.LittleEndian.Uint32(section)), int(binary.LittleEndian.Uint32(section[4:]))
	if size > len(section) || count > 64 || 8+8*count > size {
		return fmt.Errorf("the summary is not in one piece")
	}
	section = section[:size]
	set := 0
	for i := range count {
		id, offset := binary.LittleEndian.Uint32(section[8+8*i:]), int(binary.LittleEndian.Uint32(section[12+8*i:]))
		if id != created && id != saved {
			continue
		}
		if offset+12 > size || binary.LittleEndian.Uint32(section[offset:]) != fileTime {
			return fmt.Errorf("property %d of the summary is no time", id)
		}
		binary.LittleEndian.PutUint64(section[offset+4:], (seconds+11644473600)*1e7)
		set++
	}
	if set != 2 {
		return fmt.Errorf("%d times in the summary, not 2", set)
	}
	return nil
}
