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

/** Keys of `claim` that the session was not told, or was told on behalf of the same tool call; in order, each once. */
export function freshKeys(state: State, { by, telling, keys }: Claim): string[] {
  const told = new Set(toldIn(state, telling));
  const own = new Set(
    claimsOf(state['claims']).flatMap((each) =>
      each.by === by && each.telling === telling ? each.keys : [],
    ),
  );
  return [...new Set(keys)].filter((each) => !told.has(each) || own.has(each));
}

/** The state when `claims` are told; the same object when all of them were. */
export function withClaims(state: State, claims: readonly Claim[]): State {
  return claims.reduce(withClaim, state);
}

function withClaim(state: State, { by, telling, keys }: Claim): State {
  const told = new Set(toldIn(state, telling));
  if (keys.every((each) => told.has(each))) return state;
  const list = [...new Set([...told, ...keys])].slice(-MAX_KEYS);
  if (by === undefined) return { ...state, [telling]: list };
  const claims = [...claimsOf(state['claims']), { by, telling, keys }].slice(-MAX_CLAIMS);
  return { ...state, [telling]: list, claims };
}

function claimsOf(value: unknown): Claim[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (!isObject(each) || typeof each['by'] !== 'string') return [];
    const telling = TELLINGS.find((name) => name === each['telling']);
    return telling === undefined ? [] : [{ by: each['by'], telling, keys: strings(each['keys']) }];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
