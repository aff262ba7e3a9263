// Gentables writes what the columns of all tables are, for programs that read them without asking gwlogs: those of the Python package.
//
// Usage: gentables FILE.json
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"

	"github.com/gwlogs/gwlogs/internal/tables"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: gentables FILE.json")
	}
	text, err := described()
	if err == nil {
		err = os.WriteFile(os.Args[1], text, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func described() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(tables.All())
	return b.Bytes(), err
}
