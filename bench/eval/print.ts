/** The report as text. */
import { plainLine } from '../../engine/text/plain.ts';
import { table } from '../table.ts';
import { GROUPINGS } from './report.ts';
import type { EvalReport } from './report.ts';
import {
  GROUP_HEAD,
  groupCells,
  saidOf,
  SCORE_HEAD,
  scoreCells,
  share,
  SPENDING_HEAD,
  spendingCells,
  stageTable,
  subjectOf,
  verdictOf,
} from './words.ts';

export function reportText(report: EvalReport): string {
  const { label, scores, claims, stability, deep } = report;
  const stages = stageTable(report);
  return [
    `${plain(subjectOf(report))}\n`,
    ...(label === undefined ? [] : [`!! ${label}\n`]),
    '\nVerdicts, with intervals of 95 %\n',
    table(SCORE_HEAD, scoreCells(scores)),
    pairsLine(report),
    '\nWhere findings of the right weakness are lost\n',
    table(stages.head, stages.rows),
    '\nWhat the model said, by what became of it\n',
    table(
      ['side', ...Object.keys(claims.vulnerable)],
      Object.entries(claims).map(([side, counts]) => [side, ...Object.values<number>(counts)]),
    ),
    severityLine(report),
    ...(deep === undefined ? [] : [`  calls of tools: ${deep.toolCalls}\n`]),
    ...(stability.of === 0 ? [] : [`  same verdict in every round: ${share(stability)}\n`]),
    ...GROUPINGS.flatMap((grouping) => [
      `\nBy ${grouping}\n`,
      table(GROUP_HEAD, report.groups[grouping].map(groupCells)),
    ]),
    '\nCost and time\n',
    table(
      SPENDING_HEAD,
      report.spending.map((each) => spendingCells(each).map(plain)),
    ),
    notRight(report),
  ].join('');
}

/** What a model or an endpoint named goes to a terminal. */
function plain(text: string): string {
  return plainLine(text, 300);
}

function pairsLine({ scores: { pairs, notReviewed } }: EvalReport): string {
  const { right, unknown } = pairs;
  const lacking = notReviewed.vulnerable + notReviewed.fixed;
  const rest = `${pairs['both-flagged']} both sides flagged, ${pairs['both-silent']} both silent, ${pairs.reversed} the wrong way round`;
  return `  pairs: ${right} right, ${rest}, ${unknown} without a verdict (${lacking} sides not reviewed)\n`;
}

function severityLine({ severities: { same, higher, lower } }: EvalReport): string {
  return `  severity against the pair's: ${same} same, ${higher} higher, ${lower} lower\n`;
}

function notRight({ pairs }: EvalReport): string {
  const rows = pairs.filter((pair) => verdictOf(pair) !== 'right');
  if (rows.length === 0) return '';
  return `\nPairs that are not right\n${table(
    ['pair', 'what', 'expected', 'said of vulnerable', 'said of fixed'],
    rows.map((row) => [
      row.id,
      verdictOf(row),
      `${row.cwe} ${row.severity}`,
      shown(saidOf(row, 'vulnerable')),
      shown(saidOf(row, 'fixed')),
    ]),
  )}`;
}

const MOST_SHOWN = 2;

function shown(lines: readonly string[]): string {
  const more = lines.length > MOST_SHOWN ? `; ${lines.length - MOST_SHOWN} more` : '';
  return plain(lines.slice(0, MOST_SHOWN).join('; ') + more);
}
