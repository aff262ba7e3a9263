package check

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
)

// banner reads the first line that servers of files send by themselves.
func (t *trip) banner(ctx context.Context, c net.Conn) []Result {
	line, err := bufio.NewReader(io.LimitReader(c, 1024)).ReadString('\n')
	if err != nil && line == "" {
		return t.noGreeting(ctx, err)
	}
	line = printable([]byte(strings.TrimSpace(line)))
	want := map[Protocol]string{SSH: "SSH-", FTP: "220"}[t.to.Protocol]
	if !strings.HasPrefix(line, want) {
		return t.otherProtocol([]byte(line))
	}
	r := t.storeResult(OK, "banner-answers")
	r.Values["version"] = clip(line)
	return []Result{*r}
}
