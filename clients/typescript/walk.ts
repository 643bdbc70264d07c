// A program in an empty folder that uses the packed client: list, item, search, error and feed.
import assert from 'node:assert/strict';
import { createClient, listChanges, listItems, ProblemError, read } from 'cooperation-api-client';

const client = createClient({ baseUrl: process.env['COOPERATION_URL']! });

const status = await read(client.GET('/v1/status'));
const ids = new Set<string>();
for await (const province of listItems(page => client.GET('/v1/provinces', { params: { query: { limit: 20, ...page } } })))
  ids.add(province.id);
assert.equal(ids.size, status.records['provinces']);
console.log(`list: ${ids.size} provinces on several pages`);

const province = await read(client.GET('/v1/provinces/{recordId}', { params: { path: { recordId: 'thai-binh' } } }));
assert.equal(province.name, 'Thái Bình');
console.log(`item: ${province.name}, until ${province.validTo}`);

const hits = await read(client.GET('/v1/search', { params: { query: { q: 'da nang', types: ['provinces'] } } }));
assert.deepEqual(hits.items.map(hit => hit.title), ['Đà Nẵng', 'Đà Nẵng']);
console.log(`search: ${hits.items.map(hit => hit.id).join(', ')}`);

await assert.rejects(read(client.GET('/v1/provinces', { params: { query: { limit: 0 } } })), (error: unknown) => {
  assert.ok(error instanceof ProblemError);
  assert.equal(error.problem.code, 'invalid_request');
  assert.equal(error.problem.errors?.[0]?.parameter, 'limit');
  console.log(`error: ${error.message}`);
  return true;
});

let [changes, revision] = [0, 0];
const names = new Set<string | undefined>();
for await (const page of listChanges(client, undefined, { limit: 100 })) {
  for (const change of page.items) {
    changes++;
    revision = change.revision;
    if (change.type === 'provinces')
      names.add(change.data?.name);
  }
}
assert.equal(revision, status.revision);
assert.ok(changes > 100 && names.has('Thái Bình'));
console.log(`feed: ${changes} changes up to revision ${revision}`);

assert.throws(() => createClient({ baseUrl: 'http://example.vn', apiKey: 'coop_x' }), /requires https/);
