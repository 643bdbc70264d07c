#!/bin/sh
# Keeps a copy of the data set in one JSON file, with curl and jq: sh nightly.sh http://localhost:5000 copy.json [KEY_FILE]
# KEY_FILE contains an API key, for a service that requires one; use https then. The last line says whether the copy is up to date.
# Format: {"cursor": …, "records": {"meetings": {"<id>": {…}}}}. For up to some ten thousand records; use nightly.py or cooperation-sync for more.
set -eu
[ $# -ge 2 ] || { echo "Usage: sh nightly.sh URL COPY [KEY_FILE]" >&2; exit 2; }
server=${1%/} copy=$2 key_file=${3:-}
fail() { echo "$copy: failed and not changed: $1" >&2; exit 1; }
# All work is done on other files. The copy changes only with the last command that can fail.
trap 'rm -f "$copy.new" "$copy.page" "$copy.applied"' EXIT
if [ -e "$copy" ]; then cp "$copy" "$copy.new"; else echo '{"records":{}}' >"$copy.new"; fi
jq -e .records "$copy.new" >/dev/null 2>&1 || fail "it is not a copy of this script"
# curl reads the key from the standard input, because other users can see the command line.
authorization=
[ -z "$key_file" ] || authorization="header = \"Authorization: Bearer $(cat "$key_file")\"" || fail "cannot read $key_file"
while :; do
    cursor=$(jq -r '.cursor // empty' "$copy.new")
    status=$(echo "$authorization" | curl -sS --retry 5 -K - -o "$copy.page" -w '%{http_code}' \
        "$server/v1/changes?limit=1000${cursor:+&cursor=$cursor}") || fail "cannot reach $server"
    case $status in
        200) ;;
        410) echo "$copy: $(jq -r .code "$copy.page"), the copy is replaced" >&2; echo '{"records":{}}' >"$copy.new"; continue ;;
        *) fail "status $status $(jq -r '.title // empty' "$copy.page" 2>/dev/null || :)" ;;
    esac
    jq -n --slurpfile copy "$copy.new" --slurpfile page "$copy.page" '
        reduce $page[0].items[] as $change ($copy[0];
            if $change.op == "upsert" then .records[$change.type][$change.id] = $change.data
            else del(.records[$change.type][$change.id]) end)
        | .cursor = $page[0].next' >"$copy.applied" || fail "the response of $server is not a page of changes"
    mv "$copy.applied" "$copy.new"
    # An empty page without `more` is the end of the run, and so the end of a transaction. Only then is the copy replaced.
    [ "$(jq '.items == [] and (.more | not)' "$copy.page")" = true ] && break
done
summary=$(jq -r --slurpfile page "$copy.page" '"up to date with revision \($page[0].revision), \([.records[] | length] | add // 0) records"' "$copy.new")
mv "$copy.new" "$copy"
echo "$copy: $summary"
