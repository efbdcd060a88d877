/** The Chromium that is installed: `SG_CHROMIUM`, or where Debian puts it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env['SG_CHROMIUM'];
  return named === undefined || named === '' ? PLACES.find((place) => existsSync(place)) : named;
}

/** Without what it would ask of the network by itself. */
export function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
