/** Scans in parts: on several machines, and before and after a kill. */
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../cli/scan/journal.ts';
import type { Journal } from '../../cli/scan/journal.ts';
import { isInShard, parseShard } from '../../cli/scan/shard.ts';
import { isBuilt, RULE, start, useFolder } from './helpers/cli.ts';

const { root, write, scan, sg } = useFolder();

/** Names that sort differently with and without the slash of a folder, and by UTF-16 and UTF-8. */
const TREE: Readonly<Record<string, string>> = {
  't/a.py': 'evil(1)\n',
  't/a/b.py': 'evil(2)\nevil(2)\n',
  't/a-b.py': 'evil(3)\n',
  't/a/b/c.py': 'evil(4)  # sg-ignore: no-evil -- tested\n',
  't/ä.py': 'x = 1  # sg-ignore: no-evil -- stale\n',
  't/\u{1f600}.py': 'evil(5)\n',
  't/\uff5e.py': 'evil(6)\n',
  't/Z/y.py': 'evil(7)\n',
  't/clean.py': 'x = 1\n',
  't/x.png': '',
  't/y.png': '',
};

describe.skipIf(!isBuilt)('the order of a report', () => {
  it('is that of the paths, whichever way they were listed', async () => {
    write(TREE);
    const paths = async (args: readonly string[]): Promise<string[]> => {
      const { stdout } = await scan([...args, '--format', 'json', '--jobs', '3']);
      return JSON.parse(stdout).findings.map(({ path }: { path: string }) => path);
    };
    const listed = await paths(['t']);
    expect(listed).toHaveLength(8);
    expect(listed).toEqual(listed.toSorted());
    expect(await paths(['t', '--include', '*.py'])).toEqual(listed);
    expect(await paths(['t/a', 't'])).toEqual(listed);
  });
});

