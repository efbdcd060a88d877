/** A changed rule on a corpus that is known, against the same run on one that is not; each a whole process. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchText, syntheticRules } from './corpus.ts';
import { interleaved } from './statistics.ts';

export interface CorpusCacheRow {
  readonly change: 'pattern' | 'literal' | 'nothing';
  readonly files: number;
  readonly bytes: number;
  readonly hits: number;
  /** Medians in milliseconds. */
  readonly cold: number;
  readonly warm: number;
  readonly ratio: number;
}

const FILES = 4000;
const FILE_BYTES = 25_000;
/** One file in so many calls the function that the rule is about. */
const EVERY = 40;

/** What a round asks for; never the same rule twice, but for `nothing`. */
const RULES: Readonly<Record<CorpusCacheRow['change'], (round: number) => string>> = {
  pattern: (round) => `corvexgra\\s*\\((?:x|y${round})`,
  literal: (round) => `(?:corvexgra|neverthere${round})\\s*\\(`,
  nothing: () => 'corvexgra\\s*\\(',
};

/** `program` is dist/cli/main.js. Throws when a run does not find each of the calls. */
export async function benchCorpusCache(program: string, rounds: number): Promise<CorpusCacheRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sg-bench-corpus-'));
  try {
    const bytes = writeCorpus(join(folder, 'code'));
    const hits = Math.ceil(FILES / EVERY);
    const rows: CorpusCacheRow[] = [];
    for (const change of ['pattern', 'literal', 'nothing'] as const) {
      let runs = 0;
      const run = async (cache: string): Promise<void> => {
        // Both runs of a round are of the same rule, whichever is first.
        if (runs++ % 2 === 0)
          writeFileSync(join(folder, 'rule.yaml'), ruleText(RULES[change](runs)));
        const found = await hitsOf(program, folder, cache);
        if (found !== hits) throw new Error(`${change}: ${found} hits, expected ${hits}`);
      };
      await run('warm');
      runs = 0;
      const times = await interleaved(
        rounds,
        async () => {
          rmSync(join(folder, 'cold'), { recursive: true, force: true });
          await run('cold');
        },
        () => run('warm'),
      );
      const { control: cold, measured: warm, ratio } = times;
      rows.push({ change, files: FILES, bytes, hits, cold, warm, ratio });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the bytes written. The files are old, as code is: a new one is read again for a while. */
function writeCorpus(folder: string): number {
  const text = benchText('clean', syntheticRules(1), FILE_BYTES);
  const old = new Date(Date.now() - 3_600_000);
  let bytes = 0;
  for (let index = 0; index < FILES; index++) {
    const place = join(folder, `repository-${index % 20}`);
    mkdirSync(place, { recursive: true });
    const call = index % EVERY === 0 ? 'corvexgra(x);\n' : '';
    const content = Buffer.concat([Buffer.from(`// file ${index}\n${call}`), text]);
    const path = join(place, `file-${index}.js`);
    writeFileSync(path, content);
    utimesSync(path, old, old);
    bytes += content.length;
  }
  return bytes;
}

function ruleText(pattern: string): string {
  return `id: bench-rule\nlanguages: [javascript]\npatterns: ['${pattern}']\nmessage: A call.\n`;
}

function hitsOf(program: string, folder: string, cache: string): Promise<number> {
  const args = [program, 'test', '--corpus', 'code', 'rule.yaml', '--format', 'json'];
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, cache) };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, env, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`${args.join(' ')}: ${stderr}`));
        else {
          const report = JSON.parse(stdout) as { rules: { hits: unknown[] }[] };
          resolve(report.rules[0]?.hits.length ?? 0);
        }
      },
    );
  });
}
