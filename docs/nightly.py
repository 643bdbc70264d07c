#!/usr/bin/env python3
"""Keeps an exact copy of the data set in a SQLite file and verifies the copy. Needs Python 3.9 and no packages.

    python3 nightly.py http://localhost:5000 copy.db

The file has a table `record` (type, id, revision, hash, data) and a table `place` (epoch, cursor). The script can run at any interval. After an
interruption, the next run continues from the last commit. Exit code 0: the copy equals the data set of the service.
"""
import gzip
import hashlib
import json
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

SERVER, PATH = sys.argv[1].rstrip("/"), sys.argv[2]
MAX_ATTEMPTS = 20


class CursorExpired(Exception):
    """The service no longer accepts the cursor (410); the copy must be replaced."""


class NotFound(Exception):
    """The URL does not exist (404)."""


def fetch(address):
    """Returns the body of a URL. Repeats the request after 429 and 503, when Retry-After allows it."""
    for attempt in range(MAX_ATTEMPTS):
        try:
            with urllib.request.urlopen(SERVER + address, timeout=60) as response:
                return response.read()
        except urllib.error.HTTPError as problem:
            if problem.code == 410:
                raise CursorExpired(json.load(problem)["code"]) from problem
            if problem.code == 404:
                raise NotFound(address) from problem
            if problem.code not in (429, 503) or attempt == MAX_ATTEMPTS - 1:
                raise
            time.sleep(int(problem.headers.get("Retry-After", "5")))


def get(address, **query):
    """Returns the JSON of a URL."""
    return json.loads(fetch(address + ("?" + urllib.parse.urlencode(query) if query else "")))


def text(data):
    """Serializes a record as compact JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def create(path):
    """Creates a copy from the latest export. If the service has no export, creates an empty copy that starts with the feed."""
    if os.path.exists(path):
        os.remove(path)
    copy = sqlite3.connect(path)
    with copy:
        copy.execute("CREATE TABLE record (type TEXT, id TEXT, revision INTEGER, hash TEXT, data TEXT, PRIMARY KEY (type, id))")
        copy.execute("CREATE TABLE place (epoch TEXT, cursor TEXT)")
        try:
            export = get("/v1/exports/latest")
        except NotFound:
            copy.execute("INSERT INTO place VALUES (?, NULL)", (get("/v1/changes/head")["epoch"],))
            return copy
        for file in export["files"]:
            if (file["content"], file["format"], file["compression"]) != ("records", "ndjson", "gzip"):
                continue
            packed = fetch(file["link"])
            if hashlib.sha256(packed).hexdigest() != file["sha256"]:
                raise SystemExit(file["name"] + ": the SHA-256 hash does not match")
            *lines, footer = gzip.decompress(packed).splitlines()
            if len(lines) != json.loads(footer)["rows"]:
                raise SystemExit(file["name"] + ": lines are missing")
            for line in map(json.loads, lines):
                upsert(copy, line)
        copy.execute("INSERT INTO place VALUES (?, ?)", (export["epoch"], export["cursor"]))
    return copy


def upsert(copy, record):
    """Inserts or replaces one record."""
    copy.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)",
                 (record["type"], record["id"], record["revision"], record["hash"], text(record["data"])))


def follow(copy):
    """Applies the feed up to its head. The changes of a transaction and the cursor after them are committed together."""
    epoch, cursor = copy.execute("SELECT epoch, cursor FROM place").fetchone()
    while True:
        page = get("/v1/changes", limit=1000, **({"cursor": cursor} if cursor else {}))
        for change in page["items"]:
            if change["op"] == "upsert":
                upsert(copy, change)
            else:
                copy.execute("DELETE FROM record WHERE type = ? AND id = ?", (change["type"], change["id"]))
        cursor = page["next"]
        if not page.get("open"):  # The page ends at the end of a transaction.
            copy.execute("UPDATE place SET cursor = ?", (cursor,))
            copy.commit()
        if not page["items"] and not page["more"]:
            return epoch, page["revision"]


def verify(copy, epoch, revision):
    """Compares the copy with the digest of the service. Returns None if the service has a newer revision by now."""
    digest = get("/v1/mirror/digest")
    if (digest["epoch"], digest["revision"]) != (epoch, revision):
        return None
    for expected in digest["types"]:
        actual, rows = hashlib.sha256(), 0
        for row in copy.execute("SELECT id, revision, hash FROM record WHERE type = ? ORDER BY id", (expected["type"],)):
            actual.update("{} {} {}\n".format(*row).encode())
            rows += 1
        if (rows, actual.hexdigest()) != (expected["rows"], expected["digest"]):
            print(expected["type"], "differs", file=sys.stderr)
            return False
    return True


def main():
    new = PATH + ".new"
    for replacing in (not os.path.exists(PATH), True):
        try:
            copy = create(new) if replacing else sqlite3.connect(PATH)
            is_equal = None
            while is_equal is None:
                state = follow(copy)
                is_equal = verify(copy, *state)
            copy.close()
            if is_equal and replacing:
                os.replace(new, PATH)
            if is_equal or replacing:
                print(*state, "in sync" if is_equal else "differs")
                return 0 if is_equal else 1
        except CursorExpired as code:  # Replace the copy, never merge: records that the service has deleted must not remain.
            print(code, "- the copy is replaced", file=sys.stderr)
    return 1


sys.exit(main())
