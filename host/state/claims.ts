/** What a session's state file says of what the session was told: reading it, and adding to it. */

/** What is told at most once a session: findings by file and rule, and notices by name. */
export const TELLINGS = ['shown_warnings', 'shown_notices'] as const;
export type Telling = (typeof TELLINGS)[number];

/** What one tool call claimed. */
export interface Claim {
  /** The tool call; absent where it was none. */
  readonly by?: string;
  readonly telling: Telling;
  readonly keys: readonly string[];
}

/** Keys that are not known here are kept as they are. */
export type State = Readonly<Record<string, unknown>>;

/** Newest told keys kept a session; a session that passes it may hear the oldest again. */
const MAX_KEYS = 10_000;
/** Tool calls whose claims are kept; an answer is given again within seconds or not at all. */
const MAX_CLAIMS = 50;

/** Undefined for what is no state. The oldest versions wrote the list of warnings alone. */
export function stateOf(value: unknown): State | undefined {
  if (Array.isArray(value)) return { shown_warnings: strings(value) };
  return isObject(value) ? value : undefined;
}

export function toldIn(state: State | undefined, telling: Telling): readonly string[] {
  return strings(state?.[telling]);
}

/** What one session was told, for quick answers. */
export class Told {
  readonly #keys = new Map<Telling, Set<string>>();
  #claims: Claim[];

  constructor(state: State, claims: readonly Claim[]) {
    for (const telling of TELLINGS) this.#keys.set(telling, new Set(toldIn(state, telling)));
    this.#claims = claimsOf(state['claims']);
    for (const claim of claims) this.add(claim);
  }

  /** How many keys. */
  get size(): number {
    return [...this.#keys.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Keys of `claim` that the session was not told, or was told on behalf of the same tool call; in order, each once. */
  fresh({ by, telling, keys }: Claim): string[] {
    const isOwn = (key: string): boolean =>
      this.#claims.some(
        (each) => each.by === by && each.telling === telling && each.keys.includes(key),
      );
    return [...new Set(keys)].filter((key) => !this.#has(telling, key) || isOwn(key));
  }

  /** Whether all of `claim` was told. */
  knows({ telling, keys }: Claim): boolean {
    return keys.every((key) => this.#has(telling, key));
  }

  /** Whether any of `claim` is new. */
  add(claim: Claim): boolean {
    if (this.knows(claim)) return false;
    for (const key of claim.keys) this.#keys.get(claim.telling)?.add(key);
    if (claim.by !== undefined) this.#claims = [...this.#claims, claim].slice(-MAX_CLAIMS);
    return true;
  }

  /** `state` with what is known here. */
  over(state: State): State {
    const lists = [...this.#keys].filter(([, keys]) => keys.size > 0);
    return {
      ...state,
      ...Object.fromEntries(lists.map(([telling, keys]) => [telling, [...keys].slice(-MAX_KEYS)])),
      ...(this.#claims.length === 0 ? {} : { claims: this.#claims }),
    };
  }

  #has(telling: Telling, key: string): boolean {
    return this.#keys.get(telling)?.has(key) === true;
  }
}

/** The state when `claims` are told; the same object when all of them were. */
export function withClaims(state: State, claims: readonly Claim[]): State {
  if (claims.length === 0) return state;
  const told = new Told(state, []);
  return claims.filter((claim) => told.add(claim)).length === 0 ? state : told.over(state);
}

function claimsOf(value: unknown): Claim[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => claimOf(each) ?? []).filter(({ by }) => by !== undefined);
}

/** Undefined for what is no claim. */
export function claimOf(value: unknown): Claim | undefined {
  if (!isObject(value)) return undefined;
  const telling = TELLINGS.find((name) => name === value['telling']);
  if (telling === undefined) return undefined;
  const { by } = value;
  return { ...(typeof by === 'string' ? { by } : {}), telling, keys: strings(value['keys']) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
