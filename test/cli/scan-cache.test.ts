/** What `sg scan` keeps of earlier scans: it saves time and changes no answer. */
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScanCache, type ScanCache } from '../../cli/scan/cache.ts';
import type { ScanResult } from '../../engine/finding.ts';
import { contentKey } from '../../workers/content-key.ts';
import type { FileStat } from '../../workers/memory.ts';
import { CLI, isBuilt, RULE, start, useFolder } from './helpers/cli.ts';

const { root, write, scan } = useFolder();

const caches = (): string => join(root(), '.cache/security-guidance/scan');
const cacheFiles = (): string[] => readdirSync(caches()).filter((name) => !name.startsWith('.'));
const cacheText = (): string =>
  cacheFiles()
    .map((name) => readFileSync(join(caches(), name), 'latin1'))
    .join('');

describe.skipIf(!isBuilt)('a second scan', () => {
  const TREE: Readonly<Record<string, string>> = {
    't/a.py': 'evil(1)\n',
    't/clean.py': 'fine(1)\n',
    't/near.py': 'evil = 1\n',
    't/hidden.py': 'evil(2)  # sg-ignore: no-evil -- tested\n',
    't/stale.py': 'x = 1  # sg-ignore: no-evil -- stale\n',
    't/empty.py': '',
  };
  const ARGS = ['t', '--format', 'json', '--show-suppressed'];

  it('says what the first one said, without asking the rules again', async () => {
    write(TREE);
    const first = await scan(ARGS);
    const kept = cacheText();
    expect(kept.trimEnd().split('\n')).toHaveLength(6);
    const second = await scan(ARGS);
    expect(second).toEqual(first);
    expect(await scan([...ARGS, '--no-cache'])).toEqual(first);
    expect(cacheText()).toBe(kept);
    // What is kept is what is told: without a file's line, it is searched again, and found again.
    writeFileSync(join(caches(), cacheFiles()[0] ?? ''), '');
    expect(await scan(ARGS)).toEqual(first);
    expect(cacheText().length).toBe(kept.length);
  });

  it('trusts what it kept, which is how one sees that it is used', async () => {
    write({ 't/a.py': 'evil(1)\n' });
    expect((await scan(ARGS)).code).toBe(1);
    const [name = ''] = cacheFiles();
    writeFileSync(join(caches(), name), `${contentKey('t/a.py', Buffer.from('evil(1)\n'))}.\n`);
    expect((await scan(ARGS)).code).toBe(0);
    expect((await scan([...ARGS, '--no-cache'])).code).toBe(1);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['content', { 't/clean.py': 'evil(1)\n' }],
    ['path', { 't/clean2.py': 'evil(1)\n' }],
    ['rule', { 'r/no-fine.yaml': RULE.replaceAll('evil', 'fine') }],
  ])('sees another %s', async (_, changed) => {
    write(TREE);
    await scan(ARGS);
    write(changed);
    const again = await scan(ARGS);
    expect(again.stdout).toBe((await scan([...ARGS, '--no-cache'])).stdout);
    expect(again.stdout).toContain(Object.keys(changed)[0]?.replace(/^r.*/, 'no-fine') ?? '?');
  });

  it.each([0, 2_200])('sees a change that hides its time, %i ms later', async (wait) => {
    write({ 't/a.py': 'fine(1)\n' });
    await sleep(wait);
    await scan(ARGS);
    expect(cacheText().includes('@')).toBe(wait > 0);
    const { atime, mtime } = statSync(join(root(), 't/a.py'));
    write({ 't/a.py': 'evil(1)\n' });
    utimesSync(join(root(), 't/a.py'), atime, mtime);
    expect((await scan(ARGS)).code).toBe(1);
  });

  it('tells what another folder of the same name has, and the same folder by another name', async () => {
    write({ 't/a/x.py': 'evil(1)\n', 't/b/x.py': 'fine(1)\n' });
    await sleep(2_200);
    const first = await scan(ARGS);
    expect(await scan(ARGS)).toEqual(first);
    renameSync(join(root(), 't/a'), join(root(), 't/c'));
    renameSync(join(root(), 't/b'), join(root(), 't/a'));
    const moved = await scan(ARGS);
    expect(moved.stdout).toBe((await scan([...ARGS, '--no-cache'])).stdout);
    expect(JSON.parse(moved.stdout).findings).toMatchObject([{ path: 't/c/x.py' }]);
  });

  it('keeps nothing of a file that was not looked at whole', async () => {
    write({ 't/a.py': 'evil(1)\n' });
    chmodSync(join(root(), 't/a.py'), 0o600);
    symlinkSync('a.py', join(root(), 't/b.py'));
    await scan(['t/a.py', 't/gone.py']);
    expect(cacheText().trimEnd().split('\n')).toHaveLength(1);
  });

  it('is for the owner only, and no part of a scan of the folder around it', async () => {
    write({ 'a.py': 'evil(1)\n' });
    const args = ['.', '--format', 'json'];
    const first = await scan(args);
    expect(statSync(caches()).mode & 0o777).toBe(0o700);
    expect(statSync(join(caches(), cacheFiles()[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(await scan(args)).toEqual(first);
    const all = await scan([...args, '--no-ignore', '--no-cache']);
    expect(JSON.parse(all.stdout).findings).toEqual(JSON.parse(first.stdout).findings);
    expect(cacheText()).not.toContain('evil');
  });

  it('is not used in CI, where the code to be scanned may have written it, unless it is asked for', async () => {
    write({ 't/a.py': 'evil(1)\n' });
    await scan(ARGS);
    const [name = ''] = cacheFiles();
    writeFileSync(join(caches(), name), `${contentKey('t/a.py', Buffer.from('evil(1)\n'))}.\n`);
    expect((await scan(ARGS, { env: { CI: 'true' } })).code).toBe(1);
    expect((await scan(ARGS, { env: { CI: 'false' } })).code).toBe(0);
    expect((await scan([...ARGS, '--resume'], { env: { CI: 'true' } })).code).toBe(0);
  });

  it('needs no cache: no home, a file in its place, nothing that can be written', async () => {
    write({ ...TREE, 'file/x': '', 'locked/x': '' });
    const expected = (await scan(ARGS)).stdout;
    chmodSync(join(root(), 'locked'), 0o500);
    for (const env of [
      { HOME: '' },
      { XDG_CACHE_HOME: join(root(), 'file/x') },
      { XDG_CACHE_HOME: '/proc' },
    ])
      expect(await scan(ARGS, { env })).toEqual({
        code: 1,
        signal: null,
        stdout: expected,
        stderr: '',
      });
  });
});

describe.skipIf(!isBuilt)('sg scan --resume', () => {
  it('goes on after a kill, and says the same as one run', async () => {
    write({ 'r/no-evil.yaml': RULE });
    const files = 1200;
    for (let file = 0; file < files; file++)
      write({ [`t/d${file % 7}/${file}.py`]: 'evil(x)\n'.repeat(5) });
    const args = ['t', '--format', 'json', '--resume'];
    const child = start(['scan', '--no-builtin', '--rules', 'r', ...args], { cwd: root() });
    const closed = new Promise((resolve) => child.on('close', resolve));
    // Nobody reads its report, so that it waits in the middle.
    const size = (): number => {
      try {
        return cacheText().length;
      } catch {
        return 0;
      }
    };
    for (let wait = 0; wait < 400 && size() === 0; wait++) await sleep(50);
    child.kill('SIGKILL');
    await closed;
    const resumed = await scan(args);
    const known = Number(/(\d+) files known/.exec(resumed.stderr)?.[1]);
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(files);
    expect(resumed.stdout).toBe((await scan(['t', '--format', 'json', '--no-cache'])).stdout);
    expect((await scan(args)).stderr).toContain(`${files} files known`);
  }, 60_000);

  it('scans all the same where nothing can be kept, and says so', async () => {
    write({ 't/a.py': 'evil(1)\n', 'file/x': '' });
    const { code, stderr } = await scan(['t', '--resume'], {
      env: { XDG_CACHE_HOME: join(root(), 'file/x') },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('sg scan: --resume has no effect: cannot keep what is found: ');
  });

  it('says that the disk became full', async () => {
    write({ 't/a.py': 'evil(1)\n', 'r/no-evil.yaml': RULE });
    // No file may become larger than nothing, and the signal that says so is not to end the program.
    const { code, stderr } = await promisify(execFile)(
      'sh',
      [
        '-c',
        `trap '' XFSZ; ulimit -f 0; "$0" "$1" scan --no-builtin --rules r t --resume -f json || echo "code $?"`,
        process.execPath,
        CLI,
      ],
      { cwd: root(), env: { PATH: process.env['PATH'], HOME: root() } },
    ).then(({ stdout, stderr: errors }) => ({
      code: /code (\d)/.exec(stdout)?.[1],
      stderr: errors,
    }));
    expect(stderr).toContain('sg scan: --resume has no effect: cannot keep what is found: ');
    expect(code).toBe('1');
  });

  it('has no use without the cache', async () => {
    const { code, stderr } = await scan(['t', '--resume', '--no-cache']);
    expect(code).toBe(2);
    expect(stderr).toContain('options --resume and --no-cache do not go together');
  });
});

describe('a scan cache', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sg-cache-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const NOW = Date.UTC(2026, 0, 1);
  const DAY = 24 * 60 * 60 * 1000;
  const RESULT: ScanResult = { findings: [], suppressed: [], incomplete: [] };
  const key = (text: string): string => contentKey('a.py', Buffer.from(text));
  const open = (identity: unknown = 1, now = NOW): ScanCache => {
    const opened = openScanCache(folder, identity, now);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return opened.cache;
  };
  const file = (): string => {
    const [name = ''] = readdirSync(join(folder, 'scan')).filter((each) => !each.startsWith('.'));
    return join(folder, 'scan', name);
  };

  it('knows what it was told, for the same rules only', () => {
    const first = open();
    first.keep(key('clean'));
    first.keep(key('found'), RESULT);
    first.close(true, NOW);
    const other = open(2);
    expect(other.recall(key('clean'))).toBeUndefined();
    other.close(true, NOW);
    const second = open();
    expect(second.size).toBe(2);
    expect(second.recall(key('clean'))).toEqual({});
    expect(second.recall(key('found'))).toEqual({ result: RESULT });
    expect(second.recall(key('else'))).toBeUndefined();
    second.close(true, NOW);
  });

  it('never takes a line that was cut short for a clean file, wherever it was cut', () => {
    const first = open();
    first.keep(key('found'), RESULT);
    first.close(true, NOW);
    const whole = readFileSync(file(), 'latin1');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file(), whole.slice(0, length));
      // Another scan that is running goes on right behind it.
      appendFileSync(file(), length % 2 === 0 ? '' : `${key('other')}.\n`);
      const next = open();
      expect([undefined, JSON.stringify({ result: RESULT })]).toContain(
        JSON.stringify(next.recall(key('found'))),
      );
      next.keep(key('new'));
      next.close(false, NOW);
      const last = open();
      expect(last.recall(key('new'))).toEqual({});
      last.close(false, NOW);
    }
  });

  const STAT: FileStat = { dev: 1, ino: 2, size: 3, mtimeMs: 4.5, ctimeMs: NOW - DAY + 0.25 };

  it('knows a file by its path and all of its stats', () => {
    const paths = ['a.py', 'dir/é日.py', 'dir/a.', '@//.', 'line\nbreak.py'];
    const first = open();
    for (const path of paths) first.keepKey(path, STAT, key(path));
    first.close(true, NOW);
    const second = open();
    expect(paths.map((path) => second.keyOf(path, STAT))).toEqual(
      paths.map((path) => (path.includes('\n') ? undefined : key(path))),
    );
    expect(second.keyOf('b.py', STAT)).toBeUndefined();
    for (const name of ['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const)
      expect(second.keyOf('a.py', { ...STAT, [name]: STAT[name] + 0.5 })).toBeUndefined();
    second.close(true, NOW);
  });

  it.each([NOW, NOW - 2_000, NOW + DAY, 0])(
    'keeps no file that may be written again at the same time: %i',
    (ctimeMs) => {
      const first = open();
      first.keepKey('a.py', { ...STAT, ctimeMs }, key('a'));
      expect(first.keyOf('a.py', { ...STAT, ctimeMs })).toBeUndefined();
      first.close(true, NOW);
    },
  );

  it('never takes a file for another one where a line was cut short', () => {
    const first = open();
    first.keepKey('dir/a.b.py', STAT, key('found'));
    first.close(true, NOW);
    const whole = readFileSync(file(), 'latin1');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file(), whole.slice(0, length));
      const next = open();
      for (const path of ['dir/a.b.py', 'dir/a.b', 'dir/a', 'dir/', 'dir'])
        expect(next.keyOf(path, STAT)).toBe(
          length === whole.length - 1 && path === 'dir/a.b.py' ? key('found') : undefined,
        );
      next.close(false, NOW);
    }
  });

  it('forgets files that are not there any more, once they are many', () => {
    const first = open();
    for (let i = 0; i < 10_000; i++) first.keepKey(`${i}.py`, STAT, key(`${i}`));
    first.close(true, NOW);
    const second = open();
    second.keyOf('é.py', STAT);
    second.keepKey('é.py', STAT, key('é'));
    second.keyOf('1.py', STAT);
    second.close(true, NOW);
    const third = open();
    expect([
      third.keyOf('1.py', STAT),
      third.keyOf('é.py', STAT),
      third.keyOf('2.py', STAT),
    ]).toEqual([key('1'), key('é'), undefined]);
    third.close(true, NOW);
  });

  it('forgets what no file has any more, once that is much', () => {
    const first = open();
    for (let i = 0; i < 10_000; i++) first.keep(key(`${i}`));
    first.close(true, NOW);
    const second = open();
    second.recall(key('1'));
    second.close(false, NOW);
    expect(open().size).toBe(10_000);
    const third = open();
    third.recall(key('1'));
    third.keep(key('new'));
    third.close(true, NOW);
    const last = open();
    expect(last.size).toBe(2);
    expect(last.recall(key('1'))).toEqual({});
  });

  it('forgets scans that nobody repeats', () => {
    open(1).close(true, NOW);
    open(2).close(true, NOW + 20 * DAY);
    const third = open(3, NOW + 40 * DAY);
    third.close(true, NOW + 40 * DAY);
    expect(readdirSync(join(folder, 'scan'))).toHaveLength(1 + 2);
  });
});
