/** Repositories that every way begins with, an hour old. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../../host/git/support.ts';

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
`;

/** The folder to be copied. */
export function makeTemplate({ folder, env }: World): string {
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
