/** Hits of a run that an earlier one has not, and the other way round. */

/** A hit as runs are compared by: its line may move. */
export interface KnownHit {
  /** As the run's report names it. */
  readonly file: string;
  readonly repository: string;
  readonly line: number;
  readonly endLine: number;
  readonly key: string;
}

/** Hits by rule. Rules that a run did not have are not in it. */
export type KnownRun = ReadonlyMap<string, readonly KnownHit[]>;

export interface Difference {
  readonly ruleId: string;
  readonly added: readonly KnownHit[];
  readonly removed: readonly KnownHit[];
}

/** Only rules that both runs have. */
export function compare(before: KnownRun, after: KnownRun): Difference[] {
  return [...after].flatMap(([ruleId, hits]) => {
    const old = before.get(ruleId);
    if (old === undefined) return [];
    const [added, removed] = [minus(hits, old), minus(old, hits)];
    return added.length + removed.length === 0 ? [] : [{ ruleId, added, removed }];
  });
}

/** Equal hits are counted. */
function minus(all: readonly KnownHit[], taken: readonly KnownHit[]): KnownHit[] {
  const counts = new Map<string, number>();
  const name = ({ file, key }: KnownHit): string => `${file}\0${key}`;
  for (const hit of taken) counts.set(name(hit), (counts.get(name(hit)) ?? 0) + 1);
  return all.filter((hit) => {
    const left = counts.get(name(hit)) ?? 0;
    counts.set(name(hit), left - 1);
    return left <= 0;
  });
}

/** `this change adds 14 hits in 3 repositories and removes 2`. */
export function differenceText(differences: readonly Difference[], since: string): string {
  const added = differences.flatMap((difference) => difference.added);
  const removed = differences.flatMap((difference) => difference.removed);
  if (added.length + removed.length === 0) return `The same hits as in ${since}.`;
  const parts = [
    ...(added.length === 0 ? [] : [`adds ${hitsIn(added)}`]),
    ...(removed.length === 0 ? [] : [`removes ${hitsIn(removed)}`]),
  ];
  return `Against ${since}, this ${parts.join(' and ')}.`;
}

function hitsIn(hits: readonly KnownHit[]): string {
  const repositories = new Set(hits.map(({ repository }) => repository)).size;
  return `${hits.length} ${hits.length === 1 ? 'hit' : 'hits'} in ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
}

/** A corpus holds a folder for each repository, or is one. */
export function repositoryOf(corpus: string, path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? corpus : `${corpus}/${path.slice(0, slash)}`;
}

/** The `--format json` report of an earlier run; a text says why it is none. */
export function decodeRun(text: string): KnownRun | string {
  try {
    const value: unknown = JSON.parse(text);
    const rules: unknown = Object(value).rules;
    if (!Array.isArray(rules)) return 'expected the output of sg test --corpus --format json';
    return new Map(
      rules.map((rule: unknown) => {
        const { id, hits } = Object(rule) as { id: unknown; hits: unknown };
        return [String(id), Array.isArray(hits) ? hits.filter(isKnownHit) : []];
      }),
    );
  } catch {
    return 'not JSON';
  }
}

function isKnownHit(value: unknown): value is KnownHit {
  const { file, repository, line, endLine, key } = Object(value) as Partial<
    Record<keyof KnownHit, unknown>
  >;
  return (
    typeof file === 'string' &&
    typeof repository === 'string' &&
    typeof line === 'number' &&
    typeof endLine === 'number' &&
    typeof key === 'string'
  );
}
