// Gwlogs reads the event logs of Microsoft's Data Management Gateway and its
// successor, the self-hosted Integration Runtime. See "gwlogs help".
package main

import (
	"os"

	"github.com/gwlogs/gwlogs/internal/cli"
)

func main() { os.Exit(cli.Main()) }
