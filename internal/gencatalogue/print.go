package main

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/matcher"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A printer writes values as Go expressions of package matcher. What is zero is left out. A search, to which conditions
// refer, becomes a variable of its own.
type printer struct {
	shared   io.Writer // gets the variables
	searches map[*ast.Search]string
	err      error
}

// own is the package that the file is of: its unexported fields are written, those of others are not.
var own = reflect.TypeFor[matcher.Signature]().PkgPath()

// left are fields that are set when the signatures are handed out.
func left(t reflect.Type, field string) bool {
	return t == reflect.TypeFor[matcher.Signature]() && (field == "Source" || field == "locales")
}

func (p *printer) print(w *bytes.Buffer, v any) { p.value(w, reflect.ValueOf(v), false) }

// value writes a value; elided says that the literal around it names the type.
func (p *printer) value(w *bytes.Buffer, v reflect.Value, elided bool) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		p.time(w, v)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		p.pointer(w, v, elided)
	case reflect.Interface:
		p.value(w, v.Elem(), false)
	case reflect.Struct:
		p.structure(w, v, elided)
	case reflect.Slice:
		if v.IsNil() {
			w.WriteString("nil")
			return
		}
		if !elided {
			w.WriteString(p.name(v.Type()))
		}
		w.WriteByte('{')
		for i := range v.Len() {
			if i > 0 {
				w.WriteString(", ")
			}
			p.value(w, v.Index(i), v.Type().Elem().Kind() != reflect.Interface)
		}
		w.WriteByte('}')
	case reflect.String:
		w.WriteString(strconv.Quote(v.String()))
	case reflect.Bool:
		fmt.Fprint(w, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		fmt.Fprint(w, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		fmt.Fprint(w, v.Uint())
	case reflect.Float64:
		w.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	default:
		p.fail("no way to write a %s", v.Type())
	}
}

func (p *printer) pointer(w *bytes.Buffer, v reflect.Value, elided bool) {
	if v.IsNil() {
		w.WriteString("nil")
		return
	}
	if v.Type() == reflect.TypeFor[*ast.Search]() {
		w.WriteString(p.search(v.Interface().(*ast.Search)))
		return
	}
	if !elided {
		w.WriteByte('&')
	}
	p.value(w, v.Elem(), elided)
}

// search is the name of the variable for a search.
func (p *printer) search(s *ast.Search) string {
	if name := p.searches[s]; name != "" {
		return name
	}
	if p.searches == nil {
		p.searches = make(map[*ast.Search]string)
	}
	name := "search" + strconv.Itoa(len(p.searches))
	p.searches[s] = name
	var text bytes.Buffer
	p.value(&text, reflect.ValueOf(*s), false)
	fmt.Fprintf(p.shared, "var %s = &%s\n\n", name, text.Bytes())
	return name
}

func (p *printer) structure(w *bytes.Buffer, v reflect.Value, elided bool) {
	if !elided {
		w.WriteString(p.name(v.Type()))
	}
	w.WriteByte('{')
	n := 0
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case v.Field(i).IsZero(), left(v.Type(), f.Name):
			continue
		case !f.IsExported() && f.PkgPath != own:
			if f.Type != reflect.TypeFor[map[string]any]() && !p.derived(v.Type(), f.Name) {
				p.fail("%s.%s has a value and cannot be written", v.Type(), f.Name)
			}
			continue
		}
		if n++; n > 1 {
			w.WriteString(", ")
		}
		w.WriteString(f.Name + ": ")
		p.value(w, v.Field(i), false)
	}
	w.WriteByte('}')
}

// derived are unexported fields of other packages that need not be written: a Regexp is compiled again, and the fields of
// a rule that are ours have been read.
func (p *printer) derived(t reflect.Type, field string) bool {
	return t == reflect.TypeFor[ast.Regexp]() || t.Name() == "Rule" && field == "custom"
}

func (p *printer) time(w *bytes.Buffer, v reflect.Value) {
	t, ok := v.Interface().(time.Time)
	if !ok {
		p.fail("a time in an unexported field")
		return
	}
	fmt.Fprintf(w, "time.Unix(%d, %d).UTC()", t.Unix(), t.Nanosecond())
}

// name is a type as package matcher names it.
func (p *printer) name(t reflect.Type) string { return strings.ReplaceAll(t.String(), "matcher.", "") }

func (p *printer) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}
