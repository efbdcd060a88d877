/** Lines of scanned files, read again for the text report. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LineReader } from '../report/text.ts';
import { readRaw } from './read-raw.ts';

const MAX_BYTES = 4 << 20;

/** Reads lines of files below `cwd`; remembers the last file, since findings come file by file. */
export function createLineReader(cwd: string): LineReader {
  return remembering((path) => readLines(resolve(cwd, path)));
}

/** Lines of texts that are at hand; as above, file by file. */
export function linesAmong(
  texts: readonly { readonly path: string; readonly bytes: Buffer }[],
): LineReader {
  const byPath = new Map(texts.map(({ path, bytes }) => [path, bytes]));
  return remembering((path) => split(byPath.get(path) ?? Buffer.alloc(0)));
}

function remembering(read: (path: string) => readonly string[]): LineReader {
  let last: string | undefined;
  let lines: readonly string[] = [];
  return (path, line) => {
    if (path !== last) {
      last = path;
      lines = read(path);
    }
    return lines[line - 1];
  };
}

function readLines(file: string): readonly string[] {
  try {
    return statSync(file).size > MAX_BYTES ? [] : split(readRaw(Buffer.from(file)));
  } catch {
    return [];
  }
}

function split(text: Buffer): readonly string[] {
  return text
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/);
}
