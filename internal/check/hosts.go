package check

import "strings"

// A Product is what runs on the machine: each needs other hosts and ports.
type Product string

// The products.
const (
	SHIR        Product = "shir"         // self-hosted integration runtime of Data Factory
	Synapse     Product = "synapse"      // the same of Synapse Analytics
	Purview     Product = "purview"      // the same of Purview
	GatewayV1   Product = "gateway-v1"   // Data Management Gateway
	DataGateway Product = "data-gateway" // on-premises data gateway of Power BI and Fabric
)

// Products are all products.
func Products() []Product { return []Product{SHIR, Synapse, Purview, GatewayV1, DataGateway} }

// A Cloud is whose Azure it is.
type Cloud string

// The clouds.
const (
	Public     Cloud = "public"
	Government Cloud = "government"
	China      Cloud = "china"
)

// Clouds are all clouds.
func Clouds() []Cloud { return []Cloud{Public, Government, China} }

// A Role is what a host is to the gateway.
type Role string

// The roles.
const (
	RoleService    Role = "service"    // the factory itself, or its front end
	RoleRelay      Role = "relay"      // Service Bus and Relay: commands from the portal
	RoleUpdates    Role = "updates"    // where new versions are downloaded
	RoleVault      Role = "vault"      // Key Vault
	RoleStaging    Role = "staging"    // Azure Storage
	RoleLogin      Role = "login"      // Microsoft Entra ID
	RolePowerBI    Role = "power-bi"   // the services of the on-premises data gateway
	RoleStore      Role = "store"      // a data store
	RoleNode       Role = "node"       // another node of the gateway
	RoleRevocation Role = "revocation" // where certificates are revoked
	RoleOther      Role = "other"
)

// A suffix tells hosts of Azure by the end of their name.
type suffix struct {
	end   string
	role  Role
	cloud Cloud
	port  int      // that is asked for if none is named
	speak Protocol // at that port
}

// suffixes are those of the documents named below, and of the stores that a gateway meets most.
func suffixes() []suffix {
	return []suffix{
		{".datafactory.azure.net", RoleService, Public, 443, HTTPS},
		{".datafactory.azure.us", RoleService, Government, 443, HTTPS},
		{".datafactory.azure.cn", RoleService, China, 443, HTTPS},
		{".frontend.clouddatahub.net", RoleService, Public, 443, HTTPS},
		{".frontend.datamovement.azure.us", RoleService, Government, 443, HTTPS},
		{".frontend.datamovement.azure.cn", RoleService, China, 443, HTTPS},
		{".servicebus.windows.net", RoleRelay, Public, 443, HTTPS},
		{".servicebus.usgovcloudapi.net", RoleRelay, Government, 443, HTTPS},
		{".servicebus.chinacloudapi.cn", RoleRelay, China, 443, HTTPS},
		{".vault.azure.net", RoleVault, Public, 443, HTTPS},
		{".vault.usgovcloudapi.net", RoleVault, Government, 443, HTTPS},
		{".vault.azure.cn", RoleVault, China, 443, HTTPS},
		{".database.windows.net", RoleStore, Public, 1433, TDS},
		{".database.usgovcloudapi.net", RoleStore, Government, 1433, TDS},
		{".database.chinacloudapi.cn", RoleStore, China, 1433, TDS},
		{".sql.azuresynapse.net", RoleStore, Public, 1433, TDS},
		{".core.windows.net", RoleStaging, Public, 443, HTTPS},
		{".core.usgovcloudapi.net", RoleStaging, Government, 443, HTTPS},
		{".core.chinacloudapi.cn", RoleStaging, China, 443, HTTPS},
		{".azuredatalakestore.net", RoleStore, Public, 443, HTTPS},
		{".postgres.database.azure.com", RoleStore, Public, 5432, PostgreSQL},
		{".mysql.database.azure.com", RoleStore, Public, 3306, MySQL},
		{".mariadb.database.azure.com", RoleStore, Public, 3306, MySQL},
		{".documents.azure.com", RoleStore, Public, 443, HTTPS},
		{".dev.azuresynapse.net", RoleService, Public, 443, HTTPS},
		{".purview.azure.com", RoleService, Public, 443, HTTPS},
		{".powerbi.com", RolePowerBI, Public, 443, HTTPS},
		{".analysis.windows.net", RolePowerBI, Public, 443, HTTPS},
		{"download.microsoft.com", RoleUpdates, Public, 443, HTTPS},
		{"login.microsoftonline.com", RoleLogin, Public, 443, HTTPS},
		{"login.windows.net", RoleLogin, Public, 443, HTTPS},
		{"login.microsoftonline.us", RoleLogin, Government, 443, HTTPS},
		{"login.chinacloudapi.cn", RoleLogin, China, 443, HTTPS},
		{"login.partner.microsoftonline.cn", RoleLogin, China, 443, HTTPS},
		{"login.live.com", RoleLogin, Public, 443, HTTPS},
	}
}

