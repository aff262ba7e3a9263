package check

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows/registry"
)

// number reads a number of the machine's registry.
func number(path, name string, view uint32) (uint64, bool) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE|view)
	if err != nil {
		return 0, false
	}
	defer k.Close()
	n, _, err := k.GetIntegerValue(name)
	return n, err == nil
}

func text(path, name string, view uint32) string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE|view)
	if err != nil {
		return ""
	}
	defer k.Close()
	s, _, _ := k.GetStringValue(name)
	return s
}

func joinVersion(ms, ls uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d", ms>>16, ms&0xffff, ls>>16, ls&0xffff)
}

func (f *facts) readRegistry() {
	const control = `SYSTEM\CurrentControlSet\Control\`
	f.only32 = os.Getenv("PROCESSOR_ARCHITECTURE") == "x86" && os.Getenv("PROCESSOR_ARCHITEW6432") == ""
	f.controller = text(control+"ProductOptions", "ProductType", 0) == "LanmanNT"
	n, ok := number(control+"Power", "HibernateEnabled", 0)
	f.hibernates = ok && n != 0
	n, ok = number(control+`Lsa\FipsAlgorithmPolicy`, "Enabled", 0)
	f.fips = ok && n != 0
	const client = control + `SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client`
	if n, ok := number(client, "Enabled", 0); ok && n == 0 {
		f.tls12Off = append(f.tls12Off, `HKLM\`+client+`, Enabled = 0`)
	}
	if n, ok := number(client, "DisabledByDefault", 0); ok && n != 0 {
		f.tls12Off = append(f.tls12Off, `HKLM\`+client+`, DisabledByDefault = 1`)
	}
	const net = `SOFTWARE\Microsoft\.NETFramework\v4.0.30319`
	for _, name := range []string{"SchUseStrongCrypto", "SystemDefaultTlsVersions"} {
		if n, ok := number(net, name, registry.WOW64_64KEY); ok && n == 0 {
			f.weakNet = true
		}
	}
	release, _ := number(`SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full`, "Release", registry.WOW64_64KEY)
	f.dotNet = &release
	f.readJava()
}

// readJava looks where the runtime looks for Java: in the registry, and by JAVA_HOME.
func (f *facts) readJava() {
	for _, view := range []uint32{registry.WOW64_64KEY, registry.WOW64_32KEY} {
		for _, kind := range []string{`SOFTWARE\JavaSoft\Java Runtime Environment`, `SOFTWARE\JavaSoft\JRE`, `SOFTWARE\JavaSoft\JDK`,
			`SOFTWARE\JavaSoft\Java Development Kit`} {
			version := text(kind, "CurrentVersion", view)
			if version == "" {
				continue
			}
			if home := text(kind+`\`+version, "JavaHome", view); home != "" {
				f.java = java{home: home, found: true, only32: view == registry.WOW64_32KEY}
				return
			}
		}
	}
	home := os.Getenv("JAVA_HOME")
	if home == "" {
		return
	}
	for _, library := range []string{`bin\server\jvm.dll`, `jre\bin\server\jvm.dll`} {
		if _, err := os.Stat(filepath.Join(home, library)); err == nil {
			f.java = java{home: home, found: true}
			return
		}
	}
	if _, err := os.Stat(filepath.Join(home, `bin\client\jvm.dll`)); err == nil {
		f.java = java{home: home, found: true, only32: true}
	}
}
