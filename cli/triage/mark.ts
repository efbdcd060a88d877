/** A hit as the page's script knows it: what the export of marks is made of. */
export interface TriageHit {
  /** Of its element. */
  readonly id: string;
  /** What marks are kept by from one report to the next. */
  readonly key: string;
  /** Name of its corpus, when the report is about several. */
  readonly set?: string;
  /** From the corpus's root. */
  readonly file: string;
  readonly line: readonly [first: number, last: number];
  readonly class: string;
  readonly cwe: string | null;
  readonly rule: string;
}

export type Mark = 'vulnerable' | 'ok';

/** `labels.jsonl` of the hits that are marked. */
export function labelLines(hits: readonly TriageHit[], marks: ReadonlyMap<string, Mark>): string {
  return hits
    .flatMap(({ id: _id, key, ...label }) => {
      const mark = marks.get(key);
      return mark === undefined ? [] : [`${JSON.stringify({ ...label, label: mark })}\n`];
    })
    .join('');
}
