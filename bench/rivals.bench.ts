/** `sg scan` as a whole process against other programs that search the same folder, given what they can take of our rules. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rule } from '../engine/rule.ts';
import { AST_GREP_RULES, SAME_RULES } from './rivals/ast-grep-rules.ts';
import { interleaved } from './statistics.ts';

export interface RivalRow {
  readonly rival: string;
  /** What was found: lines by ripgrep, matches by ast-grep and eslint, findings by us. */
  readonly theirs: number;
  readonly ours: number;
  /** Medians in milliseconds. */
  readonly rivalMs: number;
  readonly sgMs: number;
  /** How many times as fast as the rival we are. */
  readonly ratio: number;
}

export interface RivalRun {
  /** `dist/cli/main.js`. */
  readonly program: string;
  readonly folder: string;
  readonly rules: readonly Rule[];
  readonly rounds: number;
}

interface Ran {
  readonly stdout: string;
  readonly code: number;
}

interface Found {
  readonly ruleId: string;
  readonly path: string;
  readonly start: { readonly line: number };
  readonly end: { readonly line: number };
}

/** Rejects when the program is not there or ends with more than 1, which means that nothing was found. */
export function run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      { cwd, maxBuffer: 1 << 30 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        if (error !== null && code !== 1)
          reject(new Error(`${command}: ${error.code ?? error.signal}: ${stderr.slice(0, 2_000)}`));
        else resolve({ stdout, code });
      },
    );
    child.stdin?.end();
  });
}

/** Whether a program can be started. */
export async function isThere(command: string): Promise<boolean> {
  try {
    await run(command, ['--version'], '/');
    return true;
  } catch {
    return false;
  }
}

/** Undefined where there is nothing to find. ripgrep with every pattern of our rules that have a counterpart in the reference, in its default Unicode mode. */
export async function againstRipgrep(rg: string, request: RivalRun): Promise<RivalRow | undefined> {
  const parity = request.rules.filter((rule) => rule.parity !== undefined);
  const scratch = mkdtempSync(join(tmpdir(), 'sg-bench-'));
  try {
    const file = join(scratch, 'patterns');
    // What may match the end of a line would have it search line ends, which takes longer.
    const lineWise = parity.filter(({ patterns }) => patterns.every(isLineWise));
    const patterns = parity.flatMap((rule) => rule.patterns.filter(isLineWise).map(forRust));
    writeFileSync(file, `${patterns.join('\n')}\n`);
    const limits = ['--regex-size-limit', '1G', '--dfa-size-limit', '1G'];
    const args = ['--no-config', '--line-number', '--no-heading', ...limits, '--file', file, '.'];
    const rival = () => run(rg, args, request.folder);
    const sg = () =>
      scan(
        request,
        parity.map(({ id }) => id),
      );
    const lines = new Set(
      (await rival()).stdout.split('\n').map((line) => /^(.+?:\d+):/.exec(line)?.[1]),
    );
    const findings = findingsOf(await sg());
    // Ours are those of its lines that stand in code, are not excluded, and so on.
    const missed = findings.find(
      ({ ruleId, path, start, end }) =>
        lineWise.some(({ id }) => id === ruleId) &&
        start.line === end.line &&
        !lines.has(`./${path}:${start.line}`),
    );
    if (missed !== undefined)
      throw new Error(
        `ripgrep has nothing at ${missed.path}:${missed.start.line}, where we have ${missed.ruleId}`,
      );
    if (findings.length === 0) return undefined;
    return await measured(
      'ripgrep',
      { theirs: lines.size, ours: findings.length },
      rival,
      sg,
      request,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Undefined where there is nothing to find. ast-grep with the shapes that it can be asked for, and we with the rules for the same. */
export async function againstAstGrep(
  astGrep: string,
  request: RivalRun,
): Promise<RivalRow | undefined> {
  const args = ['scan', '--inline-rules', AST_GREP_RULES, '--json=compact', '.'];
  const rival = () => run(astGrep, args, request.folder);
  const sg = () => scan(request, SAME_RULES);
  const matches = JSON.parse((await rival()).stdout) as readonly { readonly file: string }[];
  const findings = findingsOf(await sg());
  const files = new Set(matches.map(({ file }) => file.replace(/^\.\//, '')));
  // It tells calls apart, we also constants: what is ours alone must be rare.
  const shared = findings.filter(({ path }) => files.has(path)).length;
  if (findings.length === 0) return undefined;
  if (shared < findings.length / 2)
    throw new Error(
      `of ${findings.length} findings ${shared} are in files in which ast-grep finds something`,
    );
  return measured(
    'ast-grep',
    { theirs: matches.length, ours: findings.length },
    rival,
    sg,
    request,
  );
}

export function scan({ program, folder }: RivalRun, ids: readonly string[]): Promise<Ran> {
  const rules = ids.flatMap((id) => ['--rule', id]);
  return run(
    process.execPath,
    [program, 'scan', '.', '--no-cache', ...rules, '--format', 'json'],
    folder,
  );
}

export function findingsOf({ stdout }: Ran): readonly Found[] {
  return (JSON.parse(stdout) as { readonly findings: readonly Found[] }).findings;
}

export async function measured(
  rival: string,
  counts: Pick<RivalRow, 'theirs' | 'ours'>,
  control: () => Promise<Ran>,
  sg: () => Promise<Ran>,
  { rounds }: RivalRun,
): Promise<RivalRow> {
  const times = await interleaved(
    rounds,
    async () => void (await control()),
    async () => void (await sg()),
  );
  return {
    rival,
    ...counts,
    rivalMs: times.control,
    sgMs: times.measured,
    ratio: times.control / times.measured,
  };
}

/** Whether a pattern names no end of a line but to leave it out. */
function isLineWise(pattern: string): boolean {
  return !pattern.replace(/\[\^(?:\\[^]|[^\]])*\]/g, '').includes('\\n');
}

/**
 * The same for Rust's engine: without escapes that RE2 allows and it does not, and without the names of
 * groups, since it reads all patterns as one in which a name may stand once.
 */
export function forRust(pattern: string): string {
  return pattern.replace(/\\([^])|\(\?P?<\w+>/g, (part: string, sign?: string) => {
    if (sign === undefined) return '(?:';
    return '"\'/`<>@%,;:=!_ '.includes(sign) ? sign : part;
  });
}
