package upload

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
)

// azureKind is a container of Azure, or a single blob in it, with a SAS. Bundles
// go there as block blobs, with what is known of them as metadata.
func azureKind() kind {
	return kind{
		form: "a container or blob of Azure with its SAS", lists: true,
		match: func(a *address) bool { return a.isWeb() && isAzure(a.url.Hostname(), a.url.Query()) },
		parse: parseAzure,
	}
}

// isAzure tells a SAS from other signed URLs. An own domain can lead to Azure too.
func isAzure(host string, query url.Values) bool {
	_, domain, _ := strings.Cut(strings.ToLower(host), ".")
	return strings.HasPrefix(domain, "blob.core.") || domain == "blob.storage.azure.net" ||
		query.Has("sv") && (query.Has("sig") || query.Has("sp") || query.Has("se"))
}

// azurePlace is a container, what names in it begin with, or a blob in it.
type azurePlace struct {
	url    *url.URL // as it was typed, with the SAS
	base   string   // of the container: scheme, host and path
	prefix string   // names in the container begin with it
	blob   string   // the only name that the SAS is for; empty for a container
	sas    sas
}

func parseAzure(a *address) (place, *Error) {
	if err := a.checkWeb(); err != nil {
		return nil, err
	}
	query := a.url.Query()
	if query.Get("sig") == "" {
		return nil, newError("put the URL in quotes: without them, the shell ends it at the first &",
			"the URL has no SAS, or not all of it: sig= is missing")
	}
	u := *a.url
	u.Fragment = ""
	// A signature is base64, and its + was to be escaped.
	u.RawQuery = strings.ReplaceAll(u.RawQuery, "+", "%2B")
	p := &azurePlace{url: &u, sas: sas{query}}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	account := ""
	if host := u.Hostname(); host == "localhost" || net.ParseIP(host) != nil { // an emulator: the account is in the path
		account, parts = "/"+url.PathEscape(parts[0]), parts[1:]
	}
	if len(parts) == 0 || parts[0] == "" {
		return nil, newError("https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS", "the URL names no container")
	}
	p.base = u.Scheme + "://" + u.Host + account + "/" + url.PathEscape(parts[0])
	switch below := strings.Join(parts[1:], "/"); {
	case query.Get("sr") == "b" && below == "":
		return nil, newError("https://ACCOUNT.blob.core.windows.net/CONTAINER/BLOB?SAS, or ask for a SAS of the container",
			"the SAS is for a single blob, and the URL names none")
	case query.Get("sr") == "b":
		p.blob = below
	case below != "":
		p.prefix = below + "/"
	}
	return p, nil
}

func (p *azurePlace) host() string       { return p.url.Host }
func (p *azurePlace) expires() time.Time { return p.sas.ends() }

func (p *azurePlace) String() string {
	return p.base + strings.TrimSuffix("/"+escapePath(p.prefix+p.blob), "/")
}

func (p *azurePlace) open(h *hider, o Options) Destination {
	return &azure{newClient(peer{p.url, h, "send again: it goes on where it stopped", p.explain}, o), p}
}

// name is what a bundle is called there.
func (p *azurePlace) name(b *Bundle) string {
	if p.blob != "" {
		return p.blob
	}
	return p.prefix + b.Blob()
}

// azure is the destination. Of the SDK, package blockblob alone is used: listing
// with its package container would bring in Apache Arrow, some 4 MB.
type azure struct {
	*client
	place *azurePlace
}

// blob is the SDK's client for the blob of a name.
func (a *azure) blob(name string) (*blockblob.Client, error) {
	b, err := blockblob.NewClientWithNoCredential(a.place.base+"/"+escapePath(name)+"?"+a.place.url.RawQuery,
		&blockblob.ClientOptions{ClientOptions: policy.ClientOptions{
			Transport: azureTransport{a.client},
			Retry:     policy.RetryOptions{MaxRetries: -1}, // try does that, for all destinations alike
			Telemetry: policy.TelemetryOptions{ApplicationID: a.o.Agent},
		}})
	if err != nil {
		return nil, errURL()
	}
	return b, nil
}

// azureTransport bounds what the SDK reads whole: all answers but the content of a blob.
type azureTransport struct{ *client }

