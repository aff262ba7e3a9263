package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/fileerror"
	"github.com/gwlogs/gwlogs/internal/report"
)

func newCheckCommand(ios *IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Try whether this machine reaches what the gateway needs",
		Long: `Try, from this machine, what a gateway needs: names, ways through firewalls and
proxies, TLS, the service, data stores, other nodes, and on Windows the machine
itself. What does not work is named with its layer, what to do, and a line for
the people who run the network. The product need not work, nor be installed.

It only reads: nothing is logged in to, at most two connections are open to one
host at a time, and a login goes to nobody but the proxy that you named
($GWLOGS_PROXY_USER and $GWLOGS_PROXY_PASSWORD).

Of --key-file the host of the service is used and nothing else; the key goes
nowhere. What the product does not need is not tried, or a note at most.`,
		Example: `  gwlogs check --factory contoso.westeurope
  gwlogs check --key-file key.txt --proxy http://proxy.example.com:8080
  gwlogs check --only names,connection,store --target sql01:1433 --target '\\fs01\data'
  gwlogs check --from-log testdata/gateway-en.evtx --format json -o check.json
  gwlogs check --list`,
		DisableFlagsInUseLine: true,
	}
	var f checkFlags
	var common sourceFlags
	formats := report.CheckFormats()
	groups := append(f.register(ios), common.register(formats)[1])
	for _, g := range groups {
		cmd.Flags().AddFlagSet(g.flags)
	}
	cmd.Args = noArguments
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		o, err := common.parse(formats)
		if err != nil {
			return err
		}
		if err := checkLang(strings.ToLower(f.lang)); err != nil {
			return err
		}
		return runCheck(cmd.Context(), ios, o, &f)
	}
	cmd.SetUsageFunc(func(cmd *cobra.Command) error { return verbUsage(cmd, groups) })
	completeFlags(cmd, formats)
	f.complete(cmd)
	return cmd
}

// checkFlags are the flags of check, as they were typed.
type checkFlags struct {
	targets, nodes, logs     []string
	factory, keyFile         string
	product, cloud           string
	proxy, config, ca        string
	private                  bool
	only                     []string
	timeout, limit           time.Duration
	lang                     string
	list, exitCode, showFine bool
}

func (f *checkFlags) register(ios *IOStreams) []flagGroup {
	what := newFlagSet()
	what.StringVar(&f.factory, "factory", "", "the factory, `NAME.REGION` as in contoso.westeurope, or the host of the service")
	what.StringVar(&f.keyFile, "key-file", "", "take the host of the service from the authentication key in this `FILE`, - for standard input")
	what.StringArrayVar(&f.targets, "target", nil, "also try this data store or host, `ADDRESS`: sql01:1433, 'sql01\\INSTANCE', "+
		"a URL, '\\\\server\\share', HOST:PORT; repeatable")
	what.StringArrayVar(&f.nodes, "node", nil, "also try this other node of the gateway, `NAME` or NAME:PORT (8060); repeatable")
	what.StringArrayVar(&f.logs, "from-log", nil, "also try the addresses that this `LOG` says were refused, and the hosts that it names; repeatable")
	what.StringVar(&f.product, "product", string(check.SHIR), "what the machine runs, `PRODUCT`: "+joined(check.Products()))
	what.StringVar(&f.cloud, "cloud", "", "whose Azure it is, `CLOUD`: "+joined(check.Clouds())+"; otherwise as the hosts tell")
	what.BoolVar(&f.private, "private-endpoints", false, "hosts of Azure are expected to have private addresses")

	how := newFlagSet()
	how.StringSliceVar(&f.only, "only", nil, "only these `PROBES`: "+strings.Join(check.ProbeNamesList(), ", "))
	how.StringVar(&f.proxy, "proxy", "", "go through this proxy, `URL` http://PROXY:PORT, or none; otherwise the gateway's, or the one of $HTTPS_PROXY")
	how.StringVar(&f.config, "config", "", "look for diahost.exe.config and diawp.exe.config in this `FOLDER`, instead of where the product puts them")
	how.StringVar(&f.ca, "ca-file", "", "also trust the authorities whose certificates (PEM) are in this `FILE`")
	how.DurationVar(&f.timeout, "timeout", check.DefaultTimeout, "give each step this `TIME`")
	how.DurationVar(&f.limit, "limit", check.DefaultLimit, "give all of it this `TIME`")
	how.BoolVar(&f.list, "list", false, "say what each probe is, and try nothing")
	how.BoolVar(&f.exitCode, "exit-code", false, "end with exit code 4 if there is a fault")
	how.BoolVarP(&f.showFine, "verbose", "v", false, "also show in full what is fine")
	addLanguage(how, &f.lang, ios, "what is seen, and what to do")
	return []flagGroup{{"What to try", what}, {"How", how}}
}

