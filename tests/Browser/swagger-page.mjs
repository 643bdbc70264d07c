// Tests the Swagger page in a browser: executes each operation without changing a field. `run` starts the service and this script.
import { createServer, request } from 'node:http';
import { chromium } from 'playwright-core';

const { COOPERATION_URL: address, COOPERATION_KEY: key, CHROMIUM: executablePath } = process.env;

// Time in which the page's own thread ran: other processes that use the processor do not add to it.
const maxRenderCpuMs = 10_000;
const maxResponseMs = 30_000;
// The event stream sends its first event at once, so a response that ended would be visible by then.
const streamWaitMs = 3_000;
const pageCount = 2;
// Swagger UI adds only the visible part of the list to the page; all tags and the operations of one tag fit into this height.
const viewport = { width: 1280, height: 2800 };

const keyReason = 'Each key has a random id, so the document has no id of a key that exists.';
const referenceReason = 'Other records refer to every record of this type in the seed data, so none can be removed.';

// The operations that cannot succeed unchanged, with the status that they return instead; null: the response does not end.
const exceptions = {
  getKey: { status: '404', reason: keyReason },
  revokeKey: { status: '404', reason: keyReason },
  rotateKey: { status: '404', reason: keyReason },
  deleteAgreement: { status: '409', reason: referenceReason },
  redactAgreement: { status: '409', reason: referenceReason },
  deleteOfficial: { status: '409', reason: referenceReason },
  deleteProvince: { status: '409', reason: referenceReason },
  redactProvince: { status: '409', reason: referenceReason },
  redactOfficial: { status: '409', reason: referenceReason },
  deleteOrganization: { status: '409', reason: referenceReason },
  redactOrganization: { status: '409', reason: referenceReason },
  streamChanges: { status: null, reason: 'The event stream does not end.' },
};

const failures = [];
const counts = { succeeded: 0, exceptions: 0 };
// The addresses of requests that return a status of the list above: the browser logs each as an error.
const expectedErrorAddresses = new Set();
const consoleErrors = [];

function check(condition, message) {
  if (!condition) failures.push(message);
}

async function getJson(path, headers = {}) {
  const response = await fetch(address + path, { headers });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
  return response.json();
}

// The service builds the first export after its start.
async function waitForExport() {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await fetch(`${address}/v1/exports/latest`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The service built no export within 30 seconds.');
}

async function openPage(browser, pageAddress) {
  const page = await browser.newPage({ viewport });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) consoleErrors.push({ address: message.location().url, text: message.text() });
  });
  page.on('pageerror', (error) => failures.push(`Error in the page: ${error.message}`));
  page.on('requestfailed', (sent) => failures.push(`Request failed: ${sent.url()}: ${sent.failure().errorText}`));
  await page.exposeBinding('reportViolation', (_, violation) => failures.push(`Violation of the Content-Security-Policy: ${violation}`));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation',
    (event) => window.reportViolation(`${event.violatedDirective}, ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`)));
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const start = performance.now();
  await page.goto(`${pageAddress}/swagger/index.html`, { waitUntil: 'commit' });
  await page.locator('.opblock-tag').last().waitFor();
  const renderMs = Math.round(performance.now() - start);
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const renderCpuMs = Math.round(metrics.find((metric) => metric.name === 'TaskDuration').value * 1000);
  return { page, renderMs, renderCpuMs };
}

async function authorize(page) {
  await page.locator('button.authorize').click();
  await page.locator('.auth-container input').fill(key);
  await page.locator('.auth-container button.authorize').click();
  await page.locator('.auth-container .btn-done').click();
}

async function openTag(page, tag) {
  await page.locator(`.opblock-tag[data-tag="${tag}"][data-is-open="false"] .expand-operation`).click();
  await page.locator(`.opblock-tag[data-tag="${tag}"][data-is-open="true"]`).waitFor();
}

async function closeTag(page, tag) {
  await page.locator(`.opblock-tag[data-tag="${tag}"][data-is-open="true"] .expand-operation`).click();
  await page.locator(`.opblock-tag[data-tag="${tag}"][data-is-open="false"]`).waitFor();
}

const findOperation = (page, operation) => page.locator(`[id="operations-${operation.tag}-${operation.id}"]`);

/** Checks the order of the tags, and the lock of each operation. */
async function checkOverview(page, tags, operations) {
  const shown = await page.locator('.opblock-tag').evaluateAll((elements) => elements.map((element) => element.dataset));
  check(shown.map((tag) => tag.tag).join() === tags.join(), `Tags in another order than in the document: ${shown.map((tag) => tag.tag)}`);
  check(shown.every((tag) => tag.isOpen === 'false') && await page.locator('.opblock').count() === 0, 'Tags are not collapsed.');
  const locks = new Map();
  for (const tag of tags) {
    await openTag(page, tag);
    await findOperation(page, operations.findLast((operation) => operation.tag === tag)).waitFor();
    for (const [id, hasLock] of await page.locator('.opblock').evaluateAll((elements) => elements.map(
      (element) => [element.id, element.querySelector('.authorization__btn') !== null]))) locks.set(id, hasLock);
    await closeTag(page, tag);
  }
  check(locks.size === operations.length, `The page has ${locks.size} operations, the document has ${operations.length}.`);
  for (const operation of operations) {
    check(locks.get(`operations-${operation.tag}-${operation.id}`) === operation.requiresKey,
      `${operation.id}: expected ${operation.requiresKey ? 'a lock' : 'no lock'}.`);
  }
}

