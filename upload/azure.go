package upload

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"

	"github.com/gwlogs/gwlogs/internal/state"
)

// State is where it is kept how far uploads have come.
type State interface {
	OpenUpload(state.UploadPlan) (*state.Upload, error)
}

// Open returns the destination that a target names. Nothing is sent yet.
func Open(t *Target, o Options) Destination {
	switch t.kind {
	case kindFolder:
		return &folder{root: t.folder}
	case kindPut:
		return &putter{newClient(t, o)}
	}
	return &azure{newClient(t, o)}
}

// azure is a container of Azure, or a single blob in it. Bundles go there as
// block blobs. Of the SDK, package blockblob alone is used: listing with its
// package container would bring in Apache Arrow, some 4 MB.
type azure struct{ *client }

// blob is the blob of that name.
func (a *azure) blob(name string) (*blockblob.Client, error) {
	b, err := blockblob.NewClientWithNoCredential(a.target.blobURL(name), &blockblob.ClientOptions{ClientOptions: policy.ClientOptions{
		Transport: a.client,
		Retry:     policy.RetryOptions{MaxRetries: -1}, // try does that, for all destinations alike
		Telemetry: policy.TelemetryOptions{ApplicationID: a.o.Agent},
	}})
	if err != nil { // its text could have the URL
		return nil, newError("check that it was copied whole", "the URL cannot be used")
	}
	return b, nil
}

// The names of metadata of a blob; Azure takes letters, digits and underscores.
const (
	metaReportID = "report_id"
	metaSHA256   = "sha256"
	metaFrom     = "window_from"
	metaTo       = "window_to"
	metaTool     = "tool"
)

func (b *Bundle) metadata() map[string]*string {
	m := map[string]*string{metaReportID: &b.ReportID, metaSHA256: &b.SHA256}
	if tool := asciiOnly(b.Tool); tool != "" {
		m[metaTool] = &tool
	}
	for name, at := range map[string]*time.Time{metaFrom: b.From, metaTo: b.To} {
		if at != nil {
			m[name] = new(at.UTC().Format(time.RFC3339Nano))
		}
	}
	return m
}

func asciiOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
}

// describe fills in what the metadata say. Names come in any case.
func (s *Stored) describe(metadata map[string]*string) {
	for name, value := range metadata {
		if value == nil {
			continue
		}
		switch strings.ToLower(name) {
		case metaReportID:
			s.ReportID = *value
		case metaSHA256:
			s.SHA256 = *value
		case metaTool:
			s.Tool = *value
		case metaFrom:
			s.From = metaTime(*value)
		case metaTo:
			s.To = metaTime(*value)
		}
	}
}

func metaTime(text string) *time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	return &at
}

// look returns what is at the blob's place: nil for nothing. blind means that
// the SAS does not allow to look.
func (a *azure) look(ctx context.Context, b *blockblob.Client, name string) (there *Stored, blind bool, err error) {
	err = a.try(ctx, func(ctx context.Context) error {
		p, err := b.GetProperties(ctx, nil)
		if err == nil {
			there = stored(name, &p)
		}
		return err
	})
	switch {
	case err == nil:
		return there, false, nil
	case isCode(err, "ContainerNotFound"):
		return nil, false, err
	case isStatus(err, 404):
		return nil, false, nil
	case isCode(err, "AuthorizationPermissionMismatch"):
		return nil, true, nil
	}
	return nil, false, err
}

func stored(name string, p *blob.GetPropertiesResponse) *Stored {
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
	name := a.target.name(b)
	at, err := a.blob(name)
	if err != nil {
		return nil, err
	}
	there, blind, err := a.look(ctx, at, name)
	if err != nil {
		return nil, err
	}
	u := &blockUpload{azure: a, blob: at, name: name, b: b, p: p, size: a.blockSize(b.Size), blind: blind}
	if there != nil {
		return u.already(there)
	}
	if a.o.State != nil {
		// Without a state, a bundle can be sent all the same.
		u.state, err = a.o.State.OpenUpload(u.plan())
		if err != nil && a.o.Notify != nil {
			a.o.Notify(&Error{Text: "cannot keep how far it is, so that an interruption means to begin anew: " + err.Error()})
		}
	}
	sent, err := u.run(ctx)
	if err == nil {
		u.forget()
		return sent, nil
	}
	if u.state != nil {
		u.state.Close()
	}
	return nil, err
}

// commit makes the blob of its blocks, unless something is there by now. When
// the answer to an attempt got lost, the next one finds our own blob.
func (u *blockUpload) commit(ctx context.Context) (*Sent, error) {
	var etag string
	var at time.Time
	// An earlier run that had sent all blocks may have come as far as this.
	unsure := u.p.Resumed.Load() == u.b.Size
	err := u.try(ctx, func(ctx context.Context) error {
		r, err := u.blob.CommitBlockList(ctx, u.ids(), &blockblob.CommitBlockListOptions{
			Metadata:         u.b.metadata(),
			HTTPHeaders:      &blob.HTTPHeaders{BlobContentType: new("application/zip")},
			AccessConditions: &blob.AccessConditions{ModifiedAccessConditions: &blob.ModifiedAccessConditions{IfNoneMatch: new(azcore.ETagAny)}},
		})
		if err != nil {
			var answer *azcore.ResponseError
			unsure = unsure || !errors.As(err, &answer) || answer.StatusCode >= 500
			return err
		}
		if r.ETag != nil {
			etag = string(*r.ETag)
		}
		if r.LastModified != nil {
			at = r.LastModified.UTC()
		}
		return nil
	})
	exists := Taken(err)
	if err != nil && !exists {
		return nil, err
	}
	there, _, lookErr := u.look(ctx, u.blob, u.name)
	switch {
	case there != nil && !u.same(there):
		return nil, u.other(there)
	case there != nil:
		return &Sent{Stored: *there, Resumed: u.p.Resumed.Load()}, nil
	case exists && !unsure:
		return nil, err
	case lookErr != nil && exists:
		return nil, lookErr
	}
	// The SAS does not allow to look: the service has said yes, or it has, in
	// an attempt whose answer got lost.
	s := Stored{Blob: u.name, Time: at, Size: u.b.Size, ETag: etag}
	s.describe(u.b.metadata())
	return &Sent{Stored: s, Resumed: u.p.Resumed.Load()}, nil
}

// Taken reports whether an error says that there is something of that name
// already, at a destination that does not let us look what it is.
func Taken(err error) bool { return isCode(err, "BlobAlreadyExists") || isStatus(err, 412) }

// same reports whether what is there is our bundle.
func (u *blockUpload) same(there *Stored) bool {
	return there.Size == u.b.Size && strings.EqualFold(there.SHA256, u.b.SHA256)
}

func (u *blockUpload) other(there *Stored) error {
	return newError("a bundle that is made anew has a report ID of its own: gwlogs archive",
		"%s: another file is there already as %s, of %d bytes", u.target.Host(), there.Blob, there.Size)
}

// already is the end of an upload that another run has brought to an end.
func (u *blockUpload) already(there *Stored) (*Sent, error) {
	if !u.same(there) {
		return nil, u.other(there)
	}
	u.p.Done.Store(u.b.Size)
	if u.o.State != nil { // it may have been killed before it could do this
		if left, err := u.o.State.OpenUpload(u.plan()); err == nil {
			left.Remove()
		}
	}
	return &Sent{Stored: *there, Already: true}, nil
}
