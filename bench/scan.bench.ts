/** `sg scan` as a whole process against a process that only reads the same files: the first time and again. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleaved } from './statistics.ts';

export interface ScanRow {
  readonly files: number;
  readonly bytes: number;
  readonly findings: number;
  /** Whether nothing is known of the files, or everything, since none has changed. */
  readonly when: 'first' | 'again';
  /** Medians in milliseconds. */
  readonly read: number;
  readonly scan: number;
  readonly ratio: number;
}

/** The control: one plain loop over a list of paths, in the order of the list. */
const READ_LOOP = `
const { readFileSync } = require('node:fs');
const files = readFileSync(0, 'utf8').split('\\n').filter(Boolean);
let bytes = 0;
for (const file of files) bytes += readFileSync(file).length;
process.stdout.write(JSON.stringify({ files: files.length, bytes }));
`;

interface Run {
  readonly stdout: string;
  readonly code: number;
}

function run(
  args: readonly string[],
  cwd: string,
  { input = '', cache = '' }: { readonly input?: string; readonly cache?: string } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [...args],
      { cwd, maxBuffer: 1 << 30, env: { ...process.env, CI: '', XDG_CACHE_HOME: cache } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 2;
        if (code > 1) reject(new Error(`${args.join(' ')}: exit ${code}: ${stderr}`));
        else resolve({ stdout, code });
      },
    );
    child.stdin?.end(input);
  });
}

interface ScanJson {
  readonly findings: readonly unknown[];
  readonly summary: { readonly filesScanned: number; readonly bytesScanned: number };
}

/** `folder` is scanned by `program` (dist/cli/main.js); `list` has the absolute paths that the scan reads. */
export async function benchScan(
  program: string,
  folder: string,
  list: readonly string[],
  rounds: number,
): Promise<ScanRow[]> {
  const caches = mkdtempSync(join(tmpdir(), 'sg-bench-'));
  try {
    const known = join(caches, 'known');
    const scan = (cache: string) =>
      run([program, 'scan', '.', '--format', 'json'], folder, { cache });
    const input = list.join('\n');
    const read = () => run(['-e', READ_LOOP], folder, { input });
    const control = JSON.parse((await read()).stdout) as { files: number; bytes: number };
    const first = (await scan(known)).stdout;
    const { findings, summary } = JSON.parse(first) as ScanJson;
    if (control.files !== summary.filesScanned || control.bytes !== summary.bytesScanned)
      throw new Error(
        `the scan read ${summary.filesScanned} files and ${summary.bytesScanned} bytes, the control ${control.files} and ${control.bytes}`,
      );
    if ((await scan(known)).stdout !== first)
      throw new Error('the second scan says something else');
    const what = { ...control, findings: findings.length };
    const rows: ScanRow[] = [];
    for (const when of ['first', 'again'] as const) {
      const times = await interleaved(
        rounds,
        async () => void (await read()),
        async () => void (await scan(when === 'again' ? known : mkdtempSync(join(caches, 'new-')))),
      );
      const { control: readMs, measured, ratio } = times;
      rows.push({ ...what, when, read: readMs, scan: measured, ratio });
    }
    return rows;
  } finally {
    rmSync(caches, { recursive: true, force: true });
  }
}
