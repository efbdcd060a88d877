/** `sg test --corpus` as a process: what it reports, and that what it remembers is never wrong. */
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isBuilt, RULE, start, useFolder } from './helpers/cli.ts';

const { root, write, sg } = useFolder();

const FILES = {
  'r/no-evil.yaml': RULE,
  'r/no-worse.yaml': RULE.replaceAll('evil', 'worse'),
  'code/one/a.py': 'evil(1)\nevil(2)\n',
  'code/one/b.js': 'evil(1)\n',
  'code/two/c.py': '# evil(1)\nworse(1)\n',
  'code/two/d.py': 'good(1)\n'.repeat(96),
};

interface Report {
  readonly corpora: readonly {
    readonly files: number;
    readonly lines: number;
    readonly read: number;
  }[];
  readonly rules: readonly {
    readonly id: string;
    readonly perThousand: number;
    readonly hits: readonly { readonly file: string; readonly line: number }[];
  }[];
  readonly differences: readonly {
    readonly ruleId: string;
    readonly added: readonly unknown[];
    readonly removed: readonly unknown[];
  }[];
}

async function report(...more: string[]): Promise<Report> {
  const { stdout, stderr } = await sg([
    'test',
    '--corpus',
    'code',
    'r',
    '--format',
    'json',
    ...more,
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

function places({ rules }: Report): string[] {
  return rules.flatMap(({ id, hits }) => hits.map(({ file, line }) => `${id} ${file}:${line}`));
}

const read = ({ corpora }: Report): number | undefined => corpora[0]?.read;

/** The files' times lie before any tick that the first run could doubt. */
function age(): void {
  const long = new Date(Date.now() - 60_000);
  for (const path of Object.keys(FILES)) utimesSync(join(root(), path), long, long);
}

describe.skipIf(!isBuilt)('sg test --corpus', () => {
  it('reports hits of each rule with what they come to', async () => {
    write(FILES);
    const { code, stdout } = await sg(['test', '--corpus', 'code', 'r']);
    expect(code).toBe(0);
    const steady = stdout.replace(/ +ms$/m, '  ms').replace(/^(no-.*?) +[\d.]+$/gm, '$1  N');
    expect(steady).toMatchInlineSnapshot(`
      "code: 4 files, 101 lines; 4 files read, the others known

      rule      hits  per 1,000 lines  ms
      no-evil      2          19.8020  N
      no-worse     1           9.9010  N

      no-evil
      code/one/a.py:1: evil(1)
      code/one/a.py:2: evil(2)

      no-worse
      code/two/c.py:2: worse(1)
      "
    `);
  });

  it('reads again only what has changed, and tells the difference', async () => {
    write(FILES);
    age();
    const first = await report();
    expect(read(first)).toBe(4);
    await sleep(2100);
    await report();
    const second = await report();
    expect(places(second)).toEqual(places(first));
    expect(read(second)).toBe(0);
    expect(second.differences).toEqual([]);

    write({
      'r/no-evil.yaml': RULE.replace(String.raw`'\bevil\s*\('`, String.raw`'\bevil\s*\(2'`),
    });
    const changed = await report();
    expect(places(changed)).toEqual(['no-evil code/one/a.py:2', 'no-worse code/two/c.py:2']);
    expect(read(changed), 'files with the literal').toBe(2);
    expect(changed.differences).toMatchObject([
      { ruleId: 'no-evil', added: [], removed: [{ line: 1 }] },
    ]);

    write({ 'r/no-evil.yaml': RULE, 'code/one/a.py': 'evil(1)\nx\nevil(3)\n' });
    const again = await report();
    expect(places(again)).toEqual([
      'no-evil code/one/a.py:1',
      'no-evil code/one/a.py:3',
      'no-worse code/two/c.py:2',
    ]);
    const { stdout } = await sg(['test', '--corpus', 'code', 'r']);
    expect(stdout).toContain('The same hits as in the last run.');
  });

  it('gives what a run without a cache gives, whatever the order of changes', async () => {
    write(FILES);
    age();
    const env = { XDG_CACHE_HOME: join(root(), 'other') };
    const rules = ['evil', 'worse', 'good', '1', 'evil', '[a-z]+'];
    for (const [index, word] of rules.entries()) {
      const pattern = `  - '\\b${word}\\s*\\('`;
      write({ 'r/no-evil.yaml': RULE.replace(/ {2}- '.*\n/, `${pattern}\n`) });
      write({ [`code/three/${index % 2}.py`]: `evil(${index}); good(2)\nworse(3)\n` });
      if (index === 3) rmSync(join(root(), 'code/one/a.py'));
      const warm = await report('--rule', 'no-evil');
      rmSync(env.XDG_CACHE_HOME, { recursive: true, force: true });
      const cold = await sg(['test', '--corpus', 'code', 'r', '--format', 'json'], { env });
      const all = places(JSON.parse(cold.stdout) as Report);
      expect(places(warm), word).toEqual(all.filter((place) => place.startsWith('no-evil')));
    }
    const cold = await sg(['test', '--corpus', 'code', 'r', '--format', 'json'], { env });
    expect(places(await report())).toEqual(places(JSON.parse(cold.stdout) as Report));
  });

  it('keeps its cache to the user, and starts anew when it is broken', async () => {
    write(FILES);
    await report();
    const folder = join(root(), '.cache/security-guidance/corpus');
    const [name = ''] = readdirSync(folder);
    const files = readdirSync(join(folder, name)).map((file) => join(folder, name, file));
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
    for (const file of files) expect(statSync(file).mode & 0o777, file).toBe(0o600);
    const whole = places(await report());
    for (const garbage of ['', '{', 'null', '[]', '{"engine":1}', '{"epoch":"x","hits":[[1]]}'])
      for (const file of files) {
        const before = readFileSync(file);
        writeFileSync(file, garbage);
        expect(places(await report()), `${garbage} in ${file}`).toEqual(whole);
        if (garbage === '') writeFileSync(file, before);
      }
  });

  it('finds precision and recall on labels', async () => {
    const label = (file: string, line: number, kind: string) =>
      JSON.stringify({ set: 'one', file, line: [line, line], class: 'command-exec', label: kind });
    write({
      ...FILES,
      'code/labels.jsonl': `${label('a.py', 1, 'vulnerable')}\n${label('a.py', 2, 'ok')}\n${label('b.js', 1, 'vulnerable')}\n`,
      'code/classes.json': '{"cwe": {"command-exec": [78]}}',
    });
    const { code, stdout } = await sg(['test', '--corpus', 'code', 'r']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/no-evil +2 +[\d.]+ +[\d.]+ +50\.0 % of 2 +50\.0 % of 2\n/);
    expect(stdout).toMatch(
      /class +recall +false positives\ncommand-exec +50\.0 % of 2 +100\.0 % of 1\n/,
    );
    write({ 'code/labels.jsonl': '{"file": "a.py", "class": "x", "label": "good"}\n' });
    const bad = await sg(['test', '--corpus', 'code', 'r']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain(
      'code/labels.jsonl:1: "label" is "good"; expected "vulnerable" or "ok"',
    );
  });

  it('compares with a report that is named', async () => {
    write(FILES);
    const { stdout } = await sg(['test', '--corpus', 'code', 'r', '--format', 'json']);
    write({ 'before.json': stdout, 'code/three/e.py': 'evil(1)\n', 'code/two/c.py': '' });
    const text = await sg(['test', '--corpus', 'code', 'r', '--baseline', 'before.json']);
    expect(text.stdout).toContain(
      'Against before.json, this adds 1 hit in 1 repository and removes 1 hit in 1 repository.',
    );
    expect(text.stdout).toContain('+ code/three/e.py:1: evil(1)');
  });

  it('runs again when the rule changes', async () => {
    write(FILES);
    const child = start(['test', '--corpus', 'code', 'r', '--watch'], { cwd: root() });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const until = async (text: string): Promise<void> => {
      for (let waited = 0; !out.includes(text); waited += 50) {
        if (waited > 60_000) throw new Error(`no ${text} in ${out}`);
        await sleep(50);
      }
    };
    await until('code/two/c.py:2: worse(1)');
    write({ 'r/no-evil.yaml': RULE.replace('evil', 'evil').replace(String.raw`\bevil`, 'vil') });
    await until('The same hits');
    write({ 'r/no-evil.yaml': RULE.replace(String.raw`\bevil`, 'good') });
    await until('adds 96 hits in 1 repository and removes 2 hits in 1 repository');
    write({ 'r/new.yaml': RULE.replaceAll('evil', 'worse') });
    await until('no-worse');
    child.kill('SIGINT');
    await new Promise((resume) => child.on('close', resume));
  });

  it.each<[string[], string]>([
    [['--corpus', 'gone'], '--corpus "gone": no such file or folder'],
    [['--corpus', 'code/one/a.py'], 'is a file, expected a folder'],
    [['--corpus', 'code', '--rule', 'none'], 'there is no rule "none" among them'],
    [['--corpus', 'code', '--baseline', 'none'], '--baseline "none": no such file or folder'],
    [['--corpus', 'code', '--watch'], '--watch needs rule files to watch'],
    [['--watch'], 'option --watch goes with --corpus DIR'],
    [['--hits', '3'], 'option --hits goes with --corpus DIR'],
  ])('refuses %j', async (args, message) => {
    write(FILES);
    const { code, stderr } = await sg(['test', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('shows no line in which a rule found a secret', async () => {
    const secret = RULE.replace('no-evil', 'a-key')
      .replace(String.raw`\bevil\s*\(`, String.raw`\bevil\((?P<key>\w+)`)
      .replace('message:', 'secret: key\nmessage:');
    write({ 'r/a-key.yaml': secret, 'r/no-evil.yaml': RULE, 'code/a.py': 'evil(opensesame)\n' });
    const { stdout } = await sg(['test', '--corpus', 'code', 'r', '--report', 'out.html']);
    expect(stdout).toContain('code/a.py:1: (not shown: it may hold a secret)');
    const page = readFileSync(join(root(), 'out.html'), 'utf8');
    expect(page).toContain('code/a.py');
    for (const text of [stdout, page]) expect(text).not.toContain('opensesame');
  });

  it('shows hostile names and lines with their controls written out', async () => {
    write({ ...FILES, 'code/\u001b[2J.py': 'evil("\u001b[2J\u202e")\n' });
    const { stdout } = await sg(['test', '--corpus', 'code', 'r']);
    expect(stdout).toContain(String.raw`\x1b[2J.py:1: evil("\x1b[2J\u202e")`);
    expect(stdout).not.toContain('\u001b');
  });
});
