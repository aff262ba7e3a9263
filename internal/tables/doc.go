// Package tables has the tables that gwlogs gives programs: events, findings, counts and report IDs in flat rows, with the same
// columns always. What their columns are stands in one place, and everything follows it: JSON lines ([Rows]), Parquet
// ([NewParquet]), the schema that other programs read ([All]), and the page about them in docs.
//
// A column holds a value of its type, or null: never is one left out. Times are UTC. Texts are UTF-8. Lists are never null where
// they may be empty.
package tables
