package matcher

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/gwlogs/gwlogs/sigma/ast"
)

// TestPrepared: what was prepared is what the files say.
func TestPrepared(t *testing.T) {
	t.Parallel()
	want := builtin(t)
	Prepare(want)
	got, err := BuiltinPrepared()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d signatures, not %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.required == nil {
			continue // its file was changed since
		}
		if where := differ("", reflect.ValueOf(g).Elem(), reflect.ValueOf(w).Elem()); where != "" {
			t.Errorf("%s: %s differs: go generate ./matcher", w.Name, where)
		}
	}
}

// differ returns where two values differ, empty if they do not.
func differ(at string, a, b reflect.Value) string {
	switch a.Type() {
	case reflect.TypeFor[*ast.Regexp]():
		if a.IsNil() != b.IsNil() || !a.IsNil() && a.Elem().Field(0).String() != b.Elem().Field(0).String() {
			return at
		}
		return ""
	case reflect.TypeFor[regexp.Regexp](), reflect.TypeFor[*locales]():
		return ""
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return at
			}
			return ""
		}
		if a.Elem().Type() != b.Elem().Type() {
			return at
		}
		return differ(at, a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if name := a.Type().Field(i).Name; name != "custom" && name != "Source" {
				if where := differ(at+"."+name, a.Field(i), b.Field(i)); where != "" {
					return where
				}
			}
		}
		return ""
	case reflect.Slice:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			return at
		}
		for i := range a.Len() {
			if where := differ(at, a.Index(i), b.Index(i)); where != "" {
				return where
			}
		}
		return ""
	}
	if !a.Equal(b) {
		return at
	}
	return ""
}
