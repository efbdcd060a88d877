/** Whose edits a session's notes say, whatever is in the files. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { noteEdit, readEdits } from '../../../host/state/edits.ts';

let dir: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sg-edits-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  dir = join(folder, 'state');
});

const file = (key: string): string => join(dir, `security_warnings_state_${key}~edits.jsonl`);

test('edits since a moment, of this session and of the others', () => {
  noteEdit(dir, 'a', '/old', 900);
  noteEdit(dir, 'a', '/one', 1_000);
  noteEdit(dir, 'a', '/one', 1_100);
  noteEdit(dir, 'b', '/two', 1_000);
  noteEdit(dir, 'b', '/old', 900);
  expect(readEdits(dir, 'a', 1_000)).toEqual({ mine: ['/one'], others: ['/two'] });
  expect(statSync(file('a')).mode & 0o777).toBe(0o600);
});

test('lines that are none, cut ones included, cost only themselves', () => {
  noteEdit(dir, 'a', '/one', 1_000);
  appendFileSync(file('a'), '{\nnull\n[]\n["x","/x"]\n[2000]\n[2000,"/tw');
  appendFileSync(file('a'), '\n[2000,"/three"]\n');
  expect(readEdits(dir, 'a', 0).mine).toEqual(['/one', '/three']);
});

test('of a long file the newest part is read', () => {
  noteEdit(dir, 'a', '/first', 1_000);
  appendFileSync(file('a'), `[1000,"/${'x'.repeat(80)}"]\n`.repeat(20_000));
  noteEdit(dir, 'a', '/last', 1_000);
  const { mine } = readEdits(dir, 'a', 0);
  expect(mine).toContain('/last');
  expect(mine).not.toContain('/first');
});

test('a session that did nothing since is not read, nor is what is no file', () => {
  noteEdit(dir, 'b', '/two', 5_000);
  utimesSync(file('b'), 1, 1);
  mkdirSync(file('c'));
  expect(readEdits(dir, 'a', 4_000)).toEqual({ mine: [], others: [] });
  expect(readEdits(join(dir, 'none'), 'a', 0)).toEqual({ mine: [], others: [] });
});

test('a folder that cannot be made costs nothing but the note', () => {
  expect(() => noteEdit('/proc/none', 'a', '/one', 1)).not.toThrow();
  expect(() => noteEdit(undefined, 'a', '/one', 1)).not.toThrow();
});
