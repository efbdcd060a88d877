/** `sg scan` against eslint with eslint-plugin-security, on JavaScript that both can read. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findingsOf, measured, run, scan, type RivalRow, type RivalRun } from '../rivals.bench.ts';

/** A check of the plugin, our rule for the same, and a line that both have to find. */
const PAIRS = [
  ['detect-eval-with-expression', 'js-eval', 'eval(a);'],
  ['detect-child-process', 'node-child-process-exec', 'child_process.exec(a);'],
  ['detect-new-buffer', 'node-uninitialized-buffer', 'new Buffer(length);'],
  ['detect-buffer-noassert', 'node-uninitialized-buffer', 'b.readUInt16BE(offset, true);'],
  ['detect-pseudoRandomBytes', 'node-pseudo-random-bytes', 'crypto.pseudoRandomBytes(16);'],
  ['detect-non-literal-require', 'js-computed-require', 'require(a);'],
  ['detect-bidi-characters', 'trojan-source', 'const shown = "\u202E";'],
] as const;

const PLANTED = 'sg-bench-planted.js';
const PLANTED_TEXT: string = ['import child_process from "child_process";']
  .concat(PAIRS.map(([, , line]) => line))
  .join('\n');

/** The plugin is taken from where eslint itself is. Files that somebody has made smaller are no work of theirs to read. */
const CONFIG = `
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
const security = createRequire(realpathSync(process.argv[1]))('eslint-plugin-security');
const rules = ${JSON.stringify(Object.fromEntries(PAIRS.map(([check]) => [`security/${check}`, 'error'])))};
export default [
  { ignores: ['**/*.{min,umd}.{js,mjs,cjs}'] },
  { files: ['**/*.{js,mjs,cjs}'], plugins: { security }, rules },
];
`;

interface Linted {
  readonly filePath: string;
  readonly messages: readonly { readonly line: number; readonly fatal?: true }[];
}

/** Whether eslint can be started and has the plugin beside it. */
export async function hasSecurityPlugin(eslint: string): Promise<boolean> {
  const scratch = mkdtempSync(join(tmpdir(), 'sg-bench-'));
  try {
    const config = join(scratch, 'eslint.config.mjs');
    writeFileSync(config, CONFIG);
    await run(eslint, ['--config', config, '--print-config', 'a.js'], scratch);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Both read copies of the files that eslint can parse, and a file of planted lines. */
export async function againstEslint(eslint: string, request: RivalRun): Promise<RivalRow> {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'sg-bench-'));
  try {
    const config = join(scratch, 'eslint.config.mjs');
    writeFileSync(config, CONFIG);
    const args = ['--config', config, '--no-inline-config', '--format', 'json', '.'];
    const folder = join(scratch, 'files');
    mkdirSync(folder);
    writeFileSync(join(folder, PLANTED), PLANTED_TEXT);
    const there = realpathSync(request.folder);
    for (const { filePath, messages } of lintedOf(await run(eslint, args, there)))
      if (!messages.some(({ fatal }) => fatal))
        cpSync(filePath, join(folder, relative(there, filePath)));

    const rival = () => run(eslint, args, folder);
    const ids = [...new Set(PAIRS.map(([, id]) => id))];
    const sg = () => scan({ ...request, folder }, ids);
    const lines = lintedOf(await rival()).flatMap(({ filePath, messages }) =>
      messages.map(({ line }) => `${relative(folder, filePath)}:${line}`),
    );
    const findings = findingsOf(await sg()).map(({ path, start }) => `${path}:${start.line}`);
    for (const [index, [check, id]] of PAIRS.entries()) {
      const place = `${PLANTED}:${index + 2}`;
      if (!lines.includes(place)) throw new Error(`eslint has no ${check} at ${place}`);
      if (!findings.includes(place)) throw new Error(`sg scan has no ${id} at ${place}`);
    }
    // Ours know more shapes, as execSync: what is ours alone must be rare.
    const shared = findings.filter((place) => lines.includes(place)).length;
    if (shared < findings.length / 2)
      throw new Error(`of ${findings.length} findings ${shared} are where eslint has one`);
    const counts = { theirs: lines.length, ours: findings.length };
    return await measured('eslint-plugin-security', counts, rival, sg, request);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function lintedOf({ stdout }: { readonly stdout: string }): readonly Linted[] {
  return JSON.parse(stdout) as readonly Linted[];
}
