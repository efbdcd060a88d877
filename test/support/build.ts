/** Vitest's global setup: tests run workers and programs from `dist`, so it has to be there. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Builds only what is missing; `npm test` builds afresh before it starts. */
export default function setup(): void {
  if (existsSync(`${ROOT}dist/cli/main.js`)) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
}
