package check

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A verdict is what a chain of certificates is worth here.
type verdict struct {
	finding    string // empty: it is trusted, and of the right host
	layer      Layer
	status     Status
	foreign    bool   // it is of another host
	issuer     string // of the topmost certificate that was sent
	names      []string
	begin, end string
	wanted     string // the issuer that is missing
	soon       bool   // it ends soon
	days       string
	raw        []string
	leaf       *x509.Certificate
	chain      []*x509.Certificate // as it was sent
	valid      func(at time.Time) bool
}

// expiresSoon is when somebody should renew a certificate.
const expiresSoon = 14 * 24 * time.Hour

// judge verifies a chain with the authorities of this machine, and says what is wrong with it.
func (t *trip) judge(s tls.ConnectionState) *verdict {
	chain := slices.CompactFunc(slices.Clone(s.PeerCertificates), (*x509.Certificate).Equal)
	v := &verdict{layer: LayerTLS, status: t.fault(), chain: chain}
	if !t.to.web() && v.status == Fault {
		v.status = Warning // whether the certificate of a store is looked at, its linked service decides
	}
	if len(chain) == 0 {
		v.finding = "no-certificate"
		return v
	}
	v.leaf = chain[0]
	v.issuer = commonName(chain[len(chain)-1].Issuer.String(), chain[len(chain)-1].Issuer.CommonName, chain[len(chain)-1].Issuer.Organization)
	v.names = certificateNames(v.leaf)
	v.begin, v.end = v.leaf.NotBefore.UTC().Format(time.DateOnly), v.leaf.NotAfter.UTC().Format(time.DateOnly)
	for i, c := range chain[:min(len(chain), 5)] {
		v.raw = append(v.raw, fmt.Sprintf("certificate %d: %s, issued by %s, %s to %s", i+1, c.Subject, c.Issuer,
			c.NotBefore.UTC().Format(time.DateOnly), c.NotAfter.UTC().Format(time.DateOnly)))
	}
	now := t.now()
	options := func(at time.Time) x509.VerifyOptions {
		o := x509.VerifyOptions{Roots: t.authorities(), Intermediates: x509.NewCertPool(), CurrentTime: at}
		for _, c := range chain[1:] {
			o.Intermediates.AddCert(c)
		}
		return o
	}
	verified, err := v.leaf.Verify(options(now))
	v.valid = func(at time.Time) bool { _, err := v.leaf.Verify(options(at)); return err == nil }
	if err == nil {
		v.trusted(t, verified)
		return v
	}
	v.raw = append(v.raw, err.Error())
	v.untrusted(t, now, err, options)
	return v
}

// trusted looks at what is left to be wrong with a chain that this machine trusts.
func (v *verdict) trusted(t *trip, verified [][]*x509.Certificate) {
	if err := v.leaf.VerifyHostname(t.to.Host); err != nil {
		v.finding, v.foreign = "wrong-name", true
		v.raw = append(v.raw, err.Error())
		return
	}
	root := verified[0][len(verified[0])-1]
	if _, isAzure := azure(t.to.Host); isAzure && !microsoftChain(verified[0]) {
		v.finding, v.layer, v.status = "inspection-trusted", LayerInspection, Warning
		v.issuer = commonName(root.Subject.String(), root.Subject.CommonName, root.Subject.Organization)
		if t.to.Weight != Required {
			v.status = Note
		}
		return
	}
	if left := v.leaf.NotAfter.Sub(t.now()); left < expiresSoon && v.leaf.NotAfter.Sub(v.leaf.NotBefore) > 3*expiresSoon {
		v.soon, v.days = true, fmt.Sprint(int(left.Hours()/24))
	}
}

// untrusted finds the reason that is nearest to what can be done about it: a certificate of nobody known is that first, whatever else
// is wrong with it.
func (v *verdict) untrusted(t *trip, now time.Time, err error, options func(time.Time) x509.VerifyOptions) {
	_, isAzure := azure(t.to.Host)
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	leaf := v.leaf
	inTime := now
	if now.After(leaf.NotAfter) || now.Before(leaf.NotBefore) {
		inTime = leaf.NotAfter.Add(-time.Second)
	}
	_, then := leaf.Verify(options(inTime)) // whether the time alone is wrong
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && then == nil:
		v.finding = "expired"
		if now.Before(leaf.NotBefore) {
			v.finding = "not-yet-valid"
		}
		if leaf.VerifyHostname(t.to.Host) != nil && !isAzure {
			v.finding, v.foreign = "wrong-name", true
		}
		if !now.After(leaf.NotAfter) && !now.Before(leaf.NotBefore) {
			v.finding = "chain-expired"
		}
		return
	case errors.As(then, &unknown) || errors.As(err, &unknown) || isSystemUnknown(err):
		v.unknownIssuer(t, isAzure)
		return
	}
	v.finding = "bad-certificate"
}

