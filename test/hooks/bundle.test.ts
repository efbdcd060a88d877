import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { edit, write } from './payloads.ts';
import { PluginCopy } from './plugin-copy.ts';

const BAD = 'import yaml\ndata = yaml.load(f)\n';

let hook: PluginCopy;

beforeAll(() => {
  hook = new PluginCopy();
});
beforeEach(() => {
  hook.nextProject();
});
afterAll(() => {
  hook.remove();
});

interface SessionStep {
  readonly label: string;
  readonly kind: string;
  readonly payload: unknown;
}

function isSession(value: unknown): value is readonly SessionStep[] {
  return Array.isArray(value) && value.every((step) => typeof step === 'object' && step !== null);
}

describe('the recorded session', () => {
  it('is answered as each step expects', async () => {
    const file = resolve(import.meta.dirname, '../../hooks/demo-session.json');
    const text = readFileSync(file, 'utf8').replaceAll('{{ROOT}}', hook.root);
    const steps: unknown = JSON.parse(text);
    if (!isSession(steps)) throw new TypeError('expected a list of edits');
    expect(steps.length).toBeGreaterThanOrEqual(12);
    const answers: Record<string, boolean> = {};
    for (const step of steps) {
      answers[step.label] = (await hook.send(step.payload)).context !== undefined;
    }
    expect(answers).toEqual(
      Object.fromEntries(steps.map(({ label, kind }) => [label, kind === 'dangerous'])),
    );
    expect(hook.logged()).not.toContain('"failed"');
  });
});

describe('odd input', () => {
  it.each([
    ['nothing', ''],
    ['white space', '\n \n'],
    ['null', 'null'],
    ['a cut object', '{"hook_event_name":"PostToolUse","tool_na'],
    ['two objects', '{}{}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80])],
    ['a nested list', '['.repeat(1_000_000)],
  ])('%s', async (_name, input) => {
    const { stdout, stderr } = await hook.run(input);
    expect(stdout + stderr).toBe('');
  });

  it('a payload of 20 MB, clean', async () => {
    const { stdout, ms } = await hook.send(
      hook.writeOf('a.py', 'value = compute(1, 2, 3)\n'.repeat(800_000)),
    );
    expect(stdout).toBe('');
    expect(ms).toBeLessThan(10_000);
  });

  it('a payload of 20 MB with one finding', async () => {
    const content = `${'value = compute(1, 2, 3)\n'.repeat(400_000)}${BAD}${'x = 1\n'.repeat(1_600_000)}`;
    const { context, ms } = await hook.send(hook.writeOf('a.py', content));
    expect(context).toContain('a.py:400002');
    expect(ms).toBeLessThan(10_000);
  });

  it('more than the limit, which the user is told', async () => {
    const { notice, context } = await hook.run(Buffer.alloc(65 * 1024 * 1024, 0x20));
    expect(notice).toContain('was not checked');
    expect(context).toBeUndefined();
    expect(hook.logged()).toContain('payload-too-large');
  });
});

describe('a machine in need of repair', () => {
  it.each([
    [
      'no HOME',
      { HOME: undefined, SECURITY_WARNINGS_STATE_DIR: undefined, CLAUDE_CONFIG_DIR: '/dev/null/x' },
    ],
    ['a state folder that cannot be made', { SECURITY_WARNINGS_STATE_DIR: '/proc/none/of/this' }],
    ['a log that cannot be written', { SECURITY_GUIDANCE_DEBUG_LOG: '/dev/full' }],
    ['a project folder that is gone', { CLAUDE_PROJECT_DIR: '/gone/away' }],
  ])('still answers: %s', async (_name, env) => {
    const { context } = await hook.send(hook.writeOf('a.py', BAD), { env });
    expect(context).toContain('a.py:2');
  });

  it.each([
    ['the regex engine', ['re2.wasm']],
    ['the rules', ['rules.pack']],
    ['the program', ['hooks/post-tool-use.js']],
  ])('is silent where a file is missing: %s', async (name, remove) => {
    const copy = hook.damaged(name, remove);
    const { stdout, stderr } = await hook.send(hook.writeOf('a.py', BAD), { plugin: copy });
    expect(stdout + stderr).toBe('');
    if (name.startsWith('the r')) expect(hook.logged()).toContain('"event":"failed"');
  });

  it('still answers where the compiled patterns are missing', async () => {
    const copy = hook.damaged('no-snapshot', ['re2.snapshot']);
    const { context } = await hook.send(hook.writeOf('a.py', BAD), { plugin: copy });
    expect(context).toContain('a.py:2');
  });

  it('needs no regex engine for a clean edit', async () => {
    const copy = hook.damaged('lean', ['re2.wasm']);
    const { stdout } = await hook.send(hook.writeOf('a.py', 'x = 1\n'), { plugin: copy });
    expect(stdout).toBe('');
    expect(hook.logged()).toBe('');
  });

  it.each([
    ['is missing', undefined],
    ['is too old for the program', '#!/bin/sh\nexit 1\n'],
  ])('says once a session that Node.js %s', async (name, node) => {
    const bin = join(hook.scratch, `bin ${name}`);
    mkdirSync(bin);
    for (const tool of ['sh', 'find', 'mkdir']) symlinkSync(which(tool), join(bin, tool));
    if (node !== undefined) writeFileSync(join(bin, 'node'), node, { mode: 0o755 });
    const options = { env: { PATH: bin } };
    expect((await hook.send(hook.writeOf('a.py', BAD), options)).notice).toContain('Node.js 20');
    expect((await hook.send(hook.writeOf('a.py', BAD), options)).stdout).toBe('');
  });

  it('is silent when Node.js crashes', async () => {
    const bin = join(hook.scratch, 'bin crash');
    mkdirSync(bin);
    const script = `#!/bin/sh\n[ "$1" = -e ] && exec '${process.execPath}' "$@"\necho noise >&2\nkill -ABRT $$\n`;
    writeFileSync(join(bin, 'node'), script, { mode: 0o755 });
    const options = { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } };
    const { stdout, stderr } = await hook.send(hook.writeOf('a.py', BAD), options);
    expect(stdout + stderr).toBe('');
  });
});

