/** Which statements are done on the way to an expression, told by braces and by indentation. */
import type { ByteRange } from '../re2/instance.ts';
import type { Token } from './tokens.ts';

/** What stands behind a block belongs to it. */
const GOES_ON: ReadonlySet<string> = new Set(
  'else elif elsif elseif catch except rescue ensure finally when case'.split(' '),
);

/** Blocks that were closed on the way up, so their statements may not have been done. */
export class Closed {
  #depth = 0;

  /** Whether the statement above all that were passed stands in such a block, or ends one of its own. */
  pass(tokens: readonly Token[]): boolean {
    for (const { kind, text } of tokens.toReversed()) {
      if (kind !== 'mark') continue;
      if (text === '}') this.#depth++;
      else if (text === '{' && this.#depth > 0) this.#depth--;
    }
    return this.#depth > 0;
  }
}

/** A statement, and how far it is indented. */
export interface Passed {
  readonly range: ByteRange;
  readonly tokens: readonly Token[];
  readonly indentation: number;
}

/**
 * What is done under the condition that was `passed` last, in order. Undefined where the expression, which `next` is the
 * statement of, stands under it, too, or under what belongs to it.
 */
export function bodyOf(passed: readonly Passed[], next: Passed): readonly Passed[] | undefined {
  const [condition, ...below] = [next, ...passed].toReversed();
  if (condition === undefined) return undefined;
  const hasBraces = condition.tokens.at(-1)?.text === '{';
  let depth = 1;
  const end = below.findIndex(({ tokens, indentation }, at) => {
    if (!hasBraces) return indentation <= condition.indentation;
    if (at > 0 && depth <= 0) return true;
    for (const { kind, text } of tokens) {
      if (kind === 'mark' && text === '{') depth++;
      else if (kind === 'mark' && text === '}') depth--;
    }
    return false;
  });
  if (end < 0) return undefined;
  const isEnd = ({ tokens: [first, second] }: Passed): boolean =>
    first?.text === 'end' && second === undefined;
  const behind = below.slice(end).find((statement) => !isEnd(statement))?.tokens[0]?.text ?? '';
  return GOES_ON.has(behind) ? undefined : below.slice(0, end);
}
