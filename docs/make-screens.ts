/** Makes the pictures in `docs/screens/`: what the terminal, the page and the workbook show for the flawed fixture, and the road through the import client. Needs Chromium; the workbook's needs LibreOffice too. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, inChromium, type Page, type PageOptions, screenshot } from '../test/reports/chromium.ts';
import { openSimulator } from '../src/window/cn-client/simulator.ts';
import { terminalPage } from './terminal-page.ts';

const root = join(import.meta.dirname, '..');
const screens = join(import.meta.dirname, 'screens');
const name = 'flawed-air-imports.xlsx';
const folder = mkdtempSync(join(tmpdir(), 'declarant-screens-'));

/** Standard output of the command line, as on a terminal with colours. */
function declarant(...words: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_STATE_HOME: join(folder, 'state'),
    FORCE_COLOR: '1',
  };
  const { stdout } = spawnSync(process.execPath, [join(root, 'bin', 'declarant.js'), ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return stdout;
}

async function picture(file: string, to: string, options: PageOptions, ready?: (page: Page) => Promise<unknown>): Promise<void> {
  const png = await inChromium(file, options, async (page) => {
    await ready?.(page);
    return screenshot(page);
  });
  writeFileSync(join(screens, to), png);
  process.stdout.write(`docs/screens/${to} ${Math.round(png.length / 1024)} KB\n`);
}

async function terminal(command: string, to: string, lang: string): Promise<void> {
  const said = declarant(...command.split(' '), '--lang', lang);
  const lines = said.split('\n').slice(0, 34);
  const file = join(folder, 'terminal.html');
  writeFileSync(file, terminalPage(`declarant ${command}`, lines));
  await picture(file, to, { width: 980, height: lines.length * 19 + 74 });
}

/** The last sheet, which is the summary, as LibreOffice prints it: it draws no workbook as a picture by itself. */
async function workbook(): Promise<void> {
  const written = existsSync(join(folder, 'zh')) ? readdirSync(join(folder, 'zh')) : [];
  const book = written.find((file) => file.endsWith('.annotated.xlsx'));
  const office = ['/usr/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path));
  if (book === undefined || office === undefined || !existsSync('/usr/bin/pdftoppm')) {
    process.stdout.write('skipped: the workbook, for there is no LibreOffice or no pdftoppm here\n');
    return;
  }
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'office')).href}`;
  const quiet = { stdio: 'ignore' } as const;
  const words = [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, join(folder, 'zh', book)];
  execFileSync(office, words, quiet);
  const pdf = join(folder, book.replace(/\.xlsx$/u, '.pdf'));
  const [, pages = '1'] = /^Pages:\s+(\d+)/mu.exec(execFileSync('pdfinfo', [pdf], { encoding: 'utf8' })) ?? [];
  execFileSync('pdftoppm', ['-png', '-r', '110', '-singlefile', '-f', pages, pdf, join(folder, 'workbook')], quiet);
  const file = join(folder, 'workbook.html');
  writeFileSync(file, '<body style="margin:0"><img src="workbook.png">');
  await picture(file, 'workbook-zh.png', { width: 900, height: 760 });
}

/** From the forwarder's sheet through the import client to the warehouse's question and its notice. */
async function road(): Promise<void> {
  const sheet = 'qingdao-sea-imports.xlsx';
  await cp(join(root, 'fixtures', 'manifests', sheet), join(folder, sheet));
  const client = ['--window', 'cn-client', '--root', 'client'];
  let ms = Date.now();
  const simulator = openSimulator({ root: join(folder, 'client'), now: () => new Date(ms), seed: 'screens', order: 'calm' });
  declarant('import', sheet, '--yes', '--wait', '0', '--report', 'none', ...client);
  simulator.tick();
  for (ms += 60_000; simulator.waiting() > 0; ms += 60_000) simulator.tick();
  writeFileSync(join(folder, 'declarant.config.json'), JSON.stringify({ window: 'cn-client', root: 'client' }));
  await terminal('watch --once', 'watch-zh.png', 'zh');
  declarant('notice', '--bill', 'QWOL26830058', '-o', 'notice.html');
  await picture(join(folder, 'notice.html'), 'notice.png', { width: 900, height: 1240 });
}

/** The list of declarations stands at the top of the window. */
function toList({ evaluate }: Page): Promise<unknown> {
  return evaluate(`document.getElementById('declarations').scrollIntoView()`);
}

if (chromium === undefined) throw new Error('no Chromium is installed: nothing to make the pictures with');
mkdirSync(screens, { recursive: true });
try {
  await cp(join(root, 'fixtures', 'manifests', name), join(folder, name));
  await terminal(`check ${name}`, 'terminal-zh.png', 'zh');
  await terminal(`check ${name}`, 'terminal-en.png', 'en');
  declarant('import', name, '--lang', 'zh', '--out', 'zh', '--wait', '10', '--report', 'html', '--report', 'xlsx');
  declarant('report', '--lang', 'en', '--out', 'en', '--report', 'html');
  const page = (lang: string): string => join(folder, lang, 'report.html');
  await picture(page('zh'), 'report-zh.png', { width: 1160, height: 860 });
  await picture(page('zh'), 'report-list-zh.png', { width: 1160, height: 860 }, toList);
  await picture(page('en'), 'report-dark-en.png', { width: 1160, height: 860, isDark: true }, toList);
  await workbook();
  await road();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
