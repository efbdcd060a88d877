/** `sg scan --diff` and `--staged` on repositories made by the real git. */
import {
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTestRepo } from '../host/git/support.ts';
import type { TestRepo } from '../host/git/support.ts';
import { isBuilt, useFolder } from './helpers/cli.ts';
import type { Result } from './helpers/cli.ts';

const { root, write, scan } = useFolder();

let repo: TestRepo;

beforeEach(() => {
  const folder = realpathSync(root());
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  repo = openTestRepo({ folder, env, remove: () => undefined }, folder);
  repo.git('init', '-q', '-b', 'main');
  write({ '.gitignore': 'r/\n.claude/\n' });
});

interface Found {
  readonly path: string;
  readonly start: { readonly line: number };
  readonly end: { readonly line: number };
}

async function placesOf(...args: string[]): Promise<string[]> {
  return places((await scan([...args, '--format', 'json'])).stdout);
}

function places(report: string): string[] {
  const { findings }: { findings: Found[] } = JSON.parse(report);
  return findings.map(({ path, start }) => `${path}:${start.line}`);
}

/** By path, the lines that git says were added. */
function addedLines(range: readonly string[]): ReadonlyMap<string, ReadonlySet<number>> {
  const added = new Map<string, Set<number>>();
  let lines = new Set<number>();
  for (const line of repo.git('diff', '--unified=0', '-M', ...range).split('\n')) {
    if (line.startsWith('+++ b/')) added.set(line.slice(6).trimEnd(), (lines = new Set()));
    const [, start, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    const first = Number(start ?? 0);
    const length = start === undefined ? 0 : Number(count);
    for (let at = first; at < first + length; at++) lines.add(at);
  }
  return added;
}

/** A sequence that is the same on every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe.skipIf(!isBuilt)('sg scan --diff', () => {
  it(
    'reports, for 20 commits, exactly the findings whose lines changed',
    { timeout: 240_000 },
    async () => {
      const roll = createDice(7);
      let made = 0;
      const line = (): string => (++made % 3 === 0 ? `evil(${made})` : `x${made} = ${made}`);
      const files = new Map<string, string[]>();
      for (const name of ['a.py', 'b.py', 'lib/c.py', 'lib/d e.py'])
        files.set(name, Array.from({ length: 60 }, line));
      const commit = (): void => {
        repo.git('rm', '-rqf', '--ignore-unmatch', '.');
        write({ '.gitignore': 'r/\n.claude/\n' });
        for (const [name, lines] of files) repo.write(name, `${lines.join('\n')}\n`);
        repo.commit();
      };
      commit();
      let reported = 0;
      let unchanged = 0;
      for (let step = 0; step < 20; step++) {
        for (let edit = 0; edit < 4; edit++) {
          const names = [...files.keys()];
          const name = names[roll(names.length)] ?? '';
          const lines = files.get(name) ?? [];
          const at = roll(lines.length);
          const kind = roll(6);
          if (kind === 0) lines.splice(at, 0, line(), line());
          else if (kind === 1) lines.splice(at, 1, line());
          else if (kind === 2) lines.splice(at, 2);
          // Far enough that one way to see it is the shortest.
          else if (kind === 3) lines.splice((at + 25) % 50, 0, ...lines.splice(at, 1));
          else if (kind === 4) {
            files.delete(name);
            files.set(`lib/moved-${step}-${edit}.py`, lines);
          } else files.set(`new-${step}-${edit}.py`, Array.from({ length: 9 }, line));
        }
        commit();
        const added = addedLines(['HEAD~1', 'HEAD']);
        const all = await placesOf('.');
        const expected = all.filter((place) => {
          const [path = '', number = ''] = place.split(':');
          return added.get(path)?.has(Number(number)) === true;
        });
        expect(await placesOf('--diff', 'HEAD~1')).toEqual(expected);
        reported += expected.length;
        unchanged += all.length - expected.length;
      }
      expect(reported).toBeGreaterThan(40);
      expect(unchanged).toBeGreaterThan(400);
    },
  );

  it('compares with where the branch began, and counts what is not committed', async () => {
    repo.write('a.py', 'evil(1)\nx = 1\n');
    repo.commit();
    repo.git('checkout', '-q', '-b', 'topic');
    repo.write('b.py', 'evil(2)\n');
    repo.commit();
    repo.git('checkout', '-q', 'main');
    repo.write('a.py', 'x = 1\n');
    repo.commit();
    repo.git('checkout', '-q', 'topic');
    repo.write('c.py', 'evil(3)\n');
    repo.write('a.py', 'evil(1)\nx = 1\nevil(4)\n');
    expect(await placesOf('--diff', 'main')).toEqual(['a.py:3', 'b.py:1', 'c.py:1']);
    expect(await placesOf('--diff', 'HEAD')).toEqual(['a.py:3', 'c.py:1']);
    expect(await placesOf('--diff', 'main', 'b.py')).toEqual(['b.py:1']);
    expect(await placesOf('--diff', 'main', '--exclude', 'b*')).toEqual(['a.py:3', 'c.py:1']);
  });

  it('counts a finding of several lines when one of them changed', async () => {
    repo.write('a.py', 'x\nevil\n\n(1)\ny\n');
    repo.commit();
    repo.write('a.py', 'x\nevil\n\n\n(1)\ny\n');
    expect(await placesOf('--diff', 'HEAD')).toEqual(['a.py:2']);
    repo.write('a.py', 'z\nevil\n\n(1)\nz\n');
    expect(await placesOf('--diff', 'HEAD')).toEqual([]);
  });

  it('says nothing of a rename, nor of line ends that git converts', async () => {
    repo.git('config', 'core.autocrlf', 'true');
    repo.write('a.py', 'evil(1)\nx = 1\ny = 2\n');
    repo.write('b.py', 'evil(2)\nx = 1\n');
    repo.commit();
    mkdirSync(join(root(), 'lib'));
    renameSync(join(root(), 'a.py'), join(root(), 'lib/a.py'));
    repo.write('b.py', 'evil(2)\r\nx = 2\r\n');
    expect(await placesOf('--diff', 'HEAD')).toEqual([]);
  });

  it('shows paths from the folder that it is called in, and scans that folder alone', async () => {
    repo.write('lib/a.py', 'x\n');
    repo.commit();
    repo.write('lib/a.py', 'x\nevil(1)\n');
    repo.write('b.py', 'evil(2)\n');
    write({ 'lib/r/no-evil.yaml': 'x' });
    const { stdout } = await scan(['--diff', 'HEAD', '--rules', '../r', '--format', 'json'], {
      cwd: join(root(), 'lib'),
    });
    expect(places(stdout)).toEqual(['a.py:2']);
  });

  it.each<[string, string[], string]>([
    ['no commit', ['--diff', 'gone'], '"gone" is no commit here'],
    ['an option', ['--diff=--output=owned'], '"--output=owned" is no commit here'],
    ['nothing', ['--diff='], '"" is no commit here'],
    ['a path that is nowhere', ['--diff', 'HEAD', 'gone.py'], 'not scanned: gone.py'],
    ['both', ['--diff', 'HEAD', '--staged'], '--diff and --staged do not go together'],
    ['standard input too', ['--staged', '--stdin', '--stdin-filename', 'x'], 'do not go together'],
    ['resume too', ['--staged', '--resume'], '--resume is for whole files'],
  ])('refuses %s', async (_name, args, message) => {
    repo.write('a.py', 'x\n');
    repo.commit();
    const result: Result = await scan(args);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(2);
    expect(existsSync(join(root(), 'owned'))).toBe(false);
  });

  it('refuses a folder that is no repository', async () => {
    mkdirSync(join(root(), 'r'), { recursive: true });
    const result = await scan(['--staged'], { cwd: '/' });
    expect(result.code).toBe(2);
  });

  it('runs no program that the repository names, and follows no link', async () => {
    const canary = join(root(), 'canary.sh');
    writeFileSync(canary, `#!/bin/sh\ntouch ${root()}/owned\ncat\n`, { mode: 0o755 });
    repo.write('.gitattributes', '*.py filter=x diff=x\n');
    repo.write('a.py', 'x\n');
    repo.commit();
    for (const name of [
      'core.fsmonitor',
      'filter.x.clean',
      'filter.x.smudge',
      'filter.x.process',
      'diff.x.command',
      'diff.x.textconv',
      'diff.external',
    ])
      repo.git('config', name, canary);
    writeFileSync(join(root(), 'a.py'), 'x\nevil(1)\n');
    writeFileSync(join(root(), 'outside.txt'), 'evil(2)\n');
    symlinkSync(join(root(), 'outside.txt'), join(root(), 'link.py'));
    expect(await placesOf('--diff', 'HEAD')).toEqual(['a.py:2']);
    await scan(['--staged']);
    expect(existsSync(join(root(), 'owned'))).toBe(false);
  });
});

describe.skipIf(!isBuilt)('sg scan --staged', () => {
  it('scans the blob in the index, not the file', async () => {
    repo.write('a.py', 'evil(0)\nx = 1\n');
    repo.commit();
    repo.write('a.py', 'evil(0)\nevil(staged)\nx = 1\n');
    repo.git('add', 'a.py');
    repo.write('a.py', 'evil(0)\nx = 1\nevil(later)\n');
    repo.write('b.py', 'evil(untracked)\n');
    const text = await scan(['--staged']);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('evil(staged)');
    expect(text.stdout).not.toContain('later');
    expect(await placesOf('--staged')).toEqual(['a.py:2']);
  });

  it('counts every line before the first commit', async () => {
    repo.write('a.py', 'evil(0)\n');
    repo.git('add', 'a.py');
    expect(await placesOf('--staged')).toEqual(['a.py:1']);
  });

  it('does not pass while a file is in conflict', async () => {
    repo.write('a.py', 'x\n');
    repo.commit();
    repo.git('checkout', '-q', '-b', 'topic');
    repo.write('a.py', 'y\n');
    repo.commit();
    repo.git('checkout', '-q', 'main');
    repo.write('a.py', 'z\n');
    repo.commit();
    expect(() => repo.git('merge', 'topic')).toThrow();
    const result = await scan(['--staged']);
    expect(result.stderr).toContain('not scanned: a.py: in conflict');
    expect(result.code).toBe(2);
  });
});
