package check

import (
	"context"
	"crypto/x509"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

// machine looks at the machine itself. Nothing is changed.
func (r *runner) machine(context.Context) []Result {
	f := new(facts)
	f.readRoom()
	f.readRegistry()
	f.readService()
	f.readRuntime()
	f.readCertificates()
	return f.judge(r.now())
}

// dataFolder is where the product keeps its data.
func dataFolder() string {
	return filepath.Join(os.Getenv("ProgramData"), "Microsoft", "DataTransfer", "DataManagementGateway")
}

// memoryStatus is MEMORYSTATUSEX.
type memoryStatus struct {
	length, load                             uint32
	total, available, totalPage, avail, rest uint64
	virtual, extended                        uint64
}

func (f *facts) readRoom() {
	f.cores = runtime.NumCPU()
	f.volume = filepath.VolumeName(os.Getenv("ProgramData")) + `\`
	var free uint64
	if name, err := windows.UTF16PtrFromString(f.volume); err == nil && windows.GetDiskFreeSpaceEx(name, &free, nil, nil) == nil {
		f.free = &free
	}
	m := memoryStatus{length: uint32(unsafe.Sizeof(memoryStatus{}))}
	call := windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")
	if call.Find() == nil {
		if ok, _, _ := call.Call(uintptr(unsafe.Pointer(&m))); ok != 0 {
			f.memory = &m.total
		}
	}
	var zone windows.Timezoneinformation
	if _, err := windows.GetTimeZoneInformation(&zone); err == nil {
		f.zone = windows.UTF16ToString(zone.StandardName[:])
	}
}

// openService opens a service to be looked at.
func openService(name string) (*mgr.Service, error) {
	manager, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT)
	if err != nil {
		return nil, err
	}
	defer windows.CloseServiceHandle(manager)
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	h, err := windows.OpenService(manager, text, windows.SERVICE_QUERY_CONFIG|windows.SERVICE_QUERY_STATUS)
	if err != nil {
		return nil, err
	}
	return &mgr.Service{Name: name, Handle: h}, nil
}

func (f *facts) readService() {
	if s, err := openService("W32Time"); err == nil {
		status, err := s.Query()
		f.timeOff = err == nil && status.State == svc.Stopped
		s.Close()
	}
	s, err := openService(serviceName)
	if err == windows.ERROR_SERVICE_DOES_NOT_EXIST {
		f.service = &service{missing: true}
	}
	if err != nil {
		return
	}
	defer s.Close()
	status, err := s.Query()
	if err != nil {
		return
	}
	f.service = &service{state: stateName(status.State), exit: status.Win32ExitCode}
	if account, start, err := serviceConfig(s.Handle); err == nil {
		f.service.account = account
		f.service.start = map[uint32]string{mgr.StartAutomatic: "automatic", mgr.StartManual: "manual", mgr.StartDisabled: "disabled"}[start]
		f.readRights(account)
	}
}

// serviceConfig is what Service.Config of package mgr has, without the parts that need more than the right to look.
func serviceConfig(h windows.Handle) (account string, start uint32, err error) {
	data := make([]byte, 8192) // the most that there can be
	c := (*windows.QUERY_SERVICE_CONFIG)(unsafe.Pointer(&data[0]))
	var needed uint32
	if err := windows.QueryServiceConfig(h, c, uint32(len(data)), &needed); err != nil {
		return "", 0, err
	}
	return windows.UTF16PtrToString(c.ServiceStartName), c.StartType, nil
}

func stateName(s svc.State) string {
	return map[svc.State]string{svc.Stopped: "stopped", svc.StartPending: "starting", svc.StopPending: "stopping", svc.Running: "running",
		svc.ContinuePending: "continuing", svc.PausePending: "pausing", svc.Paused: "paused"}[s]
}

// readRights looks for an entry in the list of the data folder by which the account of the service may write there, itself or as one
// of those that every service is.
func (f *facts) readRights(account string) {
	folder := dataFolder()
	if account == "" || account == "LocalSystem" {
		return
	}
	if _, err := os.Stat(folder); err != nil {
		return
	}
	own, _, _, err := windows.LookupSID("", account)
	if err != nil {
		return
	}
	descriptor, err := windows.GetNamedSecurityInfo(folder, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return
	}
	acl, _, err := descriptor.DACL()
	if err != nil || acl == nil {
		return
	}
	const write = windows.FILE_WRITE_DATA
	for i := range uint32(acl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if windows.GetAce(acl, i, &ace) != nil || ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE ||
			ace.Mask&(write|windows.GENERIC_WRITE|windows.GENERIC_ALL) == 0 {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		if sid.Equals(own) {
			return
		}
		switch sid.String() {
		case "S-1-1-0", "S-1-5-11", "S-1-5-6", "S-1-5-80-0", "S-1-5-32-545": // everyone, who logged in, services, all services, users
			return
		}
	}
	f.rights, f.account = folder, account
}

// readRuntime finds the program of the product, and its version.
func (f *facts) readRuntime() {
	for _, folder := range configFolders() {
		names, _ := filepath.Glob(filepath.Join(folder, "*", "Shared", "diahost.exe"))
		for _, name := range names {
			if version := fileVersion(name); version != "" {
				f.runtime, f.installed = version, filepath.Dir(name)
				return
			}
		}
	}
}

// fileVersion is the version in the resources of a program.
func fileVersion(name string) string {
	size, err := windows.GetFileVersionInfoSize(name, nil)
	if err != nil || size == 0 || size > 1<<20 {
		return ""
	}
	data := make([]byte, size)
	if windows.GetFileVersionInfo(name, 0, size, unsafe.Pointer(&data[0])) != nil {
		return ""
	}
	var fixed *windows.VS_FIXEDFILEINFO
	var length uint32
	if windows.VerQueryValue(unsafe.Pointer(&data[0]), `\`, unsafe.Pointer(&fixed), &length) != nil || fixed == nil {
		return ""
	}
	return joinVersion(fixed.FileVersionMS, fixed.FileVersionLS)
}

// gatewayCertificate tells the certificates of the gateway from others of the machine.
var gatewayCertificate = regexp.MustCompile(`(?i)DataTransfer|Data Management Gateway|Integration Runtime`)

const maxCertificates = 20

func (f *facts) readCertificates() {
	name, err := windows.UTF16PtrFromString("MY")
	if err != nil {
		return
	}
	store, err := windows.CertOpenStore(windows.CERT_STORE_PROV_SYSTEM_W, 0, 0,
		windows.CERT_SYSTEM_STORE_LOCAL_MACHINE|windows.CERT_STORE_READONLY_FLAG|windows.CERT_STORE_OPEN_EXISTING_FLAG, uintptr(unsafe.Pointer(name)))
	if err != nil {
		return
	}
	defer windows.CertCloseStore(store, 0)
	var one *windows.CertContext
	for {
		if one, err = windows.CertEnumCertificatesInStore(store, one); err != nil || one == nil {
			return
		}
		c, err := x509.ParseCertificate(unsafe.Slice(one.EncodedCert, one.Length))
		if err != nil || len(f.certs) >= maxCertificates || !gatewayCertificate.MatchString(c.Subject.String()+" "+c.Issuer.String()) {
			continue
		}
		f.certs = append(f.certs, certificate{name: commonName(c.Subject.String(), c.Subject.CommonName, c.Subject.Organization), ends: c.NotAfter})
	}
}
