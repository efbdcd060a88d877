/** `.sg.yaml` and the policy above it, by real processes. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isBuilt, RULE, useFolder } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';

const { root, write, scan, sg } = useFolder();
const OTHER = RULE.replaceAll('evil', 'vile').replace('severity: high', 'severity: medium');

interface Report {
  readonly findings: readonly { path: string; ruleId: string; severity: string }[];
  readonly suppressed: readonly { path: string; suppression: unknown }[];
  readonly audit: readonly unknown[];
}

async function report(args: readonly string[] = ['.'], env = {}): Promise<Report> {
  write({ 'r/no-vile.yaml': OTHER });
  const result = await scan([...args, '--format', 'json', '--show-suppressed'], { env });
  return JSON.parse(result.stdout);
}

function shown({ findings }: Report): string[] {
  return findings.map(({ path, ruleId, severity }) => `${path} ${ruleId} ${severity}`);
}

const BOTH = 'evil(1)\nvile(1)\n';

describe.skipIf(!isBuilt)('.sg.yaml', () => {
  it('turns rules off and lowers them, with a reason that the audit shows', async () => {
    write({
      'a.py': BOTH,
      '.sg.yaml':
        'rules:\n  no-evil: { off: true, reason: tested by hand }\n  no-vile: { severity: low, reason: inside only }\n',
    });
    const found = await report();
    expect(shown(found)).toEqual(['a.py no-vile low']);
    expect(found.suppressed.map(({ suppression }) => suppression)).toEqual([
      { by: 'config', reason: 'tested by hand', file: '.sg.yaml' },
    ]);
    expect(found.audit).toEqual([
      { what: '.sg.yaml: no-vile counts as low: inside only', count: 1 },
    ]);
    expect(shown(await report(['.', '--no-config']))).toHaveLength(2);
  });

  it('is inherited by folder: the nearest wins, rule by rule and key by key', async () => {
    write({
      '.sg.yaml': [
        'fail-on: critical',
        'exclude: ["gen/", "*.tmp.py"]',
        'rules:',
        '  no-evil: { off: true, reason: top }',
        '  no-vile: { severity: low, reason: top }',
      ].join('\n'),
      'a.py': BOTH,
      'gen/b.py': BOTH,
      'p/x.tmp.py': BOTH,
      'p/c.py': BOTH,
      'p/gen/d.py': BOTH,
      'p/.sg.yaml':
        'exclude: ["!gen/"]\nrules: { no-evil: { severity: critical, reason: inner } }\n',
    });
    expect(shown(await report())).toEqual([
      'a.py no-vile low',
      'p/c.py no-evil critical',
      'p/c.py no-vile low',
      'p/gen/d.py no-evil critical',
      'p/gen/d.py no-vile low',
    ]);
    expect((await scan(['a.py'])).code).toBe(0);
    expect((await scan(['p'])).code).toBe(1);
    expect((await scan(['a.py', '--fail-on', 'low', '--rules', 'r'])).code).toBe(1);
  });

  it('counts for standard input, and from a folder below', async () => {
    write({
      '.git/HEAD': '',
      '.sg.yaml': 'rules: { no-evil: { off: true, reason: top } }\n',
      'p/a.py': 'evil(1)\n',
    });
    const input = { input: 'evil(1)\n' };
    expect((await scan(['--stdin', '--stdin-filename', 'p/x.py'], input)).code).toBe(0);
    const below = await scan(['--rules', '../r'], { cwd: join(root(), 'p') });
    expect(below.stderr).toContain('no such file');
    expect(
      (await sg(['scan', '--no-builtin', '--rules', '../r'], { cwd: join(root(), 'p') })).code,
    ).toBe(0);
  });

  it('names rule folders and a baseline', async () => {
    write({
      '.sg.yaml': 'rule-folders: [sec]\nbaseline: base.json\n',
      'sec/no-evil.yaml': RULE,
      'a.py': 'evil(1)\n',
    });
    expect((await sg(['scan', '--no-builtin'])).stderr).toContain('write it with "sg baseline"');
    expect((await sg(['baseline', '--no-builtin'])).stderr).toContain('in base.json');
    expect((await sg(['scan', '--no-builtin'])).code).toBe(0);
    write({ 'a.py': 'evil(1)\nevil(2)\n' });
    expect((await sg(['scan', '--no-builtin'])).code).toBe(1);
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      'exlude: [a]\n',
      '.sg.yaml:1:1: error: unknown key "exlude"; did you mean "exclude"?',
    ],
    [
      'no reason',
      'rules:\n  no-evil: { off: true }\n',
      '.sg.yaml:2:12: error: "rules.no-evil.reason" is missing',
    ],
    [
      'a severity that is none',
      'rules:\n  x: { severity: hi, reason: y }\n',
      '.sg.yaml:2:18: error: rules.x.severity is "hi"; expected low, medium, high, critical',
    ],
    [
      'off and a severity',
      'rules:\n  x: { off: true, severity: low, reason: y }\n',
      'one of the two',
    ],
    ['no YAML', 'a: [\n', '.sg.yaml:2:1: error: not YAML'],
    ['a list', '- a\n', 'expected a mapping of include'],
    [
      'a folder outside',
      'rule-folders: [../x]\n',
      '.sg.yaml:1:16: error: rule-folders is "../x"; expected a path inside the project',
    ],
    ['an absolute path', 'baseline: /etc/passwd\n', 'expected a path inside the project'],
    ['a link that leads out', 'rule-folders: [link]\n', 'expected a path inside the project'],
    ['a link as baseline', 'baseline: link/passwd\n', 'expected a path inside the project'],
  ])('with %s lets nothing pass', async (_name, text, message) => {
    write({ 'a.py': 'x\n', '.sg.yaml': text });
    symlinkSync('/etc', join(root(), 'link'));
    const result = await scan(['a.py']);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(2);
  });

  it('is not read where it is a link out of the project, nor are rule files', async () => {
    write({ 'p/a.py': 'x\n', 'secret.yaml': 'password: hunter2\n', 'p/s/x.yaml': RULE });
    mkdirSync(join(root(), 'p/.git'));
    symlinkSync('../secret.yaml', join(root(), 'p/.sg.yaml'));
    const run = (): Promise<Result> =>
      sg(['scan', '--no-builtin', '.'], { cwd: join(root(), 'p') });
    expect(await run()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('outside of the project'),
    });
    write({ 'q/a.py': 'x\n', 'q/.sg.yaml': 'rule-folders: [s]\n', 'q/s/ok.yaml': RULE });
    mkdirSync(join(root(), 'q/.git'));
    symlinkSync('../../secret.yaml', join(root(), 'q/s/leak.yaml'));
    const result = await sg(['scan', '--no-builtin', '.'], { cwd: join(root(), 'q') });
    expect(result.stderr).toContain('outside of the project');
    expect(result.stderr).not.toContain('hunter2');
  });
});

describe.skipIf(!isBuilt)('a policy', () => {
  function policy(text: string): Readonly<Record<string, string>> {
    writeFileSync(join(root(), 'policy.yaml'), text);
    return { SG_POLICY: join(root(), 'policy.yaml') };
  }

  it('cannot be loosened by .sg.yaml, comments, a baseline or options', async () => {
    write({
      'a.py': BOTH,
      'b.py': 'evil(2)  # sg-ignore: no-evil -- no\n',
      'x/c.py': 'evil(3)\n',
      '.sg.yaml':
        'exclude: [x]\nfail-on: never\nrules: { no-evil: { off: true, reason: a }, no-vile: { severity: low, reason: b } }\n',
    });
    expect(shown(await report())).toEqual(['a.py no-vile low']);
    const env = policy(
      'severity: { no-vile: high }\nfail-on: high\nforbid: [comments, baseline, off, severity, exclude]\n',
    );
    expect(shown(await report(['.'], env))).toEqual([
      'a.py no-evil high',
      'a.py no-vile high',
      'b.py no-evil high',
      'x/c.py no-evil high',
    ]);
    expect((await scan(['.'], { env })).code).toBe(1);
    expect((await scan(['.', '--fail-on', 'never'], { env })).code).toBe(1);
    await sg(['baseline', '--no-builtin', '--rules', 'r', '-o', 'base.json'], { env });
    expect((await scan(['a.py', '--baseline', 'base.json'], { env })).code).toBe(1);
    expect((await report(['.'], env)).audit).toContainEqual({
      what: 'policy: comments may not hide what is found',
      count: 1,
    });
  });

  it('runs the rules that it requires, whatever is asked for', async () => {
    write({ 'a.py': 'import yaml\nyaml.load(x)\n' });
    expect((await scan(['a.py'])).code).toBe(0);
    const env = policy('required-rules: [python-yaml-unsafe-load]\n');
    const result = await scan(['a.py'], { env });
    expect(result.stdout).toContain('python-yaml-unsafe-load');
    expect(result.code).toBe(1);
  });

  it.each([
    ['a mistake', 'forbid: [coments]\n', 'did you mean "comments"?'],
    [
      'a rule that is none',
      'required-rules: [python-yaml-unsafe-lod]\n',
      'did you mean "python-yaml-unsafe-load"?',
    ],
  ])('with %s lets nothing pass', async (_name, text, message) => {
    write({ 'a.py': 'x\n' });
    const result = await scan(['a.py'], { env: policy(text) });
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(2);
  });

  it('must be there when it is named', async () => {
    write({ 'a.py': 'x\n' });
    expect((await scan(['a.py'], { env: { SG_POLICY: '/gone.yaml' } })).code).toBe(2);
  });
});
