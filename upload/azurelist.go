package upload

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
)

const (
	listVersion = "2021-12-02" // of the service's language
	maxList     = 64 << 20     // bytes of an answer
	maxBundles  = 1_000_000    // in a list
)

// listing is an answer to List Blobs.
type listing struct {
	Blobs []struct {
		Name struct {
			Text    string `xml:",chardata"`
			Encoded bool   `xml:"Encoded,attr"`
		} `xml:"Name"`
		Modified string `xml:"Properties>Last-Modified"`
		ETag     string `xml:"Properties>Etag"`
		Size     *int64 `xml:"Properties>Content-Length"`
		Metadata struct {
			All []struct {
				XMLName xml.Name
				Value   string `xml:",chardata"`
			} `xml:",any"`
		} `xml:"Metadata"`
	} `xml:"Blobs>Blob"`
	Next string `xml:"NextMarker"`
}

// List asks for the bundles of the container, or looks at the blob.
func (a *azure) List(ctx context.Context, reportID string) ([]Stored, error) {
	if a.target.blob != "" {
		return a.listOne(ctx, reportID)
	}
	var all []Stored
	for marker := ""; ; {
		page, err := a.page(ctx, a.target.prefix+reportID, marker)
		if err != nil {
			return nil, err
		}
		all = append(all, a.bundles(page, reportID)...)
		if marker = page.Next; marker == "" || len(all) > maxBundles {
			break
		}
	}
	slices.SortStableFunc(all, func(x, y Stored) int { return x.Time.Compare(y.Time) })
	return all, nil
}

func (a *azure) listOne(ctx context.Context, reportID string) ([]Stored, error) {
	b, err := a.blob(a.target.blob)
	if err != nil {
		return nil, err
	}
	there, blind, err := a.look(ctx, b, a.target.blob)
	switch {
	case err != nil:
		return nil, err
	case blind:
		return nil, newError("ask for one that allows to read (sp=r)", "%s: the SAS does not allow to read", a.target.Host())
	case there == nil || reportID != "" && there.ReportID != "" && !strings.EqualFold(there.ReportID, reportID):
		return nil, nil
	}
	return []Stored{*there}, nil
}

// page gets a part of the list.
func (a *azure) page(ctx context.Context, prefix, marker string) (*listing, error) {
	query := url.Values{"restype": {"container"}, "comp": {"list"}, "include": {"metadata"}}
	if prefix != "" {
		query.Set("prefix", prefix)
	}
	if marker != "" {
		query.Set("marker", marker)
	}
	var page *listing
	err := a.try(ctx, func(ctx context.Context) error {
		resp, err := a.get(ctx, a.target.base+"?"+query.Encode()+"&"+a.target.url.RawQuery, http.Header{"X-Ms-Version": {listVersion}}, http.StatusOK)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(io.LimitReader(resp.Body, maxList))
		if err != nil {
			return err
		}
		page = new(listing)
		if xml.Unmarshal([]byte(strings.TrimPrefix(string(data), "\ufeff")), page) != nil {
			return newError("is it the URL that support uses?", "%s: its list of bundles cannot be understood", a.target.Host())
		}
		return nil
	})
	return page, err
}

// bundles are the blobs of a page that are called REPORTID/NAME.
func (a *azure) bundles(page *listing, reportID string) []Stored {
	var all []Stored
	for _, b := range page.Blobs {
		name := b.Name.Text
		if plain, err := url.PathUnescape(name); b.Name.Encoded && err == nil {
			name = plain
		}
		below, ok := strings.CutPrefix(name, a.target.prefix)
		id, file, found := strings.Cut(below, "/")
		if !ok || !found || !isReportID(id) || strings.Contains(file, "/") || reportID != "" && !strings.EqualFold(id, reportID) {
			continue
		}
		s := Stored{Blob: name, Size: -1, ETag: b.ETag}
		if b.Size != nil {
			s.Size = *b.Size
		}
		if at, err := http.ParseTime(b.Modified); err == nil {
			s.Time = at.UTC()
		}
		metadata := make(map[string]*string)
		for _, m := range b.Metadata.All {
			metadata[m.XMLName.Local] = &m.Value
		}
		s.describe(metadata)
		s.ReportID = strings.ToLower(id)
		all = append(all, s)
	}
	return all
}

func isReportID(text string) bool { return len(text) == 36 && uuidForm.MatchString(text) }

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
	return a.fetch(ctx, s.Size, w, p, func(ctx context.Context, offset int64) (io.ReadCloser, int64, error) {
		r, err := b.DownloadStream(ctx, &blob.DownloadStreamOptions{Range: blob.HTTPRange{Offset: offset}, AccessConditions: conditions})
		if err != nil {
			return nil, 0, err
		}
		return r.Body, offset, nil
	})
}

// quoted is an ETag as a header has it; lists leave the quotes out.
func quoted(etag string) string {
	if strings.HasSuffix(etag, `"`) {
		return etag
	}
	return `"` + etag + `"`
}

// enough is how many bytes have to come before an interruption for the next
// attempt to be the first again.
const enough = 256 << 10

// fetch copies what open returns, from its offset on, until size bytes are
// there, or all if size is -1. open may begin earlier than it was asked to.
func (c *client) fetch(ctx context.Context, size int64, w io.WriterAt, p *Progress, open func(ctx context.Context, offset int64) (io.ReadCloser, int64, error)) (int64, error) {
	offset, whole := int64(0), false
	for !whole {
		err := c.try(ctx, func(ctx context.Context) error {
			body, at, err := open(ctx, offset)
			if err != nil {
				return err
			}
			defer body.Close()
			n, err := io.Copy(&countedWriter{io.NewOffsetWriter(w, at), p, at}, body)
			offset = at + n
			switch {
			case err == nil && (size < 0 || offset >= size):
				whole = true
			case err == nil:
				err = io.ErrUnexpectedEOF
			}
			if err != nil && n >= enough && !isLocal(err) && ctx.Err() == nil {
				return nil
			}
			return err
		})
		if err != nil {
			return offset, err
		}
	}
	return offset, nil
}

// countedWriter says how far it is. Its errors are of this machine.
type countedWriter struct {
	w  io.Writer
	p  *Progress
	at int64
}

func (c *countedWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.at += int64(n)
	c.p.Done.Store(c.at)
	if err != nil {
		err = localError("the file here cannot be written", err)
	}
	return n, err
}

func isLocal(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.again
}

// clockNow is the time that something arrived where nobody else says it.
func clockNow() time.Time { return time.Now().UTC().Truncate(time.Second) }
