/** The hook before an edit, run as hooks.json says by the shell, on the built plugin. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Confidence, Rule, Severity } from '../../engine/rule.ts';
import { blockable } from '../../host/gate/block.ts';
import type { Policy } from '../../host/gate/policy.ts';
import { EVAL_RULE } from '../cli/helpers/report.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PLUGIN = resolve(import.meta.dirname, '../../dist/plugin');
const HOOKS: string = readFileSync(join(PLUGIN, 'hooks/hooks.json'), 'utf8');
const [ENTRY] = JSON.parse(HOOKS).hooks.PreToolUse;
const BAD = 'import yaml\nx = yaml.load(f)\n';
const BLOCK = 'block: [python-yaml-unsafe-load]\n';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sg block '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Answer {
  readonly systemMessage?: string;
  readonly hookSpecificOutput?: {
    readonly hookEventName: string;
    readonly permissionDecision: string;
    readonly permissionDecisionReason: string;
  };
}

function run(
  tool_name: string,
  tool_input: Readonly<Record<string, unknown>>,
  policy: string | undefined,
  env: Readonly<Record<string, string>> = {},
): Answer {
  if (policy !== undefined) writeFileSync(join(root, 'policy.yaml'), policy);
  const payload = {
    session_id: 's',
    hook_event_name: 'PreToolUse',
    cwd: root,
    tool_name,
    tool_input,
  };
  const ended = spawnSync('sh', ['-c', ENTRY.hooks[0].command], {
    input: `${JSON.stringify(payload)}\n`,
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      CLAUDE_PLUGIN_ROOT: PLUGIN,
      ...(policy !== undefined && { SG_POLICY: join(root, 'policy.yaml') }),
      ...env,
    },
  });
  expect([ended.status, ended.stderr]).toEqual([0, '']);
  return ended.stdout === '' ? {} : JSON.parse(ended.stdout);
}

function decision({ hookSpecificOutput }: Answer): string | undefined {
  return hookSpecificOutput?.permissionDecision;
}

function writeOf(content: string): Readonly<Record<string, unknown>> {
  return { file_path: join(root, 'a.py'), content };
}

describe.skipIf(!existsSync(PLUGIN))('the hook before an edit', () => {
  it('denies what the policy blocks and says why', () => {
    const answer = run('Write', writeOf(BAD), BLOCK);
    expect(answer.hookSpecificOutput?.hookEventName).toBe('PreToolUse');
    expect(decision(answer)).toBe('deny');
    const reason = answer.hookSpecificOutput?.permissionDecisionReason;
    expect(reason).toContain('- python-yaml-unsafe-load (line 2): ');
    expect(reason).toContain('Fix: ');
    expect(reason).toContain('sg-ignore');
    // The user's switches are no way around it.
    const off = { SECURITY_GUIDANCE_DISABLE: '1', ENABLE_PATTERN_RULES: '0' };
    expect(decision(run('Write', writeOf(BAD), BLOCK, off))).toBe('deny');
  });

  it('denies only what the edit would introduce', () => {
    writeFileSync(join(root, 'a.py'), BAD);
    const edit = (old_string: string, new_string: string): Answer =>
      run('Edit', { file_path: 'a.py', old_string, new_string }, BLOCK);
    expect(edit('import yaml', 'import yaml  # config')).toEqual({});
    expect(decision(edit('import yaml\n', 'import yaml\ny = yaml.load(g)\n'))).toBe('deny');
    expect(run('Write', writeOf(`# head\n${BAD}`), BLOCK)).toEqual({});
  });

  it('knows the cells of a notebook', () => {
    const cell = (id: string, source: string): unknown => ({
      id,
      cell_type: 'code',
      source,
      metadata: {},
      outputs: [],
    });
    const cells = [cell('a', BAD), cell('b', 'y = 1\n')];
    const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(root, 'n.ipynb'), JSON.stringify(notebook));
    const edit = (cell_id: string, new_source: string): Answer =>
      run('NotebookEdit', { notebook_path: join(root, 'n.ipynb'), cell_id, new_source }, BLOCK);
    expect(edit('a', `${BAD}# more\n`)).toEqual({});
    expect(decision(edit('b', 'z = yaml.load(g)\n'))).toBe('deny');
  });

  it('lets a comment with a reason through unless the policy forbids it', () => {
    const text =
      'import yaml\nx = yaml.load(f)  # sg-ignore: python-yaml-unsafe-load -- own file\n';
    expect(run('Write', writeOf(text), BLOCK)).toEqual({});
    expect(decision(run('Write', writeOf(text), `${BLOCK}forbid: [comments]\n`))).toBe('deny');
  });

  it.each<[string, string]>([
    ['lists no rule', 'required-rules: [python-yaml-unsafe-load]\n'],
    ['lists other rules', 'block: [python-pickle-load]\n'],
  ])('is silent where the policy %s', (_name, policy) => {
    expect(run('Write', writeOf(BAD), policy)).toEqual({});
  });

  it('is for rules that are sure and grave alone', () => {
    const policy: Policy = {
      files: ['p'],
      required: new Set(),
      severity: new Map([['raised', 'high']]),
      forbid: new Set(),
      block: new Set(['sure', 'grave', 'raised', 'both', 'worst']),
    };
    const rule = (id: string, severity: Severity, confidence: Confidence): Rule => ({
      ...EVAL_RULE,
      id,
      severity,
      confidence,
    });
    const rules = [
      rule('sure', 'medium', 'high'),
      rule('grave', 'critical', 'medium'),
      rule('raised', 'low', 'high'),
      rule('both', 'high', 'high'),
      rule('worst', 'critical', 'high'),
      rule('not-listed', 'critical', 'high'),
    ];
    expect(blockable(rules, policy).map(({ id }) => id)).toEqual(['raised', 'both', 'worst']);
  });

  it('lets an edit through, and says so, when it cannot tell', () => {
    const broken = run('Write', writeOf(BAD), 'block: [\n');
    expect(broken.systemMessage).toContain('policy.yaml:2:1');
    expect(broken.hookSpecificOutput).toBeUndefined();
    const gone = run('Write', writeOf(BAD), undefined, { SG_POLICY: '/gone.yaml' });
    expect(gone.systemMessage).toContain('/gone.yaml');
    mkdirSync(join(root, 'a.py'));
    expect(run('Write', writeOf(BAD), BLOCK).systemMessage).toContain('cannot be read');
  });

  it('starts no program without a policy that speaks of "block"', () => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    const log = join(root, 'started');
    // Whatever the script starts has to be here.
    writeFileSync(join(bin, 'node'), `#!/bin/sh\necho node >>'${log}'\n`, { mode: 0o755 });
    const env = { PATH: bin };
    const sh = (policy: string | undefined): boolean => {
      const shell = spawnSync('/bin/sh', ['-c', ENTRY.hooks[0].command], {
        input: '{}',
        env: {
          CLAUDE_PLUGIN_ROOT: PLUGIN,
          ...env,
          ...(policy !== undefined && { SG_POLICY: policy }),
        },
      });
      expect(shell.status).toBe(0);
      return existsSync(log);
    };
    const file = join(root, 'p.yaml');
    expect(sh(undefined)).toBe(false);
    writeFileSync(file, 'fail-on: high\n'.repeat(50));
    expect(sh(file)).toBe(false);
    writeFileSync(file, 'fail-on: high\nblock: [x]');
    expect(sh(file)).toBe(true);
  });
});
