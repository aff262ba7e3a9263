"""readback.py FOLDER...: reads tables as JSON lines (rows.jsonl) and as Parquet (table.parquet) with pyarrow, DuckDB and polars,
which must find the same in both, and in the Parquet file the columns of schema.json. Prints how many rows each has."""

import datetime
import json
import sys

import duckdb
import polars
import pyarrow
import pyarrow.parquet

pair = pyarrow.struct([("name", pyarrow.string()), ("value", pyarrow.string())])
types = {
    "time": pyarrow.timestamp("us", "UTC"),
    "integer": pyarrow.int64(),
    "text": pyarrow.string(),
    "boolean": pyarrow.bool_(),
    "texts": pyarrow.list_(pyarrow.field("element", pyarrow.string())),
    "pairs": pyarrow.list_(pyarrow.field("element", pair)),
}


def read(folder):
    rows_file, parquet_file, schema_file = (f"{folder}/{name}" for name in ("rows.jsonl", "table.parquet", "schema.json"))
    schema = json.load(open(schema_file, encoding="utf-8"))
    expected = pyarrow.schema([(c["name"], types[c["type"]]) for c in schema["columns"]])
    rows = [json.loads(line) for line in open(rows_file, encoding="utf-8")]

    table = pyarrow.parquet.read_table(parquet_file)
    metadata = table.schema.metadata
    check("pyarrow: schema", table.schema.remove_metadata(), expected)
    check("pyarrow: name of the schema", metadata[b"gwlogs.table"].decode(), schema["name"])
    check("pyarrow: nullable", [f.name for f in table.schema if not f.nullable], [])
    check_rows("pyarrow", [plain(row) for row in table.to_pylist()], rows)

    check_rows("polars", [plain(row) for row in polars.read_parquet(parquet_file).to_dicts()], rows)
    own = polars.read_ndjson(rows_file, infer_schema_length=None)
    check("polars: columns of rows", own.columns, expected.names)

    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    relation = db.sql(f"select * from '{parquet_file}'")
    check_rows("duckdb", [plain(dict(zip(relation.columns, row))) for row in relation.fetchall()], rows)
    columns = [name for name, *_ in db.sql(f"describe select * from read_json('{rows_file}')").fetchall()]
    check("duckdb: columns of rows", columns, expected.names)
    print(len(rows))


def plain(row):
    """A row as JSON has it."""
    for name, value in row.items():
        if isinstance(value, datetime.datetime):
            row[name] = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
    return row


def check_rows(reader, found, wanted):
    check(f"{reader}: number of rows", len(found), len(wanted))
    for i, (a, b) in enumerate(zip(found, wanted)):
        check(f"{reader}: row {i}", a, b)


def check(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found}\nwanted: {wanted}")


for each in sys.argv[1:]:
    read(each)
