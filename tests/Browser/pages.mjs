// Tests the pages for people in a browser, and follows all their links. `run` starts the service and this script. With the environment variable
// SCREENSHOTS, the script also saves a picture and a PDF of each page to that folder.
import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const { COOPERATION_URL: address, CHROMIUM: executablePath, SCREENSHOTS: screenshots } = process.env;

const languages = ['vi', 'en'];
const widths = [1280, 390];
// Compressed bytes of a page with its style sheets, scripts and pictures.
const maxPageBytes = 60_000;
const maxConcurrentRequests = 4;
const minTileFontSize = 11;

const meeting = '/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26';
const agreement = '/agreements/noi-dung-hop-tac-ha-noi-thai-binh-2019';

// One page of each kind.
const pages = {
  home: '/',
  search: '/search?q=thai+binh',
  'search without hits': '/search?q=xyzxyz',
  about: '/about',
  provinces: '/provinces',
  'former provinces': '/provinces?era=2024',
  pairs: '/pairs',
  'pairs of former provinces': '/pairs?era=2024',
  province: '/provinces/thai-binh',
  'current province': '/provinces/hung-yen-2025',
  pair: '/provinces/ha-noi/with/thai-binh',
  meetings: '/meetings',
  'filtered list': '/results?kind=Contribution&from=2015&sort=-amount',
  'list without records': '/meetings?from=2090',
  meeting,
  agreement,
  'cooperation group': '/cooperation-groups/ha-noi-thai-binh-2019-se-7',
  commitments: '/commitments',
  commitment: '/commitments/ha-noi-thai-binh-2019-giao-thu-tuc-mua-bo-giong',
  result: '/results/ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong',
  official: '/officials/hoang-trung-hai',
  organization: '/organizations/thanh-uy-ha-noi',
  source: '/sources/ha-noi-thai-binh-2019-10-26',
  history: `${meeting}/history`,
  'former state': '/provinces/thai-binh?revision=600',
  'not found': '/meetings/khong-co',
};

const failures = [];

function check(condition, message) {
  if (!condition) failures.push(message);
}

const addQuery = (path, query) => path + (path.includes('?') ? '&' : '?') + query;

/**
 * Requests all pages and files to which the pages link, and checks that the targets of fragments exist. The links of the English pages, which
 * are the same with another language, are not followed.
 */
async function followLinks() {
  const found = new Map([['/', 'the start']]);
  const queue = [...found.keys()];
  const ids = new Map();
  const fragments = [];
  async function visit(path) {
    // The responses of the API and files are checked for their status only.
    const isPage = !/^\/(v1|swagger|assets)\b/.test(path);
    const response = await fetch(address + path, { method: isPage ? 'GET' : 'HEAD', redirect: 'manual' });
    check(response.status === 200, `${path}, linked from ${found.get(path)}, has the status ${response.status}.`);
    if (!isPage || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return;
    const html = await response.text();
    ids.set(path, new Set([...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1])));
    for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const url = new URL(link.replaceAll('&amp;', '&'), address + path);
      if (url.origin !== address) continue;
      const target = url.pathname + url.search;
      if (url.hash) fragments.push([path, target, decodeURIComponent(url.hash.slice(1))]);
      if (found.has(target) || url.searchParams.has('lang')) continue;
      found.set(target, path);
      queue.push(target);
    }
  }
  const active = new Set();
  while (queue.length > 0 || active.size > 0) {
    while (queue.length > 0 && active.size < maxConcurrentRequests) {
      const visiting = visit(queue.shift()).finally(() => active.delete(visiting));
      active.add(visiting);
    }
    await Promise.race(active);
  }
  for (const [path, target, id] of fragments) {
    check(!ids.has(target) || ids.get(target).has(id), `${path} links to #${id}, which ${target} does not have.`);
  }
  console.log(`${found.size} links, of which ${ids.size} to pages.`);
}

async function openContext(browser, options = {}) {
  const context = await browser.newContext(options);
  const errors = [];
  const loaded = [];
  context.on('console', (message) => {
    // A page about an error has its status, which the browser logs.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) errors.push(`${message.location().url}: ${message.text()}`);
  });
  context.on('request', (request) => {
    check(request.url().startsWith(address) || request.url().startsWith('data:'), `A page requests ${request.url()}, from another host.`);
  });
  context.on('requestfinished', (request) => loaded.push(request));
  return { context, errors, loaded };
}

