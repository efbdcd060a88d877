/** The definitions for pre-commit and GitHub Actions: they parse, and what they run does what they say. */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openTestRepo } from '../host/git/support.ts';
import type { TestRepo } from '../host/git/support.ts';
import { CLI, isBuilt, useFolder } from './helpers/cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { root, sg } = useFolder();
const BAD = 'import yaml\nx = yaml.load(f)\n';

let repo: TestRepo;

beforeEach(() => {
  const folder = realpathSync(root());
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  repo = openTestRepo({ folder, env, remove: () => undefined }, folder);
  repo.git('init', '-q', '-b', 'main');
  repo.write('old.py', BAD);
  repo.commit();
});

function read(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}

describe.skipIf(!isBuilt)('.pre-commit-hooks.yaml', () => {
  it('names a program of the package, which stops a commit that adds a finding', async () => {
    const [hook, ...others] = parse(read('.pre-commit-hooks.yaml'));
    expect(others).toEqual([]);
    const [program = '', ...args] = hook.entry.split(' ');
    expect(Object.keys(JSON.parse(read('package.json')).bin)).toContain(program);
    expect(hook).toMatchObject({ language: 'node', pass_filenames: false });
    expect((await sg(args)).code).toBe(0);
    repo.write('new.py', BAD);
    expect((await sg(args)).code).toBe(0);
    repo.git('add', 'new.py');
    const stopped = await sg(args);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toContain('new.py');
    expect(stopped.stdout).not.toContain('old.py');
  });
});

describe.skipIf(!isBuilt || process.platform === 'win32')('action.yml', () => {
  const action = parse(read('action.yml'));
  const { env, run } = action.runs.steps.at(-1);

  /** Runs the step as a runner does, with these inputs over the defaults that need no context. */
  function step(inputs: Readonly<Record<string, string>>): { code: number | null; stdout: string } {
    const defaults: Record<string, { default: string }> = action.inputs;
    const value = (expression: string): string => {
      const name = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1];
      if (name === undefined) return resolve(CLI, '../../..');
      const preset = defaults[name]?.default ?? '';
      return inputs[name] ?? (preset.startsWith('${{') ? '' : preset);
    };
    const variables = Object.entries<string>(env).map(([name, text]) => [name, value(text)]);
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: root(),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: root(), ...Object.fromEntries(variables) },
    });
    return { code: ended.status, stdout: ended.stdout + ended.stderr };
  }

  it('has a default for each input, and hands all of them on as variables', () => {
    expect(Object.values(env).filter((text) => String(text).includes('inputs.'))).toHaveLength(
      Object.keys(action.inputs).length,
    );
    expect(run).not.toContain('${{');
  });

  it('annotates what it finds, and fails', () => {
    const { code, stdout } = step({});
    expect(stdout).toContain('::error ');
    expect(stdout).toContain('file=old.py');
    expect(code).toBe(1);
    expect(step({ 'fail-on': 'never' }).code).toBe(0);
  });

  it('looks at what a branch changed, and takes arguments line by line', () => {
    expect(step({ diff: 'main' }).code).toBe(0);
    repo.write('a b.py', BAD);
    expect(step({ diff: 'main' }).stdout).toContain('file=a b.py');
    expect(step({ diff: 'main', args: '--exclude\na b.py\n' }).code).toBe(0);
    expect(step({ diff: 'main', paths: 'old.py\n' }).code).toBe(0);
  });

  it('takes no input for a command or an option', () => {
    const hostile = '$(touch owned); `touch owned`"';
    expect(step({ diff: hostile, paths: `--output=owned\n${hostile}` }).code).toBe(2);
    expect(spawnSync('ls', { cwd: root(), encoding: 'utf8' }).stdout).toBe('old.py\n');
  });
});
