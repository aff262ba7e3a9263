package sigma

import "strings"

// WindowsSources says which events of Windows event logs a log source means:
// services are channels, categories are events of Sysmon and of the channels
// that tell the same (appendix "Taxonomy"). It is for Options.Sources. What it
// does not know does not narrow a rule.
func WindowsSources(l Logsource) (sources []Source, ok bool) {
	if l.Product != "" && !strings.EqualFold(l.Product, "windows") {
		return nil, true // no event of Windows
	}
	if category := strings.ToLower(l.Category); category != "" {
		if sources = windowsCategory(category); sources == nil {
			return nil, false
		}
		return sources, true
	}
	if l.Service == "" {
		return nil, false
	}
	for _, channel := range windowsService(strings.ToLower(l.Service)) {
		sources = append(sources, Source{Channel: channel})
	}
	return sources, len(sources) > 0
}

const (
	sysmon     = "Microsoft-Windows-Sysmon/Operational"
	powershell = "Microsoft-Windows-PowerShell/Operational"
	classicPS  = "Windows PowerShell"
	security   = "Security"
)

// windowsCategory returns the events of a category.
func windowsCategory(category string) []Source {
	of := func(channel string, ids ...uint16) Source { return Source{Channel: channel, IDs: ids} }
	switch category {
	case "process_creation":
		return []Source{of(sysmon, 1), of(security, 4688)}
	case "file_change":
		return []Source{of(sysmon, 2)}
	case "network_connection":
		return []Source{of(sysmon, 3), of(security, 5156)}
	case "sysmon_status":
		return []Source{of(sysmon, 4, 16)}
	case "process_termination":
		return []Source{of(sysmon, 5), of(security, 4689)}
	case "driver_load":
		return []Source{of(sysmon, 6)}
	case "image_load":
		return []Source{of(sysmon, 7)}
	case "create_remote_thread":
		return []Source{of(sysmon, 8)}
	case "raw_access_thread":
		return []Source{of(sysmon, 9)}
	case "process_access":
		return []Source{of(sysmon, 10)}
	case "file_event":
		return []Source{of(sysmon, 11)}
	case "registry_add", "registry_delete":
		return []Source{of(sysmon, 12), of(security, 4657)}
	case "registry_set":
		return []Source{of(sysmon, 13), of(security, 4657)}
	case "registry_rename":
		return []Source{of(sysmon, 14), of(security, 4657)}
	case "registry_event":
		return []Source{of(sysmon, 12, 13, 14), of(security, 4657)}
	case "create_stream_hash":
		return []Source{of(sysmon, 15)}
	case "pipe_created":
		return []Source{of(sysmon, 17, 18)}
	case "wmi_event":
		return []Source{of(sysmon, 19, 20, 21)}
	case "dns_query":
		return []Source{of(sysmon, 22), of("Microsoft-Windows-DNS-Client/Operational", 3008)}
	case "file_delete":
		return []Source{of(sysmon, 23, 26)}
	case "clipboard_change", "clipboard_capture":
		return []Source{of(sysmon, 24)}
	case "process_tampering":
		return []Source{of(sysmon, 25)}
	case "file_block_executable":
		return []Source{of(sysmon, 27)}
	case "file_block_shredding":
		return []Source{of(sysmon, 28)}
	case "file_executable_detected":
		return []Source{of(sysmon, 29)}
	case "sysmon_error":
		return []Source{of(sysmon, 255)}
	case "ps_module":
		return []Source{of(powershell, 4103), of("PowerShellCore/Operational", 4103)}
	case "ps_script":
		return []Source{of(powershell, 4104), of("PowerShellCore/Operational", 4104)}
	case "ps_classic_start":
		return []Source{of(classicPS, 400)}
	case "ps_classic_provider_start":
		return []Source{of(classicPS, 600)}
	case "ps_classic_script":
		return []Source{of(classicPS, 800)}
	case "file_access":
		return []Source{of("Microsoft-Windows-Kernel-File/Analytic", 12), of(security, 4663)}
	case "file_rename":
		return []Source{of("Microsoft-Windows-Kernel-File/Analytic", 19)}
	case "antivirus":
		return []Source{of("Microsoft-Windows-Windows Defender/Operational",
			1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116)}
	}
	return nil
}

