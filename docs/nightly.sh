#!/bin/sh
# Keeps a copy of the data set in one JSON file, with curl and jq: sh nightly.sh http://localhost:5000 copy.json
# Format: {"cursor": …, "records": {"meetings": {"<id>": {…}}}}. For up to some ten thousand records; use nightly.py or cooperation-sync for more.
set -eu
server=$1 copy=$2
[ -s "$copy" ] || echo '{"records":{}}' >"$copy"
cp "$copy" "$copy.new"
while :; do
    cursor=$(jq -r '.cursor // empty' "$copy.new")
    status=$(curl -sS --retry 5 -o "$copy.page" -w '%{http_code}' "$server/v1/changes?limit=1000${cursor:+&cursor=$cursor}")
    case $status in
        200) ;;
        410) echo "$(jq -r .code "$copy.page"): the copy is replaced" >&2; echo '{"records":{}}' >"$copy.new"; continue ;;
        *) cat "$copy.page" >&2; exit 1 ;;
    esac
    jq -n --slurpfile copy "$copy.new" --slurpfile page "$copy.page" '
        reduce $page[0].items[] as $change ($copy[0];
            if $change.op == "upsert" then .records[$change.type][$change.id] = $change.data
            else del(.records[$change.type][$change.id]) end)
        | .cursor = $page[0].next' >"$copy.applied"
    mv "$copy.applied" "$copy.new"
    # An empty page without `more` is the end of the run, and so the end of a transaction. Only then is the copy replaced.
    [ "$(jq '.items == [] and (.more | not)' "$copy.page")" = true ] && break
done
rm "$copy.page"
mv "$copy.new" "$copy"
