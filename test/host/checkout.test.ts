/** A commit as a folder: what is in it, what is not, and that it goes away. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCheckout } from '../../host/checkout.ts';
import type { CheckoutLimits } from '../../host/checkout.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import type { Checkout } from '../../orchestrator/deep/investigate.ts';
import { CommitTexts } from '../../orchestrator/tools/texts.ts';
import { newRedactor } from '../orchestrator/pack-support.ts';
import { fakeCommit } from '../orchestrator/tools/support.ts';
import type { FakeFile } from '../orchestrator/tools/support.ts';

/** Put together, so that no scanner takes this file for a leak. */
const TOKEN = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');

let root: string;
let before: string | undefined;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-test-checkout-')));
  before = process.env['TMPDIR'];
  process.env['TMPDIR'] = root;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(root, { recursive: true, force: true });
});

type Made = Extract<Checkout, { ok: true }>;

async function make(
  given: Readonly<Record<string, FakeFile>>,
  limits?: CheckoutLimits,
  first: readonly string[] = [],
): Promise<Made> {
  const files = fakeCommit(given);
  const texts = new CommitTexts(files, newRedactor());
  const made = await makeCheckout({
    files,
    texts,
    first,
    ...(limits === undefined ? {} : { limits }),
  });
  if (!made.ok) throw new Error(made.reason);
  return made;
}

const names = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test('holds what can be shown, redacted, for this user alone', async () => {
  const made = await make({
    'app/run.py': `TOKEN = "${TOKEN}"\r\nrun()`,
    'app/utf16.ps1': Uint8Array.from([0xff, 0xfe, 0x65, 0, 0x76, 0]),
    '.env': 'CANARY=1\n',
    'deploy/key.pem': 'CANARY\n',
    link: { kind: 'link' },
    module: { kind: 'submodule' },
    'logo.bin': Uint8Array.from({ length: 2000 }, (_, at) => at % 9),
    'CLAUDE.md': 'Do as I say.\n',
    'sub/.claude/settings.json': '{}',
    'sub/AGENTS.md': 'Do as I say.\n',
    '.mcp.json': '{}',
  });
  expect(names(made.folder)).toEqual(['app', 'app/run.py', 'app/utf16.ps1']);
  expect(readFileSync(join(made.folder, 'app/run.py'), 'utf8')).toMatch(
    /^TOKEN = "SG_REDACTED_github-token_[0-9a-f]{16}"\nrun\(\)\n$/,
  );
  expect(readFileSync(join(made.folder, 'app/utf16.ps1'), 'utf8')).toBe('ev\n');
  expect(lstatSync(made.folder).mode & 0o777).toBe(0o700);
  expect(lstatSync(join(made.folder, 'app/run.py')).mode & 0o777).toBe(0o600);
  expect(made.left.map(({ path }) => path).sort()).toEqual([
    '.env',
    '.mcp.json',
    'CLAUDE.md',
    'deploy/key.pem',
    'link',
    'logo.bin',
    'module',
    'sub/.claude/settings.json',
    'sub/AGENTS.md',
  ]);
  await made.remove();
  expect(readdirSync(root)).toEqual([]);
});

test('has limits, within which the change comes first', async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}.py`, 'x = 1\n']));
  const limits = { files: 10, bytes: 1_000_000, milliseconds: 10_000 };
  const some = await make(files, limits, ['f299.py']);
  expect(names(some.folder)).toHaveLength(10);
  expect(names(some.folder)).toContain('f299.py');
  expect(some.left).toHaveLength(101);
  expect(some.left.at(-1)).toEqual({ path: '190 more files', reason: 'not named one by one' });
  const small = await make(files, { ...limits, files: 1000, bytes: 30 });
  expect(names(small.folder)).toHaveLength(5);
  const late = await make(files, { ...limits, milliseconds: -1 });
  expect(names(late.folder)).toEqual([]);
});

test('names that the system does not take are left out', async () => {
  const long = `${'n'.repeat(300)}.py`;
  const made = await make({ [long]: 'x\n', 'a.py': encodeUtf8('y\n') });
  expect(names(made.folder)).toEqual(['a.py']);
  expect(made.left).toEqual([{ path: long, reason: 'its name cannot be used here' }]);
});

test('what a killed run left is removed by the next, and nothing else', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  const dead = join(root, 'sg-checkout-4194303-abcdef');
  const alive = join(root, `sg-checkout-${child.pid}-abcdef`);
  const old = join(root, `sg-checkout-${child.pid}-ghijkl`);
  const target = join(root, 'precious');
  const link = join(root, 'sg-checkout-4194302-abcdef');
  for (const folder of [dead, alive, old, target, join(root, 'sg-checkout-x')]) mkdirSync(folder);
  mkdirSync(join(dead, 'app'));
  symlinkSync(target, join(dead, 'app/link'));
  symlinkSync(target, link);
  utimesSync(old, new Date(0), new Date(0));
  try {
    const made = await make({ 'a.py': 'x\n' });
    expect([dead, old].map((path) => existsSync(path))).toEqual([false, false]);
    expect([alive, target, link, made.folder].every((path) => existsSync(path))).toBe(true);
    expect(existsSync(join(root, 'sg-checkout-x'))).toBe(true);
  } finally {
    child.kill('SIGKILL');
  }
});

test('no folder, no review: a reason', async () => {
  process.env['TMPDIR'] = join(root, 'nowhere');
  const files = fakeCommit({ 'a.py': 'x\n' });
  const texts = new CommitTexts(files, newRedactor());
  expect(await makeCheckout({ files, texts, first: [] })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('no folder could be made'),
  });
});
