// Opens the links of citations in a browser, and compares the words that the browser marks with the quotes. `run` starts the service and
// this script.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const { COOPERATION_URL: address, COOPERATION_KEY: key, CHROMIUM: executablePath } = process.env;

const text = readFileSync('source.txt', 'utf8').normalize('NFC').trimEnd();
const sourceId = 'evidence-links';
const viewport = { width: 900, height: 600 };
// The color of the marked words, of the words' background and of nothing else on the page.
const markColor = [255, 0, 255];
const maxWaitMs = 5_000;
// Without a mark after this time, the browser has found no words: a mark appears within 100 ms after the load.
const absenceWaitMs = 1_000;
// Antialiasing, and the rounding of the rectangles of the words.
const tolerance = 2;

// Each quote with the number of its occurrence, and the words that the browser marks if these are more than the quote.
const cases = [
  { quote: 'Ký kết hợp tác', reason: 'in the first line' },
  { quote: '3 tỷ đồng để xây nhà', reason: 'once' },
  { quote: '2 tỷ đồng', occurrence: 0, reason: 'first of three' },
  { quote: '2 tỷ đồng', occurrence: 1, reason: 'second of three, prefix' },
  { quote: '2 tỷ đồng', occurrence: 2, marked: '– 2 tỷ đồng', reason: 'alone in a list item, prefix in the item before' },
  { quote: 'R&D: 3,8-4 tỷ', reason: 'comma, hyphen and ampersand' },
  { quote: '3 tấn', occurrence: 1, reason: 'table cell, prefix in the cell before' },
  { quote: 'ò giố', occurrence: 1, marked: 'bò giống;', reason: 'inside a word, suffix in the next item' },
  { quote: 'Ví Dụ và các huyện', marked: 'TP.Ví Dụ và các huyện', reason: 'after a period inside a word' },
  { quote: '“Hai tỉnh sẽ hợp tác lâu dài', reason: 'quotation mark' },
  {
    quote: 'bảy nhóm nội dung hợp tác về nông nghiệp, công nghiệp, du lịch, giáo dục, y tế, khoa học và công nghệ, trong đó ưu tiên tiêu thụ '
      + 'nông sản, đào tạo cán bộ, khám bệnh từ xa',
    reason: 'long',
  },
  { quote: 'hẹn gặp lại trong năm sau.\nThông tin thêm', reason: 'two paragraphs' },
  { quote: '3.000 km2', reason: 'at the end' },
];

const failures = [];

async function send(method, path, body, headers = {}) {
  const response = await fetch(address + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const content = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${content}`);
  return JSON.parse(content);
}

const countCodePoints = (words) => [...words].length;

function findOccurrence(words, occurrence) {
  let index = -1;
  for (let i = 0; i <= occurrence; i++) {
    index = text.indexOf(words, index + 1);
    if (index < 0) throw new Error(`source.txt does not have the words “${words}” ${occurrence + 1} times.`);
  }
  return index;
}

/** Returns the start and end of the words that the browser is to mark, in UTF-16 code units of the text. */
function findMarked({ quote, marked = quote, occurrence = 0 }) {
  const start = findOccurrence(quote, occurrence);
  const markedStart = start - marked.indexOf(quote);
  return { start: markedStart, end: markedStart + marked.length };
}

const encodeHtml = (words) => words.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The text as a page: paragraphs far from each other, list items, table cells, and words in inline elements. */
function buildPage(form) {
  const blocks = text.split('\n').map((line) => {
    const words = encodeHtml(line.normalize(form)).replaceAll('tỉnh'.normalize(form), '<b>$&</b>');
    if (line.startsWith('–')) return `<ul><li>${words}</li></ul>`;
    return /tấn$/.test(line) ? `<table><tr><td>${words}</td></tr></table>` : `<p>${words}</p>`;
  });
  return `<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>x</title><style>
    body { margin: 0 40px; font: 20px/40px sans-serif; color: black; background: white; }
    p, ul, table { margin: 500px 0 0; padding: 0; list-style: none; }
    ::target-text { color: rgb(${markColor}); background: rgb(${markColor}); }
    </style><body>${blocks.join('\n')}<div style="height: 1000px"></div></body></html>`;
}

/** Returns the rectangles of words in the viewport, from their position in the text of all blocks. */
const measureWords = ({ start, end }) => {
  const range = document.createRange();
  let offset = 0;
  const blocks = [...document.querySelectorAll('p, li, td')];
  for (const block of blocks) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (start >= offset && start < offset + node.length) range.setStart(node, start - offset);
      if (end > offset && end <= offset + node.length) range.setEnd(node, end - offset);
      offset += node.length;
    }
    // The line break between two blocks.
    offset++;
  }
  return [...range.getClientRects()].filter((box) => box.width > 0).map(({ left, top, right, bottom }) => ({ left, top, right, bottom }));
};

/** Returns the rows of marked pixels of a screenshot: for each row, the columns from the first to the last marked pixel. */
const findMarkedPixels = async ({ image, color }) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${image}`)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const rows = [];
  for (let y = 0; y < bitmap.height; y++) {
    let [left, right] = [bitmap.width, -1];
    for (let x = 0; x < bitmap.width; x++) {
      const i = 4 * (y * bitmap.width + x);
      if (color.every((value, channel) => data[i + channel] === value)) [left, right] = [Math.min(left, x), x];
    }
    if (right >= 0) rows.push({ y, left, right: right + 1 });
  }
  return rows;
};

