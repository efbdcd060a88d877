/** Kept findings at the terminal: a row each, or one in full. */
import { plainLine } from '../../engine/text/plain.ts';
import type { FindingState, KeptFinding, Sighting } from '../../host/findings/kept.ts';
import { FINDING_STATES } from '../../host/findings/kept.ts';
import { dayOf, minuteOf } from '../../host/findings/time.ts';
import { tally } from '../words.ts';
import type { Style } from '../style.ts';
import { shortId } from './select.ts';

/** `shown` in its order; `all` are those of the repository. */
export function findingsTable(
  shown: readonly KeptFinding[],
  all: readonly KeptFinding[],
  style: Style,
): string {
  if (all.length === 0) return 'no findings: no review of this repository has kept any\n';
  if (shown.length === 0) return `no findings of that kind; ${totals(all)}\n`;
  const rows = shown.map((each) => {
    const { state, finding, last } = each;
    return {
      id: shortId(each, all),
      state,
      severity: finding.severity,
      place: `${plainLine(finding.path, 300)}:${finding.line}`,
      seen: dayOf(last.at),
      title: plainLine(finding.title, 160),
    };
  });
  const width = (name: 'id' | 'state' | 'severity' | 'place'): number =>
    Math.max(...rows.map((row) => row[name].length));
  const [id, state, severity, place] = [
    width('id'),
    width('state'),
    width('severity'),
    Math.min(48, width('place')),
  ];
  const lines = rows.map((row) =>
    [
      row.id.padEnd(id),
      row.state === 'new' ? style.bold(row.state.padEnd(state)) : row.state.padEnd(state),
      style.severity(row.severity, row.severity.padEnd(severity)),
      row.place.padEnd(place),
      row.seen,
      row.title,
    ].join('  '),
  );
  return `${lines.join('\n')}\n\n${totals(shown)}\n`;
}

function totals(findings: readonly KeptFinding[]): string {
  const counts = FINDING_STATES.map((state): readonly [FindingState, number] => [
    state,
    findings.filter((each) => each.state === state).length,
  ]).filter(([, count]) => count > 0);
  return tally(counts);
}

export function findingText(kept: KeptFinding, all: readonly KeptFinding[], style: Style): string {
  const { finding, state, first, last, times, history } = kept;
  const { path, line, severity, confidence, cwe, title, symbol, quote, attack, fix } = finding;
  const { trace = [] } = finding;
  const plain = (text: string): string => plainLine(text, 1_000);
  const lines = [
    `${style.bold(`${plain(path)}:${line}`)}  ${style.severity(severity)}  ${cwe}  ${plain(title)}`,
    ...quote.split('\n').map((code) => `    ${style.dim(plain(code))}`),
    ...(symbol === '' ? [] : [`in ${plain(symbol)}`]),
    ...trace.map((step) => `by way of ${plain(step.path)}:${step.line}  ${plain(step.note)}`),
    `attack: ${plain(attack)}`,
    `fix: ${plain(fix)}`,
    `confidence: ${confidence}`,
    '',
    `id: ${kept.fingerprint}`,
    `state: ${state}`,
    `first seen: ${seen(first)}`,
    `last seen: ${seen(last)}, ${times} ${times === 1 ? 'time' : 'times'} in all`,
    ...history.map(
      (change) =>
        `${minuteOf(change.at)}: ${change.state}, by ${plain(change.author)}${change.reason === '' ? '' : `: ${plain(change.reason)}`}`,
    ),
    ...(state === 'new'
      ? ['', `Not to be told again: sg findings set ${shortId(kept, all)} accepted --reason TEXT`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function seen({ at, layer, session, commit }: Sighting): string {
  const where = commit === '' ? '' : `, at commit ${plainLine(commit.slice(0, 12), 12)}`;
  return `${minuteOf(at)} by ${LAYER_WORDS[layer]}${where}, session ${plainLine(session, 80)}`;
}

export const LAYER_WORDS: Readonly<Record<Sighting['layer'], string>> = {
  turn: 'the review of a turn',
  commit: 'the review of a commit',
  push: 'the review of a push',
  cli: 'sg review',
};
