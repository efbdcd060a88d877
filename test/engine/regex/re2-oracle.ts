/** RE2 as published, by its own wrapper: slow and safe, for comparison. */
import { createRequire } from 'node:module';

interface Wrapped {
  ok(): boolean;
  match(input: string, start: number, groups: boolean): { index: number; match: string };
  delete(): void;
}
interface Re2Module {
  readonly WrappedRE2: new (pattern: string, i: boolean, m: boolean, s: boolean) => Wrapped;
}
const { WrappedRE2 }: Re2Module = createRequire(import.meta.url)('re2-wasm/build/wasm/re2');

/** First match of RE2, in UTF-8 bytes. */
export function firstSpan(pattern: string, text: string): readonly number[] {
  const re2 = new WrappedRE2(pattern, false, false, false);
  try {
    if (!re2.ok()) throw new Error(`RE2 refuses ${pattern}`);
    const { index, match } = re2.match(text, 0, true);
    if (index < 0) return [];
    const start = Buffer.byteLength(Array.from(text).slice(0, index).join(''));
    return [start, start + Buffer.byteLength(match)];
  } finally {
    re2.delete();
  }
}
