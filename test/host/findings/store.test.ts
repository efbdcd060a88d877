/** The store of findings among processes, and with files that are not as they should be. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeptFinding } from '../../../host/findings/kept.ts';
import { keepRecord, readRecords } from '../../../host/findings/records.ts';
import { findStore } from '../../../host/findings/store.ts';
import type { FindingStore } from '../../../host/findings/store.ts';
import { recordOf } from '../../../orchestrator/record.ts';
import { makeRepo, makeWorld } from '../git/support.ts';
import { keptFinding } from './sample.ts';

const world = makeWorld();
const repo = makeRepo(world);
const program = join(world.folder, 'keep.mjs');
beforeAll(async () => {
  const build = await rolldown({
    input: join(import.meta.dirname, 'keep-program.ts'),
    platform: 'node',
  });
  await build.write({ file: program, format: 'esm' });
  await build.close();
});
afterAll(() => world.remove());

let count = 0;
/** A state folder of its own. */
function given(): { readonly state: string; readonly store: FindingStore } {
  count += 1;
  const state = join(world.folder, `state-${count}`);
  return { state, store: storeOf(state, repo.root) };
}

function storeOf(state: string, folder: string): FindingStore {
  const store = findStore(state, folder);
  if (store.kind === 'failed') throw new Error(store.detail);
  return store.value;
}

function kept(store: FindingStore): readonly KeptFinding[] {
  const read = store.read();
  if (read.kind === 'unreadable') throw new Error(read.reason);
  return read.findings;
}

test('loses nothing when many processes write at once', async () => {
  const { state, store } = given();
  const names = Array.from({ length: 6 }, (_, index) => `p${index}`);
  const ended = await Promise.all(
    names.map(
      (name) =>
        new Promise<string>((done) => {
          const child = spawn(process.execPath, [program, state, repo.root, name, '10']);
          let stderr = '';
          child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
          child.on('close', (code) => done(`${String(code)}${stderr}`));
        }),
    ),
  );
  expect(ended).toEqual(names.map(() => '0'));
  const titles = kept(store).map(({ finding }) => finding.title);
  expect(titles.toSorted()).toEqual(
    names.flatMap((name) => Array.from({ length: 10 }, (_, i) => `${name}-${i}`)).toSorted(),
  );
  expect(readdirSync(dirname(store.path))).toHaveLength(1);
});

test('is for its user alone, and the same for every folder and worktree of a clone', async () => {
  const { state, store } = given();
  expect(await store.change(() => [keptFinding('a')])).toEqual({ ok: true });
  expect(statSync(store.path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(store.path)).mode & 0o777).toBe(0o700);
  repo.write('deep/file.txt', 'x');
  repo.commit();
  const beside = join(world.folder, 'beside');
  repo.git('worktree', 'add', '-q', beside);
  const other = makeRepo(world, 'other');
  expect(storeOf(state, join(repo.root, 'deep')).path).toBe(store.path);
  expect(storeOf(state, beside).path).toBe(store.path);
  expect(storeOf(state, other.root).path).not.toBe(store.path);
});

test.each([
  ['no JSON', '{"version":1,"findings":[', 'not JSON'],
  ['a list', '[]', 'of another shape'],
  ['no version', '{"findings":[]}', 'of another shape'],
])('%s is said, and set aside by the next that writes', async (_, text, reason) => {
  const { store } = given();
  mkdirSync(dirname(store.path), { recursive: true });
  writeFileSync(store.path, text);
  expect(store.read()).toEqual({ kind: 'unreadable', reason, isNewer: false });
  expect(await store.change((all) => [...all, keptFinding('a')])).toEqual({ ok: true });
  expect(kept(store)).toEqual([keptFinding('a')]);
  expect(readFileSync(`${store.path}.corrupt`, 'utf8')).toBe(text);
});

