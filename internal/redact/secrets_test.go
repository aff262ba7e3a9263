package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/redact"
)

// What stands for secrets in the texts below. None is one.
const (
	fakeKey = "RkFLRSBnYXRld2F5IGtleSBmb3IgdGVzdHMgOTAgeHg"
	fakeADF = "ADF#00000001-1111-4222-8333-000000000001@00000002-1111-4222-8333-000000000002@wu#" + fakeKey + "="
	fakeIR  = "IR@00000008-1111-4222-8333-000000000008@fabrikam-adf@ServiceEndpoint=fabrikam-adf.westeurope.datafactory.azure.net@" + fakeKey + "="
	fakeOld = "IR@00000008-1111-4222-8333-000000000008@fabrikam-adf@we@" + fakeKey + "="
	fakeJWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJhdWQiOiJmYWtlIiwieCI6MX0.RkFLRSBzaWduYXR1cmU"
	fake64  = "RkFLRSBzdG9yYWdlIGtleSBmb3IgdGVzdHMgMTQgeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eA=="
	fakePEM = "-----BEGIN RSA PRIVATE KEY-----\nRkFLRSBwcml2YXRlIGtleSwgbGluZSAw\nRkFLRSBwcml2YXRlIGtleSwgbGluZSAx\n-----END RSA PRIVATE KEY-----"
)

// A secretCase is a text, what must not be left of it, and what must.
type secretCase struct{ text, gone, stay string } // gone and stay: several, divided by ¦

