/** `sg doctor` for people and for programs. */
import { escapeControls } from '../escape.ts';
import type { Style } from '../style.ts';
import { counted } from '../words.ts';
import type { Check, Level } from './check.ts';

export function doctorText(checks: readonly Check[], style: Style): string {
  const paint: Readonly<Record<Level, (text: string) => string>> = {
    ok: (text) => style.good(text),
    warn: (text) => style.severity('medium', text),
    fail: (text) => style.bad(text),
  };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, level, message, action }) => [
    `${paint[level](level.padEnd(4))}  ${name.padEnd(width)}  ${escapeControls(message)}`,
    ...(action === undefined
      ? []
      : [`${' '.repeat(width + 8)}${style.dim(`to do: ${escapeControls(action)}`)}`]),
  ]);
  const { fail, warn } = countLevels(checks);
  const verdict =
    fail + warn === 0
      ? 'All is well.'
      : `${counted(fail, 'failure')}, ${counted(warn, 'warning')}.`;
  return `${lines.join('\n')}\n\n${verdict}\n`;
}

export function doctorJson(checks: readonly Check[]): string {
  const summary = countLevels(checks);
  return `${JSON.stringify({ version: 1, ok: summary.fail === 0, summary, checks }, null, 2)}\n`;
}

export function countLevels(checks: readonly Check[]): Record<Level, number> {
  const counts: Record<Level, number> = { ok: 0, warn: 0, fail: 0 };
  for (const { level } of checks) counts[level] += 1;
  return counts;
}
