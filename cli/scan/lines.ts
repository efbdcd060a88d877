/** Lines of scanned files, read again for the text report. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LineReader } from '../report/text.ts';
import { readRaw } from './read-raw.ts';

const MAX_BYTES = 4 << 20;

/** Reads lines of files below `cwd`; remembers the last file, since findings come file by file. */
export function createLineReader(cwd: string): LineReader {
  let last = '';
  let lines: readonly string[] = [];
  return (path, line) => {
    if (path !== last) {
      last = path;
      lines = readLines(resolve(cwd, path));
    }
    return lines[line - 1];
  };
}

/** Lines of one text, whatever the path. */
export function linesOf(text: Buffer): LineReader {
  const lines = split(text);
  return (_path, line) => lines[line - 1];
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
