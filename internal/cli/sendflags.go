package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/upload"
)

// wireFlags say where a bundle goes to or comes from, and how, as they were typed.
type wireFlags struct {
	word      string // to or from
	url, file string
	proxy, ca string
	rate      string
	timeout   time.Duration
	variable  string // of the environment
}

// The environment variables that wireFlags.parse reads beside those of proxies.
const (
	variableTo       = "GWLOGS_TO"
	variableFrom     = "GWLOGS_FROM"
	variableUser     = "GWLOGS_PROXY_USER"
	variablePassword = "GWLOGS_PROXY_PASSWORD"
)

func (f *wireFlags) register(word string) flagGroup {
	f.word, f.variable = word, variableTo
	about := "send to this `URL`: " + upload.Forms(false)
	if word == "from" {
		f.variable, about = variableFrom, "look for bundles at this `URL`: "+upload.Forms(true)
	}
	fs := newFlagSet()
	fs.StringVar(&f.url, word, "", about+"; or $"+f.variable)
	fs.StringVar(&f.file, word+"-file", "", "read the URL from this `FILE`, so that nobody sees it in the list of processes")
	fs.StringVar(&f.proxy, "proxy", "", "go through this proxy, `URL` http://PROXY:PORT; otherwise the one of the environment, $HTTPS_PROXY")
	fs.StringVar(&f.ca, "ca-file", "", "also trust the authorities whose certificates (PEM) are in this `FILE`")
	fs.StringVar(&f.rate, "limit-rate", "", "transfer no more than `SIZE` in a second: 500KB")
	fs.DurationVar(&f.timeout, "timeout", 0, "give up after this `TIME`: 30m, 2h; without it, when nothing has helped for some minutes")
	return flagGroup{"Transfer", fs}
}

// wire is where and how, understood.
type wire struct {
	target  *upload.Target
	options upload.Options
	timeout time.Duration
	again   string // the flags that name the same destination again, without a secret
}

func (f *wireFlags) parse(ios *IOStreams) (*wire, error) {
	w := &wire{timeout: f.timeout}
	text, err := f.address(w)
	if err != nil {
		return nil, err
	}
	if w.target, err = upload.ParseTarget(text); err != nil {
		return nil, f.wrong("--"+f.word, err)
	}
	if f.url != "" && w.target.Host() == "" { // a folder is no secret
		w.again = " --" + f.word + " " + shellQuoted(f.url)
	}
	if f.timeout < 0 {
		return nil, usage("--timeout 30m", "--timeout: %s is less than nothing", f.timeout)
	}
	w.options.Agent = "gwlogs/" + version()
	if w.options.LimitRate, err = parseSize(f.rate); err != nil {
		return nil, usage("--limit-rate 500KB, or 2MB: in a second", "--limit-rate: %q is no size", f.rate)
	}
	if w.options.CA, err = readAuthorities(f.ca); err != nil {
		return nil, err
	}
	w.options.Proxy, err = f.parseProxy(ios)
	return w, err
}

// wrong makes wrong use of an error of upload, which has no secret in it.
func (f *wireFlags) wrong(flag string, err error) error {
	return usage(transferHint(err), "%s: %v", flag, err)
}

