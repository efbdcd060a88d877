/** What `sg scan` keeps of earlier scans: it saves time and changes no answer. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { contentKey } from '../../workers/content-key.ts';
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

  it('sees a change that hides its time', async () => {
    write({ 't/a.py': 'fine(1)\n' });
    await scan(ARGS);
    const { atime, mtime } = statSync(join(root(), 't/a.py'));
    write({ 't/a.py': 'evil(1)\n' });
    utimesSync(join(root(), 't/a.py'), atime, mtime);
    expect((await scan(ARGS)).code).toBe(1);
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
