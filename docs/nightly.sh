#!/bin/sh
# Keeps a copy of the record in one JSON file, with curl and jq: sh nightly.sh http://localhost:5000 copy.json
# {"cursor": …, "records": {"meetings": {"<id>": {…}}}}. For some ten thousand records; beyond that, take nightly.py or cooperation-sync.
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
    # The end of a run, and so of a transaction: it stands, with the place to go on from.
    [ "$(jq '.items == [] and (.more | not)' "$copy.page")" = true ] && break
done
rm "$copy.page"
mv "$copy.new" "$copy"
