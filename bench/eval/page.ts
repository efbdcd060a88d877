/** The report as one page of HTML. */
import { plainLine } from '../../engine/text/plain.ts';
import { htmlDocument } from '../report/document.ts';
import { type Cell, escapeHtml, figure, htmlTable, section } from '../report/html.ts';
import { chartsOf } from './charts.ts';
import type { EvalCharts } from './charts.ts';
import { GROUPINGS } from './report.ts';
import type { Proportion } from './proportion.ts';
import type { EvalReport, Grouping, PairRow } from './report.ts';
import {
  GROUP_HEAD,
  groupCells,
  percent,
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

/** `assets`: see `htmlDocument`. */
export function renderEvalPage(report: EvalReport, assets: string): string {
  const charts = chartsOf(report);
  const { label } = report;
  return htmlDocument(
    {
      title: `sg eval ${report.version}: ${report.model}`,
      heading: `What the ${report.deep === undefined ? 'turn' : 'investigating'} review finds`,
      subtitle: subjectOf(report),
      main: [
        label === undefined ? '' : `<p class="label" role="note">${escapeHtml(label)}</p>`,
        headlines(report),
        verdicts(report),
        filters(report, charts),
        ...GROUPINGS.map((grouping) => groups(report, grouping, charts)),
        spending(report, charts),
        pairs(report),
      ].join('\n'),
      charts: Object.values(charts),
      record: report,
    },
    assets,
  );
}

function headlines({ scores }: EvalReport): string {
  const { recall, precision, pairwise } = scores.by.any;
  const { vulnerable, fixed } = scores.notReviewed;
  const tiles: readonly (readonly [string, Proportion])[] = [
    ['vulnerable sides with a finding (recall)', recall],
    ['of all sides with findings, those that are right (precision)', precision],
    ['pairs that are right on both sides', pairwise],
    ['found at the right place', scores.by.place.recall],
    ['found and named rightly', scores.by.weakness.recall],
  ];
  const html = [
    ...tiles.map(([words, { value, low, high }]) => {
      const range =
        low === undefined || high === undefined ? '' : `, ${percent(low)}-${percent(high)}`;
      return tile(`${words}${range}`, value === undefined ? '-' : `${percent(value)} %`);
    }),
    tile('sides not reviewed, counted nowhere else', String(vulnerable + fixed)),
  ];
  return `<dl class="tiles">${html.join('\n')}</dl>`;
}

function tile(words: string, value: string): string {
  return `<div><dt>${escapeHtml(words)}</dt><dd>${escapeHtml(value)}</dd></div>`;
}

function verdicts({ scores, stability, severities }: EvalReport): string {
  const { pairs: kinds } = scores;
  const rows = [
    ['right', kinds.right],
    ['both sides flagged', kinds['both-flagged']],
    ['both sides silent', kinds['both-silent']],
    ['the wrong way round', kinds.reversed],
    ['a side without a verdict', kinds.unknown],
  ] as const;
  const { same, higher, lower } = severities;
  const again = stability.of === 0 ? '' : ` Same verdict in every round: ${share(stability)}.`;
  return section(
    'Verdicts',
    `With intervals of 95 %. Found and missed are vulnerable sides, stray ones of them have findings of something else only; alarmed and silent are fixed sides. Severity against the pair’s: ${same} same, ${higher} higher, ${lower} lower.${again}`,
    htmlTable('table-scores', 'By what counts as found', SCORE_HEAD, scoreCells(scores)) +
      htmlTable(
        'table-kinds',
        'Pairs by what was flagged',
        ['pairs', 'count'],
        rows.map(([name, count]) => [name, String(count)]),
      ),
  );
}

function filters(report: EvalReport, charts: EvalCharts): string {
  const { claims } = report;
  const { head, rows } = stageTable(report);
  return section(
    'Where findings are lost',
    'What the model says is checked before it is told. Of the vulnerable sides with a verdict: how far the best claim of the right weakness came.',
    figure(charts.funnel, 'Vulnerable sides by stage') +
      htmlTable('table-funnel', 'Stage by stage', head, rows) +
      htmlTable(
        'table-claims',
        'Everything that the model said, by what became of it',
        ['side', ...Object.keys(claims.vulnerable)],
        Object.entries(claims).map(([side, counts]) => [
          side,
          ...Object.values<number>(counts).map(String),
        ]),
      ),
  );
}

const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  cwe: 'By weakness',
  language: 'By language',
  severity: 'By severity',
  trait: 'By what makes a pair hard',
};

function groups(report: EvalReport, grouping: Grouping, charts: EvalCharts): string {
  const drawn = {
    language: charts.languages,
    severity: charts.severities,
    cwe: undefined,
    trait: undefined,
  };
  const chart = drawn[grouping];
  return section(
    GROUPING_WORDS[grouping],
    'Few pairs make wide intervals: read these as hints.',
    (chart === undefined ? '' : figure(chart, `${GROUPING_WORDS[grouping]}: recall and pairwise`)) +
      htmlTable(
        `table-${grouping}`,
        'A pair counts in every group that it belongs to',
        GROUP_HEAD,
        report.groups[grouping].map(groupCells),
        'sortable',
      ),
  );
}

function spending(report: EvalReport, charts: EvalCharts): string {
  return section(
    'Cost and time',
    'Of calls, those that failed and were tried again among them.',
    figure(charts.times, 'Time of a call') +
      htmlTable(
        'table-spending',
        'By model',
        SPENDING_HEAD,
        report.spending.map((each) => spendingCells(each).map(plain)),
      ),
  );
}

function pairs(report: EvalReport): string {
  return section(
    'Pairs',
    'What was expected, and what was said.',
    htmlTable(
      'table-pairs',
      'One row a pair',
      [
        'pair',
        'result',
        'weakness',
        'severity',
        'language',
        'hard for',
        'expected at',
        'said of the vulnerable side',
        'said of the fixed side',
        'seconds',
      ],
      report.pairs.map(pairCells),
      'wide sortable',
    ),
  );
}

function pairCells(row: PairRow): Cell[] {
  const verdict = verdictOf(row);
  const ms = row.trials
    .flatMap(({ attempts }) => attempts)
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    row.id,
    { text: verdict, tone: verdict === 'right' ? 'good' : 'bad' },
    row.cwe,
    row.severity,
    row.language,
    row.traits.join(', '),
    plain(`${row.path}: ${row.quotes[0] ?? ''}`),
    plain(saidOf(row, 'vulnerable').join('; ')),
    plain(saidOf(row, 'fixed').join('; ')),
    (ms / 1000).toFixed(1),
  ];
}

/** What a model said is text of one line here. */
function plain(text: string): string {
  return plainLine(text, 240);
}
