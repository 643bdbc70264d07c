// Changes the released document on purpose. Each breaking change must be found, and each compatible one must pass.
import assert from 'node:assert/strict';
import test from 'node:test';
import { findBaseline, findBreakingChanges, findUnannounced, readAnnouncements, readJson } from './compare.mjs';

const baseline = findBaseline();
const remove = (list, value) => list.splice(list.indexOf(value), 1);

const breaking = {
  'a removed path': [document => delete document.paths['/v1/timeline'], 'GET /v1/timeline: api'],
  'a removed operation': [document => delete document.paths['/v1/meetings/{recordId}'].delete, 'DELETE /v1/meetings/{recordId}: api'],
  'a removed optional member of a response': [({ components }) => delete components.schemas.Meeting.properties.place,
    'GET /v1/meetings: removed the optional property `items/items/place`'],
  'a removed required member of a response': [({ components }) => {
    delete components.schemas.Meeting.properties.title;
    remove(components.schemas.Meeting.required, 'title');
  }, 'GET /v1/meetings/{recordId}: removed the required property `title`'],
  'a member of a response that is no longer always present': [({ components }) => remove(components.schemas.Meeting.required, 'title'),
    'GET /v1/meetings/{recordId}: the response property `title` became optional'],
  'a removed member of a nested object': [({ components }) => delete components.schemas.Citation.properties.quote,
    'GET /v1/meetings/{recordId}: removed the optional property `citations/items/quote`'],
  'a new required member of a request': [({ components }) => {
    components.schemas.MeetingInput.properties.city = { type: 'string' };
    components.schemas.MeetingInput.required.push('city');
  }, 'PUT /v1/meetings/{recordId}: added the new required request property `city`'],
  'an optional member of a request that is now required': [({ components }) => components.schemas.MeetingInput.required.push('place'),
    'PUT /v1/meetings/{recordId}: the request property `place` became required'],
  'a removed member of a request': [({ components }) => delete components.schemas.MeetingInput.properties.place,
    'PUT /v1/meetings/{recordId}: removed the request property `place`'],
  'a removed value of a parameter': [({ components }) => components.schemas.MeetingsSort.enum.pop(), 'GET /v1/meetings: removed the enum value'],
  'a removed value of a request body': [({ components }) => components.schemas.MeetingKind.enum.pop(),
    'PUT /v1/meetings/{recordId}: removed the enum value'],
  'an added value of a response': [({ components }) => components.schemas.SearchPageRanking.enum.push('none'),
    'GET /v1/search: added the new `none` enum value'],
  'another type in a response': [({ components }) => { components.schemas.ServiceStatus.properties.revision = { type: 'string' }; },
    "GET /v1/status: the `revision` response's property type/format changed"],
  'another type in a request': [({ components }) => { components.schemas.MeetingInput.properties.place = { type: 'integer' }; },
    'PUT /v1/meetings/{recordId}: the `place` request property type/format changed'],
  'a parameter that is now required': [({ components }) => { components.parameters.MeetingsProvinceId.required = true; },
    'GET /v1/meetings: the `query` request parameter `provinceId` became required'],
  'a new required parameter': [({ paths }) =>
    paths['/v1/meetings'].get.parameters.push({ name: 'city', in: 'query', required: true, schema: { type: 'string' } }),
    'GET /v1/meetings: added the new required `query` request parameter `city`'],
  'a removed parameter': [({ paths }) => {
    const { parameters } = paths['/v1/meetings'].get;
    remove(parameters, parameters.find(parameter => parameter.$ref.endsWith('MeetingsKind')));
  }, 'GET /v1/meetings: deleted the `query` request parameter `kind`'],
  'a lower maximum': [({ components }) => { components.parameters.Limit.schema.maximum = 10; },
    'GET /v1/meetings: for the `query` request parameter `limit`, the max was decreased'],
  'a shorter text': [({ components }) => { components.schemas.MeetingInput.properties.title.maxLength = 10; },
    "PUT /v1/meetings/{recordId}: the `title` request property's maxLength was decreased"],
  'a removed file format': [({ components }) => delete components.responses.MeetingPage.content['text/csv'],
    'GET /v1/meetings: removed the media type `text/csv`'],
  'a removed response header': [({ components }) => delete components.responses.Meeting.headers.ETag,
    'GET /v1/meetings/{recordId}: the optional response header `ETag` removed'],
  'an operation that now requires a key': [({ paths }) => { paths['/v1/meetings'].get.security = [{ key: [] }]; },
    'GET /v1/meetings: the endpoint scheme security `key` was added'],
};

const compatible = {
  'no change': () => {},
  'a new path': ({ paths }) => { paths['/v1/new'] = { get: { operationId: 'getNew', responses: { 200: { description: 'OK.' } } } }; },
  'a new optional parameter': ({ paths }) => paths['/v1/meetings'].get.parameters.push({ name: 'city', in: 'query', schema: { type: 'string' } }),
  'a new member of a response': ({ components }) => { components.schemas.Meeting.properties.city = { type: 'string' }; },
  'a new optional member of a request': ({ components }) => { components.schemas.MeetingInput.properties.city = { type: 'string' }; },
  'another description': ({ paths }) => { paths['/v1/meetings'].get.description = 'Meetings.'; },
  'a higher maximum': ({ components }) => { components.parameters.Limit.schema.maximum = 10_000; },
  'a deprecated operation': ({ paths }) => { paths['/v1/meetings'].get.deprecated = true; },
};

function compareWith(change) {
  const [base, revision] = [readJson(baseline.path), readJson(baseline.path)];
  change(revision);
  return findBreakingChanges(base, revision);
}

for (const [name, [change, expected]] of Object.entries(breaking)) {
  test(`finds ${name}`, () => {
    const changes = compareWith(change);
    assert.ok(changes.some(found => found.startsWith(expected)), `Not found: ${expected}. Found: ${changes.slice(0, 5).join('\n')}`);
    assert.deepEqual(findUnannounced(changes, ['GET /v1/other']), changes);
    assert.deepEqual(findUnannounced(changes, ['* /v1/*']), []);
  });
}

for (const [name, change] of Object.entries(compatible))
  test(`accepts ${name}`, () => assert.deepEqual(compareWith(change), []));

const list = '### Breaking\n\n- `GET /v1/meetings`: the parameter `kind` was removed.\n- `* /v1/keys*`: keys\n  have other names.\n\n### Added\n\n- `GET /v1/x`.\n';

test('reads the announced operations of later versions only', () => {
  const changelog = `# Changelog\n\n## [Unreleased]\n\n${list}\n## [${baseline.version}] - 2026-12-01\n\n### Breaking\n\n- \`GET /v1/old\`\n`;
  assert.deepEqual(readAnnouncements(changelog, baseline.version), ['GET /v1/meetings', '* /v1/keys*']);
});

test('rejects a breaking change in a minor version', () => {
  const [major, minor] = baseline.version.split('.').map(Number);
  assert.throws(() => readAnnouncements(`## [${major}.${minor + 1}.0] - 2027-01-01\n\n${list}`, baseline.version), /major version/);
  assert.equal(readAnnouncements(`## [${major + 1}.0.0] - 2027-01-01\n\n${list}`, baseline.version).length, 2);
});