async function countBytes(requests) {
  const sizes = await Promise.all(requests.map((request) => request.sizes()));
  return sizes.reduce((sum, size) => sum + size.responseBodySize, 0);
}

/** Opens a page of each kind in all languages and widths, with and without script, and once in dark colours. */
async function lookAtPages(browser) {
  for (const [javaScriptEnabled, colorScheme] of [[true, 'light'], [true, 'dark'], [false, 'light']]) {
    for (const width of colorScheme === 'light' ? widths : [widths[0]]) {
      const { context, errors, loaded } = await openContext(browser, { javaScriptEnabled, colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      for (const [name, path] of Object.entries(pages)) {
        for (const language of colorScheme === 'light' ? languages : [languages[0]]) {
          const place = `The page “${name}” (${language}, ${width} pixels, ${colorScheme}, ${javaScriptEnabled ? 'with' : 'without'} script)`;
          loaded.length = 0;
          await page.goto(address + addQuery(path, `lang=${language}`));
          check(await page.locator('html').getAttribute('lang') === language, `${place} is in another language.`);
          check(await page.locator('h1').count() === 1, `${place} has no first heading or several.`);
          if (!javaScriptEnabled) {
            // Without script, the width can be measured from outside only.
            const session = await context.newCDPSession(page);
            const { cssContentSize } = await session.send('Page.getLayoutMetrics');
            check(cssContentSize.width <= width, `${place} is ${cssContentSize.width} pixels wide.`);
            await session.detach();
            continue;
          }
          const bytes = await countBytes(loaded);
          check(bytes <= maxPageBytes, `${place} has ${bytes} bytes.`);
          const contentWidth = await page.evaluate(() => document.documentElement.scrollWidth);
          check(contentWidth <= width, `${place} is ${contentWidth} pixels wide.`);
          await checkTiles(page, place);
          const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
            .analyze();
          for (const { id, help, nodes } of violations) failures.push(`${place}: axe ${id}, ${help}: ${nodes[0].html.slice(0, 200)}`);
          if (screenshots) await savePictures(page, `${name}-${language}-${width}-${colorScheme}`.replaceAll(' ', '-'));
        }
      }
      errors.forEach((error) => failures.push(`Error in the console: ${error}`));
      await context.close();
    }
  }
}

/** Checks that the texts of the tiles of a map are readable and fit into their tiles. */
async function checkTiles(page, place) {
  const tiles = await page.locator('.tile').evaluateAll((elements) => elements.map((tile) => ({
    text: tile.innerText,
    fontSize: Math.min(...[tile, ...tile.querySelectorAll('*')].map((element) => parseFloat(getComputedStyle(element).fontSize))),
    fits: tile.scrollWidth <= tile.clientWidth && tile.scrollHeight <= tile.clientHeight,
  })));
  for (const { text, fontSize, fits } of tiles) {
    check(fontSize >= minTileFontSize, `${place} has the tile “${text}” with ${fontSize} pixels per line.`);
    check(fits, `${place} has the tile “${text}”, which is larger than its place.`);
  }
}

async function savePictures(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
  if (name.endsWith(`${widths[0]}-light`)) await page.pdf({ path: `${screenshots}/${name}.pdf`, format: 'A4' });
}

/** Finds the answers to six questions by clicking alone, from the home page and without script. */
async function answerQuestions(browser) {
  const { context } = await openContext(browser, { javaScriptEnabled: false, locale: 'vi' });
  const page = await context.newPage();

  async function clickThrough(...names) {
    await page.goto(address);
    for (const name of names) await page.getByRole('link', { name, exact: true }).first().click();
  }

  async function answer(question, locator) {
    const isVisible = await locator.first().isVisible();
    check(isVisible, `The question “${question}” has no answer at ${page.url()}.`);
  }

  const main = page.locator('main');
  const meetingTitle = 'Hội nghị giữa đoàn công tác thành phố Hà Nội và Tỉnh ủy Thái Bình về kết quả và kế hoạch hợp tác giữa hai địa phương';
  const agreementTitle = 'Nội dung hợp tác giữa Hà Nội và Thái Bình trong thời gian tới về xây dựng Đảng, xây dựng hệ thống chính trị và phát triển '
    + 'kinh tế - xã hội';

  await clickThrough('Tỉnh, thành phố', 'Thái Bình', meetingTitle);
  for (const chair of ['Hoàng Trung Hải', 'Nguyễn Hồng Diên'])
    await answer('Who chaired on 26 October 2019?', main.getByRole('row', { name: new RegExp(`Chủ trì.*${chair}`) }));

  await clickThrough('Tỉnh, thành phố', 'Thái Bình');
  for (const [year, amount] of [['2015', '2 tỷ đồng'], ['2018', '570 triệu đồng'], ['2019', '3 tỷ đồng']])
    await answer('How much was given to Thái Bình per year?', main.getByRole('row', { name: new RegExp(`^${year}.*${amount}`) }));

  await answer('What became of the province of Thái Bình?', main.getByText('Đã sáp nhập vào Hưng Yên ngày 01/07/2025'));

  await clickThrough('Thỏa thuận', agreementTitle);
  const groups = await main.locator('table.groups tbody tr').all();
  check(groups.length === 12, `The agreement shows ${groups.length} groups instead of 12.`);
  for (const group of groups) {
    const [promised, delivered] = await group.getByRole('cell').allInnerTexts();
    check(promised.trim() !== '' && delivered.trim() !== '', `The row “${await group.innerText()}” has no answer.`);
  }

  await clickThrough('Tỉnh, thành phố', 'Thái Bình', meetingTitle, 'Hoàng Trung Hải');
  await answer('What did the Secretary ask for?', main.getByRole('link', {
    name: 'Hà Nội và Thái Bình cần tập trung đẩy mạnh hợp tác về bảo đảm an ninh chính trị, trật tự an toàn xã hội',
  }));

  await clickThrough('Tỉnh, thành phố', 'Thái Bình', 'Lãnh đạo thành phố Hà Nội trao tặng Quỹ An sinh xã hội tỉnh Thái Bình 3 tỷ đồng');
  const amount = main.locator('.fact', { hasText: 'Số lượng, giá trị' });
  await amount.locator('summary').click();
  await answer('Which sentence proves the 3 billion?', amount.locator('blockquote', { hasText: '3 tỷ đồng' }));
  await context.close();
}

/** Uses the suggestions of the search box with the keyboard and the pointer. */
async function useSuggestions(browser) {
  const { context, errors } = await openContext(browser, { locale: 'vi' });
  const page = await context.newPage();
  const requests = [];
  page.on('request', (request) => request.url().includes('suggest=true') && requests.push(request.url()));
  await page.goto(`${address}/?lang=en`);
  const box = page.getByRole('combobox');
  const list = page.getByRole('listbox');
  const options = page.getByRole('option');

  await box.pressSequentially('thái bì', { delay: 20 });
  await options.first().waitFor();
  const count = await options.count();
  check(requests.length === 1, `The suggestions took ${requests.length} requests instead of one.`);
  check(await box.getAttribute('aria-expanded') === 'true', 'The search box does not say that it has suggestions.');
  check(await page.getByRole('status').innerText() === `Suggestions: ${count}`, 'The number of suggestions is not announced.');
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, help, nodes } of violations) failures.push(`Suggestions: axe ${id}, ${help}: ${nodes[0].html.slice(0, 200)}`);
  if (screenshots) await savePictures(page, 'suggestions', 0);

  await box.press('ArrowDown');
  check(await box.getAttribute('aria-activedescendant') === await options.first().getAttribute('id'), 'The first suggestion is not active.');
  check(await options.first().getAttribute('aria-selected') === 'true', 'The first suggestion is not selected.');
  await box.press('Escape');
  check(!await list.isVisible() && await box.inputValue() === 'thái bì', 'Escape does not close the suggestions, or removes the text.');

  await box.pressSequentially('n');
  await options.first().waitFor();
  await box.press('ArrowDown');
  await box.press('Enter');
  await page.waitForURL('**/provinces/thai-binh?lang=en');

  await page.goto(address);
  await box.pressSequentially('hà nội');
  await options.first().click();
  await page.waitForURL('**/provinces/ha-noi');

  await box.fill('xyzxyz');
  await page.getByText('Không có gợi ý').waitFor({ state: 'attached' });
  await box.press('Enter');
  await page.waitForURL('**/search?q=xyzxyz');
  errors.forEach((error) => failures.push(`Error in the console: ${error}`));
  await context.close();
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const trial of [answerQuestions, useSuggestions, followLinks, lookAtPages]) {
    const start = Date.now();
    await trial(browser);
    console.log(`${trial.name}: ${Math.round((Date.now() - start) / 1000)} s`);
  }
} finally {
  await browser.close();
}
failures.forEach((failure) => console.error(failure));
if (failures.length > 0) {
  console.error(`${failures.length} failures.`);
  process.exit(1);
}
console.log('The pages work.');
