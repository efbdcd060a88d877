import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endProcess } from '../host/service/health/stand-in.ts';
import { isBuilt, start, collect, useFolder } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';

const { root, write, sg } = useFolder();

interface Check {
  readonly name: string;
  readonly level: string;
  readonly message: string;
  readonly action?: string;
}

function isReport(value: unknown): value is { readonly ok: boolean; readonly checks: Check[] } {
  return typeof value === 'object' && value !== null && 'ok' in value && 'checks' in value;
}

function checksOf({ stdout }: Result): Check[] {
  const value: unknown = JSON.parse(stdout);
  if (!isReport(value)) throw new TypeError('expected a report');
  return value.checks;
}

async function doctor(
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<{ code: number | null; checks: Check[]; of: (name: string) => Check[] }> {
  const result = await sg(['doctor', '--format', 'json', ...args], { env });
  const checks = checksOf(result);
  return { code: result.code, checks, of: (name) => checks.filter((check) => check.name === name) };
}

const SERVICE = '.claude/security/service';
const HEALTH = `${SERVICE}/health.json`;

describe.skipIf(!isBuilt)('sg doctor', () => {
  it('finds a fresh installation well, and says what is not there yet', async () => {
    const { code, checks } = await doctor();
    expect(checks.map(({ name, level }) => `${level} ${name}`)).toEqual([
      'ok runtime',
      'ok plugin',
      'warn installed',
      'ok state',
      'ok client',
      'ok service',
      'ok starts',
      'ok rules',
      'ok custom rules',
      'ok policy',
      'ok git',
      'ok provider',
      'ok log',
    ]);
    expect(code).toBe(0);
    expect(existsSync(join(root(), '.claude'))).toBe(false);
  });

  it('writes a line each, and what to do', async () => {
    write({ 'settings.json': '' });
    const { stdout, code } = await sg(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {4}runtime {7}Node\.js v\d+\.\d+\.\d+ at \//);
    expect(stdout).toContain('to do: run "sg install"');
    expect(stdout).toMatch(/\n0 failures, 1 warning\.\n$/);
    expect(stdout).not.toContain('\u001b');
    expect((await sg(['doctor'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[32mok');
  });

  it('sees that the plugin is enabled', async () => {
    const enabledPlugins = { 'security-guidance@security-guidance-local': true };
    write({ '.claude/settings.json': JSON.stringify({ enabledPlugins }) });
    expect((await doctor()).of('installed')).toMatchObject([{ level: 'ok' }]);
  });

  it('names credentials and never shows them', async () => {
    const env = { ANTHROPIC_API_KEY: 'sk-very-secret', CLAUDE_CODE_USE_VERTEX: '1' };
    const { stdout } = await sg(['doctor'], { env });
    expect(stdout).toContain('ANTHROPIC_API_KEY, CLAUDE_CODE_USE_VERTEX');
    expect(stdout).not.toContain('secret');
  });

  it('fails with file, line and column of a bad rule, of the user and of the project', async () => {
    write({
      '.claude/security-patterns.yaml': 'patterns:\n  - rule_name: a\n    regex: "("\n',
      'app/.claude/security-rules.yaml': 'rules: [\n',
    });
    const { code, of } = await doctor({}, ['--project', 'app']);
    expect(code).toBe(1);
    const messages = of('custom rules').filter(({ level }) => level === 'fail');
    expect(
      messages.some(({ message }) => /security-patterns\.yaml:\d+:\d+: error/.test(message)),
    ).toBe(true);
    expect(
      messages.some(({ message }) =>
        /app\/\.claude\/security-rules\.yaml:\d+:\d+: error/.test(message),
      ),
    ).toBe(true);
    for (const { action } of messages) expect(action).toContain('correct the rule');
  });

  it('fails for a state folder that is none', async () => {
    write({ '.claude/security': 'a file' });
    const { code, of } = await doctor();
    expect(code).toBe(1);
    expect(of('state')).toMatchObject([{ level: 'fail' }]);
  });

  it('warns of a state folder that others may enter', async () => {
    write({ '.claude/security/log.txt': '' });
    expect((await doctor()).of('state')).toMatchObject([
      { level: 'warn', action: expect.stringContaining('chmod 700') },
    ]);
  });

  it('fails without node, and warns without git, on the PATH', async () => {
    const { code, of } = await doctor({ PATH: `:.:${root()}/none` });
    expect(code).toBe(1);
    expect(of('runtime')).toMatchObject([{ level: 'fail' }]);
    expect(of('git')).toMatchObject([{ level: 'warn' }]);
    expect(of('client')).toMatchObject([{ level: 'warn', action: 'install perl' }]);
  });

  it('warns of a perl that does not work, which would be asked first', async () => {
    write({ 'bin/perl': '#!/bin/sh\nexit 1\n' });
    chmodSync(join(root(), 'bin/perl'), 0o755);
    const PATH = `${join(root(), 'bin')}:${process.env['PATH'] ?? ''}`;
    expect((await doctor({ PATH })).of('client')).toMatchObject([
      { level: 'warn', action: expect.stringContaining('repair perl') },
    ]);
  });

  it('never runs a program of the project', async () => {
    write({ git: '#!/bin/sh\ntouch ran\n', node: '#!/bin/sh\ntouch ran\n' });
    execFileSync('chmod', ['+x', join(root(), 'git'), join(root(), 'node')]);
    await doctor({ PATH: `.::${process.env['PATH'] ?? ''}` });
    expect(existsSync(join(root(), 'ran'))).toBe(false);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a failed start',
      { outcome: 'failed', phase: 'listen', code: 3, errno: 'ENOSPC' },
      'free some space',
    ],
    ['a failure of a newer version', { outcome: 'failed', code: 4711 }, 'sg serve'],
  ])('warns of %s', async (_name, attempt, action) => {
    const at = new Date().toISOString();
    const attempts = [{ at, version: '0.1.0', ...attempt }];
    write({ [HEALTH]: JSON.stringify({ version: 1, attempts, cooldown: null }) });
    expect((await doctor()).of('starts')).toMatchObject([
      { level: 'warn', action: expect.stringContaining(action) },
    ]);
  });

  it('warns of a corrupt health file and of errors in the log', async () => {
    const time = new Date().toISOString();
    const line = JSON.stringify({ time, event: 'failed', reason: 'Error: \u001b[2Jodd' });
    write({ [HEALTH]: '[]', '.claude/security/log.txt': `${line}\n` });
    const { of } = await doctor();
    expect(of('starts')).toMatchObject([{ level: 'warn' }]);
    expect(of('log')).toMatchObject([
      { level: 'warn', message: expect.stringContaining('last error') },
    ]);
    expect((await sg(['doctor'])).stdout).not.toContain('\u001b');
  });

  it('refuses a project that is none', async () => {
    const result = await sg(['doctor', '--project', 'none']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('there is no folder "none"');
  });
});

describe.skipIf(!isBuilt)('sg doctor --probe and sg serve', () => {
  const pid = (): number => {
    const value: unknown = JSON.parse(readFileSync(join(root(), SERVICE, 'service.json'), 'utf8'));
    return typeof value === 'object' && value !== null && 'pid' in value ? Number(value.pid) : 0;
  };

  it('starts the service in spite of a cooldown, and then it is well', async () => {
    const version = (await sg(['--version'])).stdout.trim();
    const cooldown = { since: new Date().toISOString(), version, signal: 'SIGKILL' };
    mkdirSync(join(root(), SERVICE), { recursive: true, mode: 0o700 });
    writeFileSync(join(root(), HEALTH), JSON.stringify({ version: 1, attempts: [], cooldown }));
    expect((await doctor()).of('starts')).toMatchObject([
      { level: 'warn', message: expect.stringContaining('resting until') },
    ]);
    const { of } = await doctor({}, ['--probe']);
    expect(of('probe')).toMatchObject([{ level: 'ok', message: 'the service was started' }]);
    expect(of('service')).toMatchObject([{ level: 'ok' }]);
    expect(of('starts')).toMatchObject([{ level: 'ok' }]);
    expect((await sg(['status'])).stdout).toContain(`running: version ${version}`);
    const serve = await sg(['serve']);
    expect(serve).toMatchObject({ code: 2, stdout: '' });
    expect(serve.stderr).toContain('runs already');
    await endProcess(pid);
  });

  it('sg serve runs it until it is interrupted', async () => {
    const child = start(['serve'], { cwd: root() });
    const ended = collect(child);
    const socket = join(root(), SERVICE, 's');
    for (let round = 0; round < 500 && !existsSync(socket); round++) {
      await new Promise((done) => {
        setTimeout(done, 10);
      });
    }
    expect((await doctor()).of('service')).toMatchObject([
      { message: expect.stringContaining('answers in') },
    ]);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(existsSync(socket)).toBe(false);
  });

  it('sg serve says why it cannot', async () => {
    write({ [SERVICE]: 'a file' });
    const result = await sg(['serve']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('a part of the path is not a folder');
  });
});
