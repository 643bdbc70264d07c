import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/api.js';

type Schemas = components['schemas'];

const recordId = 'typescript-client';
const url = process.env['COOPERATION_URL'];
const key = process.env['COOPERATION_KEY'];
assert.ok(url && key, 'COOPERATION_URL and COOPERATION_KEY are required.');
// A list is also available as CSV, NDJSON and XLSX. These media types select the JSON of a list, and the problem documents.
const client = createClient<paths, 'application/json' | 'application/problem+json'>({
  baseUrl: url,
  headers: { Authorization: `Bearer ${key}` },
});

async function listProvinces(): Promise<void> {
  const ids = new Set<string>();
  let total: number | undefined;
  let cursor: string | undefined;
  do {
    const { data, error } = await client.GET('/v1/provinces', { params: { query: { limit: 10, total: true, ...(cursor && { cursor }) } } });
    assert.ok(data, `The list of provinces fails: ${error?.detail}`);
    for (const province of data.items) {
      assert.ok(!ids.has(province.id), `${province.id} is listed twice.`);
      ids.add(province.id);
    }
    total = data.total;
    cursor = data.next;
  } while (cursor);
  assert.equal(ids.size, total, 'The number of listed provinces differs from the total.');
}

async function getProvince(): Promise<void> {
  const path = { recordId: 'thai-binh' };
  const { data, error, response } = await client.GET('/v1/provinces/{recordId}', { params: { path } });
  assert.ok(data, `The request of thai-binh fails: ${error?.detail}`);
  assert.equal(data.name, 'Thái Bình', 'The name of thai-binh is wrong.');
  assert.equal(data.validTo, '2025-06-30', 'The last day of thai-binh is wrong.');
  const kind: Schemas['ProvinceKind'] = data.kind;
  assert.equal(kind, 'Province', 'The kind of thai-binh is wrong.');

  const conditional = await client.GET('/v1/provinces/{recordId}', { params: { path, header: { 'If-None-Match': getETag(response) } } });
  assert.equal(conditional.response.status, 304, 'The status of a conditional request is wrong.');
}

async function search(): Promise<void> {
  const { data, error } = await client.GET('/v1/search', { params: { query: { q: 'tỉnh Thái Bình', types: ['provinces'] } } });
  assert.ok(data, `The search fails: ${error?.detail}`);
  const hit = data.items[0];
  assert.ok(hit, 'The search finds nothing.');
  assert.equal(hit.id, 'thai-binh', 'The first search result is wrong.');
  assert.equal(hit.title, 'Thái Bình', 'The title of the first search result is wrong.');
}

async function sendInvalidParameter(): Promise<void> {
  const { error, response } = await client.GET('/v1/provinces', { params: { query: { limit: 0 } } });
  assert.equal(response.status, 400, 'The status of limit=0 is wrong.');
  const problem: Schemas['Problem'] | undefined = error;
  assert.equal(problem?.errors?.[0]?.code, 'out_of_range', 'The code of the error is wrong.');
  assert.equal(problem.errors[0].parameter, 'limit', 'The parameter of the error is wrong.');
}

async function createUpdateAndDeleteSource(): Promise<void> {
  const path = { recordId };
  const created = await client.PUT('/v1/sources/{recordId}', {
    params: { path, header: { 'If-None-Match': '*' } },
    body: { id: recordId, kind: 'Press', title: 'Bài báo', publisher: 'Báo Thái Bình', author: 'Trần Long' },
  });
  assert.equal(created.response.status, 201, `The creation fails: ${created.error?.detail}`);

  const updated = await client.PATCH('/v1/sources/{recordId}', {
    params: { path, header: { 'If-Match': getETag(created.response) } },
    // null removes a member.
    body: { title: 'Bài báo đã sửa', author: null },
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
  assert.ok(updated.data, `The update fails: ${updated.error?.detail}`);
  assert.equal(updated.data.title, 'Bài báo đã sửa', 'The title after the update is wrong.');
  assert.equal(updated.data.publisher, 'Báo Thái Bình', 'The publisher after the update is wrong.');
  assert.equal(updated.data.author, undefined, 'The author after the update is wrong.');

  const deleted = await client.DELETE('/v1/sources/{recordId}', { params: { path, header: { 'If-Match': getETag(updated.response) } } });
  assert.equal(deleted.response.status, 204, `The deletion fails: ${deleted.error?.detail}`);
  const { error, response } = await client.GET('/v1/sources/{recordId}', { params: { path } });
  assert.equal(response.status, 410, 'The status of the deleted source is wrong.');
  assert.equal(error?.code, 'record_deleted', 'The code of the problem of the deleted source is wrong.');
}

async function readFeed(): Promise<void> {
  const idsByType = new Map<string, Set<string>>();
  const provinceNames = new Set<string | undefined>();
  let revision: number | undefined;
  let cursor: string | undefined;
  let more: boolean;
  do {
    const { data, error } = await client.GET('/v1/changes', { params: { query: { limit: 100, ...(cursor && { cursor }) } } });
    assert.ok(data, `The list of changes fails: ${error?.detail}`);
    for (const change of data.items) {
      const ids = idsByType.get(change.type) ?? new Set();
      idsByType.set(change.type, ids);
      if (change.op === 'upsert') {
        assert.ok(hasData(change), `${change.type}/${change.id} has no data.`);
        assert.equal(change.data?.id, change.id, `The id in the data of ${change.type}/${change.id} is wrong.`);
        ids.add(change.id);
      } else {
        ids.delete(change.id);
      }
      if (hasData(change) && change.type === 'provinces')
        provinceNames.add(change.data?.name);
      revision = change.revision;
    }
    more = data.more;
    cursor = data.next;
  } while (more);

  assert.ok(provinceNames.has('Thái Bình'), 'The feed has no province Thái Bình.');
  const head = await client.GET('/v1/changes/head');
  assert.equal(revision, head.data?.revision, 'The revision at the end of the feed differs from the head.');
  const digest = await client.GET('/v1/mirror/digest');
  assert.ok(digest.data, `The digest fails: ${digest.error?.detail}`);
  for (const { type, rows } of digest.data.types)
    assert.equal(idsByType.get(type)?.size, rows, `The number of ${type} in the feed differs from the digest.`);
}

function getETag(response: Response): string {
  const etag = response.headers.get('ETag');
  assert.ok(etag, 'The response has no ETag.');
  return etag;
}

// openapi-typescript creates a type with `data` for each type of record, but no union of these types in place of `Change`.
type ChangeWithData = Schemas['ProvinceChange'] | Schemas['OrganizationChange'] | Schemas['OfficialChange'] | Schemas['MeetingChange']
  | Schemas['AgreementChange'] | Schemas['CooperationGroupChange'] | Schemas['CommitmentChange'] | Schemas['ResultChange']
  | Schemas['IndicatorChange'] | Schemas['StatementChange'] | Schemas['SourceChange'];

function hasData(change: Schemas['Change']): change is ChangeWithData {
  return 'data' in change;
}

try {
  await listProvinces();
  await getProvince();
  await search();
  await sendInvalidParameter();
  await createUpdateAndDeleteSource();
  await readFeed();
} catch (failure) {
  if (!(failure instanceof assert.AssertionError))
    throw failure;
  console.error(`TypeScript client: ${failure.message}`);
  process.exitCode = 1;
}