// transferHint is what to do about an error of upload.
func transferHint(err error) string {
	var e *upload.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// address is the URL, from the one place that it was given in.
func (f *wireFlags) address(w *wire) (string, error) {
	switch {
	case f.url != "" && f.file != "":
		return "", usage("one of the two", "--%s and --%s-file cannot both be given", f.word, f.word)
	case f.url != "":
		text := strings.Clone(f.url)
		hideArgument(f.url)
		w.again = " --" + f.word + " URL, with the same URL"
		return text, nil
	case f.file != "":
		text, err := readFile(f.file, 64<<10)
		if err != nil {
			return "", usage("give a file with the URL in its first line", "--%s-file: %s: %v", f.word, f.file, fileerror.Reason(err))
		}
		text, _, _ = strings.Cut(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")), "\n")
		w.again = fmt.Sprintf(" --%s-file %s", f.word, shellQuoted(f.file))
		return text, nil
	}
	if text := os.Getenv(f.variable); text != "" {
		return text, nil
	}
	if text := os.Getenv(variableTo); text != "" {
		return text, nil
	}
	return "", usage(fmt.Sprintf("--%s 'https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS', --%s DIR, or the URL in the "+
		"environment variable %s", f.word, f.word, f.variable),
		"--%s is missing: where %s?", f.word, f.word)
}

// parseProxy takes the login from the environment, or later from a person:
// never from the command line, which everybody on the machine can read.
func (f *wireFlags) parseProxy(ios *IOStreams) (upload.Proxy, error) {
	p := upload.Proxy{User: os.Getenv(variableUser), Password: os.Getenv(variablePassword)}
	if ios.InTerminal {
		p.Ask = func(_ context.Context, proxy string) (string, string, bool) { return askLogin(ios, proxy) }
	}
	if f.proxy == "" {
		return p, nil
	}
	u, err := upload.ParseProxy(f.proxy)
	if err != nil {
		return p, f.wrong("--proxy", err)
	}
	if _, has := u.User.Password(); has {
		hideArgument(f.proxy)
		return p, usage("set "+variableUser+" and "+variablePassword+" in the environment",
			"--proxy: a password does not belong on the command line, where everybody on this computer can see it")
	}
	p.URL = u
	return p, nil
}

// askLogin asks a person for the login of a proxy.
func askLogin(ios *IOStreams, proxy string) (user, password string, ok bool) {
	fmt.Fprintf(ios.Err, "the proxy %s wants a login\nuser: ", proxy)
	user, err := readLine(ios.In)
	if err != nil || user == "" {
		return "", "", false
	}
	fmt.Fprint(ios.Err, "password: ")
	if file, isFile := ios.In.(*os.File); isFile {
		secret, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(ios.Err)
		return user, string(secret), err == nil
	}
	password, err = readLine(ios.In)
	return user, password, err == nil
}

// readLine reads up to the end of a line and no byte more: the next reader gets the rest.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) < 4096; {
		n, err := r.Read(b)
		if n == 1 {
			if b[0] == '\n' {
				break
			}
			line = append(line, b[0])
		}
		if err != nil {
			if err == io.EOF && len(line) > 0 {
				break
			}
			return "", err
		}
	}
	return strings.TrimSpace(string(line)), nil
}

// readAuthorities reads certificates to trust beside those of the system.
func readAuthorities(name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	text, err := readFile(name, 16<<20)
	if err != nil {
		return nil, usage("--ca-file FILE.pem", "--ca-file: %s: %v", name, fileerror.Reason(err))
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM([]byte(text)) {
		return nil, usage("the file has to begin with -----BEGIN CERTIFICATE-----; openssl x509 -inform der turns others into it",
			"--ca-file: %s: no certificate in it", name)
	}
	return pool, nil
}

// errTimeout is the cause of a context that --timeout has ended.
var errTimeout = errors.New("it took longer than was allowed")

// context is the context of a transfer, with the time it may take.
func (w *wire) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if w.timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, w.timeout, errTimeout)
}

// explain words the end of a transfer that failed.
func (w *wire) explain(err error) error {
	var e *upload.Error
	switch {
	case errors.Is(err, errTimeout), errors.Is(err, context.DeadlineExceeded):
		return &hintedError{fmt.Errorf("--timeout: gave up after %s", w.timeout), "try again: what is there already is not sent again"}
	case errors.As(err, &e):
		return &hintedError{e, e.Hint}
	}
	return err
}

// looksLikeURL reports whether an argument may be a URL, with a secret in it.
func looksLikeURL(argument string) bool {
	return strings.Contains(argument, "://") || strings.Contains(argument, "sig=")
}

// shellQuoted is a file name as a shell takes it.
func shellQuoted(name string) string {
	if name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r == '/' || r == '\\' || r == ':' || r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r &&
			r <= 'z' || 'A' <= r && r <= 'Z' || r > 127)
	}) {
		return name
	}
	if strings.ContainsRune(name, '\'') {
		return `"` + name + `"`
	}
	return "'" + name + "'"
}
