// Command walk reads a log the plain way: every 64 KiB chunk, its checksums, the headers of its records, and nothing
// else. It is what bench/compare measures a selection against: less than this no reader of the format can do that checks
// what it reads.
package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

const (
	fileHeader  = 4096
	chunkSize   = 65536
	firstRecord = 512
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: walk FILE.evtx")
		os.Exit(2)
	}
	if err := walk(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "walk:", err)
		os.Exit(1)
	}
}

func walk(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()

	buf := make([]byte, chunkSize)
	records, bad := 0, 0
	for at := int64(fileHeader); ; at += chunkSize {
		n, err := f.ReadAt(buf, at)
		if n < chunkSize {
			if err != io.EOF {
				return err
			}
			break
		}
		if !intact(buf) {
			bad++
			continue
		}
		free := int(binary.LittleEndian.Uint32(buf[48:]))
		for o := firstRecord; o+28 <= free; {
			size := int(binary.LittleEndian.Uint32(buf[o+4:]))
			if binary.LittleEndian.Uint32(buf[o:]) != 0x2A2A || size < 28 {
				break
			}
			records++
			o += size
		}
	}
	fmt.Println(records, "records,", bad, "bad chunks")
	return nil
}

// intact checks both checksums of a chunk.
func intact(chunk []byte) bool {
	free := binary.LittleEndian.Uint32(chunk[48:])
	if string(chunk[:8]) != "ElfChnk\x00" || free < firstRecord || free > chunkSize {
		return false
	}
	header := crc32.Update(crc32.ChecksumIEEE(chunk[:120]), crc32.IEEETable, chunk[128:512])
	return header == binary.LittleEndian.Uint32(chunk[124:]) &&
		crc32.ChecksumIEEE(chunk[firstRecord:free]) == binary.LittleEndian.Uint32(chunk[52:])
}
