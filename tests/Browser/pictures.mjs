// Saves the pictures of docs/images. `run` starts the service and this script.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const { COOPERATION_URL: address, CHROMIUM: executablePath } = process.env;
const folder = new URL('../../docs/images/', import.meta.url).pathname;

const agreement = '/agreements/noi-dung-hop-tac-ha-noi-thai-binh-2019';
const meeting = '/meetings/hoi-nghi-ha-noi-thai-binh-2019-10-26';
const contribution = '/results/ha-noi-thai-binh-2015-quy-xoa-doi-giam-ngheo-2-ty-dong';

// The name of each picture, the page, its width and colours, and a function that changes the page before.
const pictures = [
  ['home', '/', {}],
  ['home-phone', '/', { width: 390 }],
  ['search', '/search?q=thai+binh', {}],
  ['province', '/provinces/thai-binh', {}],
  ['province-dark', '/provinces/ha-noi', { colorScheme: 'dark' }],
  ['pairs', '/pairs', { height: 1100 }],
  ['meeting', meeting, {}],
  ['agreement', agreement, { height: 1400 }],
  ['agreement-phone', agreement, { width: 390, scrollTo: '.groups' }],
  ['evidence', `${contribution}?lang=en`, { openEvidence: true }],
];

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const [name, path, { width = 1280, height = 900, colorScheme = 'light', scrollTo, openEvidence }] of pictures) {
  const context = await browser.newContext({ locale: 'vi', colorScheme, viewport: { width, height } });
  const page = await context.newPage();
  await page.goto(address + path);
  if (openEvidence) await page.locator('.fact .evidence').evaluateAll((elements) => elements.forEach((element) => { element.open = true; }));
  if (scrollTo) await page.locator(scrollTo).first().evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  await page.screenshot({ path: `${folder}${name}.png` });
  await context.close();
}
await browser.close();
console.log(`${pictures.length} pictures are in docs/images.`);
