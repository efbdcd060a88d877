/** The per-edit hook as a process, against `node -e 0`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleaved } from './statistics.ts';

export interface HookRow {
  readonly edit: 'no literal' | 'dangerous';
  /** Medians in milliseconds. */
  readonly node: number;
  readonly hook: number;
  readonly ratio: number;
}

const EDITS: readonly { edit: HookRow['edit']; content: string; told: boolean }[] = [
  {
    edit: 'no literal',
    content: 'export const sum = (a: number, b: number): number => a + b;\n',
    told: false,
  },
  {
    edit: 'dangerous',
    content: 'export const run = (code: string): unknown => eval(code);\n',
    told: true,
  },
];

/** `hook` is the built dist/plugin/hooks/post-tool-use.js. */
export async function benchHook(hook: string, rounds: number): Promise<HookRow[]> {
  const rows: HookRow[] = [];
  for (const { edit, content, told } of EDITS) {
    const scratch = mkdtempSync(join(tmpdir(), 'sg-bench-'));
    // Alone: it neither asks a service nor starts one.
    const env = { ...process.env, CLAUDE_CONFIG_DIR: scratch, HOME: scratch, SG_SERVICE: '0' };
    const file = join(scratch, 'src', 'sum.ts');
    let round = 0;
    const run = (): void => {
      const payload = {
        session_id: `bench-${round++}`,
        cwd: scratch,
        hook_event_name: 'PostToolUse',
        tool_name: 'Write',
        tool_input: { file_path: file, content },
        tool_response: {
          type: 'create',
          filePath: file,
          content,
          structuredPatch: [],
          originalFile: null,
        },
      };
      const { status, stdout } = spawnSync(process.execPath, [hook], {
        input: JSON.stringify(payload),
        env,
      });
      const spoke = String(stdout).includes('additionalContext');
      if (status !== 0 || spoke !== told)
        throw new Error(`${edit}: exit ${status}, told: ${spoke}, expected ${told}`);
    };
    const times = await interleaved(
      rounds,
      () => void spawnSync(process.execPath, ['-e', '0']),
      run,
    );
    rmSync(scratch, { recursive: true, force: true });
    rows.push({ edit, node: times.control, hook: times.measured, ratio: times.ratio });
  }
  return rows;
}