describe.skipIf(!isBuilt)('sg scan --shard and sg merge', () => {
  it.each(['json', 'sarif'])('give the bytes of one run: %s', async (format) => {
    write(TREE);
    const options = ['t', '../gone.py', '--format', format, '--show-suppressed'];
    const whole = await scan(options);
    for (const index of [1, 2, 3])
      await scan([...options, '--shard', `${index}/3`, '-o', `${index}.out`]);
    const merged = await sg(['merge', '3.out', '1.out', '2.out']);
    expect(merged.stderr).toBe('');
    expect(merged.stdout).toBe(whole.stdout);
    expect([whole.code, merged.code]).toEqual([2, 2]);
    const parts = [1, 2, 3].map((index) => statSync(join(root(), `${index}.out`)).size);
    expect(Math.max(...parts)).toBeLessThan(whole.stdout.length);
  });

  it('refuses what does not make a whole, and says what is wrong', async () => {
    write({ ...TREE, 'text.out': 'no JSON', 'other.out': '{"version": 1}' });
    for (const [name, shard, format] of [
      ['1', '1/3', 'json'],
      ['2', '2/3', 'json'],
      ['3', '3/3', 'sarif'],
      ['half', '1/2', 'json'],
    ] as const)
      await scan(['t', '--format', format, '--shard', shard, '-o', `${name}.out`]);
    await scan(['t', '--format', 'json', '-o', 'whole.out']);
    const told = async (...files: string[]): Promise<string> => {
      const { code, stderr, stdout } = await sg(['merge', ...files.map((name) => `${name}.out`)]);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await told('1', '2')).toContain('the report of shard 3/3 is missing');
    expect(await told('1', '1')).toContain('"1.out" and "1.out" are both of shard 1/3');
    expect(await told('1', '3')).toContain('"3.out" is sarif and "1.out" is json');
    expect(await told('1', 'half')).toContain('in 3 and in 2 parts');
    expect(await told('1', 'whole')).toContain('"whole.out" is of a whole scan');
    expect(await told('text')).toContain('cannot read "text.out": it is not JSON');
    expect(await told('other')).toContain('"other.out" is no report of sg scan');
    expect(await told('absent')).toContain('no such file');
  });

  it.each(['0/3', '4/3', '1', '1/0', 'a/b', '1/10001'])('refuses --shard %s', (text) => {
    expect(parseShard(text)).toContain(`"${text}"`);
  });

  it('puts each file into one part, and about as many into each', () => {
    const counts = [0, 0, 0, 0];
    for (let file = 0; file < 4000; file++) {
      const parts = counts.map((_, at) =>
        isInShard({ index: at + 1, count: 4 }, `src/f${file}.ts`),
      );
      expect(parts.filter(Boolean)).toHaveLength(1);
      counts[parts.indexOf(true)] = (counts[parts.indexOf(true)] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });
});

describe.skipIf(!isBuilt)('sg scan --resume', () => {
  it('goes on after a kill, and says the same as one run', async () => {
    write({ 'r/no-evil.yaml': RULE });
    const files = 600;
    for (let file = 0; file < files; file++)
      write({ [`t/d${file % 7}/${file}.py`]: 'evil(x)\n'.repeat(5) });
    const args = ['t', '--format', 'json', '--resume'];
    const child = start(['scan', '--no-builtin', '--rules', 'r', ...args], { cwd: root() });
    const closed = new Promise((resolve) => child.on('close', resolve));
    // Nobody reads its report, so that it waits in the middle.
    const journals = join(root(), '.claude/security/scans');
    const size = (): number => {
      try {
        const [name] = readdirSync(journals).filter((each) => each.endsWith('.jsonl'));
        return name === undefined ? 0 : statSync(join(journals, name)).size;
      } catch {
        return 0;
      }
    };
    for (let wait = 0; wait < 200 && size() === 0; wait++) await sleep(50);
    child.kill('SIGKILL');
    await closed;
    const resumed = await scan(args);
    const known = Number(/(\d+) files known/.exec(resumed.stderr)?.[1]);
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(files);
    expect(resumed.stdout).toBe((await scan(args.slice(0, -1))).stdout);
    expect(readdirSync(journals)).toEqual([]);
    expect((await scan(args)).stderr).toBe('');
  }, 60_000);

  it('scans all the same where nothing can be kept', async () => {
    write({ 't/a.py': 'evil(1)\n', 'file/x': '' });
    const { code, stderr } = await scan(['t', '--resume'], {
      env: { SECURITY_WARNINGS_STATE_DIR: join(root(), 'file/x') },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('sg scan: --resume has no effect: cannot keep what is found in ');
  });
});

describe('a journal', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sg-journal-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const open = async (identity: unknown = 1): Promise<Journal> => {
    const opened = await openJournal(folder, identity, Date.now());
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return opened.journal;
  };
  const target = (name: string) => ({ absolute: join(folder, name), relative: name });
  const keep = (journal: Journal, name: string): void => {
    expect(journal.recall(target(name))).toBeUndefined();
    journal.keep(target(name), { bytes: 3 });
  };

  it('knows files that are as they were, for the same scan only', async () => {
    for (const name of ['same', 'changed', 'gone']) writeFileSync(join(folder, name), 'abc');
    const first = await open();
    for (const name of ['same', 'changed', 'gone']) keep(first, name);
    first.close();
    writeFileSync(join(folder, 'changed'), 'abd');
    rmSync(join(folder, 'gone'));
    const other = await open(2);
    expect(other.recall(target('same'))).toBeUndefined();
    other.finish();
    const second = await open();
    expect(second.known).toBe(3);
    expect(second.recall(target('same'))).toEqual({ bytes: 3 });
    expect(second.recall(target('changed'))).toBeUndefined();
    expect(second.recall(target('gone'))).toBeUndefined();
    second.finish();
  });

  it('does without a line that was not written whole', async () => {
    writeFileSync(join(folder, 'a'), 'a');
    const first = await open();
    keep(first, 'a');
    first.close();
    const [name = ''] = readdirSync(join(folder, 'scans'));
    const path = join(folder, 'scans', name);
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, whole.slice(0, -5));
    const second = await open();
    expect(second.known).toBe(1);
    second.close();
    expect(readFileSync(path, 'utf8')).toBe(whole);
    (await open()).finish();
  });

  it('belongs to one scan at a time', async () => {
    const first = await open();
    expect(await openJournal(folder, 1, Date.now())).toEqual({
      kind: 'refused',
      reason: 'the same scan is running with --resume already',
    });
    first.finish();
  });
});
