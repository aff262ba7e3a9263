// Command gen makes the logs of the folder testdata, which is the working
// directory or its argument. `go generate ./testdata` runs it.
package main

import (
	"fmt"
	"os"

	"github.com/gwlogs/gwlogs/internal/gentestdata"
)

func main() {
	testdata := "."
	if len(os.Args) > 1 {
		testdata = os.Args[1]
	}
	if err := gentestdata.Update(testdata); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
