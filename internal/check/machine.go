package check

import (
	"fmt"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// facts are what is known of the machine; what could not be read is nil or empty, and nothing is said of it.
type facts struct {
	volume     string // of the product's data
	free       *uint64
	memory     *uint64
	cores      int
	only32     bool // a Windows of 32 bits
	controller bool // of a domain
	hibernates bool
	fips       bool
	tls12Off   []string // values of the registry by which TLS 1.2 is off
	weakNet    bool     // .NET is told to use old TLS
	dotNet     *uint64  // Release of .NET Framework 4; 0: none
	java       java
	zone       string
	timeOff    bool // the service that keeps the clock does not run
	service    *service
	rights     string // folder that the account of the service has no entry for
	account    string
	runtime    string // number of the version
	installed  string // folder of the product
	certs      []certificate
}

type java struct {
	home   string
	found  bool
	only32 bool
}

// service is how the Windows service of the gateway is.
type service struct {
	missing bool
	state   string // running, stopped, …
	start   string // automatic, manual, disabled
	account string
	exit    uint32 // Win32 error that it ended with
}

// certificate is one of the machine's own that the gateway may use.
type certificate struct {
	name string
	ends time.Time
}

// What Microsoft asks for, and below what the runtime gets into trouble.
const (
	diskFault   = 1 << 30
	diskWarning = 5 << 30
	memoryNote  = 7 << 30 // 8 GiB, of which Windows does not see all
	fewCores    = 4
	dotNet472   = 461808 // Release of .NET Framework 4.7.2
)

// serviceName is the Windows service of the runtime, and of the gateway before it.
const serviceName = "DIAHostService"

func machineResult(status Status, finding string, values ...string) Result {
	r := newResult(ProbeMachine, nil, LayerMachine, status, finding)
	for i := 0; i+1 < len(values); i += 2 {
		r.Values[values[i]] = values[i+1]
	}
	return *r
}

// judge makes results of what is known.
func (f *facts) judge(now time.Time) (all []Result) {
	add := func(status Status, finding string, values ...string) {
		all = append(all, machineResult(status, finding, values...))
	}
	f.judgeService(add)
	f.judgeRuntime(now, add)
	f.judgeRoom(add)
	f.judgeSystem(add)
	f.judgeTLS(add)
	for _, c := range f.certs {
		switch left := c.ends.Sub(now); {
		case left < 0:
			add(Warning, "own-certificate-expired", "names", c.name, "to", c.ends.UTC().Format(time.DateOnly))
		case left < 2*expiresSoon:
			add(Warning, "own-certificate-ends", "names", c.name, "to", c.ends.UTC().Format(time.DateOnly))
		default:
			add(OK, "own-certificate", "names", c.name, "to", c.ends.UTC().Format(time.DateOnly))
		}
	}
	return all
}

func (f *facts) judgeService(add func(Status, string, ...string)) {
	s := f.service
	if s == nil {
		return
	}
	values := []string{"host", serviceName, "user", s.account, "status", s.state, "setting", s.start}
	switch {
	case s.missing:
		add(Note, "service-missing", values...)
	case s.start == "disabled":
		add(Fault, "service-disabled", values...)
	case s.state != "running" && s.exit != 0 && s.exit != 1077: // 1077: never started since the machine was
		add(Fault, "service-ended", append(values, "error", fmt.Sprint(s.exit))...)
	case s.state != "running":
		add(Fault, "service-stopped", values...)
	case s.start == "manual":
		add(Warning, "service-manual", values...)
	default:
		add(OK, "service-runs", values...)
	}
	if f.rights != "" {
		add(Warning, "service-rights", "file", f.rights, "user", f.account)
	}
}

func (f *facts) judgeRuntime(now time.Time, add func(Status, string, ...string)) {
	if f.runtime == "" {
		return
	}
	r, ok := matcher.RuntimeOf(f.runtime)
	values := []string{"version", f.runtime, "from", r.Built.Format(time.DateOnly), "to", r.Ends().Format(time.DateOnly), "file", f.installed}
	switch ends := r.Ends(); {
	case !ok:
		add(OK, "runtime-version", "version", f.runtime, "file", f.installed)
	case ends.IsZero():
		add(Warning, "runtime-retired", values...)
	case r.Expired(now):
		add(Fault, "runtime-expired", values...)
	case ends.Sub(now) < 60*24*time.Hour:
		add(Warning, "runtime-ends", values...)
	default:
		add(OK, "runtime-version", values...)
	}
}

func (f *facts) judgeRoom(add func(Status, string, ...string)) {
	if f.free != nil {
		values := []string{"size", words.Bytes(float64(*f.free)), "file", f.volume}
		switch {
		case *f.free < diskFault:
			add(Fault, "disk-full", values...)
		case *f.free < diskWarning:
			add(Warning, "disk-low", values...)
		default:
			add(OK, "disk", values...)
		}
	}
	if f.memory != nil {
		size := words.Bytes(float64(*f.memory))
		if *f.memory < memoryNote {
			add(Note, "memory-low", "size", size)
		} else {
			add(OK, "memory", "size", size)
		}
	}
	if f.cores > 0 && f.cores < fewCores {
		add(Note, "few-cores", "value", fmt.Sprint(f.cores))
	}
}

func (f *facts) judgeSystem(add func(Status, string, ...string)) {
	if f.only32 {
		add(Fault, "windows-32")
	}
	if f.controller {
		add(Warning, "domain-controller")
	}
	if f.hibernates {
		add(Warning, "hibernation")
	}
	if f.timeOff {
		add(Note, "time-service")
	}
	if f.zone != "" {
		add(OK, "time-zone", "value", f.zone)
	}
	switch {
	case f.java.found && f.java.only32:
		add(Warning, "java-32", "file", f.java.home)
	case f.java.found:
		add(OK, "java", "file", f.java.home)
	default:
		add(Note, "java-none")
	}
	if f.dotNet != nil {
		switch {
		case *f.dotNet == 0:
			add(Fault, "dotnet-none")
		case *f.dotNet < dotNet472:
			add(Fault, "dotnet-old", "value", fmt.Sprint(*f.dotNet))
		default:
			add(OK, "dotnet", "value", fmt.Sprint(*f.dotNet))
		}
	}
}

func (f *facts) judgeTLS(add func(Status, string, ...string)) {
	if len(f.tls12Off) > 0 {
		add(Fault, "tls12-off", "setting", strings.Join(f.tls12Off, "; "))
	}
	if f.weakNet {
		add(Warning, "dotnet-weak")
	}
	if f.fips {
		add(Note, "fips")
	}
}
