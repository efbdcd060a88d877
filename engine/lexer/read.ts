/** Reads a range by one table, again where an endless string put a form in doubt. */
import { strayCommentEnd } from './fragment.ts';
import { Machine } from './machine.ts';
import type { Output } from './output.ts';
import type { CompiledForm, CompiledTable } from './table.ts';

/**
 * Adds the spans of `[from, end)` to `out`; returns where reading stopped, which is before `end` only at
 * PHP's `?>`. A table has a handful of forms and each is doubted once, so the time stays linear.
 */
export function readRange(
  bytes: Uint8Array,
  from: number,
  end: number,
  table: CompiledTable,
  out: Output,
): number {
  const stray = table.table.strayClose;
  const begin = stray && from === 0 ? strayCommentEnd(bytes, from, end, stray) : from;
  out.add(from, begin, 'comment');
  const mark = out.mark();
  const doubts = new Map<CompiledForm, number>();
  for (;;) {
    const machine = new Machine(bytes, { from: begin, end }, table, out, doubts);
    const stop = machine.run(begin);
    const { open } = machine;
    if (machine.tooDeep) return end;
    if (open === undefined || doubts.has(open.form)) return stop;
    doubts.set(open.form, open.tag);
    out.rewind(mark);
  }
}
