/** A run against an earlier one, measure by measure. */
import { describeMachine } from './machine.ts';
import { formatMeasure, type Measure } from './measure.ts';
import type { SavedRun } from './record.ts';
import { table } from './table.ts';

export interface Change {
  readonly name: string;
  readonly unit: Measure['unit'];
  readonly better: Measure['better'];
  /** Absent in a run that did not have the measure. */
  readonly earlier?: number;
  readonly now?: number;
  /** `now` less `then`, as a share of `then`: 0.1 is a tenth more. */
  readonly difference?: number;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Why the two runs may differ for other reasons than the code; one sentence each. */
  readonly warnings: readonly string[];
}

/** Measures of either run, those of `now` first; suites that did not run now are left out. */
export function compareRuns(earlier: SavedRun, now: SavedRun): Comparison {
  const before = new Map(earlier.measures.map((measure) => [measure.name, measure]));
  const after = new Set(now.measures.map(({ name }) => name));
  const suites = new Set(now.measures.map(suiteOf));
  const changes = now.measures.map((measure): Change => {
    const { name, unit, better, value } = measure;
    const old = before.get(name);
    if (old === undefined || old.unit !== unit) return { name, unit, better, now: value };
    const difference = old.value === 0 ? undefined : value / old.value - 1;
    return {
      name,
      unit,
      better,
      earlier: old.value,
      now: value,
      ...(difference === undefined ? {} : { difference }),
    };
  });
  const gone = earlier.measures
    .filter((measure) => !after.has(measure.name) && suites.has(suiteOf(measure)))
    .map(({ name, unit, better, value }): Change => ({ name, unit, better, earlier: value }));
  return { changes: [...changes, ...gone], warnings: warningsOf(earlier, now) };
}

function suiteOf({ name }: Measure): string {
  return name.split('/', 1)[0] ?? '';
}

function warningsOf(earlier: SavedRun, now: SavedRun): string[] {
  const warnings: string[] = [];
  const machines = [describeMachine(earlier.machine), describeMachine(now.machine)];
  if (machines[0] !== machines[1]) {
    warnings.push(
      `the machines differ: then ${machines[0]}; now ${machines[1]}. Compare ratios at most.`,
    );
  }
  if (earlier.version !== now.version)
    warnings.push(`the versions of sg differ: then ${earlier.version}, now ${now.version}.`);
  return warnings;
}

export interface ChangeCells {
  /** Name, then, now, difference. */
  readonly cells: readonly [string, string, string, string];
  /** By more than a tenth. */
  readonly isWorse: boolean;
}

const NOTABLE = 0.1;

export function changeCells(change: Change): ChangeCells {
  const { name, earlier, now, better } = change;
  // From nothing to anything is endlessly more.
  const share = change.difference ?? (earlier === 0 && now !== undefined && now > 0 ? Infinity : 0);
  const show = (value: number | undefined): string =>
    value === undefined ? '-' : formatMeasure(change, value);
  return {
    cells: [name, show(earlier), show(now), difference(change)],
    isWorse: better === 'lower' ? share > NOTABLE : share < -NOTABLE,
  };
}

function difference({ earlier, now, difference: share }: Change): string {
  if (earlier === undefined) return 'new';
  if (now === undefined) return 'gone';
  if (share === undefined) return now === earlier ? '0 %' : 'from 0';
  const percent = Math.round(share * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

/** The table; a `!` marks what became worse by more than a tenth. */
export function formatComparison({ changes, warnings }: Comparison): string {
  const rows = changes.map((change) => {
    const { cells, isWorse } = changeCells(change);
    return [...cells, isWorse ? '!' : ''];
  });
  const notes = warnings.map((warning) => `warning: ${warning}\n`).join('');
  return `${notes}${table(['measure', 'then', 'now', 'difference', ''], rows)}`;
}
