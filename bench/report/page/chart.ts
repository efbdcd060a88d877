/** What the page draws, as plain JSON: the program that writes the page decides it, the page's script draws it. */

export type Unit = 'x' | 'ms' | 'bytes' | 'percent' | 'rules';

export interface ChartAxis {
  readonly label: string;
  readonly unit: Unit;
  readonly scale: 'linear' | 'log';
  /** What the values 0, 1, 2 … stand for. */
  readonly names?: readonly string[];
  /** The least and the most that is shown of a linear axis; what there is when absent. */
  readonly range?: readonly [number, number];
}

export interface ChartSeries {
  readonly label: string;
  /** Index of a colour of the page's style; `control` is grey and dashed. */
  readonly color: number | 'control';
  readonly dashed?: boolean;
  /** One for each of the chart's `xs`; null where there is none. */
  readonly ys: readonly (number | null)[];
}

export interface Chart {
  /** Of the element that the chart is drawn into. */
  readonly id: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Ascending. */
  readonly xs: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Points are marked where a line has few. */
  readonly points: boolean;
  /** False: the points are of things that have no order. */
  readonly lines?: boolean;
}
