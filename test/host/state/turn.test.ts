/** The record of a turn between processes. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openTurnStore } from '../../../host/state/turn.ts';
import type { TurnStore } from '../../../host/state/turn.ts';

let dir: string;
let store: TurnStore;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-turn-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  store = openTurnStore(dir, 's', Date.now);
});

test('changes of many at once are all made, and the secrets of a session stay', async () => {
  await store.change((state) => state);
  const first = store.read();
  await Promise.all(
    Array.from({ length: 8 }, () =>
      openTurnStore(dir, 's', Date.now).change((state) => ({ ...state, round: state.round + 1 })),
    ),
  );
  const last = store.read();
  if (first.kind !== 'state' || last.kind !== 'state') throw new Error('no state');
  expect(last.state).toEqual({ ...first.state, round: 8 });
  expect(last.state.key).toMatch(/^[0-9a-f]{32}$/);
  expect(last.state.policy).not.toBe(last.state.key);
});

test('what is kept is bounded', async () => {
  await store.change((state) => ({
    ...state,
    clean: Array.from({ length: 5_000 }, (_, index) => String(index)),
    notices: Array.from({ length: 50 }, (_, index) => String(index)),
    told: Array.from({ length: 500 }, (_, at) => ({
      key: '',
      at,
      path: '',
      category: '',
      title: '',
    })),
  }));
  const read = store.read();
  if (read.kind !== 'state') throw new Error('no state');
  expect(
    [read.state.clean, read.state.notices, read.state.told].map(({ length }) => length),
  ).toEqual([2_000, 10, 200]);
  expect(read.state.clean.at(-1)).toBe('4999');
});

test('parts of another shape begin anew', async () => {
  const written = await store.change((state) => state);
  if (written.kind !== 'written') throw new Error(written.reason);
  const { key, policy } = written.state;
  const file = join(dir, 'security_warnings_state_s~turn.json');
  writeFileSync(file, JSON.stringify({ key, policy, round: -1, told: 'x', clean: [1, 'a'] }));
  expect(store.read()).toMatchObject({
    kind: 'state',
    state: { round: 0, told: [], clean: ['a'], firings: 0, breaker: { failures: 0 } },
  });
});

test('a new session removes what sessions of long ago left', async () => {
  const old = join(dir, 'content/old');
  mkdirSync(old, { recursive: true });
  const files = [
    join(old, 'a'.repeat(40)),
    join(dir, 'security_warnings_state_old~turn.json'),
    join(dir, 'security_warnings_state_old~edits.jsonl'),
  ];
  for (const path of files) {
    writeFileSync(path, '');
    utimesSync(path, 1, 1);
  }
  await store.change((state) => state);
  expect(files.filter((path) => existsSync(path))).toEqual([]);
  expect(existsSync(old)).toBe(false);
});