/** Executes an operation without changing a field. Returns the status on the page, or null if there is no response in time. */
async function execute(page, operation, timeout) {
  const block = findOperation(page, operation);
  await block.locator('.opblock-summary-control').click();
  await block.locator('button.execute').click();
  const status = block.locator('.live-responses-table tbody .response-col_status');
  try {
    await status.first().waitFor({ timeout });
    return {
      status: (await status.first().innerText()).trim().split(/\s/)[0],
      address: await block.locator('.request-url pre').innerText(),
    };
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
    return { status: null, address: null };
  } finally {
    // Without the mouse, because the page would scroll back to the top of the operation first.
    await block.locator('.opblock-summary-control').dispatchEvent('click');
  }
}

async function checkOperation(page, operation) {
  const exception = exceptions[operation.id];
  const { status, address: requestAddress } = await execute(page, operation,
    exception?.status === null ? streamWaitMs : maxResponseMs);
  if (exception) {
    expectedErrorAddresses.add(requestAddress);
    check(status === exception.status, `${operation.id}: expected ${exception.status ?? 'no end'} as listed, but was ${status}.`);
    counts.exceptions++;
  } else if (/^2\d\d$/.test(status)) counts.succeeded++;
  else failures.push(`${operation.id}: ${status ?? 'no response'} (${requestAddress ?? 'no request'})`);
}

async function checkTags(page, queue, operations) {
  await authorize(page);
  for (let tag = queue.shift(); tag !== undefined; tag = queue.shift()) {
    await openTag(page, tag);
    for (const operation of operations.filter((each) => each.tag === tag)) {
      try {
        await checkOperation(page, operation);
      } catch (error) {
        failures.push(`${operation.id}: ${error.message.split('\n')[0]}`);
      }
    }
    await closeTag(page, tag);
  }
}

/** Opens the page behind a reverse proxy with a path prefix, and checks the address of a request. */
async function checkPathPrefix(browser, operation) {
  const prefix = '/prefix';
  const proxy = createServer((received, response) => {
    if (!received.url.startsWith(`${prefix}/`)) return response.writeHead(404).end();
    const sent = request(address + received.url.slice(prefix.length), { method: received.method, headers: received.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    received.pipe(sent);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const proxyAddress = `http://127.0.0.1:${proxy.address().port}${prefix}`;
  const { page } = await openPage(browser, proxyAddress);
  await openTag(page, operation.tag);
  const { status, address: requestAddress } = await execute(page, operation, maxResponseMs);
  check(status === '200' && requestAddress.startsWith(`${proxyAddress}/v1/`),
    `Behind a path prefix: ${status} from ${requestAddress}.`);
  await page.close();
  proxy.closeAllConnections();
  proxy.close();
}

const start = performance.now();
const document = await getJson('/v1/openapi.json');
const tags = document.tags.map((tag) => tag.name);
const operations = Object.values(document.paths).flatMap((path) => Object.values(path)).map((operation) => ({
  id: operation.operationId,
  tag: operation.tags[0],
  requiresKey: (operation.security ?? document.security ?? []).length > 0,
}));
for (const id of Object.keys(exceptions)) {
  check(operations.some((operation) => operation.id === id), `${id}: listed, but not in the document.`);
}
await waitForExport();
const before = await getJson('/v1/changes/head');

const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
const { page, renderMs, renderCpuMs } = await openPage(browser, address);
check(renderCpuMs <= maxRenderCpuMs, `The first render took ${renderCpuMs} ms of processor time; the limit is ${maxRenderCpuMs} ms.`);
await checkOverview(page, tags, operations);
const queue = [...tags];
const pages = [page];
while (pages.length < pageCount) pages.push((await openPage(browser, address)).page);
await Promise.all(pages.map((each) => checkTags(each, queue, operations)));
await checkPathPrefix(browser, operations.find((operation) => operation.id === 'listMeetings'));

const after = await getJson('/v1/changes/head');
check(before.revision === after.revision, `The store changed from revision ${before.revision} to ${after.revision}.`);
for (const error of consoleErrors) {
  check(expectedErrorAddresses.has(error.address), `Message in the console: ${error.text} (${error.address})`);
}
for (const failure of failures) console.error(failure);
console.log(`${operations.length} operations: ${counts.succeeded} succeeded unchanged, ${counts.exceptions} listed exceptions, `
  + `${failures.length} failures; first render ${renderMs} ms, with ${renderCpuMs} ms of processor time; ${((performance.now() - start) / 1000).toFixed(1)} s`);
// The event stream is still open, so the connection is closed with the browser.
await browser.close();
process.exit(failures.length > 0 ? 1 : 0);
