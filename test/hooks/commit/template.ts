/** Repositories that every way begins with, an hour old: made once for a file, and copied. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { makeWorld } from '../../host/git/support.ts';
import type { World } from '../../host/git/support.ts';

/** A clone and where it came from, and what is seldom needed: two more clones. */
export const BOTH: readonly string[] = ['origin.git', 'repo'];
export const MORE: readonly string[] = ['other', 'second'];

const SCRIPT = `set -e
git init -q --bare -b main origin.git
git clone -q origin.git repo 2>/dev/null
cd repo
git checkout -q -b main
mkdir sub; echo x > sub/x.txt
echo 'a = 1' > a.py; git add -A; git commit -qm first
echo 'b = 1' > b.py; git add -A; git commit -qm second
git push -q -u origin main
git checkout -q -b topic
echo 't1 = 1' > t1.py; git add -A; git commit -qm t1
echo 't2 = 1' > t2.py; git add -A; git commit -qm t2
git checkout -q main
git remote set-url origin ../origin.git
cd ..
git clone -q origin.git other
git -C other remote set-url origin ../origin.git
git clone -q origin.git second
rm -f */hooks/*.sample */.git/hooks/*.sample
`;

/** Copies some of the repositories into a folder. */
export type CopyTemplate = (folder: string, parts?: readonly string[]) => void;

export function givenTemplate(): CopyTemplate {
  let world: World | undefined;
  let template = '';
  beforeAll(() => {
    world = makeWorld();
    template = makeTemplate(world);
  });
  afterAll(() => world?.remove());
  return (folder, parts = BOTH) => {
    // Times as well: else git would read every file again.
    execFileSync('cp', ['-Rp', ...parts.map((part) => join(template, part)), folder]);
  };
}

function makeTemplate({ folder, env }: World): string {
  const template = join(folder, 'template');
  mkdirSync(template);
  const date = `@${Math.floor(Date.now() / 1000) - 3600} +0000`;
  const who = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((part) => [
      [`GIT_${part}_NAME`, 'A'],
      [`GIT_${part}_EMAIL`, 'a@example.com'],
      [`GIT_${part}_DATE`, date],
    ]),
  );
  execFileSync('sh', ['-c', SCRIPT], { cwd: template, env: { ...env, ...who }, stdio: 'ignore' });
  return template;
}
