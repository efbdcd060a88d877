/**
 * Syntax tree of a regular expression, shared by the RE2 parser, the Python parser and everything that
 * reasons about patterns: literal extraction, length bounds, the linter.
 * Case folding is already applied: `(?i)a` is the class `[Aa]`.
 */

/** Sorted, disjoint, inclusive code point ranges, flat: `[lo, hi, lo, hi, …]`. */
export type Ranges = readonly number[];

export type Assertion =
  | 'text-begin' // \A, and ^ without (?m)
  | 'text-end' // \z, and $ without (?m) in RE2
  | 'line-begin' // (?m)^
  | 'line-end' // (?m)$
  | 'word-boundary'
  | 'not-word-boundary';

export type Node =
  | { readonly kind: 'empty' }
  /** One code point of `ranges`. `approximate`: a superset, for Unicode classes that we do not enumerate. */
  | { readonly kind: 'class'; readonly ranges: Ranges; readonly approximate: boolean }
  /** RE2's `\C`: one byte, whatever it is. */
  | { readonly kind: 'any-byte' }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'concat'; readonly parts: readonly Node[] }
  | { readonly kind: 'alternate'; readonly branches: readonly Node[] }
  /** `max` is Infinity for an open repeat. */
  | {
      readonly kind: 'repeat';
      readonly node: Node;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  | { readonly kind: 'capture'; readonly node: Node; readonly name?: string }
  /** Only from the Python parser; RE2 has no lookaround. */
  | {
      readonly kind: 'look';
      readonly node: Node;
      readonly direction: 'ahead' | 'behind';
      readonly negative: boolean;
    };

/** Why a pattern was refused: `offset` is a UTF-16 index into the pattern. */
export interface PatternError {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  /** What to write instead, where one exists. */
  readonly rewrite?: string;
}

export type ParseResult =
  { readonly ok: true; readonly node: Node } | { readonly ok: false; readonly error: PatternError };

export const MAX_CODE_POINT = 0x10ffff;