/** Opens a link in a new page, as from the address bar, and returns the rectangles of the expected words and the marked pixels. */
async function open(context, decoder, link, marked, waitMs) {
  const page = await context.newPage();
  await page.goto(link);
  const deadline = performance.now() + waitMs;
  let rows = [];
  do {
    await page.waitForTimeout(100);
    const image = (await page.screenshot()).toString('base64');
    rows = await decoder.evaluate(findMarkedPixels, { image, color: markColor });
  } while (rows.length === 0 && performance.now() < deadline);
  const boxes = await page.evaluate(measureWords, marked);
  const scrollY = await page.evaluate(() => window.scrollY);
  await page.close();
  return { boxes, rows, scrollY };
}

/** Returns the difference between the marked pixels and the rectangles of the expected words; null if they agree. */
function findDifference({ boxes, rows }) {
  if (rows.length === 0) return 'no words are marked';
  for (const { y, left, right } of rows) {
    const line = boxes.filter((box) => y >= box.top - tolerance && y < box.bottom + tolerance);
    if (line.length === 0) return `row ${y} is marked, outside of the words`;
    const [from, to] = [Math.min(...line.map((box) => box.left)), Math.max(...line.map((box) => box.right))];
    if (left < from - tolerance || right > to + tolerance) return `row ${y} is marked from ${left} to ${right}, not ${from} to ${to}`;
  }
  // A passage can continue below the viewport.
  const visible = boxes.filter((box) => box.top >= 0 && box.bottom <= viewport.height);
  if (visible.length === 0) return 'the words are not visible';
  for (const box of visible) {
    const middle = Math.round((box.top + box.bottom) / 2);
    const row = rows.find(({ y }) => y === middle);
    if (!row || row.left > box.left + tolerance || row.right < box.right - tolerance) return `the words at row ${middle} are not marked`;
  }
  return null;
}

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(request.url.startsWith('/page') ? buildPage(request.url.includes('form=NFD') ? 'NFD' : 'NFC') : '');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const pageAddress = `http://127.0.0.1:${server.address().port}/page?a=1&form=NFC`;

await send('PUT', `/v1/sources/${sourceId}`, { title: 'Bản tin thử nghiệm', kind: 'Press', url: pageAddress }, { 'If-None-Match': '*' });
await send('PUT', `/v1/sources/${sourceId}/text`, text);
await send('PUT', `/v1/organizations/${sourceId}`, {
  name: 'Một cơ quan',
  kind: 'Other',
  citations: cases.map(({ quote, occurrence = 0 }) => {
    const start = countCodePoints(text.slice(0, findOccurrence(quote, occurrence)));
    return { sourceId, quote, start, end: start + countCodePoints(quote), supports: ['name'], basis: 'Stated' };
  }),
}, { 'If-None-Match': '*' });
const { items } = await send('GET', `/v1/sources/${sourceId}/citations?limit=200`);
if (items.length !== cases.length) failures.push(`The source has ${items.length} citations, not ${cases.length}.`);

const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
const context = await browser.newContext({ viewport });
const decoder = await context.newPage();
for (const form of ['NFC', 'NFD']) {
  for (const { ordinal, link } of items) {
    const { quote, reason } = cases[ordinal];
    const marked = findMarked(cases[ordinal]);
    const position = { start: text.slice(0, marked.start).normalize(form).length, end: text.slice(0, marked.end).normalize(form).length };
    const opened = await open(context, decoder, link.replace('form=NFC', `form=${form}`), position, maxWaitMs);
    const difference = findDifference(opened) ?? (ordinal > 0 && opened.scrollY === 0 ? 'the page is at its start' : null);
    if (difference) failures.push(`${form}, ${reason}: ${difference}\n  “${quote}”\n  ${link}`);
  }
}

// The comparison can fail: other words are not marked, and a quote that occurs twice opens at its first place without its prefix.
const repeated = items.find(({ ordinal }) => cases[ordinal].occurrence === 1);
const plain = `${pageAddress}#:~:text=${encodeURIComponent(cases[repeated.ordinal].quote)}`;
const first = await open(context, decoder, plain, findMarked(cases[repeated.ordinal]), maxWaitMs);
if (first.rows.length === 0 || findDifference(first) === null) failures.push('The link without a prefix opens at the quote too.');
// The service assumes that browsers compare words without case and diacritics, and whole words only.
for (const words of ['KY KET HOP TAC', 'ký ket hop tác']) {
  const folded = await open(context, decoder, `${pageAddress}#:~:text=${encodeURIComponent(words)}`, findMarked(cases[0]), maxWaitMs);
  const difference = findDifference(folded);
  if (difference) failures.push(`The words “${words}” do not open “${cases[0].quote}”: ${difference}`);
}
const partial = await open(context, decoder, `${pageAddress}#:~:text=${encodeURIComponent('iống')}`, { start: 0, end: 4 }, absenceWaitMs);
if (partial.rows.length > 0) failures.push('A part of a word is marked.');
const absent = await open(context, decoder, `${pageAddress}#:~:text=${encodeURIComponent('con voi')}`, { start: 0, end: 4 }, absenceWaitMs);
if (absent.rows.length > 0 || absent.scrollY !== 0) failures.push('Words that the page does not have are marked.');

for (const failure of failures) console.error(failure);
console.log(`${items.length} links in ${browser.version()}, each on a page in NFC and in NFD: ${failures.length} failures`);
await browser.close();
server.closeAllConnections();
server.close();
process.exit(failures.length > 0 ? 1 : 0);
