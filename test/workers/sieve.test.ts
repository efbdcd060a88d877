/** What the sieve lets a worker look at. */
import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScanner } from '../../engine/scanner.ts';
import { createKernel } from '../../host/kernel.ts';
import { contentKey } from '../../workers/content-key.ts';
import type { FileStat, Known, Memory } from '../../workers/memory.ts';
import { Sieve } from '../../workers/sieve.ts';
import { Slot, Slots } from '../../workers/slots.ts';
import { rule } from '../engine/scan-text.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sg-sieve-'));
  writeFileSync(join(folder, 'clean.js'), 'fine()\n');
  writeFileSync(join(folder, 'literal.js'), 'evilness\n');
  writeFileSync(join(folder, 'found.js'), 'evil(1)\n');
  writeFileSync(join(folder, 'marked.js'), '// sg-ignore: evil -- no\n');
  writeFileSync(join(folder, 'empty.js'), '');
  writeFileSync(join(folder, 'large.js'), ' '.repeat(5 << 20));
  mkdirSync(join(folder, 'folder.js'));
  symlinkSync(join(folder, 'clean.js'), join(folder, 'link.js'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, number | undefined]>([
  ['clean.js', 7],
  ['literal.js', 9],
  ['found.js', undefined],
  ['marked.js', undefined],
  ['empty.js', 0],
  ['large.js', undefined],
  ['folder.js', undefined],
  ['link.js', undefined],
  ['gone.js', undefined],
])('%s: %o', (name, expected) => {
  const scanner = createScanner({
    rules: [rule('evil', 'evil\\(')],
    kernel: createKernel(),
    wasm() {
      throw new Error('RE2 is not for the sieve');
    },
  });
  const sieve = new Sieve(() => scanner);
  const looked = sieve.look({ absolute: join(folder, name), relative: name });
  expect('relative' in looked ? undefined : looked.bytes).toBe(expected);
});

describe('what is handed to a worker', () => {
  const sieve = (): Sieve =>
    new Sieve(() =>
      createScanner({
        rules: [rule('evil', 'evil\\(')],
        kernel: createKernel(),
        wasm() {
          throw new Error('RE2 is not for the sieve');
        },
      }),
    );
  const handed = (name: string, slot: Slot | undefined): number | undefined => {
    const looked = sieve().look({ absolute: join(folder, name), relative: name }, slot);
    return 'relative' in looked ? looked.content?.bytes.length : undefined;
  };
  const slotWith = (bytes: number): Slot => {
    const slot = new Slot();
    expect(slot.add(new Uint8Array(bytes))).toHaveLength(bytes);
    return slot;
  };

  test.each<[string, string, number | undefined, number | undefined]>([
    ['a file', 'found.js', 0, 8],
    ['a file for which there is just room', 'found.js', (1 << 20) - 8, 8],
    ['but none for which there is not', 'found.js', (1 << 20) - 7, undefined],
    ['nor where there is no slot', 'found.js', undefined, undefined],
    ['a file of more than a megabyte', 'long.js', 0, 7 + (1 << 20)],
    ['but not behind another one', 'long.js', 1, undefined],
    ['nor one that was not read', 'gone.js', 0, undefined],
    ['nor one of which there is much to tell', 'dense.js', 0, undefined],
  ])('%s', (_, name, used, bytes) => {
    writeFileSync(join(folder, 'long.js'), `evil(1)${' '.repeat(1 << 20)}`);
    writeFileSync(join(folder, 'dense.js'), 'evil(1);'.repeat(3_000));
    expect(handed(name, used === undefined ? undefined : slotWith(used))).toBe(bytes);
  });

  test('is a copy, as the next file is read to the same place', () => {
    const made = sieve();
    const slot = new Slot();
    const [first] = ['found.js', 'marked.js'].map((name) =>
      made.look({ absolute: join(folder, name), relative: name }, slot),
    );
    const content = first && 'relative' in first ? first.content : undefined;
    expect(Buffer.from(content?.bytes ?? []).toString()).toBe('evil(1)\n');
  });

  test('slots are used again, from their begin', () => {
    const slots = new Slots();
    const first = slots.take();
    const content = first.add(Uint8Array.of(1, 2, 3));
    expect(slots.take()).not.toBe(first);
    slots.release(first);
    expect(slots.take()).toBe(first);
    first.add(Uint8Array.of(4));
    expect([...(content ?? [])]).toEqual([4, 2, 3]);
  });
});

describe('with a memory', () => {
  /** One content is known: that of a file at this path, whatever is in it now. */
  class Remembered implements Memory {
    readonly size = 1;
    readonly told: { readonly relative: string; readonly stat: FileStat; readonly key: string }[] =
      [];
    readonly #known: string;

    constructor(known: string) {
      this.#known = known;
    }

    recall(key: string): Known | undefined {
      return key === 'known' ? { result: RESULT } : undefined;
    }

    keep(): void {
      throw new Error('nothing was scanned whole here');
    }

    keyOf(relative: string): string | undefined {
      return relative === this.#known ? 'known' : undefined;
    }

    keepKey(relative: string, stat: FileStat, key: string): void {
      this.told.push({ relative, stat, key });
    }
  }

  const RESULT = { findings: [], suppressed: [], incomplete: [] };
  const look = (memory: Memory, name: string): ReturnType<Sieve['look']> => {
    const noScanner = (): undefined => undefined;
    return new Sieve(noScanner, memory).look({ absolute: join(folder, name), relative: name });
  };

  test('a file that is as it was is not read', () => {
    const memory = new Remembered('found.js');
    expect(look(memory, 'found.js')).toEqual({
      bytes: 8,
      outcome: { kind: 'scanned', path: 'found.js', bytes: 8, result: RESULT },
    });
    expect(memory.told).toEqual([]);
  });

  test('another one is, and its stats are from before that', () => {
    const memory = new Remembered('else.js');
    // Until there is a scanner a worker looks at it.
    expect(look(memory, 'found.js')).toEqual({
      absolute: join(folder, 'found.js'),
      relative: 'found.js',
    });
    const { dev, ino, size, mtimeMs, ctimeMs } = lstatSync(join(folder, 'found.js'));
    expect(memory.told).toMatchObject([
      {
        relative: 'found.js',
        stat: { dev, ino, size, mtimeMs, ctimeMs },
        key: contentKey('found.js', Buffer.from('evil(1)\n')),
      },
    ]);
  });

  test.each(['link.js', 'folder.js', 'gone.js'])('%s is no such file', (name) => {
    const looked = look(new Remembered(name), name);
    expect('relative' in looked && looked.content === undefined).toBe(true);
  });
});