func joined[T ~string](all []T) string {
	var texts []string
	for _, one := range all {
		texts = append(texts, string(one))
	}
	return strings.Join(texts, ", ")
}

func (f *checkFlags) complete(cmd *cobra.Command) {
	for name, offers := range map[string][]string{
		"product": strings.Split(joined(check.Products()), ", "), "cloud": strings.Split(joined(check.Clouds()), ", "),
		"only": check.ProbeNamesList(), "factory": nil, "target": nil, "node": nil, "proxy": nil, "timeout": nil, "limit": nil,
	} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(offers, cobra.ShellCompDirectiveNoFileComp))
	}
	completeLanguage(cmd)
}

func runCheck(ctx context.Context, ios *IOStreams, o *options, f *checkFlags) error {
	out, err := openOutput(o.output, ios, nil)
	if err != nil {
		return err
	}
	defer out.discard()
	lang := strings.ToLower(f.lang)
	if f.list {
		if err := report.WriteProbes(out, out.style(ios, o), lang); err != nil {
			return err
		}
		return out.commit()
	}
	plan, partial, err := f.plan(ctx, ios, o)
	if err != nil {
		return err
	}
	r := plan.Run(ctx)
	if err := report.WriteCheck(out, o.format, out.style(ios, o), lang, r, f.showFine); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case f.exitCode && r.Count(check.Fault) > 0:
		return errFound
	case r.Interrupted && partial == nil:
		return errPartial
	}
	return partial
}

// plan is what the flags ask for. Partial is what went wrong with a log that was to be read, and is no reason to try nothing.
func (f *checkFlags) plan(ctx context.Context, ios *IOStreams, o *options) (plan *check.Plan, partial, err error) {
	plan = &check.Plan{Private: f.private, Timeout: f.timeout, Limit: f.limit, Now: ios.Now, Tool: "gwlogs", Version: version()}
	if err := f.limits(plan); err != nil {
		return nil, nil, err
	}
	if plan.Settings, err = check.Settings(f.config); err != nil {
		return nil, nil, usage("name the folder of the program, which has Shared\\diahost.exe.config in it", "--config: %s: %v", f.config, fileerror.Reason(err))
	}
	if plan.Proxy, err = f.chooseProxy(plan.Settings); err != nil {
		return nil, nil, err
	}
	if plan.Roots, err = f.authorities(); err != nil {
		return nil, nil, err
	}
	named, err := f.named(ios)
	if err != nil {
		return nil, nil, err
	}
	fromLog, partial := f.fromLogs(ctx, ios, o)
	if partial != nil && !errors.Is(partial, errPartial) && len(fromLog) == 0 {
		return nil, nil, partial
	}
	named = append(append(named, fromLog...), check.HostsOf(plan.Settings)...)
	if plan.Cloud == "" {
		plan.Cloud = check.CloudOf(named)
	}
	plan.Targets = check.Targets(named, plan.Product, plan.Cloud)
	return plan, partial, nil
}

