/** A parsed rule file: its data, and where in the text each piece stands. */
import type { Place } from './problem.ts';

/** Keys and list positions from the top of a document, such as `['patterns', 2, 'regex']`. */
export type DataPath = readonly (string | number)[];

/**
 * Where a value, or the key that it stands under, begins; undefined when that is not known. `offset` characters
 * into a text, where the text stands on one line as it is; else where it begins.
 */
export type Locate = (path: DataPath, part?: 'key' | 'value', offset?: number) => Place | undefined;

export type ParsedDocument =
  | { readonly ok: true; readonly value: unknown; readonly locate: Locate }
  | { readonly ok: false; readonly reason: string; readonly place?: Place };

export interface ParseOptions {
  readonly format: 'yaml' | 'json';
  /** Refuse a key that occurs twice in one mapping; otherwise the last one counts. */
  readonly uniqueKeys: boolean;
}

/** Parses the text of a rule file; `parseRuleDocument` of `yaml-document.ts` is the one to hand in. */
export type ParseDocument = (text: string, options: ParseOptions) => ParsedDocument;

/** The own fields of a mapping, whatever their names; undefined for anything else. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** `a list`, `text`, `a number`: for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === '') return 'empty text';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'a mapping';
}
