package archive

import "strings"

func hostileNames() []hostile {
	named := func(what, name, problem string) hostile {
		return hostile{name: what, after: extra(name), open: "dangerous archive: " + problem, want: []string{
			problem, problem[:strings.Index(problem, ": ")] + ": is not in the manifest",
		}}
	}
	return []hostile{
		named("zip slip", "../evil.txt", "../evil.txt: has a path that leaves the folder"),
		named("zip slip inside", "logs/../../evil.txt", "logs/../../evil.txt: has a path that leaves the folder"),
		named("absolute", "/etc/cron.d/evil", "/etc/cron.d/evil: has an absolute path"),
		named("drive", "C:/evil.txt", "C:/evil.txt: has a drive letter in its path"),
		named("backslash", `..\evil.txt`, `"..\\evil.txt": has a backslash in its name`),
		named("stream", "README.txt:evil", "README.txt:evil: has a character in its name that Windows does not allow"),
		named("device", "logs/aux.evtx", "logs/aux.evtx: has a name that is a device on Windows"),
		named("trailing dot", "README.txt.", "README.txt.: has a name that ends in a dot or space, which Windows drops"),
		named("nul", "a\x00.txt", `"a\x00.txt": has a control character in its name`),
		named("escape sequence", "\x1b[2J", `"\x1b[2J": has a control character in its name`),
		named("not UTF-8", "a\xff", `"a\xff": has a name that is not UTF-8`),
		named("long", strings.Repeat("a", 300), strings.Repeat("a", 120)+"…: has a name of 300 bytes"),
		named("file as folder", "README.txt/evil", "README.txt/evil: is in a folder that is a file: README.txt"),
		{
			name: "duplicate", after: extra(sampleLog),
			open: "dangerous archive: logs/Test.evtx: is there more than once",
			want: []string{"logs/Test.evtx: is there more than once", "logs/Test.evtx: is there more than once"},
		},
		{
			name: "duplicate manifest", after: extra(ManifestName),
			open: "dangerous archive: manifest.json: is there more than once",
			want: []string{"manifest.json: is there more than once", "manifest.json: is there more than once"},
		},
		{
			name: "case collision", after: extra("readme.TXT"),
			open: "dangerous archive: README.txt: has the name of readme.TXT on systems that do not tell case apart",
			want: []string{
				"README.txt: has the name of readme.TXT on systems that do not tell case apart",
				"readme.TXT: has the name of README.txt on systems that do not tell case apart",
				"readme.TXT: is not in the manifest",
			},
		},
	}
}
