/** The engine against the naive loop, on the same texts in the same run; counts are compared first. */
import { Bench } from 'tinybench';
import { createKernel } from '../host/kernel.ts';
import { indexLiterals } from '../engine/match/index-literals.ts';
import { likely, matchPlan } from '../engine/match/match.ts';
import { type PatternPlan, planPattern, tracesOf } from '../engine/match/plan.ts';
import { Re2Instance } from '../engine/re2/instance.ts';
import type { WasmRuntime } from '../engine/re2/runtime.ts';
import { DEFAULT_RE2_LIMITS } from '../engine/re2/limits.ts';
import { Re2Store } from '../engine/re2/store.ts';
import { benchText, syntheticRules, type TextKind } from './corpus.ts';

export interface EngineRow {
  readonly rules: number;
  readonly text: TextKind;
  readonly bytes: number;
  readonly matches: number;
  /** Megabytes a second, from the median. */
  readonly engine: number;
  readonly naive: number;
  /** How many times faster the engine is. */
  readonly ratio: number;
}

/** Bytes of text by number of rules: the naive loop has to end, too. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [25, 1 << 19],
  [100, 1 << 17],
  [250, 1 << 16],
  [1000, 1 << 14],
]);
const KINDS: readonly TextKind[] = ['clean', 'dense', 'adversarial'];
const LIMIT = 1_000_000;

/**
 * Measures every combination. The control is the strongest naive loop that we know: every pattern compiled
 * beforehand and searched over the whole text, in place, without copies; the published glue is slower.
 * Throws when engine and control count differently.
 */
export async function benchEngine(
  runtime: WasmRuntime,
  onText: (next: Pick<EngineRow, 'rules' | 'text'>) => void,
): Promise<EngineRow[]> {
  const rows: EngineRow[] = [];
  for (const [count, bytes] of SIZES) {
    const rules = syntheticRules(count);
    const patterns = rules.map(({ pattern }) => pattern);
    const engine = engineCounter(runtime, patterns);
    const naive = naiveCounter(runtime, patterns);
    for (const text of KINDS) {
      onText({ rules: count, text });
      const content = benchText(text, rules, bytes);
      const expected = naive(content);
      const found = engine(content);
      if (found !== expected)
        throw new Error(
          `${count} rules, ${text}: the engine counts ${found} matches, the control ${expected}`,
        );
      const bench = new Bench({ time: 150, iterations: 3, warmup: false });
      bench.add('engine', () => void engine(content)).add('naive', () => void naive(content));
      await bench.run();
      const speed = (name: string): number => {
        const result = bench.getTask(name)?.result;
        if (result === undefined || !('latency' in result))
          throw new Error(`${name} was not measured`);
        return content.length / 1e6 / (result.latency.p50 / 1e3);
      };
      const row = {
        rules: count,
        text,
        bytes: content.length,
        matches: found,
        engine: speed('engine'),
        naive: speed('naive'),
      };
      rows.push({ ...row, ratio: row.engine / row.naive });
    }
  }
  return rows;
}

function engineCounter(
  runtime: WasmRuntime,
  patterns: readonly string[],
): (text: Uint8Array) => number {
  const plans = patterns.map((source): PatternPlan => {
    const planned = planPattern(source);
    if (!planned.ok) throw new Error(`${source}: ${planned.error.message}`);
    return planned.plan;
  });
  const index = indexLiterals(plans, [], createKernel());
  const store = new Re2Store(() => runtime, { ...DEFAULT_RE2_LIMITS, maxHeapBytes: 1 << 29 });
  return (text) => {
    const sighting = index.search(text);
    store.setText(text);
    let count = 0;
    for (const flagged of sighting.flagged) {
      const plan = plans[flagged];
      if (plan === undefined) continue;
      const traces = tracesOf(plan);
      const found = sighting.occurrences.get(flagged) ?? [];
      const candidates = traces === undefined ? found : (likely(traces, text, found, store) ?? []);
      const result = matchPlan(plan, text, { candidates }, store, LIMIT);
      if (result.kind === 'failed') throw new Error(`${plan.source}: ${result.reason}`);
      if (result.kind === 'overdue') throw new Error(`${plan.source}: overdue without a deadline`);
      count += result.matches.length;
    }
    return count;
  };
}

function naiveCounter(
  runtime: WasmRuntime,
  patterns: readonly string[],
): (text: Uint8Array) => number {
  const instance = new Re2Instance(runtime);
  const handles = patterns.map((pattern) => {
    const result = instance.compile(pattern);
    if (!result.ok) throw new Error(`${pattern}: ${result.message}`);
    return result.handle;
  });
  return (text) => {
    instance.load(text);
    let count = 0;
    for (const handle of handles) {
      for (let from = 0; ; count++) {
        const match = instance.find(handle, from, 0, text.length);
        if (match === undefined) break;
        from = match.end;
      }
    }
    return count;
  };
}
