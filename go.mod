module github.com/gwlogs/gwlogs

go 1.26
