/**
 * Linearity of every built-in rule: twice the input, about twice the time. The input is adversarial for
 * the rule: its own examples, over and over, whole, cut so that they nearly match, and on one line.
 */
import { extname } from 'node:path';
import { createScanner, type Scanner } from '../engine/scanner.ts';
import type { WasmRuntime } from '../engine/re2/runtime.ts';
import type { Rule } from '../engine/rule.ts';
import { encodeUtf8 } from '../engine/text/utf8.ts';
import { interleaved } from './statistics.ts';

export interface LinearRow {
  readonly ruleId: string;
  readonly input: 'matching' | 'cut' | 'one line';
  /** Medians in milliseconds for the input and for twice of it. */
  readonly once: number;
  readonly twice: number;
  readonly ratio: number;
}

const BYTES = 1 << 17;

const INPUTS: Readonly<Record<LinearRow['input'], (code: string) => string>> = {
  matching: (code) => `${code}\n`,
  cut: (code) => `${code.slice(0, Math.ceil(code.length * 0.8))}\n`,
  'one line': (code) => `${code.replaceAll('\n', ' ').slice(0, -1)} `,
};

/** Worst input of each rule, by ratio. */
export async function benchLinear(
  runtime: WasmRuntime,
  rules: readonly Rule[],
  rounds: number,
): Promise<LinearRow[]> {
  const rows: LinearRow[] = [];
  for (const rule of rules) {
    const scanner = createScanner({ rules: [rule], wasm: () => runtime });
    const candidates: LinearRow[] = [];
    for (const kind of ['matching', 'cut', 'one line'] as const) {
      const [example] = rule.examples.match;
      if (example === undefined) continue;
      const { path } = example;
      // So that each of its patterns has something to do.
      const alike = rule.examples.match.filter((other) => extname(other.path) === extname(path));
      const codes = alike.map(({ code }) => code);
      candidates.push(await measure(scanner, { rule, kind, path, codes, rounds }));
    }
    scanner.dispose();
    const worst = candidates.sort((a, b) => b.ratio - a.ratio)[0];
    if (worst !== undefined) rows.push(worst);
  }
  return rows;
}

interface Measured {
  readonly rule: Rule;
  readonly kind: LinearRow['input'];
  readonly path: string;
  readonly codes: readonly string[];
  readonly rounds: number;
}

async function measure(
  scanner: Pick<Scanner, 'scan'>,
  { rule, kind, path, codes, rounds }: Measured,
): Promise<LinearRow> {
  const unit = codes.map(INPUTS[kind]).join('');
  const once = encodeUtf8(unit.repeat(Math.ceil(BYTES / unit.length)));
  const twice = encodeUtf8(unit.repeat(2 * Math.ceil(BYTES / unit.length)));
  const scan = (bytes: Uint8Array): void => void scanner.scan(path, bytes);
  scan(twice);
  const times = await interleaved(
    rounds,
    () => scan(once),
    () => scan(twice),
  );
  const { control, measured, ratio } = times;
  return { ruleId: rule.id, input: kind, once: control, twice: measured, ratio };
}
