/**
 * The naive oracle: re2-wasm's own class and glue over the whole text, one search after another.
 * It shares no code with the engine but UTF-8 encoding.
 */
import { createRequire } from 'node:module';
import type { ByteRange } from '../../engine/re2/instance.ts';

interface Glue {
  readonly WrappedRE2: new (
    pattern: string,
    ignoreCase: boolean,
    multiline: boolean,
    dotAll: boolean,
  ) => {
    ok(): boolean;
    delete(): void;
    match(
      input: Uint8Array,
      start: number,
      groups: boolean,
    ): { match: string; index: number; groups: (string | undefined)[] };
  };
}

const glue = createRequire(import.meta.url)('re2-wasm/build/wasm/re2') as Glue;

/** Every match of `pattern` in each of the texts (valid UTF-8), or undefined when RE2 refuses the pattern. */
export function oracle(pattern: string, texts: readonly Uint8Array[]): ByteRange[][] | undefined {
  const regex = compiled(pattern);
  return regex.ok() ? texts.map((text) => matchesOf(regex, text)) : undefined;
}

/** The last few patterns, as many as the module's 16 MiB hold: to compile one costs more than to search. */
const recent = new Map<string, InstanceType<Glue['WrappedRE2']>>();
const MAX_RECENT = 8;

function compiled(pattern: string): InstanceType<Glue['WrappedRE2']> {
  const regex = recent.get(pattern) ?? new glue.WrappedRE2(pattern, false, false, false);
  recent.delete(pattern);
  recent.set(pattern, regex);
  for (const [oldest, left] of recent) {
    if (recent.size <= MAX_RECENT) break;
    left.delete();
    recent.delete(oldest);
  }
  return regex;
}

/** Texts of the groups of the first match; undefined without a match, and for a pattern that RE2 refuses. */
export function groupsOracle(
  pattern: string,
  text: Uint8Array,
): readonly (string | undefined)[] | undefined {
  const regex = new glue.WrappedRE2(pattern, false, false, false);
  try {
    const result = regex.ok() ? regex.match(text, 0, true) : undefined;
    return result === undefined || result.index < 0 ? undefined : result.groups;
  } finally {
    regex.delete();
  }
}

function matchesOf(regex: InstanceType<Glue['WrappedRE2']>, text: Uint8Array): ByteRange[] {
  const offsets = codePointOffsets(text);
  const matches: ByteRange[] = [];
  for (let from = 0; from < offsets.length;) {
    const { match, index } = regex.match(text, from, false);
    if (index < 0) break;
    const start = offsets[index] ?? 0;
    const end = start + Buffer.byteLength(match);
    matches.push({ start, end });
    from = end > start ? offsets.indexOf(end) : index + 1;
  }
  return matches;
}

/** Offset of each code point, and the end. */
function codePointOffsets(text: Uint8Array): number[] {
  const offsets: number[] = [];
  text.forEach((byte, index) => {
    if ((byte & 0xc0) !== 0x80) offsets.push(index);
  });
  return [...offsets, text.length];
}
