#!/usr/bin/env python3
"""Keeps an exact copy of the data set in a SQLite file and verifies the copy. Needs Python 3.9 and no packages.

    python3 nightly.py http://localhost:5000 copy.db [KEY_FILE]

KEY_FILE contains an API key, for a service that requires one; use https then.
The file has a table `record` (type, id, revision, hash, data) and a table `place` (epoch, cursor). The script can run at any interval. After an
interruption, the next run continues from the last commit. A new copy appears at its path only when it is complete and verified. The last line says
the outcome. Exit codes: 0: the copy equals the data set of the service. 1: the run failed. 5: the service contradicts the copy, which is not replaced.
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

if len(sys.argv) not in (3, 4):
    sys.exit("Usage: nightly.py URL COPY [KEY_FILE]")
SERVER, PATH = sys.argv[1].rstrip("/"), sys.argv[2]
HEADERS = {}
MAX_ATTEMPTS = 20


class CursorExpired(Exception):
    """The service no longer accepts the cursor (410); the copy must be replaced."""


class NotFound(Exception):
    """The URL does not exist (404)."""


def fetch(address):
    """Returns the body of a URL. Repeats the request after 429 and 503, when Retry-After allows it."""
    for attempt in range(MAX_ATTEMPTS):
        try:
            with urllib.request.urlopen(urllib.request.Request(SERVER + address, headers=HEADERS), timeout=60) as response:
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
                raise ValueError(file["name"] + ": the SHA-256 hash does not match")
            *lines, footer = gzip.decompress(packed).splitlines()
            if len(lines) != json.loads(footer)["rows"]:
                raise ValueError(file["name"] + ": lines are missing")
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


def find_contradiction(new):
    """Returns a record of the copy that has another hash in the new copy at the same revision: the service rewrote its history."""
    if not os.path.exists(PATH):
        return None
    copy = sqlite3.connect(new)
    copy.execute("ATTACH ? AS former", (PATH,))
    found = copy.execute("SELECT former.type, former.id, former.revision, former.hash, present.hash FROM former.record former "
                         "JOIN main.record present USING (type, id, revision) WHERE former.hash <> present.hash").fetchone()
    copy.close()
    return found


def main():
    """Returns the exit code and the last line."""
    if len(sys.argv) == 4:
        with open(sys.argv[3], encoding="ascii") as key:
            HEADERS["Authorization"] = "Bearer " + key.read().strip()
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
                found = find_contradiction(new)
                if found:
                    return 5, "contradicted: {}/{}, revision {}: SHA-256 {} in the copy, {} in the service".format(*found)
                os.replace(new, PATH)
            if is_equal:
                return 0, "in sync with revision {1} of epoch {0}".format(*state)
        except CursorExpired as code:  # Replace the copy, never merge: records that the service has deleted must not remain.
            print(code, "- the copy is replaced", file=sys.stderr)
    return 1, "failed: a new copy did not become equal to the service; the next run tries again"


try:
    code, outcome = main()
except Exception as error:
    code, outcome = 1, "failed: {}".format(error)
print(PATH + ": " + outcome, file=sys.stderr if code else sys.stdout)
sys.exit(code)
