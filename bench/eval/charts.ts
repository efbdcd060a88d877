/** The charts of the page. */
import type { Chart, ChartSeries } from '../report/page/chart.ts';
import { ascending, percentile } from '../statistics.ts';
import type { Proportion } from './proportion.ts';
import type { EvalReport, Group } from './report.ts';
import { DEEP_STAGES, STAGES } from './trial.ts';
import type { Stage } from './trial.ts';

export interface EvalCharts {
  readonly funnel: Chart;
  readonly languages: Chart;
  readonly severities: Chart;
  readonly times: Chart;
}

export function chartsOf(report: EvalReport): EvalCharts {
  const { groups, funnel, deep } = report;
  const stages: readonly (readonly [string, Proportion])[] =
    deep === undefined
      ? STAGES.flatMap((stage) => (funnel === undefined ? [] : [[SHORT[stage], funnel[stage]]]))
      : DEEP_STAGES.map((stage) => [stage, deep.recall[stage]]);
  return {
    funnel: {
      ...shares(
        'chart-funnel',
        'stage',
        stages.map(([name]) => name),
      ),
      series: withInterval(
        'came so far',
        stages.map(([, share]) => share),
      ),
    },
    languages: byGroup('chart-languages', 'language', groups.language),
    severities: byGroup('chart-severities', 'severity', groups.severity),
    times: times(report),
  };
}

const SHORT: Readonly<Record<Stage, string>> = {
  said: 'named',
  quoted: 'quote found',
  new: 'new',
  severe: 'severe',
  told: 'told',
};

function shares(id: string, label: string, names: readonly string[]): Omit<Chart, 'series'> {
  return {
    id,
    x: { label, unit: 'rules', scale: 'linear', names },
    y: { label: 'share', unit: 'percent', scale: 'linear', range: [-3, 103] },
    xs: names.map((_, index) => index),
    points: true,
  };
}

function byGroup(id: string, label: string, groups: readonly Group[]): Chart {
  const any = groups.map(({ scores }) => scores.by.any);
  return {
    ...shares(
      id,
      label,
      groups.map(({ name }) => name),
    ),
    lines: false,
    series: [
      ...withInterval(
        'recall',
        any.map(({ recall }) => recall),
      ),
      {
        label: 'pairwise',
        color: 1,
        ys: any.map(({ pairwise }) => percentOf(pairwise.value)),
      },
    ],
  };
}

function withInterval(label: string, proportions: readonly Proportion[]): ChartSeries[] {
  const series = (name: string, of: (each: Proportion) => number | undefined): ChartSeries => ({
    label: name,
    color: 0,
    ys: proportions.map((each) => percentOf(of(each))),
  });
  return [
    series(label, ({ value }) => value),
    { ...series('at least', ({ low }) => low), dashed: true },
    { ...series('at most', ({ high }) => high), dashed: true },
  ];
}

function percentOf(value: number | undefined): number | null {
  return value === undefined ? null : Number((100 * value).toFixed(1));
}

const PERCENTS: readonly number[] = Array.from({ length: 100 }, (_, index) => index + 1);

/** As many as the page's style has. */
const COLORS = 6;

function times({ pairs, spending }: EvalReport): Chart {
  const attempts = pairs.flatMap(({ trials }) => trials).flatMap((trial) => trial.attempts);
  return {
    id: 'chart-times',
    x: { label: 'share of calls that took no longer', unit: 'percent', scale: 'linear' },
    y: { label: 'time of a call', unit: 'ms', scale: 'linear' },
    xs: PERCENTS,
    points: false,
    series: spending.slice(0, COLORS).map(({ model }, color) => {
      const own = attempts.flatMap((each) => (each.model === model ? [each.milliseconds] : []));
      const sorted = ascending(own);
      return { label: model, color, ys: PERCENTS.map((share) => percentile(sorted, share / 100)) };
    }),
  };
}
