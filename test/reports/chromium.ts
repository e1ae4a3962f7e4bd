/** Drives a headless Chromium over its debugging protocol: opens a page of ours, and hears what it asks for. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where it is installed; nothing where it is not. */
export const chromium: string | undefined = places.find((place) => place !== '' && existsSync(place));

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
];

type Answer = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
};

export type Page = {
  readonly send: (method: string, params?: object) => Promise<Record<string, unknown>>;
  /** Runs an expression in the page; its value as JSON. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Addresses asked for since the page was opened, the page itself left out. */
  readonly requests: readonly string[];
  /** Dialogs opened, and what the console was told as an error. */
  readonly alarms: readonly string[];
};

export type PageOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  readonly withoutScripts?: boolean;
};

/** Opens the file, hands the page to `use`, and ends the browser. */
export async function inChromium<T>(
  file: string,
  options: PageOptions,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  if (chromium === undefined) throw new Error('no Chromium is installed');
  const profile = await mkdtemp(join(tmpdir(), 'declarant-chromium-'));
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: 'ignore',
  });
  try {
    const port = await debuggingPort(join(profile, 'DevToolsActivePort'));
    const targets: unknown = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const page = await connect(addressOf(targets));
    try {
      return await use(await open(page, pathToFileURL(file).href, options));
    } finally {
      page.close();
    }
  } finally {
    const ended = once(browser, 'exit');
    browser.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function debuggingPort(file: string): Promise<string> {
  for (let left = 300; left > 0; left -= 1) {
    const port = await readFile(file, 'utf8').then(
      (text) => text.split('\n')[0],
      () => undefined,
    );
    if (port !== undefined && port !== '') return port;
    await pause(50);
  }
  throw new Error('Chromium opened no debugging port');
}

function addressOf(targets: unknown): string {
  if (!Array.isArray(targets)) throw new Error('no targets');
  const found: unknown = targets.find((target: { type?: string }) => target.type === 'page');
  if (typeof found !== 'object' || found === null || !('webSocketDebuggerUrl' in found))
    throw new Error('no page');
  return String(found.webSocketDebuggerUrl);
}

type Connection = {
  readonly send: Page['send'];
  readonly on: (listener: (method: string, params: Record<string, unknown>) => void) => void;
  readonly close: () => void;
};

async function connect(address: string): Promise<Connection> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  const listeners: ((method: string, params: Record<string, unknown>) => void)[] = [];
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer: Answer = JSON.parse(String(data));
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    else if (answer.method !== undefined)
      for (const listener of listeners) listener(answer.method, answer.params ?? {});
  });
  return {
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, ({ result, error }) =>
          error === undefined ? resolve(result ?? {}) : reject(new Error(`${method}: ${error.message}`)),
        );
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
    on: (listener) => void listeners.push(listener),
    close: () => socket.close(),
  };
}

async function open(connection: Connection, url: string, options: PageOptions): Promise<Page> {
  const { send } = connection;
  const requests: string[] = [];
  const alarms: string[] = [];
  const loaded = Promise.withResolvers<void>();
  connection.on((method, params) => {
    if (method === 'Network.requestWillBeSent') {
      const { request } = params;
      const address =
        typeof request === 'object' && request !== null && 'url' in request ? String(request.url) : '';
      if (address !== url) requests.push(address);
    }
    if (method === 'Page.javascriptDialogOpening') alarms.push(`dialog: ${JSON.stringify(params)}`);
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      alarms.push(JSON.stringify(params));
    if (method === 'Page.loadEventFired') loaded.resolve();
  });
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);
  const { width = 1200, height = 900 } = options;
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  const scheme = { name: 'prefers-color-scheme', value: options.isDark === true ? 'dark' : 'light' };
  await send('Emulation.setEmulatedMedia', { features: [scheme] });
  if (options.withoutScripts === true) await send('Emulation.setScriptExecutionDisabled', { value: true });
  await send('Page.navigate', { url });
  await loaded.promise;
  return {
    send,
    requests,
    alarms,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return typeof result === 'object' && result !== null && 'value' in result ? result.value : undefined;
    },
  };
}

/** A picture of what stands in the window, or of the whole page. */
export async function screenshot(page: Page, whole = false): Promise<Buffer> {
  const { data } = await page.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: whole });
  return Buffer.from(String(data), 'base64');
}
