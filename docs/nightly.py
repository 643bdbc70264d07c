#!/usr/bin/env python3
"""Keeps an exact copy of the record in a SQLite file, and proves it. Needs Python 3.9 and nothing else.

    python3 nightly.py http://localhost:5000 copy.db

A table `record` (type, id, revision, hash, data) and a table `place` (epoch, cursor). Run it as often as you like; interrupted, it goes on the next time.
Exit code 0: the copy is what the service has.
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
MOST_ATTEMPTS = 20


class Gone(Exception):
    """The service has no use for our cursor any more: the copy is to be replaced."""


class NotThere(Exception):
    """There is nothing at that address."""


def fetch(address):
    """The bytes at an address; what is put off is asked for again when the service says."""
    for attempt in range(MOST_ATTEMPTS):
        try:
            with urllib.request.urlopen(SERVER + address, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as problem:
            if problem.code == 410:
                raise Gone(json.load(problem)["code"]) from problem
            if problem.code == 404:
                raise NotThere(address) from problem
            if problem.code not in (429, 503) or attempt == MOST_ATTEMPTS - 1:
                raise
            time.sleep(int(problem.headers.get("Retry-After", "5")))


def get(address, **query):
    return json.loads(fetch(address + ("?" + urllib.parse.urlencode(query) if query else "")))


def text(data):
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def begin(path):
    """A new copy, of the latest export; without one, an empty copy that begins with the feed."""
    if os.path.exists(path):
        os.remove(path)
    copy = sqlite3.connect(path)
    with copy:
        copy.execute("CREATE TABLE record (type TEXT, id TEXT, revision INTEGER, hash TEXT, data TEXT, PRIMARY KEY (type, id))")
        copy.execute("CREATE TABLE place (epoch TEXT, cursor TEXT)")
        try:
            export = get("/v1/exports/latest")
        except NotThere:
            copy.execute("INSERT INTO place VALUES (?, NULL)", (get("/v1/changes/head")["epoch"],))
            return copy
        for file in export["files"]:
            if (file["content"], file["format"], file["compression"]) != ("records", "ndjson", "gzip"):
                continue
            packed = fetch(file["link"])
            if hashlib.sha256(packed).hexdigest() != file["sha256"]:
                raise SystemExit(file["name"] + " did not arrive as it was sent")
            *lines, footer = gzip.decompress(packed).splitlines()
            if len(lines) != json.loads(footer)["rows"]:
                raise SystemExit(file["name"] + " is not whole")
            for line in map(json.loads, lines):
                put(copy, line)
        copy.execute("INSERT INTO place VALUES (?, ?)", (export["epoch"], export["cursor"]))
    return copy


def put(copy, record):
    copy.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)",
                 (record["type"], record["id"], record["revision"], record["hash"], text(record["data"])))


def follow(copy):
    """Brings the copy to the head of the feed. What is changed and where to go on stand together, or not at all."""
    epoch, cursor = copy.execute("SELECT epoch, cursor FROM place").fetchone()
    while True:
        page = get("/v1/changes", limit=1000, **({"cursor": cursor} if cursor else {}))
        for change in page["items"]:
            if change["op"] == "upsert":
                put(copy, change)
            else:
                copy.execute("DELETE FROM record WHERE type = ? AND id = ?", (change["type"], change["id"]))
        cursor = page["next"]
        if not page.get("open"):  # The end of a transaction: it stands.
            copy.execute("UPDATE place SET cursor = ?", (cursor,))
            copy.commit()
        if not page["items"] and not page["more"]:
            return epoch, page["revision"]


def prove(copy, epoch, revision):
    """Whether the copy is what the service has; None if the service has gone on meanwhile."""
    digest = get("/v1/mirror/digest")
    if (digest["epoch"], digest["revision"]) != (epoch, revision):
        return None
    for theirs in digest["types"]:
        ours, rows = hashlib.sha256(), 0
        for row in copy.execute("SELECT id, revision, hash FROM record WHERE type = ? ORDER BY id", (theirs["type"],)):
            ours.update("{} {} {}\n".format(*row).encode())
            rows += 1
        if (rows, ours.hexdigest()) != (theirs["rows"], theirs["digest"]):
            print(theirs["type"], "differs", file=sys.stderr)
            return False
    return True


def main():
    new = PATH + ".new"
    for replacing in (not os.path.exists(PATH), True):
        try:
            copy = begin(new) if replacing else sqlite3.connect(PATH)
            proof = None
            while proof is None:
                place = follow(copy)
                proof = prove(copy, *place)
            copy.close()
            if proof and replacing:
                os.replace(new, PATH)
            if proof or replacing:
                print(*place, "in step" if proof else "differs")
                return 0 if proof else 1
        except Gone as why:  # Replaced, never merged: what the service no longer has must not stay.
            print(why, "- the copy is replaced", file=sys.stderr)
    return 1


sys.exit(main())