// limits checks what is one of a few words, and the times.
func (f *checkFlags) limits(p *check.Plan) error {
	p.Product, p.Cloud = check.Product(strings.ToLower(f.product)), check.Cloud(strings.ToLower(f.cloud))
	if !slices.Contains(check.Products(), p.Product) {
		return usage("products are "+joined(check.Products())+": --product shir", "--product: unknown %q", f.product)
	}
	if p.Cloud != "" && !slices.Contains(check.Clouds(), p.Cloud) {
		return usage("clouds are "+joined(check.Clouds())+": --cloud public", "--cloud: unknown %q", f.cloud)
	}
	for _, name := range f.only {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(check.ProbeNamesList(), name) {
			return usage("probes are "+strings.Join(check.ProbeNamesList(), ", ")+"; gwlogs check --list explains them", "--only: unknown %q", name)
		}
		p.Only = append(p.Only, name)
	}
	if f.timeout <= 0 || f.limit <= 0 {
		return usage("--timeout 10s --limit 1m", "--timeout and --limit have to be more than nothing")
	}
	return nil
}

// chooseProxy takes the proxy that was named, with a login from the environment, or the one that is set.
func (f *checkFlags) chooseProxy(settings []check.ProxyConfig) (*check.Proxy, error) {
	switch f.proxy {
	case "":
		return check.Choose(settings), nil
	case "none", "direct":
		return nil, nil
	}
	p, err := check.ParseProxy(f.proxy, "--proxy")
	if err != nil {
		hideArgument(f.proxy)
		return nil, inputError("--proxy", err)
	}
	if p.Password != "" {
		hideArgument(f.proxy)
		return nil, usage("set "+variableUser+" and "+variablePassword+" in the environment",
			"--proxy: a password does not belong on the command line, where everybody on this computer can see it")
	}
	if user := os.Getenv(variableUser); user != "" {
		p.User = user
	}
	p.Password = os.Getenv(variablePassword)
	return p, nil
}

func (f *checkFlags) authorities() (*x509.CertPool, error) { return readAuthorities(f.ca) }

// inputError makes wrong use of something typed that package check did not understand.
func inputError(flag string, err error) error {
	var input *check.InputError
	if errors.As(err, &input) {
		return usage(input.Hint, "%s: %s", flag, strings.TrimPrefix(input.Text, flag+": "))
	}
	return err
}

// named are the targets on the command line.
func (f *checkFlags) named(ios *IOStreams) (all []check.Target, err error) {
	add := func(flag string, t check.Target, err error) error {
		if err != nil {
			return inputError(flag, err)
		}
		all = append(all, t)
		return nil
	}
	if f.factory != "" {
		cloud := check.Cloud(strings.ToLower(f.cloud))
		if cloud == "" {
			cloud = check.Public
		}
		t, err := check.Factory(f.factory, cloud)
		if err := add("--factory", t, err); err != nil {
			return nil, err
		}
	}
	if f.keyFile != "" {
		t, err := f.readKey(ios)
		if err := add("--key-file", t, err); err != nil {
			return nil, err
		}
	}
	for _, text := range f.targets {
		t, err := check.ParseTarget(text)
		if err := add("--target", t, err); err != nil {
			return nil, err
		}
	}
	for _, text := range f.nodes {
		t, err := check.ParseNode(text)
		if err := add("--node", t, err); err != nil {
			return nil, err
		}
	}
	return all, nil
}

const maxKey = 64 << 10 // bytes

// readKey reads the key, of which the host alone is kept.
func (f *checkFlags) readKey(ios *IOStreams) (t check.Target, err error) {
	var text string
	if f.keyFile == "-" {
		data, err := io.ReadAll(io.LimitReader(ios.In, maxKey))
		if err != nil {
			return t, err
		}
		text = string(data)
	} else if text, err = readFile(f.keyFile, maxKey); err != nil {
		if strings.HasPrefix(f.keyFile, "IR@") {
			hideArgument(f.keyFile)
			return t, usage("put the key into a file: --key-file FILE, or - for standard input",
				"--key-file: this is a key, which does not belong on the command line, where everybody on this computer can see it")
		}
		return t, usage("--key-file FILE with the authentication key in it", "--key-file: %s: %v", f.keyFile, fileerror.Reason(err))
	}
	return check.FromKey(text)
}
