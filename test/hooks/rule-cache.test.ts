/** Custom rules that change, break and are repaired, as the service sees them. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { LoadRulesTask } from '../../hooks/edit-task.ts';
import { loadRuleFiles } from '../../hooks/load-rule-files.ts';
import { RuleCache } from '../../hooks/rule-cache.ts';

const LONG = 5_000;
let project: string;
let file: string;
let loads: number;
let delayMs: number;
let cache: RuleCache;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'sg-rules-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  mkdirSync(join(project, '.claude'));
  file = join(project, '.claude/security-patterns.yaml');
  loads = 0;
  delayMs = 0;
  cache = new RuleCache(async (task: LoadRulesTask) => {
    loads += 1;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return loadRuleFiles(task);
  }, []);
});

const rulesFile = (...names: string[]): string =>
  `patterns:\n${names.map((name) => `  - {rule_name: ${name}, regex: '${name}x+', reminder: Do not use ${name}.}\n`).join('')}`;

const ids = async (waitMs = LONG): Promise<string> => {
  const answer = await cache.get({ projectDir: project }, waitMs);
  if (answer.kind === 'none') return 'none';
  const names = (answer.set?.rules ?? []).map(({ id }) => id.replace(/^user:/, '')).join(' ');
  return `${answer.kind}: ${names}`;
};

test('no file, no rules', async () => {
  expect(await ids()).toBe('none');
  expect(loads).toBe(0);
});

test('a file is read once, and again when it has changed, if only in its time', async () => {
  writeFileSync(file, rulesFile('one'));
  expect(await ids()).toBe('fresh: one');
  expect(await ids()).toBe('fresh: one');
  expect(loads).toBe(1);
  writeFileSync(file, rulesFile('two'));
  utimesSync(file, 0, 0);
  expect(await ids()).toBe('fresh: two');
  rmSync(file);
  expect(await ids()).toBe('none');
});

test('a file that broke counts as it was, and is reported; repaired it counts anew', async () => {
  writeFileSync(file, rulesFile('one'));
  await ids();
  writeFileSync(file, `${rulesFile('two')}  - {{{`);
  expect(await ids()).toBe('fresh: one');
  expect(cache.problems).toHaveLength(1);
  expect(cache.problems[0]).toContain('the rules that this file had before stay in force');
  writeFileSync(file, rulesFile('three'));
  expect(await ids()).toBe('fresh: three');
  expect(cache.problems).toEqual([]);
});

test('one bad rule of several drops no other and takes nothing from before', async () => {
  writeFileSync(file, rulesFile('one'));
  await ids();
  writeFileSync(file, `${rulesFile('two')}  - {rule_name: bad, regex: '(', reminder: x}\n`);
  expect(await ids()).toBe('fresh: two');
  expect(cache.problems).toHaveLength(1);
});

test('a file that takes long to read holds nobody up: what was there before counts', async () => {
  writeFileSync(file, rulesFile('one'));
  await ids();
  delayMs = 150;
  writeFileSync(file, rulesFile('two', 'more'));
  expect(await ids(10)).toBe('stale: one');
  expect(await ids()).toBe('fresh: two more');
  expect(loads).toBe(2);
});

test('files that cannot be read in time are tried once, and that is reported', async () => {
  cache = new RuleCache(() => {
    loads += 1;
    return Promise.resolve(undefined);
  }, []);
  writeFileSync(file, rulesFile('one'));
  expect(await ids()).toBe('fresh: ');
  expect(await ids()).toBe('fresh: ');
  expect(loads).toBe(1);
  expect(cache.problems).toEqual([expect.stringContaining('took too long to read')]);
});

test('named patterns that change or break are rules that change or break', async () => {
  const folder = join(project, '.claude/security-rules');
  mkdirSync(folder);
  const names = join(folder, 'named-patterns.yaml');
  writeFileSync(join(folder, 'one.yaml'), "{id: one, patterns: ['(?&word)x+'], message: m}");
  const patterns = async (): Promise<string[]> => {
    const answer = await cache.get({ projectDir: project }, LONG);
    if (answer.kind === 'none') throw new Error('no rules');
    return (answer.set?.rules ?? []).flatMap((rule) => rule.patterns);
  };
  writeFileSync(names, 'define: {word: first}');
  expect(await patterns()).toEqual(['(?:first)x+']);
  writeFileSync(names, 'define: {word: second}');
  expect(await patterns()).toEqual(['(?:second)x+']);
  expect(cache.problems).toEqual([]);
  writeFileSync(names, 'define: [');
  expect(await patterns()).toEqual(['(?:second)x+']);
  expect(cache.problems).toEqual([
    expect.stringMatching(
      /named-patterns\.yaml.*the rules that this file had before stay in force/,
    ),
  ]);
  writeFileSync(join(folder, 'one.yaml'), "{id: one, patterns: ['(?&wort)x+'], message: m}");
  expect(await patterns()).toEqual(['(?:second)x+']);
  rmSync(names);
  writeFileSync(join(folder, 'one.yaml'), "{id: one, patterns: ['yx+'], message: m}");
  expect(await patterns()).toEqual(['yx+']);
});
