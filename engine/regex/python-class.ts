/** Python's bracket expressions. There are no POSIX classes: `[[:space:]]` is a class and a bracket. */
import type { Ranges } from './ast.ts';
import type { Folder } from './python-fold.ts';
import { parseEscape, refuse, type Escape, type PythonFlags } from './python-source.ts';
import { negate, normalize } from './ranges.ts';

export interface PythonClass {
  readonly ranges: Ranges;
  readonly end: number;
}

/** Reads the class that opens at `start`. */
export function parsePythonClass(
  source: string,
  start: number,
  flags: PythonFlags,
  folder: Folder,
): PythonClass {
  let position = start + 1;
  const negated = source[position] === '^';
  if (negated) position++;
  const first = position;
  const characters: number[] = [];
  const sets: number[] = [];
  for (;;) {
    if (position >= source.length) unterminated(start);
    if (source[position] === ']' && position !== first) break;
    const low = member(source, position, flags);
    position = low.end;
    if (source[position] !== '-') {
      add(low, characters, sets);
      continue;
    }
    if (position + 1 >= source.length) unterminated(start);
    if (source[position + 1] === ']') {
      add(low, characters, sets);
      characters.push(0x2d, 0x2d);
      position++;
      break;
    }
    const high = member(source, position + 1, flags);
    const text = source.slice(low.start, high.end);
    if (low.kind !== 'character' || high.kind !== 'character') {
      refuse(
        low.start,
        text.length,
        `"${text}" is no range: a set of characters has no end`,
        'put the "-" last',
      );
    }
    if (high.codePoint < low.codePoint) {
      refuse(low.start, text.length, `range "${text}" has its ends the wrong way round`);
    }
    characters.push(low.codePoint, high.codePoint);
    position = high.end;
  }
  // Sets such as \w hold all cases of their members already.
  const plain = normalize(characters);
  const folded = flags.ignoreCase ? folder.fold(plain) : plain;
  const ranges = sets.length === 0 ? folded : normalize([...folded, ...sets]);
  return { ranges: negated ? negate(ranges) : ranges, end: position + 1 };
}

function unterminated(start: number): never {
  return refuse(start, 1, 'this "[" is never closed', 'add "]", or write "\\[" for the character');
}

function add(item: Escape, characters: number[], sets: number[]): void {
  if (item.kind === 'character') characters.push(item.codePoint, item.codePoint);
  else for (const bound of item.ranges) sets.push(bound);
}

function member(source: string, start: number, flags: PythonFlags): Escape & { start: number } {
  if (source[start] === '\\') return { ...parseEscape(source, start, true, flags), start };
  const codePoint = source.codePointAt(start) ?? 0;
  return { kind: 'character', codePoint, end: start + (codePoint > 0xffff ? 2 : 1), start };
}
