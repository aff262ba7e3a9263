// Thirdparty SOURCE PROGRAM... prints the licences of all that is in the programs and not gwlogs' own: most of them ask
// that their text goes along.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"

	"github.com/gwlogs/gwlogs/packaging/modules"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("thirdparty: ")
	if len(os.Args) < 3 {
		log.Fatal("usage: thirdparty SOURCE PROGRAM...")
	}
	built, err := modules.Read(os.Args[1], os.Args[2:])
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "gwlogs contains the following software of others, under the licences that stand below.")
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		log.Fatal(err)
	}
	files, err := modules.Texts(strings.TrimSpace(string(root)))
	if err != nil {
		log.Fatalf("the Go standard library: %v", err)
	}
	write(out, "Go standard library "+built.GoVersion, files)
	for _, m := range built.Modules {
		write(out, m.Path+" "+m.Version, m.Licences)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func write(out *bufio.Writer, name string, files []modules.File) {
	for _, f := range files {
		fmt.Fprintf(out, "\n%s\n%s (%s)\n%[1]s\n\n%[4]s\n", strings.Repeat("=", 80), name, f.Name, strings.TrimRight(f.Text, "\n"))
	}
}
