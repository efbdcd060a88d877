/** `sg bench` as a process: files in and out, and its exit code. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt, sg } from '../cli/helpers/cli.ts';

const HOOK = ['bench', 'hook', '--rounds', '3'];

describe.skipIf(!isBuilt)('sg bench', () => {
  let cwd = '';
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'sg-bench-test-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));
  const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);

  it('exits with 1 and the line that broke, and keeps its output one JSON document', async () => {
    write('budgets.json', '{\n  "hook/dangerous": 0.01\n}\n');
    const args = [...HOOK, '--budget', 'budgets.json', '--save', 'run.json', '--format', 'json'];
    const { code, stdout, stderr } = await sg(args, { cwd });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(
      /^over budget: budgets\.json:2: "hook\/dangerous": 0\.01: is [\d.]+x, expected at most 0\.0100x\n$/,
    );
    const document: unknown = JSON.parse(stdout);
    const saved: unknown = JSON.parse(readFileSync(join(cwd, 'run.json'), 'utf8'));
    expect(document).toMatchObject({ suites: ['hook'], broken: [{ budget: { line: 2 } }] });
    expect(document).toMatchObject(Object(saved));
  });

  it('exits with 0 when budgets are kept, and compares with a run that was saved', async () => {
    write('budgets.json', '{ "hook/*": 1000, "latency/hostile/missed": 0 }');
    expect((await sg([...HOOK, '--save', 'run.json'], { cwd })).code).toBe(0);
    const args = [...HOOK, '--budget', 'budgets.json', '--compare', 'run.json'];
    const { code, stdout } = await sg(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/against run\.json\n\s+measure +then +now +difference\n/);
    expect(stdout).toMatch(/\n\s+hook\/dangerous +[\d.]+x +[\d.]+x +[+-]?\d+ %/);
    expect(stdout).not.toContain('warning');
  });

  it.each([
    ['a budget file that is not there', ['--budget', 'none.json'], /^sg bench: ENOENT.*none\.json/],
    ['a run that is none', ['--compare', 'bad.json'], /^sg bench: bad\.json: not JSON: /],
    ['a budget that is none', ['--budget', 'bad.json'], /^sg bench: bad\.json: not JSON: /],
    ['two gates', ['--budget', 'a.json', '--check'], /--check and --budget exclude each other/],
  ])('measures nothing for %s', async (_name, args, message) => {
    write('bad.json', '{');
    const { code, stdout, stderr } = await sg([...HOOK, ...args, '--save', 'run.json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(existsSync(join(cwd, 'run.json'))).toBe(false);
  });

  it('shows examples in its help', async () => {
    const { stdout } = await sg(['bench', '--help'], { cwd });
    for (const part of ['sg bench latency --report out.html', '--budget FILE', '--compare FILE'])
      expect(stdout).toContain(part);
  });
});
