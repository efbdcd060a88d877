/** `sg scan` as a whole process against a process that only reads the same files. */
import { execFile } from 'node:child_process';
import { interleaved } from './statistics.ts';

export interface ScanRow {
  readonly files: number;
  readonly bytes: number;
  readonly findings: number;
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

function run(args: readonly string[], cwd: string, input = ''): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [...args],
      { cwd, maxBuffer: 1 << 30 },
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
): Promise<ScanRow> {
  const scan = () => run([program, 'scan', '.', '--format', 'json'], folder);
  const input = list.join('\n');
  const read = () => run(['-e', READ_LOOP], folder, input);
  const control = JSON.parse((await read()).stdout) as { files: number; bytes: number };
  const report = JSON.parse((await scan()).stdout) as ScanJson;
  if (
    control.files !== report.summary.filesScanned ||
    control.bytes !== report.summary.bytesScanned
  ) {
    throw new Error(
      `the scan read ${report.summary.filesScanned} files and ${report.summary.bytesScanned} bytes, the control ${control.files} and ${control.bytes}`,
    );
  }
  const times = await interleaved(
    rounds,
    async () => void (await read()),
    async () => void (await scan()),
  );
  return {
    files: control.files,
    bytes: control.bytes,
    findings: report.findings.length,
    read: times.control,
    scan: times.measured,
    ratio: times.ratio,
  };
}
