package upload

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const (
	listVersion = "2021-12-02" // of the service's language
	maxPages    = 1000         // of 5000 blobs each
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
	if a.place.blob != "" {
		return a.listOne(ctx, reportID)
	}
	list := listed{reportID: reportID}
	marker := ""
	for range maxPages {
		page, err := a.page(ctx, a.place.prefix+reportID, marker)
		if err != nil {
			return nil, err
		}
		if err := a.take(page, &list); err != nil {
			return nil, err
		}
		if page.Next == "" {
			return list.all, nil
		}
		if page.Next == marker {
			break
		}
		marker = page.Next
	}
	return nil, newError("name a report ID; is it the URL that support uses?", "%s: its list of bundles does not end", a.host())
}

func (a *azure) listOne(ctx context.Context, reportID string) ([]Stored, error) {
	b, err := a.blob(a.place.blob)
	if err != nil {
		return nil, err
	}
	there, blind, err := a.look(ctx, b, a.place.blob)
	switch {
	case err != nil:
		return nil, err
	case blind:
		return nil, newError("ask for one that allows to read (sp=r)", "%s: the SAS does not allow to read", a.host())
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
		resp, err := a.get(ctx, a.place.base+"?"+query.Encode()+"&"+a.place.url.RawQuery, http.Header{"X-Ms-Version": {listVersion}},
			http.StatusOK)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(a.short(resp.Body))
		if err != nil {
			return err
		}
		page = new(listing)
		if xml.Unmarshal([]byte(strings.TrimPrefix(string(data), "\ufeff")), page) != nil {
			return newError("is it the URL that support uses?", "%s: its list of bundles cannot be understood", a.host())
		}
		return nil
	})
	return page, err
}

// take takes the blobs of a page that are called REPORTID/NAME.
func (a *azure) take(page *listing, list *listed) error {
	for _, b := range page.Blobs {
		name := b.Name.Text
		if plain, err := url.PathUnescape(name); b.Name.Encoded && err == nil {
			name = plain
		}
		below, ok := strings.CutPrefix(name, a.place.prefix)
		if !ok {
			continue
		}
		id, file, _ := strings.Cut(below, "/")
		s := Stored{Blob: name, Size: -1, ETag: b.ETag}
		if b.Size != nil {
			s.Size = max(-1, *b.Size)
		}
		if at, err := http.ParseTime(b.Modified); err == nil {
			s.Time = at.UTC()
		}
		metadata := make(map[string]*string)
		for _, m := range b.Metadata.All {
			metadata[m.XMLName.Local] = &m.Value
		}
		s.describe(metadata)
		if err := list.add(id, file, s); err != nil {
			return err
		}
	}
	return nil
}