func secretCases() []secretCase {
	return []secretCase{
		// Gateway keys.
		{"Registering with " + fakeADF, fakeKey + "¦00000001-1111¦@wu#", "Registering with "},
		{"Registering with " + fakeADF + ".", fakeKey, "Registering with ¦."},
		{"key (" + fakeADF + ") was refused", fakeKey, "key (¦) was refused"},
		{`{"gatewayKey":"` + fakeADF + `","name":"GW01"}`, fakeKey + "¦00000002", `"name":"GW01"}`},
		{`{\"gatewayKey\":\"` + fakeADF + `\",\"name\":\"GW01\"}`, fakeKey, `\"name\":\"GW01\"}`},
		{`The content or format of the gateway key "` + fakeADF + `" is invalid.`, fakeKey, `" is invalid.`},
		{"'" + strings.TrimSuffix(fakeADF, "=") + "' was refused", fakeKey, "was refused"},
		{"<key>" + fakeADF + "</key><port>8060</port>", fakeKey, "<port>8060</port>"},
		{fakeIR + " accepted by fabrikam", fakeKey + "¦fabrikam-adf", "accepted by fabrikam"},
		{fakeOld, fakeKey, ""},
		{"IR@00000008-1111-4222-8333-0000 was cut", "00000008-1111", "was cut"},
		{"IR@00000008-1111-4222-8333-000000000008@fabrikam-adf@Servi...", "00000008¦fabrikam", ""},
		{"x " + fakeIR[:len(fakeIR)-20], fakeKey[:20], "x "},
		{"…@ServiceEndpoint=we.frontend.clouddatahub.net@" + fakeKey + " (cut at its start)", fakeKey, "(cut at its start)"},
		{strings.ReplaceAll(fakeIR, "=", "%3D"), fakeKey, ""},
		{strings.ReplaceAll(fakeADF, "#", "%23") + " end", fakeKey + "¦00000001", " end"},
		{strings.ReplaceAll(fakeADF, "#", "&#35;") + " end", fakeKey + "¦00000001", " end"},
		{strings.ReplaceAll(fakeIR, "@", `\u0040`) + " end", fakeKey + "¦00000008", " end"},
		{"adf#" + fakeADF[4:] + ";", fakeKey, ";"},
		{"mails go to ir@fabrikam.example and repair@decafbad.example", "", "ir@fabrikam.example¦repair@decafbad.example"},
		{"two: " + fakeADF + ", " + fakeOld + ".", fakeKey, "two: ¦, "},

		// What stands beside a secret stays.
		{`Invoke-Sqlcmd -ServerInstance sql01 -Password "Fake-01!x" -Query q`, "Fake-01", `-Password "¦" -Query q`},
		{"CREDENTIALS=(AWS_KEY_ID='AKIAQFAKEFAKEFAKE234' AWS_SECRET_KEY='Fake-01!x')", "AKIAQ¦Fake-01", "(AWS_KEY_ID='¦' AWS_SECRET_KEY='¦')"},
		{`{"connectionString":"mongodb://op:Fake-01!x@mongo1:27017/?x=y"}`, "Fake-01", `"mongodb://op:¦@mongo1:27017/`},
		{"Server=tcp:sql7;Password={Fake;01}_x9;Encrypt=True;", "Fake¦01¦_x9", ";Encrypt=True;"},
		{"mkstore -wrl /w -createCredential DB1 op Fake-01!x", "Fake-01", "-createCredential DB1 op "},
		{`connect("op","Fake-01!x","t3://adm:7001")`, "Fake-01", `connect("op","¦","t3://adm:7001")`},
		{`"Server=<server>;Password=<password>;Timeout=60"`, "", `"Server=<server>;Password=<password>;Timeout=60"`},

		// Connection strings.
		{"Server=sql01;Password=Fake-01!x;Timeout=30", "Fake-01", "Server=sql01;Password=¦;Timeout=30"},
		{"Server=sql01;PWD = Fake-02!x ; Timeout=30", "Fake-02", "Timeout=30¦Server=sql01"},
		{"Server=sql01;pAsSwOrD=Fake-03!x", "Fake-03", "Server=sql01"},
		{"Server=sql01;Password=Fake 04 with spaces;Timeout=30", "Fake 04¦spaces", "Timeout=30"},
		{"Server=sql01;Password=Fake 05 with spaces", "Fake 05¦spaces", "Server=sql01"},
		{`{"c":"Server=sql01;Password=Fake 06 with spaces","x":"keep me"}`, "Fake 06¦spaces", `"x":"keep me"`},
		{`Server=sql01;Password="Fake;07";Timeout=30`, "Fake;07¦07", "Timeout=30"},
		{`Server=sql01;Password="Fake""08;x";Timeout=30`, `Fake¦08`, "Timeout=30"},
		{`Server=sql01;Password='Fake''09;x';Timeout=30`, `Fake¦09`, "Timeout=30"},
		{`Server=sql01;Password='it's Fake;10';Timeout=30`, `Fake¦10'`, "Timeout=30"},
		{`Server=sql01;Password="Fake;11 never closed`, `Fake¦11`, "Server=sql01"},
		{`Server=sql01;Password="Fake\";Timeout=30;App="x"`, `Fake`, `Timeout=30;App="x"`},
		{"Server=sql01;Password=Fake=12==;Timeout=30", "Fake¦12", "Timeout=30"},
		{"Server=sql01;Password=Fake=13==", "Fake¦13", "Server=sql01"},
		{"Driver={ODBC Driver 17 for SQL Server};Server=sql01;Pwd={Fake;14};Uid=sa", "Fake;14¦14}", "Uid=sa¦Driver={ODBC Driver 17 for SQL Server}"},
		{"Server=sql01;Pwd={Fake}}15;x};Uid=sa", "Fake¦15", "Uid=sa"},
		{"Server=sql01;Pwd={Fake;16", "Fake¦16", "Server=sql01"},
		{"Server=sql01;Pwd={Fa}ke17;Uid=sa", "Fa}¦ke17", "Uid=sa"},
		{`Server=sql01;Password=Fa"ke18;Timeout=30`, `Fa"¦ke18`, "Timeout=30"},
		{`Server=sql01;Password=Fa'ke19;Timeout=30`, `Fa'¦ke19`, "Timeout=30"},
		{"Server=sql01;Password=Fa<ke20>;Timeout=30", "Fa<¦ke20", "Timeout=30"},
		{"Server=sql01;Password=Fa,ke21", "Fa,¦ke21", "Server=sql01"},
		{"Server=sql01;Password=Fa&ke22;Timeout=30", "Fa&¦ke22", "Timeout=30"},
		{"Server=sql01;Password=$Fake@23!;Timeout=30", "Fake@23", "Timeout=30"},
		{"Server=sql01;Password=(Fake24);Timeout=30", "Fake24", "Timeout=30"},
		{"Server=sql01;Password=[Fake25];Timeout=30", "Fake25", "Timeout=30"},
		{"Server=sql01;Password=Päß-Fake26-ключ;Timeout=30", "Fake26¦ключ", "Timeout=30"},
		{"Server=a;Password=Fake27a;x=1\r\nServer=b;Password=Fake27b;x=2 | Server=c;pwd=Fake27c", "Fake27a¦Fake27b¦Fake27c", "Server=a¦x=1¦Server=b¦x=2¦Server=c"},
		{"Password=;Server=sql01;User ID=keepme", "", "Password=;Server=sql01;User ID=keepme"},
		{`Password="";Server=sql01`, "", `Password="";Server=sql01`},
		{"Could not open Server=sql01;User ID=svc;Password=Fake28 within 30 s (0x80131904)", "Fake28", "within 30 s (0x80131904)"},
		{"DefaultEndpointsProtocol=https;AccountName=fabrikamstage;AccountKey=" + fake64 + ";EndpointSuffix=core.windows.net", fake64[:40], "EndpointSuffix=core.windows.net¦AccountName=fabrikamstage"},
		{"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=Fake29+a/b=;EntityPath=q", "Fake29", "SharedAccessKeyName=RootManageSharedAccessKey;¦EntityPath=q"},
		{"BlobEndpoint=https://x.blob.core.windows.net;SharedAccessSignature=sv=2023-11-03&sig=Fake30%2Fx;", "Fake30", "BlobEndpoint=https://x.blob.core.windows.net"},
		{"AccountEndpoint=https://c.documents.azure.com:443/;AccountKey=Fake31==;Database=d", "Fake31", "Database=d"},
		{"Host=h;Username=u;Passwd=Fake32;Database=d", "Fake32", "Database=d"},
		{"Data Source=ora01;User Id=scott;Password=Fake33;Proxy Password=Fake33b;", "Fake33¦Fake33b", "User Id=scott"},
		{"Integrated Security=False;EncryptedCredential=RkFLRQ==;Timeout=3", "RkFLRQ", "Timeout=3"},
		{"ClientSecret=Fake34;client_secret=Fake34b&client-secret=x", "Fake34¦Fake34b", ""},
		{"AzureServicePrincipalKey: 'Fake35 x'", "Fake35", ""},
		{"AccessKey=Fake36;SecretKey=Fake36b;Access Key 2=Fake36c", "Fake36¦Fake36b¦Fake36c", ""},

		// SAS.
		{"https://x.blob.core.windows.net/c/b?sv=2023-11-03&sr=b&sig=RkFL%2FFake40%3D&se=2024-05-20", "Fake40", "sv=2023-11-03&sr=b&sig=¦&se=2024-05-20"},
		{"<u>https://x.blob.core.windows.net/c?sp=r&amp;sig=RkFLFake41%3D&amp;se=2024</u>", "Fake41", "sp=r&amp;sig=¦&amp;se=2024</u>"},
		{`{"uri":"https://x.queue.core.windows.net/c?sp=r\u0026sig=RkFLFake42%3d\u0026se=2024","x":1}`, "Fake42", `\u0026se=2024","x":1}`},
		{"cb=https%3A%2F%2Fx%2Fc%3Fsp%3Dr%26sig%3DRkFLFake43%253D%26se%3D2024&y=2", "Fake43", "&y=2"},
		{"cb=https%253A%252F%252Fx%253Fsig%253DRkFLFake44%25253D%2526se%253D2024", "Fake44", "se%253D2024"},
		{"SharedAccessSignature sr=sb%3a%2f%2fx&sig=RkFLFake45%3d&se=17&skn=RootManageSharedAccessKey", "Fake45", "&se=17&skn=RootManageSharedAccessKey"},
		{`{"sig":"RkFLFake46=","se":"2024"}`, "Fake46", `"se":"2024"`},
		{"SIG=RkFLFake47", "Fake47", "SIG="},
		{"the design=classic, assign=12", "", "design=classic, assign=12"},

		// Headers.
		{"Authorization: Basic RmFrZTpmYWtlNTA=", "RmFrZTpmYWtlNTA", "Authorization: Basic "},
		{"Authorization: Basic QTpi\r\nHost: h", "QTpi", "Host: h"},
		{"Host: h; Proxy-Authorization: Bearer Fake51.abc-def_ghi; Accept: */*", "Fake51", "Host: h¦Accept: */*"},
		{"Authorization: SharedKey fabrikam:RkFLFake52=", "Fake52", "SharedKey"},
		{"Authorization: SharedKeyLite fabrikam:RkFLFake53=", "Fake53", ""},
		{"Proxy-Authorization: NTLM TlRMTVNTUAADAAAAFake54", "Fake54", "NTLM"},
		{"WWW-Authenticate: Negotiate YIIFake55abcdefghijklmnop", "Fake55", "Negotiate"},
		{`Authorization: Digest username="u", realm="r", nonce="n", uri="/", response="6629fae49393a05397450978507c4ef1", qop=auth, nc=00000001`, "6629fae49393a05397450978507c4ef1", "Digest"},
		{`{"h":"Authorization: Digest username=\"u\", realm=\"r\", response=\"Fake56fae49393\""}`, "Fake56fae49393", "Digest"},
		{`{"Authorization":"Bearer Fake57.abc","x":"keep"}`, "Fake57", `"x":"keep"`},
		{`{\"Authorization\":\"Basic RmFrZTU4\",\"x\":\"keep\"}`, "RmFrZTU4", `keep`},
		{`{"Key":"Authorization","Value":["Bearer Fake59"]}`, "Fake59", `"Key":"Authorization"`},
		{"Authorization=Bearer%20" + fakeJWT, "RkFLRSBzaWduYXR1cmU", ""},
		{"authorization: 6f1c8f3e2a904bd1Fake60", "Fake60", "authorization"},
		{`"Authorization", "Bearer Fake61token0123456789"`, "Fake61", ""},
		{"curl -H 'Authorization: Bearer Fake62' https://h/", "Fake62", "https://h/"},
		{"got Bearer Fake63abcdefgh12345678 from the cache", "Fake63", "from the cache"},
		{"Cookie: session=Fake64; id=2\r\nHost: h", "Fake64¦id=2", "Host: h"},
		{`{"Set-Cookie":"session=Fake65; path=/","x":1}`, "Fake65", `"x":1`},
		{`{"h":"Cookie: s=Fake66\r\nHost: h"}`, "Fake66", `\r\nHost: h"`},
		{"x-api-key: Fake67\r\nx-functions-key: Fake67b\r\nOcp-Apim-Subscription-Key: Fake67c", "Fake67¦Fake67b¦Fake67c", "x-api-key"},
		{"X-Auth-Token: Fake68", "Fake68", "X-Auth-Token"},
		{"token=Fake69abcdef0123456789&x=2", "Fake69", "&x=2"},
		{"The authorization: Microsoft.DataFactory/factories/integrationruntimes/write was denied", "", "Microsoft.DataFactory/factories/integrationruntimes/write"},
		{"Bearer authentication_failed; Basic Authentication/Authorization; Negotiate authenticationPackage", "", "authentication_failed¦Authentication/Authorization¦authenticationPackage"},

		// Tokens, URLs, keys.
		{"cache: " + fakeJWT + " expires", "RkFLRSBzaWduYXR1cmU¦eyJhdWQ", "cache: ¦ expires"},
		{"cut: " + fakeJWT[:60] + "...", "eyJhdWQ", "cut: "},
		{`{"access_token":"Fake70","expires_in":3599,"refresh_token":"Fake70b","id_token":"Fake70c"}`, "Fake70¦Fake70b¦Fake70c", `"expires_in":3599`},
		{"http://svc:Fake71@proxy.contoso.local:8080/", "Fake71", "svc¦@proxy.contoso.local:8080/"},
		{"http://svc:Fa:ke@72!@proxy:8080/x", "Fa:ke¦72!", "@proxy:8080/x"},
		{"ftp://svc:Fa/ke73@host/dir", "Fa/ke¦ke73", "@host/dir"},
		{"http://svc:Fa'ke74@host/dir", "Fa'¦ke74", "@host/dir"},
		{"http://svc:Fake75@[2001:db8::1]:8080/dir", "Fake75", "@[2001:db8::1]:8080/dir"},
		{"http://svc:Fake%4076@host/dir", "Fake%4076¦76", "@host/dir"},
		{"https://Fake77abcdefghij0123456789@github.example/x", "Fake77", "@github.example/x"},
		{"http://host:8080/a@b and sb://h:9354/c http://[2001:db8::1]:80/x@y", "", "http://host:8080/a@b¦sb://h:9354/c¦http://[2001:db8::1]:80/x@y"},
		{"sftp://jean@host/x", "", "sftp://jean@host/x"},
		{"Key rotated: " + fake64, fake64[:30], "Key rotated: "},
		{strings.ReplaceAll(fake64, "=", `\u003d`), fake64[:30], ""},
		{fakePEM + "\nfingerprint ok", "RkFLRSBwcml2YXRlIGtleSwgbGluZSAw¦RkFLRSBwcml2YXRlIGtleSwgbGluZSAx", "BEGIN RSA PRIVATE KEY¦fingerprint ok"},
		{strings.ReplaceAll(fakePEM, "\n", `\n`) + `","x":1`, "RkFLRSBwcml2YXRlIGtleSwgbGluZSAw¦RkFLRSBwcml2YXRlIGtleSwgbGluZSAx", `"x":1`},
		{fakePEM[:70], fakePEM[40:60], "BEGIN RSA"},
		{`{"k":"` + strings.ReplaceAll(fakePEM[:90], "\n", `\n`) + `","x":1}`, fakePEM[40:60] + "¦" + fakePEM[70:89], `"x":1`},
		{fakePEM[45:] + " tail", "gbGluZSAw¦RkFLRSBwcml2YXRlIGtleSwgbGluZSAx", " tail"},
		{strings.ReplaceAll(fakePEM, "RSA", "ENCRYPTED") + strings.ReplaceAll(fakePEM, "RSA ", ""), "RkFLRSBwcml2YXRlIGtleSwgbGluZSAw", ""},
		{strings.ReplaceAll(fakePEM, "PRIVATE KEY-", "PRIVATE KEY BLOCK-"), "RkFLRSBwcml2YXRlIGtleSwgbGluZSAw", ""},
		{`["-----BEGIN PRIVATE KEY-----","RkFLFake79abcdefghijklmnop","-----END PRIVATE KEY-----"],"x":1`, "Fake79", `"x":1`},

		// Commands.
		{`dmgcmd.exe -GenerateBackupFile "C:\b k\gw.bak" "Fake80;x y"`, "Fake80¦x y", `C:\b k\gw.bak`},
		{`dmgcmd -ibf C:\gw.bak Fake81 -x`, "Fake81", "-x"},
		{`"C:\Program Files\x\dmgcmd.exe" /ssa 'CONTOSO\svc' 'Fake82'`, "Fake82", `CONTOSO\svc`},
		{`dmgcmd -SwitchServiceAccount "CONTOSO\svc" "Fake83 never closed`, "Fake83", "svc"},
		{`dmgcmd -rn Fake84key0 GW01`, "Fake84", "GW01"},
		{`dmgcmd.exe -RegisterNewNode "` + fakeIR + `" "GW01" -EnableRemoteAccess 8060`, fakeKey, `"GW01" -EnableRemoteAccess 8060`},
		{`dmgcmd /Key 'Fake85key0'`, "Fake85", "dmgcmd"},
		{`dmgcmd -Status -x 1 -k Fake86key0`, "Fake86", "-Status"},
		{`New-Thing -Password Fake87 -Force -Password "Fake 87b"`, "Fake87¦Fake 87b", "-Force"},
		{`Set-X -AuthenticationKey Fake88 -Name n`, "Fake88", "-Name n"},
		{`$p = ConvertTo-SecureString "Fake89" -AsPlainText -Force`, "Fake89", "-AsPlainText -Force"},
		{`$password = ConvertTo-SecureString -AsPlainText -Force -String 'Fake90'`, "Fake90", "ConvertTo-SecureString"},
		{`-Password (ConvertTo-SecureString Fake91 -AsPlainText -Force)`, "Fake91", "ConvertTo-SecureString"},
		{`"Fake92" | ConvertTo-SecureString -AsPlainText`, "Fake92", "ConvertTo-SecureString"},
		{`$password = 'Fake93'; $x = 1`, "Fake93", "$x = 1"},
		{`$pw="Fake94"; Get-X`, "Fake94", "Get-X"},
		{`[pscredential]::new('svc', 'Fake95')`, "Fake95", "svc"},
		{`New-Object System.Net.NetworkCredential("svc","Fake96")`, "Fake96", "svc"},
		{`tool --password=Fake97 --api-key Fake97b --client-secret "Fake97c" /pwd:Fake97d`, "Fake97¦Fake97b¦Fake97c¦Fake97d", "tool"},
		{`args: ["-Password","Fake98","-Force"]`, "Fake98", "-Force"},
		{`sqlcmd -S sql01 -U sa -P Fake99 -Q "select 1"`, "Fake99", `-Q "select 1"`},
		{`plink.exe 10.0.2.18 -P 80 -C -l test -pw Fake103`, "Fake103", "-P 80 -C -l test -pw "},
		{`pscredential]':n)w('svc', 'Fake104`, "Fake104", ""},
		{`=;Password=Fake105 x":"k`, "Fake105", ""},
		{`schtasks /create /ru svc /rp Fake100 /tn t`, "Fake100", "/tn t"},
		{`curl -u svc:Fake101 https://h/`, "Fake101", "https://h/"},
		{`cmdkey /add:h /user:u /pass:Fake102`, "Fake102", "/add:h"},

		// XML.
		{"<Password>Fake110</Password><Port>8060</Port>", "Fake110", "<Port>8060</Port>"},
		{"<db:Password xsi:type=\"string\">\r\n Fake111 \r\n</db:Password>", "Fake111", "</db:Password>"},
		{"<Password><![CDATA[Fake112<]]></Password>", "Fake112", "</Password>"},
		{"<Password><Value>Fake113</Value><PlainText>true</PlainText></Password>", "Fake113", "<PlainText>true"},
		{"<dbPassword>Fake114", "Fake114", "<dbPassword>"},
		{`<add key="Password" value="Fake115"/><add key="Port" value="8060"/>`, "Fake115", `key="Port" value="8060"`},
		{`<add value="Fake116" key="Password"/>`, "Fake116", `key="Password"`},
		{`<add name='DbPassword' type="string" value='Fake117'/>`, "Fake117", "DbPassword"},
		{`<user name="svc" password="Fake118" port="1"/>`, "Fake118", `port="1"`},
		{`<Data Name="Password">Fake119</Data><Data Name="Port">1</Data>`, "Fake119", `<Data Name="Port">1`},
		{`<S N="ApiKey">Fake120</S>`, "Fake120", "</S>"},
		{`&lt;Password&gt;Fake121&lt;/Password&gt;&lt;Port&gt;1`, "Fake121", "&lt;Port&gt;1"},
		{`&amp;lt;Password&amp;gt;Fake122&amp;lt;/Password&amp;gt;`, "Fake122", "Password"},
		{`password=&quot;Fake&amp;123&quot; port=&quot;1&quot;`, "Fake¦123", "port=&quot;1&quot;"},
		{`password=&#34;Fake124 x&#34; port=1`, "Fake124", "port=1"},
		{"<Password/><Port>8060</Port><Password></Password>", "", "<Password/><Port>8060</Port><Password></Password>"},

		// JSON.
		{`{"password":"Fake130","port":1}`, "Fake130", `"port":1}`},
		{`{"password":"Fa\"ke131","port":1}`, `Fa\"¦ke131`, `"port":1}`},
		{`{"password" : "Fa\\ke132\\","port":1}`, `ke132`, `"port":1}`},
		{`{\"password\":\"Fa\\\"ke133\",\"port\":1}`, `ke133`, `\"port\":1`},
		{`{\\\"password\\\":\\\"Fake134\\\",\\\"port\\\":1}`, `Fake134`, `port`},
		{`{\\\\\\\"password\\\\\\\":\\\\\\\"Fake135\\\\\\\",\\\\\\\"port\\\\\\\":1}`, `Fake135`, `port`},
		{`{\u0022password\u0022:\u0022Fake136\u0022,\u0022port\u0022:1}`, `Fake136`, `port`},
		{`%7B%22password%22%3A%22Fake137%22%2C%22port%22%3A1%7D`, `Fake137`, `port`},
		{`{&quot;password&quot;:&quot;Fake138&quot;,&quot;port&quot;:1}`, `Fake138`, `port`},
		{`{"name":"password","value":"Fake139"}`, `Fake139`, `"name":"password"`},
		{`{"value":"Fake140","name":"password"}`, `Fake140`, `"name":"password"`},
		{`{"Key":"DbPassword","Type":"String","Value":"Fake141","Port":1}`, `Fake141`, `"Port":1`},
		{`{"password":{"type":"SecureString","value":"Fake142"},"port":1}`, `Fake142`, `"type":"SecureString"¦"port":1`},
		{`{"password":{"type":"AzureKeyVaultSecret","secretName":"keepname"}}`, ``, `keepname`},
		{`{"passwords":["Fake143","Fake143b"],"port":1}`, `Fake143¦Fake143b`, `"port":1`},
		{`{password: 'Fake144', port: 1}`, `Fake144`, `port: 1`},
		{`{""password"":""Fake145"",""port"":1}`, `Fake145`, `port`},
		{`{"password":null,"secret":"","port":1}`, ``, `{"password":null,"secret":"","port":1}`},
		{`{"password":12345678,"port":1}`, `12345678`, `"port":1`},
		{`{"credential":{"referenceName":"cred1","type":"CredentialReference"}}`, ``, `cred1`},
		{`{"pass` + `\u0077ord":"Fake146"}`, `Fake146`, ``},
		{`{"password":"Fake147 with a very long text ` + strings.Repeat("Fake147-", 100) + `","port":1}`, `Fake147`, `"port":1`},
		{`p%61ssword%3dFake148`, "Fake148", ""},
		{`{"log":"Password=Fake149\nTimeout=30\nServer=x"}`, "Fake149", `\nTimeout=30\nServer=x`},

		// Names in other places and languages.
		{"DB_PASSWORD=Fake150\nPORT=1", "Fake150", "PORT=1"},
		{`export PGPASSWORD="Fake151" MYSQL_PWD=Fake151b`, "Fake151¦Fake151b", "export"},
		{"Kennwort: Fake152", "Fake152", "Kennwort"},
		{"Passwort=Fake153; Benutzer=x", "Fake153", "Benutzer=x"},
		{"Mot de passe : Fake154", "Fake154", "Mot de passe"},
		{"Mot de passe\u00a0: Fake155, port\u202f: 1", "Fake155", "port"},
		{"mot de passe\u202f: «\u00a0Fake156\u00a0»", "Fake156", "mot de passe"},
		{"clé d’accès : Fake157", "Fake157", "clé"},
		{"clé d'accès partagé = Fake157b", "Fake157b", "clé"},
		{"Zugriffsschlüssel: Fake158", "Fake158", "Zugriffsschlüssel"},
		{"contraseña=Fake159; senha=Fake159b", "Fake159¦Fake159b", "contraseña"},
		{"Das Kennwort „Fake160“ ist falsch", "Fake160", "ist falsch"},
		{"Login with password 'Fake161' failed", "Fake161", "failed"},
		{"the password is: Fake162a", "Fake162a", ""},
		{"https://h/login?user=x&pass=Fake163&port=1", "Fake163", "&port=1"},
		{"https://h/login?user=x&password=Fake164&port=1", "Fake164", "user=x¦&port=1"},
		{"user=x&amp;password=Fake165&amp;port=1", "Fake165", "&amp;port=1"},
		{"password := Fake166", "Fake166", ""},
		{"'password' => 'Fake167', 'port' => 1", "Fake167", "'port' => 1"},
		{"password:\r\n  Fake168\r\nport: 1", "Fake168", "port: 1"},
		{"password\t=\tFake169", "Fake169", ""},
		{`"password\t=\tFake170"`, "Fake170", ""},
		{"password=\xff\xfeFake171\xff;port=1", "Fake171", "port=1"},
		{"\xed\xa0\x80 password=Fake172 \xed\xb0\x80", "Fake172", "password"},
		{`{"e":"\ud83d password=Fake173"}`, "Fake173", "password"},
		{"password=" + strings.Repeat(" ", 400) + "Fake174", "Fake174", ""},
		{"(password=Fake175) and [pwd:Fake175b], done", "Fake175¦Fake175b", "and¦done"},
	}
}

