import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Re2Instance } from '../../engine/re2/instance.ts';
import { packSnapshot } from '../../engine/re2/snapshot.ts';
import { snapshotOf } from '../../engine/re2/snapshot-of.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { openSnapshotFile, readSnapshot } from '../../host/wasm.ts';
import { testRuntime } from '../support/wasm.ts';

const runtime = testRuntime();
const stored = packSnapshot(snapshotOf(runtime, ['ab+']));
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sg snapshot '));
  file = join(folder, 're2.snapshot');
  writeFileSync(file, stored);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function found(snapshot: ReturnType<typeof readSnapshot>): unknown {
  const instance = new Re2Instance({ ...runtime, snapshot });
  const handle = instance.known('ab+');
  instance.load(encodeUtf8('xabb'));
  return handle && instance.find(handle, 0, 0, 4);
}

test('an instance starts from the file', () => {
  expect(found(readSnapshot(openSnapshotFile(file)))).toEqual({ start: 1, end: 4 });
});

test.skipIf(process.platform === 'win32')('one that took its place changes nothing', () => {
  const open = openSnapshotFile(file);
  writeFileSync(`${file}.new`, 'another');
  renameSync(`${file}.new`, file);
  expect(found(readSnapshot(open))).toEqual({ start: 1, end: 4 });
});

test.each([
  ['longer', () => appendFileSync(file, 'x')],
  ['shorter', () => writeFileSync(file, stored.subarray(0, 200))],
  ['of another time', () => utimesSync(file, 1, 1)],
])('one that was made %s while it was open is refused', (_name, change) => {
  const snapshot = readSnapshot(openSnapshotFile(file));
  change();
  expect(() => found(snapshot)).toThrow('was changed while it was in use');
});
