import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundCache } from '../../cli/cache/bound.ts';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 60 * 60 * 1000;

describe('a bounded cache', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sg-bound-'));
    mkdirSync(join(folder, 'in'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, bytes: number, days: number): void => {
    writeFileSync(join(folder, name), 'x'.repeat(bytes));
    const used = (NOW - days * DAY) / 1000;
    utimesSync(join(folder, name), used, used);
  };
  const left = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('.'))
      .sort();

  it('forgets what was used least recently, in folders too', () => {
    write('a.known', 40, 3);
    write('in/b.json', 40, 2);
    write('c.known', 40, 1);
    boundCache(folder, NOW, 100);
    expect(left()).toEqual(['c.known', 'in/b.json']);
  });

  it('forgets what nobody has used for a month', () => {
    write('a.known', 1, 31);
    write('b.known', 1, 29);
    boundCache(folder, NOW);
    expect(left()).toEqual(['b.known']);
  });

  it('leaves alone what is no part of it', () => {
    write('.gitignore', 400, 90);
    write('held.lock', 400, 90);
    boundCache(folder, NOW, 0);
    expect(left()).toEqual(['.gitignore', 'held.lock']);
  });
});
