/** `sg baseline` and `sg scan --baseline`, by real processes. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, RULE, useFolder } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';

const { root, write, scan, sg } = useFolder();

function record(...args: string[]): Promise<Result> {
  write({ 'r/no-evil.yaml': RULE });
  return sg(['baseline', '--no-builtin', '--rules', 'r', ...args]);
}

async function newOnes(...args: string[]): Promise<string[]> {
  const { stdout } = await scan([
    '.',
    '--baseline',
    '.sg-baseline.json',
    '--format',
    'json',
    ...args,
  ]);
  return JSON.parse(stdout).findings.map(
    (one: { path: string; start: { line: number } }) => `${one.path}:${one.start.line}`,
  );
}

describe.skipIf(!isBuilt)('a baseline', () => {
  it('is silent after a rename of 200 files, and of code that moved in them', async () => {
    const text = (n: number): string => `x = 1\nevil(${n})\nevil(twin)\nevil(twin)\n`;
    for (let n = 0; n < 200; n++) write({ [`old/f${n}.py`]: text(n) });
    const recorded = await record();
    expect(recorded).toMatchObject({
      code: 0,
      stderr: '600 findings of 201 files in .sg-baseline.json\n',
    });
    mkdirSync(join(root(), 'new/deep'), { recursive: true });
    for (let n = 0; n < 200; n++) {
      write({ [`old/f${n}.py`]: `# moved\n\n${text(n)}` });
      renameSync(join(root(), `old/f${n}.py`), join(root(), `new/deep/g${(n * 7) % 200}.py`));
    }
    const result = await scan(['.', '--baseline', '.sg-baseline.json']);
    expect(result.stdout).toMatch(/^no findings, 20\d files scanned, 600 suppressed/);
    expect(result.code).toBe(0);
    write({
      'new/deep/g3.py': `${readFileSync(join(root(), 'new/deep/g3.py'), 'utf8')}evil(fresh)\n`,
    });
    expect(await newOnes()).toEqual(['new/deep/g3.py:7']);
  });

  it('counts equal findings, and takes a copy for new', async () => {
    write({ 'a.py': 'evil(1)\nevil(1)\n' });
    await record();
    write({ 'a.py': 'evil(1)\nevil(1)\nevil(1)\n' });
    expect(await newOnes()).toEqual(['a.py:3']);
    write({ 'a.py': 'evil(1)\nevil(1)\n' });
    copyFileSync(join(root(), 'a.py'), join(root(), 'copy.py'));
    expect(await newOnes()).toEqual(['copy.py:1', 'copy.py:2']);
  });

  it('has the same bytes whenever it is written, one line an entry', async () => {
    write({ 'b.py': 'evil(2)\n', 'a.py': 'evil(1)\nevil(1)\n', 'sub/c.py': 'evil(3)\n' });
    await record('--jobs', '3');
    const text = readFileSync(join(root(), '.sg-baseline.json'), 'utf8');
    await record('sub', 'b.py', 'a.py', '-o', 'again.json');
    expect(readFileSync(join(root(), 'again.json'), 'utf8')).toBe(text);
    expect(text.replaceAll(/[0-9a-f]{32}/g, 'HASH')).toMatchInlineSnapshot(`
      "{"version":1,"findings":[
      {"path":"a.py","rule":"no-evil","content":"HASH","count":2},
      {"path":"b.py","rule":"no-evil","content":"HASH","count":1},
      {"path":"sub/c.py","rule":"no-evil","content":"HASH","count":1},
      null]}
      "
    `);
    expect(JSON.parse(text).findings).toHaveLength(4);
  });

  it('says what is stale of the files that were scanned or are gone', async () => {
    write({ 'a.py': 'evil(1)\n', 'b.py': 'evil(2)\n', 'c/d.py': 'evil(3)\n' });
    await record();
    write({ 'a.py': 'x\n' });
    rmSync(join(root(), 'b.py'));
    const audit = async (path: string): Promise<unknown> => {
      const args = [path, '--baseline', '.sg-baseline.json', '--show-suppressed'];
      return JSON.parse((await scan([...args, '--format', 'json'])).stdout).audit;
    };
    const gone = { what: '.sg-baseline.json: stale: b.py: no-evil', count: 1 };
    expect(await audit('.')).toEqual([
      { what: '.sg-baseline.json: stale: a.py: no-evil', count: 1 },
      gone,
    ]);
    expect(await audit('c')).toEqual([gone]);
    const text = await scan(['.', '--baseline', '.sg-baseline.json', '--show-suppressed']);
    expect(text.stdout).toContain('c/d.py:1:1  no-evil  .sg-baseline.json: found before');
    expect(text.stdout).toContain('1 suppressed, 2 stale in the baseline');
  });

  it('is the same in parts as in one run', async () => {
    write({ 'a.py': 'evil(1)\n', 'b.py': 'evil(2)\n', 'c.py': 'evil(3)\n' });
    await record();
    rmSync(join(root(), 'b.py'));
    write({ 'a.py': 'evil(1)\nevil(new)\n' });
    const args = ['.', '--baseline', '.sg-baseline.json', '--show-suppressed', '--format', 'json'];
    const whole = await scan([...args, '--exclude', 'out*']);
    for (const n of [1, 2])
      await scan([...args, '--exclude', 'out*', '--shard', `${n}/2`, '-o', `out${n}.json`]);
    expect((await sg(['merge', 'out1.json', 'out2.json'])).stdout).toBe(whole.stdout);
  });

  it.each([
    ['no file', undefined, 'no such file'],
    ['no JSON', '<<<<<<< HEAD\n', 'it is not JSON'],
    ['another report', '{"version": 1}', 'was not written by \\"sg baseline\\"'],
    ['a broken entry', '{"version":1,"findings":[{"path":"a.py"}]}', 'is no entry'],
  ])('of %s lets nothing pass', async (_name, text, message) => {
    write({ 'a.py': 'x\n', ...(text !== undefined && { 'base.json': text }) });
    const result = await scan(['.', '--baseline', 'base.json']);
    expect(result.stderr).toContain(message.replaceAll('\\"', '"'));
    expect(result.code).toBe(2);
  });

  it('is not written when a file was not scanned', async () => {
    write({ 'a.py': 'evil(1)\n' });
    const result = await record('.', 'gone.py');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('nothing is written');
    expect(() => readFileSync(join(root(), '.sg-baseline.json'))).toThrow();
  });
});