// windowsService returns the channels of a service.
func windowsService(service string) []string {
	operational := func(provider string) []string { return []string{"Microsoft-Windows-" + provider + "/Operational"} }
	switch service {
	case "security":
		return []string{security}
	case "system":
		return []string{"System"}
	case "application":
		return []string{"Application"}
	case "setup":
		return []string{"Setup"}
	case "sysmon":
		return []string{sysmon}
	case "powershell":
		return []string{powershell, "PowerShellCore/Operational"}
	case "powershell-classic":
		return []string{classicPS}
	case "windefend":
		return operational("Windows Defender")
	case "taskscheduler":
		return operational("TaskScheduler")
	case "wmi":
		return operational("WMI-Activity")
	case "bits-client":
		return operational("Bits-Client")
	case "ntlm":
		return operational("NTLM")
	case "dhcp":
		return operational("DHCP-Server")
	case "codeintegrity-operational":
		return operational("CodeIntegrity")
	case "appxdeployment-server":
		return operational("AppXDeploymentServer")
	case "appxpackaging-om":
		return []string{"Microsoft-Windows-AppxPackaging/Operational"}
	case "appmodel-runtime":
		return []string{"Microsoft-Windows-AppModel-Runtime/Admin"}
	case "firewall-as":
		return []string{"Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"}
	case "msexchange-management":
		return []string{"MSExchange Management"}
	case "dns-server":
		return []string{"DNS Server"}
	case "dns-server-analytic":
		return []string{"Microsoft-Windows-DNS-Server/Analytical"}
	case "dns-server-audit":
		return []string{"Microsoft-Windows-DNS-Server/Audit"}
	case "dns-client":
		return []string{"Microsoft-Windows-DNS Client Events/Operational", "Microsoft-Windows-DNS-Client/Operational"}
	case "driver-framework":
		return []string{"Microsoft-Windows-DriverFrameworks-UserMode/Operational"}
	case "applocker":
		return []string{
			"Microsoft-Windows-AppLocker/EXE and DLL", "Microsoft-Windows-AppLocker/MSI and Script",
			"Microsoft-Windows-AppLocker/Packaged app-Deployment", "Microsoft-Windows-AppLocker/Packaged app-Execution",
		}
	case "security-mitigations":
		return []string{"Microsoft-Windows-Security-Mitigations/KernelMode", "Microsoft-Windows-Security-Mitigations/UserMode"}
	case "printservice-admin":
		return []string{"Microsoft-Windows-PrintService/Admin"}
	case "printservice-operational":
		return operational("PrintService")
	case "smbclient-security":
		return []string{"Microsoft-Windows-SmbClient/Security"}
	case "smbclient-connectivity":
		return []string{"Microsoft-Windows-SmbClient/Connectivity"}
	case "smbserver-connectivity":
		return []string{"Microsoft-Windows-SMBServer/Connectivity"}
	case "terminalservices-localsessionmanager":
		return operational("TerminalServices-LocalSessionManager")
	case "shell-core":
		return operational("Shell-Core")
	case "diagnosis-scripted":
		return operational("Diagnosis-Scripted")
	case "microsoft-servicebus-client", "servicebus-client":
		return []string{"Microsoft-ServiceBus-Client/Operational", "Microsoft-ServiceBus-Client/Admin"}
	case "ldap":
		return []string{"Microsoft-Windows-LDAP-Client/Debug"}
	case "lsa-server":
		return operational("LSA")
	case "capi2":
		return operational("CAPI2")
	case "openssh":
		return []string{"OpenSSH/Operational"}
	case "iis-configuration":
		return []string{"Microsoft-IIS-Configuration/Operational"}
	case "certificateservicesclient-lifecycle-system":
		return []string{"Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"}
	}
	return nil
}
