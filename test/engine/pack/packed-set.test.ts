/** Rules that are read when they are needed against the same rules, all at hand. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { planLookaround } from '../../../engine/automaton/plan.ts';
import { packRules } from '../../../engine/pack/pack-rules.ts';
import { openPackedSearch } from '../../../engine/pack/packed-search.ts';
import { RulePack } from '../../../engine/pack/rule-pack.ts';
import type { Rule } from '../../../engine/rule.ts';
import { createScanner, type Scanner } from '../../../engine/scanner.ts';
import { mayReport, placeOf } from '../../../engine/sight.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { createKernel } from '../../../host/kernel.ts';
import { loadWasm } from '../../../host/wasm.ts';
import { rule, runtime } from '../scan-text.ts';

const dist = (name: string): string =>
  fileURLToPath(new URL(`../../../dist/cli/${name}`, import.meta.url));
const rules: readonly Rule[] = JSON.parse(readFileSync(dist('rules.json'), 'utf8'));
const compiled = loadWasm(dist('re2.wasm'), dist('re2.snapshot'));

const examples = rules.flatMap(({ examples: { match, noMatch } }) => [...match, ...noMatch]);

function packOf(some: readonly Rule[]): RulePack {
  return new RulePack(packRules(some, createKernel()));
}

const whole = createScanner({ rules, wasm: () => compiled });
const pack = new RulePack(readFileSync(dist('rules.pack')));
const kernel = createKernel();
const packedSearch = openPackedSearch(pack, kernel);
const packed = createScanner({ rules: [], pack, packedSearch, kernel, wasm: () => compiled });

function expectAlike(one: Scanner, other: Scanner, path: string, bytes: Uint8Array): void {
  const [result, expected] = [one.scan(path, bytes), other.scan(path, bytes)];
  // What each `expect` costs adds up to more than the scans.
  if (!isDeepStrictEqual(result, expected)) expect(result).toEqual(expected);
  const { couldMatch, seen } = one.look(path, bytes);
  if (couldMatch !== other.couldMatch(path, bytes))
    throw new Error(`${path}: ${couldMatch}, expected the other`);
  if (
    one === packed &&
    !mayReport(packedSearch, bytes, placeOf(path, undefined, bytes)) &&
    expected.findings.length + expected.suppressed.length + expected.incomplete.length > 0
  )
    throw new Error(`${path}: expected to be worth a scan`);
  if (seen === undefined) return;
  // As it comes from another thread.
  const told = one.scan(path, bytes, undefined, undefined, structuredClone(seen));
  if (!isDeepStrictEqual(told, expected)) expect(told).toEqual(expected);
}

const notebook = (code: string): string =>
  JSON.stringify({ cells: [{ cell_type: 'code', source: code }], nbformat: 4 });

test('of most examples it is seen what a scan needs to know', () => {
  const seen = examples.filter(({ code, path }) => packed.look(path, encodeUtf8(code)).seen);
  expect(seen.length / examples.length).toBeGreaterThan(0.5);
});

test('most texts that are no finding need no scan', () => {
  const clean = rules.flatMap(({ examples }) => examples.noMatch);
  const scanned = clean.filter(({ code, path }) =>
    mayReport(packedSearch, encodeUtf8(code), placeOf(path, undefined, encodeUtf8(code))),
  );
  // They are look-alikes: of other code it is far less.
  expect(scanned.length / clean.length).toBeLessThan(0.8);
});

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

const halves = [0, 1].map((half) => examples.filter((_, index) => index % 2 === half));

describe.each(halves.map((some, half) => [half + 1, some] as const))('half %i', (_half, some) => {
  test.each([
    ['UTF-8 with a mark', (code: string) => encodeUtf8(`\ufeff${code}`)],
    ['UTF-16', (code: string) => utf16(`\ufeff${code}`)],
    ['UTF-16 with another mark', (code: string) => utf16(`\ufeff\ufeff${code}`)],
    [
      'bytes that are not UTF-8',
      (code: string) => Buffer.concat([Buffer.of(0xff, 0x80), encodeUtf8(code)]),
    ],
  ])(
    'a text in another encoding is seen as it is read: %s',
    (_name, bytesOf) => {
      for (const { code, path } of some) expectAlike(packed, whole, path, bytesOf(code));
    },
    60_000,
  );

  test.each([
    ['as it is', (code: string) => code, (path: string) => path],
    ['with a letter that folds', (code: string) => `${code}\n# \u212a\n`, (path: string) => path],
    ['beyond ASCII', (code: string) => `é日本${code}`, (path: string) => path],
    [
      'suppressed',
      (code: string) => `# sg-ignore-next-line all: a test\n${code}`,
      (path: string) => path,
    ],
    ['in a notebook', notebook, () => 'a.ipynb'],
  ])(
    'the built-in rules decide alike on their examples: %s',
    (_name, codeOf, pathOf) => {
      for (const { code, path } of some)
        expectAlike(packed, whole, pathOf(path), encodeUtf8(codeOf(code)));
    },
    60_000,
  );
});

test('rules of users come behind those of the pack', () => {
  const builtin = [
    rule('a', ['alpha', String.raw`alp\w+`], {
      unless: [{ within: 'line', pattern: 'never|(?i)NOT' }],
    }),
    rule('b', 'beta', { requires: [{ within: 'file', pattern: 'wanted' }] }),
    rule('c', String.raw`\w`, { paths: ['*.any'] }),
    rule('d', 'delta', { languages: ['python'] }),
  ];
  const own = [
    rule('e', 'alphabet', { origin: 'user', unless: [{ within: 'line', pattern: 'either' }] }),
    rule('f', '.x', { origin: 'user', requires: [{ within: 'file', pattern: 'wanted' }] }),
    rule('g', [], { origin: 'user', lookaround: ['alpha(?=bet)'] }),
  ];
  const whole = createScanner({
    rules: [...builtin, ...own],
    planLookaround,
    wasm: () => runtime,
  });
  const packed = createScanner({
    rules: own,
    pack: packOf(builtin),
    kernel: createKernel(),
    planLookaround,
    wasm: () => runtime,
  });
  const lines = ['alphabet', 'alphabet not', 'alphabet either', 'beta', 'wanted', 'delta ax', ''];
  let found = 0;
  for (const path of ['a.py', 'a.any', 'a.txt'])
    for (const first of lines)
      for (const second of lines) {
        const bytes = encodeUtf8(`${first}\n${second}\n`);
        expectAlike(packed, whole, path, bytes);
        found += whole.scan(path, bytes).findings.length;
      }
  expect(found).toBeGreaterThan(100);
  for (const id of ['a', 'd', 'e', 'none']) expect(packed.rule(id)).toEqual(whole.rule(id));
});

test('without a kernel the same is found', () => {
  const rules = [rule('a', '(?i)task', { unless: [{ within: 'line', pattern: 'never' }] })];
  const slow = createScanner({ rules: [], pack: packOf(rules), wasm: () => runtime });
  const whole = createScanner({ rules, wasm: () => runtime });
  for (const code of ['task', 'ta\u017f\u212a', 'task never', 'other'])
    expectAlike(slow, whole, 'a.py', encodeUtf8(code));
});

test('of a pack only some rules', () => {
  const all = [
    rule('a', 'alpha'),
    rule('b', 'beta', { languages: ['python'] }),
    rule('c', String.raw`\w+`),
    rule('d', 'alpha|beta'),
  ];
  const own = [rule('a', 'gamma', { origin: 'user' })];
  for (const ids of [['b'], ['c', 'd'], []]) {
    const chosen = all.filter(({ id }) => ids.includes(id));
    const whole = createScanner({ rules: [...chosen, ...own], wasm: () => runtime });
    const some = createScanner({
      rules: own,
      pack: packOf(all),
      only: new Set(ids),
      kernel: createKernel(),
      wasm: () => runtime,
    });
    for (const path of ['a.py', 'a.txt'])
      for (const code of ['alpha', 'beta', 'gamma', '# sg-ignore: d -- why\nalpha', '!'])
        expectAlike(some, whole, path, encodeUtf8(code));
    for (const { id } of all) expect(some.rule(id)).toEqual(whole.rule(id));
    expect(some.problems).toEqual([]);
  }
});

test('an id of the pack is taken', () => {
  const pack = packOf([rule('a', 'alpha')]);
  const { problems } = createScanner({ rules: [rule('a', 'beta')], pack, wasm: () => runtime });
  expect(problems.map(({ ruleId, field }) => `${ruleId} ${field}`)).toEqual(['a id']);
});

test('what cannot be packed fails the build', () => {
  expect(() => packRules([rule('a', '(')], createKernel())).toThrow('a: patterns[0]: ');
  expect(() => packRules([rule('a', 'ok', { lookaround: ['(?=x)ok'] })], createKernel())).toThrow(
    'lookaround',
  );
});