// keptTexts go through as they are.
func keptTexts() []string {
	return []string{
		"Password policy: minimum length 12. The password was not changed.",
		"The user name or password is incorrect.",
		"Password: the old one has expired. Please change it.",
		"Your password must be changed before you log on.",
		"System.Data, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089",
		"Report ID: 00000016-1111-4222-8333-000000000016, activity ID 00000017-1111-4222-8333-000000000017",
		"HRESULT: 0x80131904, error code: 2147024891, version 5.40.8312.1",
		"SharedAccessKeyName=RootManageSharedAccessKey",
		"Endpoint 40.68.114.96:9350 and wu-relay-prod-07.servicebus.windows.net:5671 are blocked since 2017-05-02T22:40:41.123Z",
		"Violation of PRIMARY KEY constraint 'PK_Sales'. Cannot insert duplicate key in object 'dbo.Sales'. The duplicate key value is (42).",
		"Subject: Security ID: S-1-5-18 Account Name: GW01$ Account Domain: CONTOSO Logon ID: 0x3E7",
		"Failed to verify credentials: The user is locked out.",
		"Invalid credentials: user unknown",
		"The token expired; tokens: 12; CancellationToken: none",
		"An error occurred during token validation. Key not found: Sales",
		"compass: north; bypass=true; passed: 12; passing=3",
		"secret: none, Password: (null), password=********, pwd=***",
		"<Password>*****</Password>",
		"NTLM authentication failed because the Basic scheme is not allowed. Negotiate first.",
		"Cookies are disabled. The cookie policy is strict.",
		"Key Length: 0 Package Name (NTLM only): - Authentication Package: Negotiate Transited Services: -",
		"HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\DataTransfer\\DataManagementGateway\\Key",
		`{"primaryKey":"CustomerID","keyName":"RootManageSharedAccessKey","secretName":"kv-name"}`,
		"https://kv.vault.azure.net/secrets/db-name/0123456789abcdef0123456789abcdef",
		"Thumbprint 0123456789ABCDEF0123456789ABCDEF01234567 SHA256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"C:\\Program Files\\Microsoft Integration Runtime\\5.0\\Shared\\dmgcmd.exe -Start",
		"dmgcmd -Status; see C:\\Users\\x\\key.txt",
		"A user's local group membership was enumerated. Process ID: 0x4f8",
		"Special privileges assigned to new logon. Privileges: SeSecurityPrivilege SeTakeOwnershipPrivilege",
		"[redacted:password] and Password=[redacted:password];Timeout=30",
		"Retrying in 30 s: 12:30:45.123; rate = 5 MB/s; 100% done; R&D; a \\ b",
		"-----BEGIN CERTIFICATE-----\nMIIBRkFLRSBjZXJ0aWZpY2F0ZQ\n-----END CERTIFICATE-----",
	}
}

