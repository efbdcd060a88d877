/** What `sg demo` prints of an edit and of all of them. */
import { relative } from 'node:path';
import { escapeControls } from '../escape.ts';
import type { Style } from '../style.ts';
import type { Played } from './play.ts';
import { MODEL } from './scripted-model.ts';
import type { PlayedStop } from './turn.ts';

/** One edit: a line, and below it what the agent would read first. */
export function showEdit(played: Played, width: number, root: string, style: Style): string {
  const { step, run, answeredBy, told, ruleIds, asExpected } = played;
  const mark = asExpected ? style.good('ok        ') : style.bad('unexpected');
  const by = answeredBy === 'service' ? 'service    ' : 'own process';
  const time = `${by} ${milliseconds(run.milliseconds).padStart(6)}`;
  const file = relative(root, step.edit.file);
  const said = ruleIds.length === 0 ? style.dim('nothing said') : ruleIds.join(', ');
  const head = `${mark}  ${step.label.padEnd(width)}  ${time}  ${file}  ${said}\n`;
  const trouble = run.code === 0 ? [] : [`exit ${run.code ?? 'none'}: ${run.stderr.trim()}`];
  const lines = [...firstLines(told, ruleIds), ...trouble].map(
    (line) => `            ${escapeControls(line)}\n`,
  );
  return head + lines.join('');
}

/** The lines that say what was found: those that name a rule. */
function firstLines(told: string, ruleIds: readonly string[]): string[] {
  return told
    .split('\n')
    .filter((line) => ruleIds.some((id) => line.includes(id)) && !line.includes('<rule id>'))
    .slice(0, 2);
}

/** How many answers were as expected, who gave them, and how long an edit waited. */
export function showTotals(all: readonly Played[]): string {
  const good = all.filter(({ asExpected }) => asExpected).length;
  const byService = all.filter(({ answeredBy }) => answeredBy === 'service');
  const lines = [`${good} of ${all.length} answers as expected.`];
  if (byService.length > 0) {
    const served = median(byService.map(({ run }) => run.milliseconds));
    const alone = median(byService.map((each) => (each.alone ?? each.run).milliseconds));
    lines.push(
      `${byService.length} by the resident service, in ${milliseconds(served)} at the median; the hook's own process says the same in ${milliseconds(alone)}.`,
    );
  } else if (all.length > 0) {
    const alone = median(all.map(({ run }) => run.milliseconds));
    lines.push(`All by the hook's own process, in ${milliseconds(alone)} at the median.`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** One end of the turn: a line, and below it what wakes the agent. */
export function showStop(
  { label, run, woken, sent, asExpected }: PlayedStop,
  style: Style,
): string {
  const mark = asExpected ? style.good('ok        ') : style.bad('unexpected');
  const what = woken === '' ? style.dim('tells the user that it is resolved') : 'wakes the agent:';
  const head = `${mark}  ${label.padEnd(26)}  ${milliseconds(run.milliseconds).padStart(7)}  ${sent} bytes sent  ${what}\n`;
  const lines = woken
    .split('\n')
    .filter((line) => /^(?:\d+\. |   )/.test(line))
    .map((line) => `            ${escapeControls(line)}\n`);
  return head + lines.join('');
}

/** What the reviews sent, and what that would have cost. */
export function showSent(stops: readonly PlayedStop[]): string {
  const bytes = stops.reduce((total, { sent }) => total + sent, 0);
  const usd = stops.reduce((total, stop) => total + stop.usd, 0);
  return `${bytes} bytes went to the script, nothing left this machine. For as much a model would have cost about ${usd.toFixed(4)} USD at the list price of ${MODEL}.\n`;
}

export function stopRow({ label, run, woken, sent, usd, asExpected }: PlayedStop): object {
  return { label, woken, sent, usd, milliseconds: Math.round(run.milliseconds), asExpected };
}

export function jsonRow(played: Played, root: string): Record<string, unknown> {
  const { step, run, answeredBy, alone, told, ruleIds, asExpected } = played;
  return {
    label: step.label,
    file: relative(root, step.edit.file),
    told,
    ruleIds,
    answeredBy,
    milliseconds: Math.round(run.milliseconds),
    ...(alone === undefined ? {} : { ownProcessMilliseconds: Math.round(alone.milliseconds) }),
    asExpected,
  };
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function milliseconds(time: number): string {
  return `${time.toFixed(0)} ms`;
}
