package uploadtest

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"

	"crypto/tls"
	"net/http"
)

// The account that every Azurite has.
const (
	account = "devstoreaccount1"
	key     = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

// Azurite is an emulator that runs.
type Azurite struct {
	URL    string // of the account, without a slash at the end
	CAFile string // its certificate; empty without TLS
	dir    string
	cmd    *exec.Cmd
	client *http.Client
}

// ErrMissing says that there is no Azurite here.
var ErrMissing = errors.New("no azurite: .ci/install gets it (it needs npm), or name its program in AZURITE")

// program finds azurite-blob: what AZURITE names, .tools of the repository, or the path.
func program() (string, error) {
	if name := os.Getenv("AZURITE"); name != "" {
		return name, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if name := filepath.Join(dir, ".tools", "azurite", "node_modules", ".bin", "azurite-blob"); exists(name) {
			return name, nil
		}
		if dir == filepath.Dir(dir) || exists(filepath.Join(dir, "go.mod")) {
			break
		}
	}
	if name, err := exec.LookPath("azurite-blob"); err == nil {
		return name, nil
	}
	return "", ErrMissing
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// Start starts an emulator, with TLS or without. The caller stops it.
func Start(withTLS bool) (*Azurite, error) {
	name, err := program()
	if err != nil {
		return nil, err
	}
	a := &Azurite{client: http.DefaultClient}
	if a.dir, err = os.MkdirTemp("", "azurite-"); err != nil {
		return nil, err
	}
	args := []string{"--blobHost", "127.0.0.1", "--blobPort", "0", "--location", a.dir, "--skipApiVersionCheck",
		"--disableTelemetry", "--silent", "--disableProductStyleUrl"}
	if withTLS {
		keyFile := filepath.Join(a.dir, "key.pem")
		a.CAFile = filepath.Join(a.dir, "cert.pem")
		pool, err := MakeCertificate(a.CAFile, keyFile)
		if err != nil {
			return nil, err
		}
		a.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		args = append(args, "--cert", a.CAFile, "--key", keyFile)
	}
	a.cmd = exec.Command(name, args...)
	a.cmd.Dir = a.dir
	a.cmd.Env = append(os.Environ(), "NODE_OPTIONS=")
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	a.cmd.Stderr = a.cmd.Stdout
	if err := a.cmd.Start(); err != nil {
		return nil, err
	}
	address, said := listening(out)
	if address == "" {
		a.Stop()
		return nil, fmt.Errorf("azurite did not start: %s", said)
	}
	a.URL = address + "/" + account
	return a, nil
}

var listens = regexp.MustCompile(`https?://127\.0\.0\.1:\d+`)

// listening reads what Azurite says until it names its address.
func listening(out io.Reader) (address, said string) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address := listens.FindString(lines.Text()); address != "" && strings.Contains(lines.Text(), "successfully listen") {
			go io.Copy(io.Discard, out)
			return address, ""
		}
		said += lines.Text() + "\n"
	}
	return "", said
}

// Stop ends it and removes what it has stored.
func (a *Azurite) Stop() {
	if a.cmd != nil && a.cmd.Process != nil {
		a.cmd.Process.Kill()
		a.cmd.Wait()
	}
	os.RemoveAll(a.dir)
}

// Host is its address.
func (a *Azurite) Host() string {
	_, rest, _ := strings.Cut(a.URL, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// Dir is the folder that everything is stored in.
func (a *Azurite) Dir() string { return a.dir }

// Container makes a container and returns its URL, without a SAS.
func (a *Azurite) Container(t testing.TB) string {
	t.Helper()
	name := "c" + strings.ToLower(rand.Text()[:16])
	credential, err := container.NewSharedKeyCredential(account, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := container.NewClientWithSharedKeyCredential(a.URL+"/"+name, credential,
		&container.ClientOptions{ClientOptions: policy.ClientOptions{Transport: a.client}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return a.URL + "/" + name
}

// SAS is the right to do something with a container, or with the blob in it, from a time to a time.
func SAS(t testing.TB, containerURL, blob, permissions string, from, to time.Time) string {
	t.Helper()
	credential, err := container.NewSharedKeyCredential(account, key)
	if err != nil {
		t.Fatal(err)
	}
	q, err := sas.BlobSignatureValues{
		Protocol: sas.ProtocolHTTPSandHTTP, StartTime: from.UTC(), ExpiryTime: to.UTC(), Permissions: permissions,
		ContainerName: containerURL[strings.LastIndexByte(containerURL, '/')+1:], BlobName: blob,
	}.SignWithSharedKey(credential)
	if err != nil {
		t.Fatal(err)
	}
	return q.Encode()
}

// URL is a container, or a blob in it, with a SAS that is good for an hour.
func URL(t testing.TB, containerURL, blob, permissions string) string {
	now := time.Now()
	address := containerURL
	if blob != "" {
		address += "/" + blob
	}
	return address + "?" + SAS(t, containerURL, blob, permissions, now.Add(-time.Hour), now.Add(time.Hour))
}

// MakeCertificate writes a certificate for loopback and its key, and returns who vouches for it.
func MakeCertificate(certFile, keyFile string) (*x509.CertPool, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gwlogs test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	certText := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certText)
	return pool, errors.Join(
		os.WriteFile(certFile, certText, 0o600),
		os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}
