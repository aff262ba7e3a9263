package redact

import (
	"strings"
)

// placeholder reports whether a name stands in the place of the value: {0}, <password>,
// $(DbPassword), ${x}, %PASSWORD%, @{…}, #{x}#, $env:X, --password PASSWORD.
func (v *vocabulary) placeholder(value string, p place) bool {
	wrapped := func(open, end string) bool {
		inner, ok := strings.CutPrefix(value, open)
		if !ok {
			return false
		}
		inner, ok = strings.CutSuffix(inner, end)
		return ok && strings.Trim(inner, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.: ()|$'\"[]@") == ""
	}
	if n := template(value); n == len(value) || !p.quoted && (calls(value, p) || refers(value)) {
		return true
	}
	switch value[0] {
	case '<':
		inner := strings.Trim(value, "<>")
		return wrapped("<", ">") && (letterish(inner) || v.classOf(inner) != noSecret)
	case '{':
		return wrapped("{{", "}}") || wrapped("{", "}") && !looksRandom(strings.Trim(value, "{}"))
	case '$':
		return wrapped("$(", ")") || wrapped("${", "}") || strings.HasPrefix(strings.ToLower(value), "$env:") ||
			variable(value[1:]) && (p.sign == 0 || p.sign == ':' || v.classOf(value[1:]) != noSecret || strings.ToUpper(value) == value)
	case '@':
		return wrapped("@{", "}") || wrapped("@", ")") && strings.Contains(value, "(") || wrapped("@", "") && strings.Contains(value, "().") || variable(value[1:])
	case '#':
		return wrapped("#{", "}#") || wrapped("#{", "}")
	case '%':
		return wrapped("%", "%") || len(value) <= 3 && strings.Trim(value[1:], "0123456789sdvx") == ""
	case '[':
		return wrapped("[", "]") && letterish(strings.Trim(value, "[]")) || strings.HasPrefix(value, "[parameters(") ||
			strings.HasPrefix(value, "[variables(") || strings.HasPrefix(value, "[concat(")
	case ':', '?':
		return len(value) == 1 || variable(value[1:]) && v.classOf(value[1:]) != noSecret
	}
	if p.sign == 0 && !p.quoted && strings.ToLower(value) == value && letters(value) && v.classOf(value) != noSecret {
		return true // -p password, user:password@host
	}
	return value == strings.ToUpper(value) && letters(strings.ReplaceAll(value, "_", "")) && v.classOf(value) != noSecret
}

// templates are what an expression begins and ends with that a program replaces by the value.
func templates() [][2]string {
	return [][2]string{
		{"${{", "}}"}, {"{{", "}}"}, {"${", "}"}, {"$(", ")"}, {"<%", "%>"}, {"((", "))"}, {"#{", "}"}, {"@{", "}"}, {"@Microsoft.KeyVault(", ")"},
		{"@microsoft.keyvault(", ")"},
	}
}

const maxTemplate = 200

// template returns the length of the expression that a text begins with, 0 if
// there is none, or if it has the value in it: ${NAME:-default}.
func template(text string) int {
	if text == "" || strings.IndexByte("${<(#@%", text[0]) < 0 {
		return 0
	}
	line := text[:min(len(text), maxTemplate)]
	if end := strings.IndexAny(line, "\r\n"); end >= 0 {
		line = line[:end]
	}
	if text[0] == '%' {
		return batchVariable(line)
	}
	for _, t := range templates() {
		if !strings.HasPrefix(line, t[0]) {
			continue
		}
		end := strings.Index(line[len(t[0]):], t[1])
		if end < 0 {
			continue
		}
		inner := line[len(t[0]) : len(t[0])+end]
		if strings.Contains(inner, ":-") || t[0] == "${" && strings.Contains(inner, ":") || strings.Contains(inner, `":`) || strings.TrimSpace(inner) == "" {
			return 0
		}
		if t[0] == "((" && strings.ContainsAny(inner, "(!@#%^&*") {
			return 0
		}
		end += len(t[0]) + len(t[1])
		if end < len(text) && strings.IndexByte(" \t\r\n\"'`,;)}]<&|", text[end]) < 0 {
			return 0
		}
		return end
	}
	return 0
}

// batchVariable returns the length of %NAME%.
func batchVariable(text string) int {
	end := strings.IndexByte(text[1:], '%')
	if end < 2 || '0' <= text[1] && text[1] <= '9' || strings.Trim(text[1:1+end], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return 0
	}
	if end += 2; end+1 < len(text) && isHex(text[end]) && isHex(text[end+1]) { // %41bc%20: escapes
		return 0
	}
	return end
}

// inTemplate reports whether a part of a text stands in an expression: its
// name is that of a thing, not of what stands behind it.
func inTemplate(text string, from, to int) bool {
	before := text[max(0, from-maxTemplate):from]
	if at := strings.LastIndexAny(before, "\r\n"); at >= 0 {
		before = before[at+1:]
	}
	for _, open := range [...]string{"{{", "<%", "${"} {
		at := strings.LastIndex(before, open)
		if at < 0 {
			continue
		}
		begin := from - len(before) + at
		if n := template(text[begin:]); n > 0 && begin+n >= to {
			return true
		}
	}
	return false
}

// calls reports whether the value is what a function returns: getpass(), os.Getenv("X").
func calls(value string, p place) bool {
	open := strings.IndexByte(value, '(')
	if open < 1 || !path(value[:open]) {
		return false
	}
	behind := value[open+1:] + p.behind
	return strings.Contains(value[:open], ".") || behind == "" || strings.IndexByte("\"')$", behind[0]) >= 0
}

// refers reports whether the value is a part of something else: process.env.PASSWORD, $args[0].
func refers(value string) bool {
	root, rest, ok := strings.Cut(strings.TrimSuffix(value, ";"), ".")
	if at := strings.IndexByte(root, '['); at > 0 {
		root, rest, ok = root[:at], strings.Trim(root[at+1:], "\"']"), true
	}
	if !ok || !path(strings.NewReplacer("[", ".", "]", "", "'", "", `"`, "").Replace(rest)) && strings.Trim(rest, "0123456789") != "" {
		return false
	}
	if root != "" && root[0] == '$' {
		return variable(root[1:])
	}
	switch strings.ToLower(root) {
	case "os", "process", "env", "environ", "environment", "config", "configuration", "settings", "self", "this", "args", "params", "parameters", "var", "vars", "local",
		"data", "module", "secrets", "vault", "system", "properties", "request", "ctx", "context", "options", "opts", "credentials", "credential", "cred", "creds", "user",
		"github", "inputs", "steps", "needs", "variables", "values", "pillar", "node", "props", "configurationmanager", "appsettings", "connection", "account", "response", "result":
		return true
	}
	return false
}

// path reports whether a text is made of names with dots between.
func path(text string) bool {
	for _, name := range strings.Split(text, ".") {
		name = strings.TrimLeft(name, "$@")
		if name == "" || '0' <= name[0] && name[0] <= '9' ||
			strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:") != "" {
			return false
		}
	}
	return true
}

// reference reports whether a tag of YAML says that the value stands elsewhere: !Ref, !GetAtt, !secret.
func reference(tag string) bool {
	switch strings.ToLower(strings.TrimLeft(tag, "!")) {
	case "ref", "getatt", "sub", "importvalue", "secret", "env", "include", "join", "select", "findinmap", "reference", "envvar", "file":
		return true
	}
	return false
}

// variable is the name of one: letters, and digits at its end.
func variable(text string) bool {
	short := strings.TrimRight(text, "0123456789")
	return short != "" && len(text)-len(short) <= 2 && strings.Trim(short, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == ""
}
