/**
 * Line difference with bounded work: patience (lines that occur once on both sides are anchors), then
 * Myers' greedy algorithm between the anchors, and where its budget ends that gap alone counts as replaced.
 * The result is always a correct difference; the bounds only make it coarser.
 */

/** Lines `[beforeStart, beforeEnd)` became `[afterStart, afterEnd)`; everything between changes is equal. */
export interface Change {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Rounds of looking for anchors; each is linear. */
const MAX_ROUNDS = 16;
/** Longest edit script that is looked for between two anchors: its memory is the square of this. */
const MAX_EDITS = 400;
/** Steps of all gaps of a file together. */
const MAX_STEPS = 4_000_000;

/** Changes in order, neither empty nor touching each other. */
export function diffLines(before: readonly string[], after: readonly string[]): Change[] {
  const ids = new Map<string, number>();
  const intern = (line: string): number => {
    const known = ids.get(line);
    if (known !== undefined) return known;
    ids.set(line, ids.size);
    return ids.size - 1;
  };
  const differ = new Differ(Int32Array.from(before, intern), Int32Array.from(after, intern));
  differ.gap({
    beforeStart: 0,
    beforeEnd: before.length,
    afterStart: 0,
    afterEnd: after.length,
  });
  return joined(differ.changes);
}

class Differ {
  readonly changes: Change[] = [];
  private readonly a: Int32Array;
  private readonly b: Int32Array;
  private steps = MAX_STEPS;

  constructor(a: Int32Array, b: Int32Array) {
    this.a = a;
    this.b = b;
  }

  gap(range: Change, round = 0): void {
    const inner = this.trimmed(range);
    const { beforeStart, beforeEnd, afterStart, afterEnd } = inner;
    if (beforeStart === beforeEnd && afterStart === afterEnd) return;
    if (beforeStart === beforeEnd || afterStart === afterEnd) {
      this.changes.push(inner);
      return;
    }
    const anchors = round < MAX_ROUNDS ? this.anchors(inner) : [];
    if (anchors.length === 0) {
      this.changes.push(...(this.shortest(inner) ?? [inner]));
      return;
    }
    let from = { before: beforeStart, after: afterStart };
    for (const { before, after } of [...anchors, { before: beforeEnd, after: afterEnd }]) {
      this.gap(
        {
          beforeStart: from.before,
          beforeEnd: before,
          afterStart: from.after,
          afterEnd: after,
        },
        round + 1,
      );
      from = { before: before + 1, after: after + 1 };
    }
  }

  private trimmed({ beforeStart, beforeEnd, afterStart, afterEnd }: Change): Change {
    const { a, b } = this;
    while (beforeStart < beforeEnd && afterStart < afterEnd && a[beforeStart] === b[afterStart]) {
      beforeStart++;
      afterStart++;
    }
    while (
      beforeStart < beforeEnd &&
      afterStart < afterEnd &&
      a[beforeEnd - 1] === b[afterEnd - 1]
    ) {
      beforeEnd--;
      afterEnd--;
    }
    return { beforeStart, beforeEnd, afterStart, afterEnd };
  }

  /** Pairs of equal lines that are alone on their side, in order on both sides. */
  private anchors(range: Change): { before: number; after: number }[] {
    const inBefore = lonely(this.a, range.beforeStart, range.beforeEnd);
    const inAfter = lonely(this.b, range.afterStart, range.afterEnd);
    const pairs: { before: number; after: number }[] = [];
    for (const [id, before] of inBefore) {
      const after = inAfter.get(id);
      if (before >= 0 && after !== undefined && after >= 0) pairs.push({ before, after });
    }
    return longestRising(pairs.sort((p, q) => p.before - q.before));
  }

  /** Myers' shortest edit script, or undefined when it is longer than the budget allows. */
  private shortest(range: Change): Change[] | undefined {
    const n = range.beforeEnd - range.beforeStart;
    const m = range.afterEnd - range.afterStart;
    const most = Math.min(n + m, MAX_EDITS);
    const reach = new Int32Array(2 * most + 3);
    const trace: Int32Array[] = [];
    for (let edits = 0; edits <= most; edits++) {
      trace.push(reach.slice(most + 1 - edits, most + 2 + edits));
      for (let k = -edits; k <= edits; k += 2) {
        const down = k === -edits || (k !== edits && at(reach, most + k) < at(reach, most + k + 2));
        let x = down ? at(reach, most + k + 2) : at(reach, most + k) + 1;
        const begin = x;
        while (
          x < n &&
          x - k < m &&
          this.a[range.beforeStart + x] === this.b[range.afterStart + x - k]
        )
          x++;
        reach[most + 1 + k] = x;
        this.steps -= x - begin + 1;
        if (x >= n && x - k >= m) return backtrack(trace, n, m, range);
      }
      if (this.steps <= 0) return undefined;
    }
    return undefined;
  }
}

function at(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}

/** From line to where it is, or -1 for lines that occur more than once. */
function lonely(ids: Int32Array, start: number, end: number): Map<number, number> {
  const places = new Map<number, number>();
  for (let i = start; i < end; i++) {
    const id = at(ids, i);
    places.set(id, places.has(id) ? -1 : i);
  }
  return places;
}

/** Longest subsequence that rises in `after`; the pairs rise in `before` already. */
function longestRising(
  pairs: readonly { before: number; after: number }[],
): { before: number; after: number }[] {
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(({ after }, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.after ?? 0) < after) low = middle + 1;
      else high = middle;
    }
    previous[index] = tails[low - 1] ?? -1;
    tails[low] = index;
  });
  const result: { before: number; after: number }[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = at(previous, index)) {
    const pair = pairs[index];
    if (pair !== undefined) result.push(pair);
  }
  return result.reverse();
}

/** `trace[d]` holds, for diagonals -d to d, how far d - 1 edits reached. */
function backtrack(trace: readonly Int32Array[], n: number, m: number, range: Change): Change[] {
  const changes: Change[] = [];
  let x = n;
  let y = m;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const reach = trace[edits] ?? new Int32Array(0);
    const k = x - y;
    const down =
      k === -edits || (k !== edits && at(reach, k - 1 + edits) < at(reach, k + 1 + edits));
    const fromK = down ? k + 1 : k - 1;
    const fromX = at(reach, fromK + edits);
    const fromY = fromX - fromK;
    changes.push({
      beforeStart: range.beforeStart + fromX,
      beforeEnd: range.beforeStart + (down ? fromX : fromX + 1),
      afterStart: range.afterStart + fromY,
      afterEnd: range.afterStart + (down ? fromY + 1 : fromY),
    });
    x = fromX;
    y = fromY;
  }
  return changes.reverse();
}

function joined(changes: readonly Change[]): Change[] {
  const result: Change[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    if (last?.beforeEnd === change.beforeStart && last.afterEnd === change.afterStart)
      result[result.length - 1] = {
        ...last,
        beforeEnd: change.beforeEnd,
        afterEnd: change.afterEnd,
      };
    else result.push(change);
  }
  return result;
}