test('what a newer version wrote is left alone', async () => {
  const { store } = given();
  mkdirSync(dirname(store.path), { recursive: true });
  writeFileSync(store.path, '{"version":2}');
  expect(store.read()).toMatchObject({ kind: 'unreadable', isNewer: true });
  expect(await store.change(() => [])).toMatchObject({ ok: false });
  expect(readFileSync(store.path, 'utf8')).toBe('{"version":2}');
});

test('entries of another shape are counted, and the others stand', async () => {
  const { store } = given();
  mkdirSync(dirname(store.path), { recursive: true });
  const good = keptFinding('a');
  const bad = [
    null,
    'x',
    {},
    { ...good, fingerprint: '../x' },
    { ...good, state: 'unknown' },
    { ...good, finding: { ...good.finding, category: 'constructor' } },
    { ...good, last: { ...good.last, at: -1 } },
  ];
  writeFileSync(store.path, JSON.stringify({ version: 1, findings: [...bad, good] }));
  expect(store.read()).toEqual({ kind: 'findings', findings: [good], damaged: bad.length });
});

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is a reason', async () => {
  const { state, store } = given();
  mkdirSync(state, { mode: 0o500 });
  expect(await store.change(() => [])).toMatchObject({ ok: false });
  chmodSync(state, 0o700);
});

test.skipIf(!existsSync('/proc/self'))('so is one that nobody can make', async () => {
  const store = storeOf('/proc/security-guidance', repo.root);
  expect(await store.change(() => [])).toMatchObject({ ok: false });
});

test('a file in the place of the folder is a reason', async () => {
  const { state, store } = given();
  writeFileSync(state, 'x');
  expect(await store.change(() => [])).toMatchObject({ ok: false });
  expect(store.read()).toMatchObject({ kind: 'findings', findings: [] });
});

test('is bounded: fixed ones go first, what the user decided stays', async () => {
  const { store } = given();
  const many = (state: KeptFinding['state'], amount: number): KeptFinding[] =>
    Array.from({ length: amount }, (_, i) => keptFinding(`${state}-${i}`, { state }));
  await store.change(() => [...many('fixed', 600), ...many('accepted', 300), ...many('new', 600)]);
  const states = kept(store).map(({ state }) => state);
  expect(states).toHaveLength(1_000);
  const counts = ['accepted', 'new', 'fixed'].map(
    (state) => states.filter((each) => each === state).length,
  );
  expect(counts).toEqual([300, 600, 100]);
});

describe('records', () => {
  const left = Array.from({ length: 500 }, (_, i) => ({ path: `f${i}`, reason: 'a document' }));
  const outcome = { kind: 'clean', coverage: { reviewed: ['a'], left }, usage: undefined } as const;
  const record = recordOf({ commits: [], model: 'm' }, { outcome, attempts: [] }, 5);

  test('are the last fifty, with bounded lists', async () => {
    const { state } = given();
    for (let at = 1; at <= 53; at++)
      await keepRecord(state, { at, layer: 'turn', session: 's', roots: ['/r'], record });
    const read = readRecords(state);
    if (read.kind !== 'records') throw new Error(read.reason);
    expect(read.records.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, i) => i + 4));
    const files = read.records.at(-1)?.record.files;
    expect(files?.left).toHaveLength(201);
    expect(files?.left.at(-1)).toEqual({ path: '…', reason: 'and 300 more' });
    expect(existsSync(join(state, 'reviews.json.lock'))).toBe(false);
  });

  test('that cannot be read are said, and begin anew', async () => {
    const { state } = given();
    mkdirSync(state);
    writeFileSync(join(state, 'reviews.json'), 'x');
    expect(readRecords(state)).toMatchObject({ kind: 'unreadable', reason: 'not JSON' });
    const kept = { at: 1, layer: 'cli', session: 's', roots: [], record } as const;
    expect(await keepRecord(state, kept)).toEqual({ ok: true });
    expect(readRecords(state)).toMatchObject({ kind: 'records', records: [{ at: 1 }] });
  });
});