function which(tool: string): string {
  const dirs = (process.env['PATH'] ?? '').split(':');
  return dirs.map((dir) => join(dir, tool)).find((path) => existsSync(path)) ?? tool;
}

describe('switches', () => {
  it.each([
    { SECURITY_GUIDANCE_DISABLE: '1' },
    { SECURITY_GUIDANCE_DISABLE: 'True' },
    { SECURITY_GUIDANCE_DISABLE: 'YES' },
    { SECURITY_GUIDANCE_DISABLE: 'on' },
    { ENABLE_SECURITY_REMINDER: '0' },
    { ENABLE_PATTERN_RULES: '0' },
  ])('%o keeps everything still', async (env) => {
    expect((await hook.send(hook.writeOf('a.py', BAD), { env })).stdout).toBe('');
    expect(existsSync(hook.state)).toBe(false);
  });

  it('stay on for other values', async () => {
    const env = { SECURITY_GUIDANCE_DISABLE: '0', ENABLE_PATTERN_RULES: 'false' };
    expect((await hook.send(hook.writeOf('a.py', BAD), { env })).context).toBeDefined();
  });
});

describe("users' own rules", () => {
  function given(name: string, text: string): void {
    const path = join(hook.root, '.claude', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  it('speak, and a bad one is reported to the user once a session', async () => {
    given(
      'security-patterns.yaml',
      [
        'patterns:',
        '  - rule_name: no-raw-sql',
        "    regex: 'raw_sql\\((?!SAFE)'",
        '    reminder: Use the query builder.',
        '  - rule_name: broken',
        "    regex: '(unclosed'",
        '    reminder: Never shown.',
        '',
      ].join('\n'),
    );
    const first = await hook.send(hook.writeOf('a.py', 'raw_sql(query)\nraw_sql(SAFE)\n'));
    expect(first.context).toContain('a.py:1: "');
    expect(first.context).toContain('> Use the query builder.');
    expect(first.context).toContain("A project rule, from a rule file in this repository's");
    expect(first.notice).toContain('security-patterns.yaml:6');
    const second = await hook.send(hook.writeOf('b.py', 'x = 1\n'));
    expect(second.stdout).toBe('');
  });

  it('do not stand in the way of built-in rules when their file is broken', async () => {
    given('security-patterns.json', '{"patterns": [');
    const { context, notice } = await hook.send(hook.writeOf('a.py', BAD));
    expect(context).toContain('a.py:2');
    expect(notice).toContain('security-patterns.json');
  });
});

it('gives a finding to one of many hooks that run at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => hook.send(hook.writeOf('a.py', BAD))),
  );
  expect(answers.filter(({ context }) => context !== undefined)).toHaveLength(1);
  expect(readdirSync(hook.state).sort()).toEqual([
    'collected',
    'log.txt',
    'security_warnings_state_s-1.json',
    'security_warnings_state_s-1~edits.jsonl',
  ]);
});

it('takes the tools of older hosts', async () => {
  const sent = edit('a.py', ['x', BAD]);
  const { context } = await hook.send({ ...sent, tool_response: { success: true } });
  expect(context).toContain('(in the edited part)');
  expect((await hook.send(write('a.md', BAD, null))).stdout).toBe('');
});