// isSystemUnknown is for Windows and macOS, which verify themselves.
func isSystemUnknown(err error) bool {
	var system x509.SystemRootsError
	return errors.As(err, &system) || strings.Contains(err.Error(), "unknown authority") || strings.Contains(err.Error(), "not trusted")
}

// unknownIssuer tells a server that does not send all of its chain from somebody who opens TLS. Authorities of the public say in their
// certificates where the one above is to be had, those of inspecting proxies have no such place. Who opens TLS signs as himself, and
// for the name that was asked for. Nothing is to be trusted on the word of a certificate whose issuer did not come with it, nor one
// that is of another host: it may be the wrong server, and would be refused for its name all the same.
func (v *verdict) unknownIssuer(t *trip, isAzure bool) {
	top := v.chain[len(v.chain)-1]
	selfIssued := string(top.RawIssuer) == string(top.RawSubject)
	v.foreign = v.leaf.VerifyHostname(t.to.Host) != nil
	alone := len(v.chain) == 1 && !selfIssued
	switch {
	case v.foreign && madeByServer(v.leaf):
		v.finding, v.foreign = "self-made", false
	case v.foreign && !t.to.web() && selfIssued && len(v.chain) == 1:
		v.finding = "self-signed-foreign"
	case v.foreign:
		v.finding = "wrong-name"
	case !selfIssued && len(top.IssuingCertificateURL) > 0:
		v.finding = "missing-intermediate"
		v.wanted = top.Issuer.String()
		v.raw = append(v.raw, "issuer's certificate: "+strings.Join(top.IssuingCertificateURL[:1], ""))
	case alone && !namesProxy(v.issuer) && (!isAzure || microsoftChain(v.chain[:1])):
		v.finding, v.wanted = "issuer-not-sent", top.Issuer.String()
	case isAzure:
		v.finding, v.layer = "inspection", LayerInspection
	case selfIssued && len(v.chain) == 1:
		v.finding = "self-signed"
	default:
		v.finding = "unknown-issuer"
	}
}

// madeByServer reports whether a certificate is one that a database server makes for itself when it has none: it is of no host.
func madeByServer(c *x509.Certificate) bool {
	name := c.Subject.CommonName
	return name == "SSL_Self_Signed_Fallback" || // SQL Server
		strings.HasSuffix(name, "_Auto_Generated_Server_Certificate") // MySQL
}

// microsoftChain reports whether a chain ends as those of Azure do: at an authority of the public that Microsoft buys from, or is.
// What is issued by anybody else, and trusted here all the same, was issued within the company.
func microsoftChain(chain []*x509.Certificate) bool {
	for _, c := range chain {
		organizations := slices.Concat(c.Subject.Organization, c.Issuer.Organization)
		if !c.IsCA {
			organizations = c.Issuer.Organization // who it is of, whoever issues it can write as he likes
		}
		for _, org := range organizations {
			for _, known := range []string{"Microsoft", "DigiCert", "Baltimore", "GlobalSign", "Entrust", "Let's Encrypt",
				"Internet Security Research Group", "Google Trust", "Amazon", "Sectigo"} {
				if strings.HasPrefix(strings.ToLower(org), strings.ToLower(known)) {
					return true
				}
			}
		}
	}
	return false
}

func commonName(all, name string, organization []string) string {
	switch {
	case name != "" && len(organization) > 0 && !strings.Contains(name, organization[0]):
		return name + " (" + organization[0] + ")"
	case name != "":
		return name
	case len(organization) > 0:
		return organization[0]
	}
	return all
}

const maxNames = 5

// certificateNames are the first names that a certificate is of.
func certificateNames(c *x509.Certificate) []string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	if len(names) > maxNames {
		names = append(names[:maxNames], "…")
	}
	return names
}
