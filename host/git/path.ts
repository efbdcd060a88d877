/**
 * Paths in a repository, which are bytes to git. Inside host/git a path is a string with one character
 * (U+0000 to U+00FF) per byte, so that no name is lost and maps can be keyed by it.
 */
import { sep } from 'node:path';

/** A path relative to a repository's root, one character per byte, with `/`. */
export type BytePath = string;

const NOT_ASCII = /[^\0-\x7f]/;
/** Nearly every path has none of these, which one search settles. */
const SUSPECT = /^[./]|\/[./]|\/$|[~\\:\x80-\xff]/;
/** UTF-8 of the invisible characters that macOS leaves out when it compares names. */
const IGNORED_BY_HFS = /\xe2\x80[\x8c-\x8f\xaa-\xae]|\xe2\x81[\xaa-\xaf]|\xef\xbb\xbf/g;

/** Path as text; bytes that are not UTF-8 become U+FFFD. */
export function displayPath(path: BytePath): string {
  return NOT_ASCII.test(path) ? Buffer.from(path, 'latin1').toString('utf8') : path;
}

/** What `node:fs` opens for `path` below `root`. */
export function filePath(root: string, path: BytePath): string | Buffer {
  const start = root.endsWith(sep) ? root : `${root}/`;
  if (!NOT_ASCII.test(path)) return start + path;
  return Buffer.concat([Buffer.from(start), Buffer.from(path, 'latin1')]);
}

/**
 * Whether `path` stays inside the root and out of `.git`. Git itself refuses such names where it makes
 * them, not where it reads them, and an index or a tree may have been made by anything.
 */
export function isSafePath(path: BytePath): boolean {
  if (path === '' || path.includes('\0')) return false;
  if (!SUSPECT.test(path)) return true;
  if (process.platform === 'win32' && /[\\:]/.test(path)) return false;
  return path.split('/').every((segment) => {
    const name = segment.replaceAll(IGNORED_BY_HFS, '').toLowerCase();
    return name !== '' && name !== '.' && name !== '..' && name !== '.git' && name !== 'git~1';
  });
}

/** Splits the output of a `-z` command, whose last byte is a NUL. */
export function splitZ(output: Buffer): string[] {
  if (output.length === 0) return [];
  const parts = output.toString('latin1').split('\0');
  parts.pop();
  return parts;
}
