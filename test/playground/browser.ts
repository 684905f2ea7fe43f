// Serves dist/playground and opens it in a headless Chromium. Without one the tests are skipped, by name.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
export const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const ROOT = 'dist/playground';

/** Whether the tests can run; if not, says which cannot. */
export function hasBrowser(what: string): boolean {
  const isThere = existsSync(CHROMIUM);
  if (!isThere) console.log(`SKIPPED: chromium missing: ${what}`);
  return isThere;
}

/** A browser with a server, and what pages complained of. */
export class PlaygroundBrowser {
  /** Errors, refused loads and requests to elsewhere, of all pages. */
  readonly complaints = new Set<string>();

  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly origin: string,
  ) {}

  static async launch(): Promise<PlaygroundBrowser> {
    const server = createServer(({ url }, response) => {
      const path = join(ROOT, normalize(new URL(url!, 'http://localhost').pathname));
      const file = path.endsWith('/') ? `${path}index.html` : path;
      if (!existsSync(file)) return response.writeHead(404).end();
      return response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: SWITCHES });
    return new PlaygroundBrowser(browser, server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** A page with an example open and the machine ready. */
  async open(example = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.complaints.add(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.add(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.origin)) this.complaints.add(`asked for ${request.url()}`);
    });
    await page.goto(`${this.origin}/#${example}`);
    await page.locator('body[data-state=ready]').waitFor();
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

/** Replaces the source, as somebody who types does. */
export async function typeSource(page: Page, source: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(source);
}

/** Waits until no run is under way; the status line. */
export async function statusAtEnd(page: Page): Promise<string> {
  await page.locator('body[data-state=ready]').waitFor();
  return page.locator('#status').innerText();
}
