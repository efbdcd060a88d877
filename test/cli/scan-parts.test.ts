/** Scans in parts, on several machines. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInShard, parseShard } from '../../cli/scan/shard.ts';
import { isBuilt, useFolder } from './helpers/cli.ts';

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
