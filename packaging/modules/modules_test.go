package modules

import "testing"

func TestExpression(t *testing.T) {
	for want, texts := range map[string][]string{
		"":                   {"All rights reserved."},
		"MIT":                {"Permission is hereby granted, free of\ncharge, to any person"},
		"Apache-2.0":         {"   Apache License\n   Version 2.0, January 2004"},
		"Apache-2.0 AND MIT": {"Licensed under the Apache License, Version 2.0", "Permission is hereby granted, free of charge"},
		"BSD-2-Clause":       {"Redistribution and use in source and binary forms, with or without"},
		"BSD-3-Clause":       {"Redistribution and use in source and binary forms … Neither the name of"},
	} {
		var files []File
		for _, text := range texts {
			files = append(files, File{"LICENSE", text})
		}
		if got := Expression(files); got != want {
			t.Errorf("%q: %q, want %q", texts, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	if _, err := Texts(t.TempDir()); err == nil {
		t.Error("a folder without a licence passed")
	}
	files, err := Texts("../..")
	if err != nil || len(files) != 1 || files[0].Name != "LICENSE" || Expression(files) != "Apache-2.0" {
		t.Errorf("gwlogs: %d files, %v", len(files), err)
	}
}