func newSecrets(t testing.TB) *redact.Redactor {
	t.Helper()
	r, err := redact.New(redact.Options{Mode: redact.Secrets})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSecretTexts(t *testing.T) {
	t.Parallel()
	cases := secretCases()
	if len(cases) < 150 {
		t.Errorf("only %d cases", len(cases))
	}
	r := newSecrets(t)
	for _, c := range cases {
		got := r.Text(c.text)
		for _, gone := range strings.Split(c.gone, "¦") {
			if gone != "" && strings.Contains(got, gone) {
				t.Errorf("%q\n\tleaks %q: %q", shorten(c.text), gone, shorten(got))
			}
		}
		for _, stay := range strings.Split(c.stay, "¦") {
			if !strings.Contains(got, stay) {
				t.Errorf("%q\n\tlost %q: %q", shorten(c.text), stay, shorten(got))
			}
		}
		if c.gone == "" && got != c.text {
			t.Errorf("%q\n\tbecame %q", shorten(c.text), shorten(got))
		}
		r.TakeCounts()
		if again := r.Text(got); again != got || len(r.TakeCounts()) > 0 {
			t.Errorf("%q\n\tredacted twice: %q, then %q", shorten(c.text), shorten(got), shorten(again))
		}
	}
}

func shorten(text string) string {
	if len(text) > 300 {
		return text[:200] + "…" + text[len(text)-100:]
	}
	return text
}

func TestKeptTexts(t *testing.T) {
	t.Parallel()
	r := newSecrets(t)
	for _, text := range keptTexts() {
		if got := r.Text(text); got != text {
			t.Errorf("%q\n\tbecame %q", text, got)
		}
	}
}

// TestEncodings has a secret in every place, in every encoding of it.
func TestEncodings(t *testing.T) {
	t.Parallel()
	r := newSecrets(t)
	for place, text := range places() {
		for name, encode := range encodings() {
			secret := "Fa-ke_77" + "secret9"
			in := "before " + encode(fmt.Sprintf(text, secret)) + " behind"
			got := r.Text(in)
			if strings.Contains(got, secret) || !strings.HasPrefix(got, "before ") {
				t.Errorf("%s, %s: %q leaks: %q", place, name, in, got)
			}
		}
	}
}

// places are contexts that make a secret of what stands in them.
func places() map[string]string {
	return map[string]string{
		"connection string": `Server=s;Password=%s;Timeout=30`,
		"quoted":            `Server=s;Password="%s";Timeout=30`,
		"braces":            `Server=s;Pwd={%s};Timeout=30`,
		"JSON":              `{"password":"%s","port":1}`,
		"JSON with spaces":  `{"clientSecret" : "%s" , "port" : 1}`,
		"XML":               `<Password>%s</Password>`,
		"attribute":         `<a password="%s" port="1"/>`,
		"pair":              `<add key="Password" value="%s"/>`,
		"object":            `{"name":"password","value":"%s"}`,
		"header":            `Authorization: Bearer %s`,
		"URL":               `http://user:%s@host:80/x`,
		"SAS":               `https://h/?sv=1&sig=%s&se=2`,
		"option":            `tool -Password %s -Force`,
		"ADF":               `ADF#00000001-1111-4222-8333-000000000001@wu#%s`,
	}
}

func encodings() map[string]func(string) string {
	xml := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace
	json := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace
	unicode := strings.NewReplacer(`"`, `\u0022`, "&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "=", `\u003d`).Replace
	url := strings.NewReplacer("%", "%25", " ", "%20", `"`, "%22", "&", "%26", "<", "%3C", ">", "%3E", "=", "%3D", ";", "%3B", ":", "%3A", "/", "%2F", "#", "%23", "@", "%40", "{", "%7B", "}", "%7D", ",", "%2C").Replace
	return map[string]func(string) string{
		"plain":       func(s string) string { return s },
		"XML":         xml,
		"XML twice":   func(s string) string { return xml(xml(s)) },
		"JSON":        json,
		"JSON twice":  func(s string) string { return json(json(s)) },
		"JSON thrice": func(s string) string { return json(json(json(s))) },
		"unicode":     unicode,
		"URL":         url,
		"URL twice":   func(s string) string { return url(url(s)) },
		"JSON in XML": func(s string) string { return xml(json(s)) },
		"XML in JSON": func(s string) string { return json(xml(s)) },
		"URL in JSON": func(s string) string { return json(url(s)) },
		"unicode XML": func(s string) string { return unicode(xml(s)) },
	}
}

// crowdedTexts are texts that are full of what rules look at.
func crowdedTexts(size int) map[string]string {
	full := func(s string) string { return strings.Repeat(s, size/len(s)) }
	texts := map[string]string{
		"words":  full("The gateway is online. ") + " Password=Fake-end;x=1",
		"base64": full("QUJD") + " Password=Fake-end",
	}
	for _, s := range []string{
		"password=", `password="`, "password='", `"password":"`, "password:", "password ", "password='a\" ", `password=\"`, "password={", "password={\"", "password=[\"",
		"password=<", "password=a;", "password=a b ", "password=,", "<password>", "<password ", `<a name="password" `, `name="password",`, `value="x" `, `value="x",name="password`,
		"-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\"", "-----END PRIVATE KEY-----", "IR@00000000", "@ServiceEndpoint=a@", "eyJabcdefgh.", "authorization: basic ",
		"digest a=b,", "digest ", "cookie: ", "sig=", "://a:", "://a:b@", "http://", "dmgcmd -", "dmgcmd ", "-gbf \"", "-gbf a ", "/pass:", "sqlcmd x -", "sqlcmd ", "curl -u ", "curl ",
		"convertto-securestring ", "'x' | convertto-securestring ", "networkcredential(\"", "-password ", "-password '", "password is ", "password 'a", "&amp;", "&amp;amp;", "%25", `\\`, `\u005c`,
		`\"password\":`, "=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "secret=%3D", "password=\\n", "token=", "pw=", "credentials: ", "{\"", "[", "«", "key=\"", "bearer ",
	} {
		texts[s] = full(s) + " Password=Fake-end"
	}
	return texts
}

// TestCrowdedTexts: the secret at the end of a text is found whatever stands
// in front of it. How long a megabyte takes is for BenchmarkCrowdedTexts.
func TestCrowdedTexts(t *testing.T) {
	t.Parallel()
	r := newSecrets(t)
	for name, text := range crowdedTexts(32 << 10) {
		if got := r.Text(text); strings.HasSuffix(got, "Fake-end") {
			t.Errorf("%q: the secret at the end is left", name)
		}
	}
}

// TestStepsGrowWithText: a text that is twice as long is no more than twice the work, whatever it is full of.
func TestStepsGrowWithText(t *testing.T) {
	t.Parallel()
	r := newSecrets(t)
	const size = 17 << 10 // longer ones are looked at once
	small, large := crowdedTexts(size), crowdedTexts(2*size)
	for name, text := range small {
		r.TakeSteps()
		r.Text(text)
		once := r.TakeSteps()
		r.Text(large[name])
		if twice := r.TakeSteps(); twice > 2*once+once/4+100_000 {
			t.Errorf("%q: %d steps for %d bytes, %d for twice as many", name, once, len(text), twice)
		}
	}
}
