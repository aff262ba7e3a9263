// Man GWLOGS VERSION DATE prints the manual page gwlogs(1), made from what "gwlogs help" says of itself and of each command.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("man: ")
	if len(os.Args) != 4 {
		log.Fatal("usage: man GWLOGS VERSION DATE")
	}
	page, err := manual(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	if _, err := os.Stdout.Write(page); err != nil {
		log.Fatal(err)
	}
}

func manual(program, version, date string) ([]byte, error) {
	var page bytes.Buffer
	help, err := output(program, "help")
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&page, ".TH GWLOGS 1 %q \"gwlogs %s\" \"User Commands\"\n", date, version)
	fmt.Fprintf(&page, ".SH NAME\ngwlogs \\- read the logs of Data Management Gateway and Integration Runtime\n")
	fmt.Fprintf(&page, ".SH SYNOPSIS\n.B gwlogs\n.I COMMAND\n[\\fIFLAG\\fR ...] [\\fISOURCE\\fR ...]\n")
	fmt.Fprintf(&page, ".SH DESCRIPTION\n%s.SH COMMANDS\n", literal(help))
	if err := commands(&page, program, nil); err != nil {
		return nil, err
	}
	fmt.Fprintf(&page, ".SH SEE ALSO\nhttps://github.com/gwlogs/gwlogs\n")
	return page.Bytes(), nil
}

// commands adds the commands below a path, as completion of the command line lists them.
func commands(page *bytes.Buffer, program string, path []string) error {
	list, err := output(program, append(append([]string{"__completeNoDesc"}, path...), "")...)
	if err != nil {
		return err
	}
	for name := range strings.FieldsSeq(list) {
		if strings.HasPrefix(name, ":") || strings.HasPrefix(name, "-") || name == "help" {
			continue
		}
		below := append(append([]string{}, path...), name)
		help, err := output(program, append([]string{"help"}, below...)...)
		if err != nil {
			continue // a value that completion offers, and no command
		}
		fmt.Fprintf(page, ".SS gwlogs %s\n%s", strings.Join(below, " "), literal(help))
		if strings.Contains(help, "\nAvailable Commands:\n") {
			if err := commands(page, program, below); err != nil {
				return err
			}
		}
	}
	return nil
}

func output(program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "COLUMNS=80", "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return string(out), nil
}

// literal is a text that roff leaves as it is.
func literal(text string) string {
	var b strings.Builder
	b.WriteString(".nf\n")
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\`", "^", `\(ha`, "~", `\(ti`).Replace(line)
		if strings.HasPrefix(line, ".") {
			line = `\&` + line
		}
		b.WriteString(line)
	}
	b.WriteString(".fi\n")
	return b.String()
}
