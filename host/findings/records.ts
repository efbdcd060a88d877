/** What the last reviews did, whoever asked for them: one record each, the last fifty. */
import { join } from 'node:path';
import type { ReviewRecord, Stage } from '../../orchestrator/record.ts';
import { STAGES } from '../../orchestrator/record.ts';
import { isReason } from '../../orchestrator/report.ts';
import type { Skipped } from '../../orchestrator/change.ts';
import type { Usage } from '../../orchestrator/finding.ts';
import { count, isFields, listOf, oneOf, words } from './fields.ts';
import type { Fields } from './fields.ts';
import { LAYERS } from './kept.ts';
import type { Layer } from './kept.ts';
import { changeVersioned, readVersioned } from './versioned.ts';
import type { Written } from './versioned.ts';

export interface KeptRecord {
  /** Milliseconds since 1970, when it ended. */
  readonly at: number;
  readonly layer: Layer;
  readonly session: string;
  /** Absolute paths of the repositories. */
  readonly roots: readonly string[];
  readonly record: ReviewRecord;
}

export type RecordsRead =
  /** The newest last. */
  | { readonly kind: 'records'; readonly records: readonly KeptRecord[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const MAX_RECORDS = 50;
/** Of a list of files, so that fifty records are a small file. */
const MAX_FILES = 200;
const MAX_WORDS = 300;

export function recordsPath(stateDir: string): string {
  return join(stateDir, 'reviews.json');
}

/** Never rejects. */
export function keepRecord(stateDir: string, kept: KeptRecord): Promise<Written> {
  return changeVersioned(recordsPath(stateDir), (fields) => ({
    reviews: [...listOf(fields['reviews'], decode), bounded(kept)].slice(-MAX_RECORDS),
  }));
}

/** Never throws. */
export function readRecords(stateDir: string): RecordsRead {
  const file = readVersioned(recordsPath(stateDir));
  if (file.kind === 'unreadable') return file;
  return {
    kind: 'records',
    records: file.kind === 'absent' ? [] : listOf(file.fields['reviews'], decode),
  };
}

function bounded(kept: KeptRecord): KeptRecord {
  const { reviewed, read, left } = kept.record.files;
  const more = left.length - MAX_FILES;
  const rest = more > 0 ? [{ path: '…', reason: `and ${more} more` }] : [];
  const files = {
    reviewed: reviewed.slice(0, MAX_FILES),
    read: read.slice(0, MAX_FILES),
    left: [...left.slice(0, MAX_FILES), ...rest],
  };
  return { ...kept, record: { ...kept.record, files } };
}

function decode(value: unknown): KeptRecord | undefined {
  if (!isFields(value) || !isFields(value['record'])) return undefined;
  const at = count(value['at']);
  const layer = oneOf(value['layer'], LAYERS);
  const record = decodeRecord(value['record']);
  if (at === undefined || layer === undefined || record === undefined) return undefined;
  return {
    at,
    layer,
    session: words(value['session'], 200) ?? '',
    roots: texts(value['roots']),
    record,
  };
}

function decodeRecord(fields: Fields): ReviewRecord | undefined {
  const { files, tools, provider, usage } = fields;
  const outcome = decodeOutcome(fields['outcome']);
  if (!isFields(files) || outcome === undefined) return undefined;
  const used = isFields(tools) ? tools : {};
  return {
    commits: texts(fields['commits']),
    files: {
      reviewed: texts(files['reviewed']),
      read: texts(files['read']),
      left: listOf(files['left'], skipped),
    },
    model: words(fields['model'], MAX_WORDS) ?? '',
    provider: words(provider, MAX_WORDS),
    usage: decodeUsage(usage),
    tools: {
      calls: count(used['calls']) ?? 0,
      errors: count(used['errors']) ?? 0,
      byName: counts(used['byName']),
    },
    stages: listOf(fields['stages'], decodeStage),
    outcome,
    milliseconds: count(fields['milliseconds']) ?? 0,
  };
}

function decodeOutcome(value: unknown): ReviewRecord['outcome'] | undefined {
  if (!isFields(value)) return undefined;
  const { kind } = value;
  if (kind === 'clean' || kind === 'findings')
    return { kind, findings: count(value['findings']) ?? 0 };
  const reason = words(value['reason'], MAX_WORDS) ?? '';
  if (kind !== 'not-reviewed' || !isReason(reason)) return undefined;
  return { kind, reason, detail: words(value['detail'], MAX_WORDS) ?? '' };
}

function decodeUsage(value: unknown): Usage | undefined {
  if (!isFields(value)) return undefined;
  const number = (name: string): number => count(value[name]) ?? 0;
  return {
    calls: number('calls'),
    inputTokens: number('inputTokens'),
    outputTokens: number('outputTokens'),
    cacheReadTokens: number('cacheReadTokens'),
    cacheWriteTokens: number('cacheWriteTokens'),
    costUsd: count(value['costUsd']),
    model: words(value['model'], MAX_WORDS) ?? '',
  };
}

function decodeStage(value: unknown): Stage | undefined {
  if (!isFields(value)) return undefined;
  const name = oneOf(value['name'], STAGES);
  const failed = words(value['failed'], MAX_WORDS);
  return name === undefined
    ? undefined
    : {
        name,
        in: count(value['in']) ?? 0,
        out: count(value['out']) ?? 0,
        counts: counts(value['counts']),
        milliseconds: count(value['milliseconds']) ?? 0,
        ...(failed === undefined ? {} : { failed }),
      };
}

function counts(value: unknown): Readonly<Record<string, number>> {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const number = count(each);
      return number === undefined ? [] : [[name.slice(0, 80), number]];
    }),
  );
}

function skipped(value: unknown): Skipped | undefined {
  if (!isFields(value)) return undefined;
  const path = words(value['path'], MAX_WORDS);
  return path === undefined ? undefined : { path, reason: words(value['reason'], MAX_WORDS) ?? '' };
}

function texts(value: unknown): readonly string[] {
  return listOf(value, (item) => words(item, MAX_WORDS));
}
