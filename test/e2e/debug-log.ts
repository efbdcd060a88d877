/** What Claude Code's own debug log says of the plugin's hooks. */
import { readFileSync } from 'node:fs';

export interface HookTime {
  /** `SessionStart` or `PostToolUse`. */
  readonly event: string;
  readonly exitCode: number;
  /** From the start of the hook's process to the end of its output, as the host measured it. */
  readonly milliseconds: number;
}

const FINISHED =
  / Hooks: (?<event>\w+):\S+ \[[^\]]*\] \(plugin (?<plugin>[^@)]+)@[^)]*\) finished with status (?<code>\d+) \((?<ms>\d+)ms\)$/;

/** Times of one plugin's hooks in the order in which they ended. */
export function hookTimes(file: string, plugin = 'security-guidance'): readonly HookTime[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => FINISHED.exec(line)?.groups)
    .filter((groups) => groups !== undefined && groups['plugin'] === plugin)
    .map((groups) => ({
      event: groups?.['event'] ?? '',
      exitCode: Number(groups?.['code']),
      milliseconds: Number(groups?.['ms']),
    }));
}