// azure finds what a host of Azure is.
func azure(host string) (suffix, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, s := range suffixes() {
		if host == strings.TrimPrefix(s.end, ".") && !strings.HasPrefix(s.end, ".") || strings.HasPrefix(s.end, ".") && strings.HasSuffix(host, s.end) {
			return s, true
		}
	}
	return suffix{}, false
}

// A need is a host that a product needs beside those whose names only the customer knows.
type need struct {
	role     Role
	host     string // a name, or *.NAME where nobody knows the first part from here
	port     int
	speak    Protocol
	weight   Weight
	products []Product
	cloud    Cloud
}

// needs are from the documents of Microsoft: "Ports and firewalls" of the self-hosted integration runtime (data-factory), "Create and
// manage a self-hosted integration runtime" (purview), and "Adjust communication settings" of the on-premises data gateway. A port
// that a product does not need is not here: 5671 and 9350 to 9354 are the data gateway's, and Data Management Gateway's.
func needs() []need {
	runtimes := []Product{SHIR, Synapse, GatewayV1}
	all := []need{
		{RoleUpdates, "download.microsoft.com", 443, HTTPS, Advised, []Product{SHIR, Synapse, GatewayV1, Purview}, ""},
		{RoleLogin, "login.microsoftonline.com", 443, HTTPS, Required, []Product{Purview, DataGateway}, Public},
		{RoleLogin, "login.windows.net", 443, HTTPS, Required, []Product{Purview, DataGateway}, Public},
		{RoleLogin, "login.microsoftonline.us", 443, HTTPS, Required, []Product{Purview, DataGateway}, Government},
		{RoleLogin, "login.partner.microsoftonline.cn", 443, HTTPS, Required, []Product{Purview, DataGateway}, China},
		{RoleLogin, "login.live.com", 443, HTTPS, Advised, []Product{DataGateway}, Public},
		{RolePowerBI, "api.powerbi.com", 443, HTTPS, Required, []Product{DataGateway}, Public},
		{RoleRelay, "*.servicebus.windows.net", 443, HTTPS, Required, append(runtimes, Purview, DataGateway), Public},
		{RoleRelay, "*.servicebus.usgovcloudapi.net", 443, HTTPS, Required, append(runtimes, Purview, DataGateway), Government},
		{RoleRelay, "*.servicebus.chinacloudapi.cn", 443, HTTPS, Required, append(runtimes, Purview, DataGateway), China},
		{RoleService, "*.datafactory.azure.net", 443, HTTPS, Required, []Product{SHIR}, Public},
		{RoleService, "*.datafactory.azure.us", 443, HTTPS, Required, []Product{SHIR}, Government},
		{RoleService, "*.datafactory.azure.cn", 443, HTTPS, Required, []Product{SHIR}, China},
		{RoleService, "*.frontend.clouddatahub.net", 443, HTTPS, Required, []Product{Synapse, GatewayV1, Purview}, Public},
		{RoleStaging, "*.blob.core.windows.net", 443, HTTPS, Required, []Product{Purview}, Public},
		{RoleStaging, "*.queue.core.windows.net", 443, HTTPS, Required, []Product{Purview}, Public},
	}
	return all
}

// relayPorts are further ports of a relay, that are faster than 443 and not needed where that works.
func relayPorts(p Product) []int {
	switch p {
	case DataGateway, GatewayV1:
		return []int{5671, 5672, 9350, 9351, 9352, 9353, 9354}
	}
	return nil
}
