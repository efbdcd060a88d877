/**
 * Tells failures without a code of their own apart, without keeping their text: what a process wrote to
 * stderr becomes a number that is the same for the same message, whatever path, number, address, process
 * id or quoted name is in it.
 */
import { createHash } from 'node:crypto';

/** Number of buckets; a bucket is a whole number from 0 to one less. */
export const BUCKETS = 1000;

const MAX_TEXT = 8 * 1024;
const MAX_LINE = 500;

/** The bucket of a text, 0 to 999. `known` are paths whose blanks would make them look like several words. */
export function bucketOf(text: string, known: readonly string[] = []): number {
  const digest = createHash('sha256').update(normalise(text, known)).digest();
  return digest.readUInt32BE(0) % BUCKETS;
}

/** The message line of `text` with everything that varies replaced; what `bucketOf` hashes. */
export function normalise(text: string, known: readonly string[] = []): string {
  let line = messageLine(text.slice(0, MAX_TEXT));
  // The longest first: one path may begin with another.
  for (const path of [...known].sort((a, b) => b.length - a.length)) {
    if (path.length > 1) line = line.replaceAll(path, '/p');
  }
  for (const [pattern, replacement] of REPLACEMENTS) line = line.replaceAll(pattern, replacement);
  return line.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_LINE).toLowerCase();
}

/** In this order. Each one runs over one line of bounded length. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/"[^"]*"|`[^`]*`/g, '<q>'],
  // An apostrophe inside of a word begins no quotation.
  [/(?<!\w)'[^']*'(?!\w)/g, '<q>'],
  [/\bfile:\/\/\S*|\\\\[?.]?\S*|\b[A-Za-z]:[\\/]\S*/g, '<p>'],
  // A word with a slash inside or in front of it, and those behind it that have one as well.
  [/(?<![\w<])[\w.@~+-]*\/\S*(?: \S*\/\S*)*/g, '<p>'],
  [/\b0x[0-9a-f]+\b/gi, '<n>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<n>'],
  [/\d+/g, '<n>'],
];

/** Lines that say what happened, wherever Node puts its banner, the source line and the stack. */
const TELLING =
  /^(?:Uncaught )?(?:\w*(?:Error|Exception)\b|FATAL ERROR|Fatal |#\s*Fatal|sg-service:)/;

function messageLine(text: string): string {
  const lines = text
    .split(/\r\n|[\n\r]/)
    .map((line) => line.slice(0, MAX_LINE * 2))
    .filter((line) => line.trim() !== '');
  return lines.find((line) => TELLING.test(line)) ?? lines[0] ?? '';
}