func (t azureTransport) Do(req *http.Request) (*http.Response, error) {
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, err
	}
	isContent := req.Method == http.MethodGet && !req.URL.Query().Has("comp") &&
		(resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusPartialContent)
	if !isContent {
		resp.Body = t.short(resp.Body)
	}
	return resp, nil
}

// try is that of client for requests of the SDK, whose errors may have the URL.
func (a *azure) try(ctx context.Context, request func(context.Context) error) error {
	return a.client.try(ctx, func(ctx context.Context) error { return answerOf(request(ctx)) })
}

// answerOf takes the answer out of an error of the SDK.
func answerOf(err error) error {
	var answered *azcore.ResponseError
	if errors.As(err, &answered) {
		return readAnswer(answered.RawResponse)
	}
	return err
}

// look returns what is at the blob's place: nil for nothing. blind means that
// the SAS does not allow to look.
func (a *azure) look(ctx context.Context, b *blockblob.Client, name string) (there *Stored, blind bool, err error) {
	err = a.try(ctx, func(ctx context.Context) error {
		p, err := b.GetProperties(ctx, nil)
		if err == nil {
			there = storedBlob(name, &p)
		}
		return err
	})
	switch {
	case err == nil:
		return there, false, nil
	case isCode(err, "ContainerNotFound"):
		return nil, false, err
	case isStatus(err, http.StatusNotFound):
		return nil, false, nil
	case isCode(err, "AuthorizationPermissionMismatch"):
		return nil, true, nil
	}
	return nil, false, err
}

func storedBlob(name string, p *blob.GetPropertiesResponse) *Stored {
	s := &Stored{Blob: name, Size: -1}
	if p.ContentLength != nil {
		s.Size = *p.ContentLength
	}
	if p.LastModified != nil {
		s.Time = p.LastModified.UTC()
	}
	if p.ETag != nil {
		s.ETag = string(*p.ETag)
	}
	s.describe(p.Metadata)
	return s
}

// Send puts the bundle there in blocks, those at first that are not there yet.
func (a *azure) Send(ctx context.Context, b *Bundle, p *Progress) (*Sent, error) {
	name := a.place.name(b)
	at, err := a.blob(name)
	if err != nil {
		return nil, err
	}
	there, blind, err := a.look(ctx, at, name)
	if err != nil {
		return nil, err
	}
	u := &blockUpload{azure: a, blob: at, name: name, b: b, p: p, size: a.o.blockSize(b.Size), blind: blind}
	if there != nil {
		return u.already(there)
	}
	// Without a state, a bundle can be sent all the same.
	u.state, err = openState(a.o.StateDir, u.plan())
	if err != nil && a.o.Notify != nil {
		a.o.Notify(&Error{Text: "cannot keep how far it is, so that an interruption means to begin anew: " + err.Error()})
	}
	sent, err := u.run(ctx)
	if err != nil {
		u.state.keep()
		return nil, err
	}
	u.state.remove()
	return sent, nil
}

// Fetch gets a blob. When the connection breaks off, the rest is asked for, of
// the same blob and no newer one.
func (a *azure) Fetch(ctx context.Context, s *Stored, w io.WriterAt, p *Progress) (int64, error) {
	b, err := a.blob(s.Blob)
	if err != nil {
		return 0, err
	}
	var conditions *blob.AccessConditions
	if s.ETag != "" {
		conditions = &blob.AccessConditions{ModifiedAccessConditions: &blob.ModifiedAccessConditions{IfMatch: new(azcore.ETag(quoted(s.ETag)))}}
	}
	n, err := a.fetch(ctx, s.Size, w, p, func(ctx context.Context, offset int64) (io.ReadCloser, int64, error) {
		r, err := b.DownloadStream(ctx, &blob.DownloadStreamOptions{Range: blob.HTTPRange{Offset: offset}, AccessConditions: conditions})
		if err != nil {
			return nil, 0, answerOf(err)
		}
		return r.Body, offset, nil
	})
	if isStatus(err, http.StatusPreconditionFailed) {
		err = newError("look for it again: gwlogs reports", "%s: %s is no longer there, or is another one by now", a.host(), s.Blob)
	}
	return n, err
}

// quoted is an ETag as a header has it; lists leave the quotes out.
func quoted(etag string) string {
	if strings.HasSuffix(etag, `"`) {
		return etag
	}
	return `"` + etag + `"`
}
