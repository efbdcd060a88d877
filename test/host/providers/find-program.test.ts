/** Where the user's program is looked for, and where not. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findClaude } from '../../../host/providers/cli/find-program.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-find-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, mode = 0o755): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '#!/bin/sh\n');
  chmodSync(full, mode);
  return full;
}

/** As on a system without /proc, so that this very process is not found. */
const find = (
  env: Readonly<Record<string, string>>,
  untrusted: readonly string[] = [],
): string | undefined => findClaude(env, untrusted, 'darwin');

describe.skipIf(process.platform === 'win32')('findClaude', () => {
  test('the first of the search path', () => {
    const first = program('a/claude');
    program('b/claude');
    const PATH = [join(root, 'none'), join(root, 'a'), join(root, 'b')].join(delimiter);
    expect(find({ PATH })).toBe(first);
  });

  test('what the user names, and nothing else when that is wrong', () => {
    const named = program('elsewhere/my-claude');
    const other = program('a/claude');
    const PATH = join(root, 'a');
    expect(find({ SG_AGENTIC_CLI_PATH: named, PATH })).toBe(named);
    expect(find({ SG_AGENTIC_CLI_PATH: join(root, 'none'), PATH })).toBeUndefined();
    expect(find({ SG_AGENTIC_CLI_PATH: 'claude', PATH })).toBeUndefined();
    expect(find({ PATH })).toBe(other);
  });

  test('the places where it installs itself', () => {
    const home = program('home/.local/bin/claude');
    expect(find({ HOME: join(root, 'home'), PATH: '' })).toBe(home);
  });

  test('nothing of the current folder', () => {
    const cwd = process.cwd();
    program('repo/claude');
    process.chdir(join(root, 'repo'));
    try {
      for (const PATH of ['', '.', delimiter, './', 'repo']) expect(find({ PATH })).toBeUndefined();
    } finally {
      process.chdir(cwd);
    }
  });

  test('nothing of a repository, however it got into the search path', () => {
    const trusted = program('usr/claude');
    program('repo/node_modules/.bin/claude');
    program('outside/claude');
    symlinkSync(join(root, 'repo'), join(root, 'link'));
    mkdirSync(join(root, 'linked'));
    symlinkSync(join(root, 'repo/node_modules/.bin/claude'), join(root, 'linked/claude'));
    const PATH = [
      join(root, 'repo/node_modules/.bin'),
      join(root, 'link/node_modules/.bin'),
      join(root, 'linked'),
      join(root, 'usr'),
    ].join(delimiter);
    expect(find({ PATH }, [join(root, 'repo')])).toBe(trusted);
    expect(find({ PATH }, [join(root, 'link')])).toBe(trusted);
  });

  test('a repository whose name begins alike is another one', () => {
    const tool = program('repo-tools/claude');
    expect(find({ PATH: dirname(tool) }, [join(root, 'repo')])).toBe(tool);
  });

  test.each([
    ['no program', 0o644],
    ['a folder', undefined],
  ])('%s is passed over', (_name, mode) => {
    if (mode === undefined) mkdirSync(join(root, 'a/claude'), { recursive: true });
    else program('a/claude', mode);
    // Root may run what nobody may; what has no such bit at all is still no program.
    expect(find({ PATH: join(root, 'a') })).toBeUndefined();
  });

  test.skipIf(process.platform !== 'linux')(
    'the interpreter of a script is not the program',
    () => {
      const found = findClaude({ CLAUDE_PID: String(process.pid), PATH: '' }, [], 'linux');
      expect(found).toBeUndefined();
      for (const CLAUDE_PID of ['', '0', '../1', '99999999', 'self']) {
        expect(findClaude({ CLAUDE_PID, PATH: '' }, [], 'linux')).toBeUndefined();
      }
    },
  );
});
