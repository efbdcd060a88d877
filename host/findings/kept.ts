/** A finding as it is kept from review to review, and how what a file says of it is checked. */
import { isCategory } from '../../orchestrator/cwe.ts';
import { REVIEW_CONFIDENCES, REVIEW_SEVERITIES } from '../../orchestrator/finding.ts';
import type { ReviewFinding, TraceStep } from '../../orchestrator/finding.ts';
import { count, isFields, listOf, oneOf, words } from './fields.ts';

export const FINDING_STATES = ['new', 'accepted', 'fixed', 'false-positive'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export const LAYERS = ['turn', 'commit', 'push', 'cli'] as const;
export type Layer = (typeof LAYERS)[number];

/** A review that reported it. */
export interface Sighting {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly layer: Layer;
  readonly session: string;
  /** Full id of the reviewed commit, or of the one that was checked out; empty before the first. */
  readonly commit: string;
}

/** A change of state. */
export interface StateChange {
  readonly at: number;
  readonly state: FindingState;
  readonly reason: string;
  /** A user's name, or which review it was. */
  readonly author: string;
}

export interface KeptFinding {
  /** `keyOf` of the finding as it was first kept: 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly state: FindingState;
  readonly first: Sighting;
  readonly last: Sighting;
  /** Reviews that reported it. */
  readonly times: number;
  /** The newest last. */
  readonly history: readonly StateChange[];
  /** Without secrets; `repo` is empty. */
  readonly finding: ReviewFinding;
  /** Digests of its files when they were looked at last, by path. */
  readonly contents: Readonly<Record<string, string>>;
}

const MAX_HISTORY = 20;
const MAX_STEPS = 12;
/** UTF-16 units: of a path or a quote, and of prose. */
const MAX_CODE = 2_000;
const MAX_PROSE = 1_000;

export function isFingerprint(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The state as it becomes; the time and the author of the latest change are the last of its history. */
export function withState(kept: KeptFinding, change: StateChange): KeptFinding {
  const { state, reason } = change;
  const short = { ...change, reason: reason.slice(0, MAX_PROSE) };
  return { ...kept, state, history: [...kept.history, short].slice(-MAX_HISTORY) };
}

/** Undefined for what is no such thing. */
export function decodeKept(value: unknown): KeptFinding | undefined {
  if (!isFields(value)) return undefined;
  const fingerprint = words(value['fingerprint'], 64);
  const state = oneOf(value['state'], FINDING_STATES);
  const [first, last] = [sighting(value['first']), sighting(value['last'])];
  const finding = decodeFinding(value['finding']);
  if (fingerprint === undefined || !isFingerprint(fingerprint) || state === undefined)
    return undefined;
  if (first === undefined || last === undefined || finding === undefined) return undefined;
  const { times, contents } = value;
  return {
    fingerprint,
    state,
    first,
    last,
    times: count(times) ?? 1,
    history: listOf(value['history'], change).slice(-MAX_HISTORY),
    finding,
    contents: isFields(contents)
      ? Object.fromEntries(
          Object.entries(contents).flatMap(([path, digest]) =>
            typeof digest === 'string' && isFingerprint(digest) ? [[path, digest]] : [],
          ),
        )
      : {},
  };
}

function sighting(value: unknown): Sighting | undefined {
  if (!isFields(value)) return undefined;
  const at = count(value['at']);
  const layer = oneOf(value['layer'], LAYERS);
  if (at === undefined || layer === undefined) return undefined;
  return {
    at,
    layer,
    session: words(value['session'], 200) ?? '',
    commit: words(value['commit'], 64) ?? '',
  };
}

function change(value: unknown): StateChange | undefined {
  if (!isFields(value)) return undefined;
  const at = count(value['at']);
  const state = oneOf(value['state'], FINDING_STATES);
  if (at === undefined || state === undefined) return undefined;
  const reason = words(value['reason'], MAX_PROSE) ?? '';
  return { at, state, reason, author: words(value['author'], 200) ?? '' };
}

function decodeFinding(value: unknown): ReviewFinding | undefined {
  if (!isFields(value)) return undefined;
  const path = words(value['path'], MAX_CODE);
  const quote = words(value['quote'], MAX_CODE);
  const category = words(value['category'], 100);
  const cwe = words(value['cwe'], 20);
  const severity = oneOf(value['severity'], REVIEW_SEVERITIES);
  const confidence = oneOf(value['confidence'], REVIEW_CONFIDENCES);
  if (path === undefined || quote === undefined || category === undefined || cwe === undefined)
    return undefined;
  if (!isCategory(category) || severity === undefined || confidence === undefined) return undefined;
  const endLine = count(value['endLine']);
  const verdict = oneOf(value['verdict'], ['upheld', 'unverified'] as const);
  const trace = listOf(value['trace'], step).slice(0, MAX_STEPS);
  return {
    repo: '',
    path,
    quote,
    category,
    cwe,
    severity,
    confidence,
    title: words(value['title'], MAX_PROSE) ?? '',
    attack: words(value['attack'], MAX_PROSE) ?? '',
    fix: words(value['fix'], MAX_PROSE) ?? '',
    symbol: words(value['symbol'], 300) ?? '',
    line: count(value['line']) ?? 1,
    ...(endLine === undefined ? {} : { endLine }),
    place: oneOf(value['place'], ['in-diff', 'off-diff'] as const) ?? 'off-diff',
    key: words(value['key'], 64) ?? '',
    ...(trace.length === 0 ? {} : { trace }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

function step(value: unknown): TraceStep | undefined {
  if (!isFields(value)) return undefined;
  const path = words(value['path'], MAX_CODE);
  const line = count(value['line']);
  if (path === undefined || line === undefined) return undefined;
  return { path, line, note: words(value['note'], MAX_PROSE) ?? '' };
}
