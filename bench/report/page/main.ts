/** Draws the page's charts, and draws them again when the window or the colour scheme changes; sorts its tables. */
import uPlot from 'uplot';
import type { Chart, ChartAxis, ChartSeries } from './chart.ts';
import { format } from './format.ts';
import { makeSortable } from './sort.ts';

const HEIGHT = 280;

interface Drawn {
  readonly plot: uPlot;
  readonly place: HTMLElement;
}

/** The program that made the page wrote the JSON. */
const charts = JSON.parse(document.getElementById('charts')?.textContent ?? '[]') as Chart[];
const drawn: Drawn[] = [];

function drawAll(): void {
  for (const { plot } of drawn.splice(0)) plot.destroy();
  for (const chart of charts) {
    const place = document.getElementById(chart.id);
    if (place !== null) drawn.push({ plot: draw(chart, place), place });
  }
}

function draw(chart: Chart, place: HTMLElement): uPlot {
  const { x, y, xs, series } = chart;
  const options: uPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT,
    scales: {
      x: scaleOf(x, xs),
      y: scaleOf(
        y,
        series.flatMap(({ ys }) => ys),
      ),
    },
    axes: [x.names === undefined ? axisOf(x, 34, xs) : namesAxis(x, x.names), axisOf(y, 62)],
    series: [
      { label: 'at', value: (_, value) => x.names?.[value] ?? format(x.unit, value) },
      ...series.map((each) => seriesOf(each, chart)),
    ],
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    legend: { live: true },
  };
  return new uPlot(options, [[...xs], ...series.map(({ ys }) => [...ys])], place);
}

function scaleOf(
  { scale, names, range }: ChartAxis,
  values: readonly (number | null)[],
): uPlot.Scale {
  if (names !== undefined) return { time: false, range: [-0.5, names.length - 0.5] };
  if (range !== undefined) return { time: false, range: [...range] };
  if (scale === 'linear') return { time: false };
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return { time: false, distr: 3, log: 10, range: [least / 1.15, most * 1.15] };
}

/** Names stand upright where there is no room for them side by side. */
function namesAxis(axis: ChartAxis, names: readonly string[]): uPlot.Axis {
  const upright = names.length > 6;
  return {
    ...axisOf(axis, upright ? 96 : 34),
    splits: names.map((_, index) => index),
    values: [...names],
    space: 1,
    ...(upright ? { rotate: -90 } : {}),
  };
}

/** `marked`: the values that there are points at; where the axis has few of them, each is named. */
function axisOf(
  { label, unit, scale }: ChartAxis,
  size: number,
  marked: readonly number[] = [],
): uPlot.Axis {
  const few = marked.length > 0 && marked.length <= 6 ? [...marked] : undefined;
  return {
    label,
    labelSize: 22,
    labelGap: 2,
    size,
    font: font(12),
    labelFont: font(12),
    stroke: color('--ink-2'),
    grid: { stroke: color('--grid'), width: 1 },
    ticks: { stroke: color('--grid'), width: 1 },
    space: 48,
    ...(scale === 'log'
      ? { splits: (_, __, min, max) => few ?? logSplits(min, max), filter: (_, splits) => splits }
      : {}),
    values: (_, splits) => splits.map((value) => format(unit, value)),
  };
}

/** 1, 3, 10, 30 …, or fewer over many powers of ten and more within one. */
function logSplits(min: number, max: number): number[] {
  const splits: number[] = [];
  const wide = max / min > 300;
  for (let power = 10 ** Math.floor(Math.log10(min)); power <= max; power *= 10)
    for (const step of wide ? [1] : max / min < 12 ? [1, 2, 5] : [1, 3]) splits.push(step * power);
  return splits.filter((value) => value >= min && value <= max);
}

function seriesOf(series: ChartSeries, { y, points, lines }: Chart): uPlot.Series {
  const stroke = color(series.color === 'control' ? '--control' : `--series-${series.color}`);
  return {
    label: series.label,
    stroke,
    width: lines === false ? 0 : 2,
    spanGaps: true,
    points: { show: points, size: 7, fill: stroke, stroke },
    value: (_, value) => format(y.unit, value),
    ...(series.color === 'control' || series.dashed === true ? { dash: [6, 4] } : {}),
  };
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function font(size: number): string {
  return `${size}px ${getComputedStyle(document.body).fontFamily}`;
}

drawAll();
for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable'))
  makeSortable(table);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
new ResizeObserver(() => {
  for (const { plot, place } of drawn)
    if (plot.width !== place.clientWidth)
      plot.setSize({ width: place.clientWidth, height: HEIGHT });
}).observe(document.body);
