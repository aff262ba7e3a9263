// Command velocidex prints a log as Velocidex's reader has it, one event a line, for interop/readers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"www.velocidex.com/golang/evtx"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: velocidex FILE.evtx")
		os.Exit(2)
	}
	if err := dump(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "velocidex:", err)
		os.Exit(1)
	}
}

func dump(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	chunks, err := evtx.GetChunks(file)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, chunk := range chunks {
		records, err := chunk.Parse(0)
		if err != nil {
			return err
		}
		for _, record := range records {
			if err := lines.Encode(record.Event); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}
