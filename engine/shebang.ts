/** Languages by a text's first line, for scripts whose name tells none. */
import type { LanguageId } from './language.ts';

const BY_INTERPRETER: ReadonlyMap<string, LanguageId> = new Map<string, LanguageId>([
  ...entries('python', 'python pypy jython uv'),
  ...entries('javascript', 'node nodejs zx'),
  ...entries('typescript', 'deno bun tsx ts-node'),
  ...entries('ruby', 'ruby jruby rake'),
  ...entries('php', 'php php-cgi'),
  ...entries('shell', 'sh bash dash zsh ksh mksh ash fish busybox'),
  ...entries('powershell', 'pwsh powershell'),
  ...entries('java', 'groovy'),
  ...entries('kotlin', 'kotlin kscript'),
  ...entries('scala', 'scala amm'),
  ...entries('swift', 'swift'),
  ...entries('rust', 'rust-script'),
  ...entries('makefile', 'make'),
]);

function entries(language: LanguageId, names: string): [string, LanguageId][] {
  return names.split(' ').map((name) => [name, language]);
}

/** As many bytes as Linux reads of such a line (`BINPRM_BUF_SIZE`). */
const LINE_BYTES = 256;
/** What is longer is an archive that starts itself, such as PHP's PHAR or an installer, and no script that people edit. */
export const MOST_SCRIPT_BYTES: number = 1 << 18;
/** With more than one control character in so many bytes it is one, too; a single one hides no script. */
const BYTES_A_CONTROL = 32;

/**
 * Language of a script that begins with `#!` and an interpreter, or with PHP's opening tag; undefined for another text.
 * `/usr/bin/env` with its options and assignments is passed over, and so is the interpreter's version.
 */
export function languageOfStart(bytes: Uint8Array): LanguageId | undefined {
  if (bytes[0] !== 0x23 && bytes[0] !== 0x3c) return undefined;
  const start = String.fromCharCode(...bytes.subarray(0, LINE_BYTES));
  const language = start.startsWith('<?php') ? 'php' : languageOfShebang(start);
  return language === undefined || isArchive(bytes) ? undefined : language;
}

function languageOfShebang(start: string): LanguageId | undefined {
  if (!start.startsWith('#!')) return undefined;
  const [line = ''] = start.slice(2).split(/[\n\r]/, 1);
  const [first = '', ...others] = line.trim().split(/[ \t]+/);
  const isEnv = baseName(first) === 'env';
  const named = isEnv ? others.find((word) => !/^-|=/.test(word)) : first;
  return BY_INTERPRETER.get(baseName(named ?? '').replace(/[\d.]+$/, ''));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

function isArchive(bytes: Uint8Array): boolean {
  if (bytes.length > MOST_SCRIPT_BYTES) return true;
  let controls = 0;
  for (const byte of bytes) if (byte < 0x20 && !isBlank(byte)) controls++;
  return controls * BYTES_A_CONTROL > bytes.length;
}

/** Tab, line feed, vertical tab, form feed, carriage return. */
function isBlank(byte: number): boolean {
  return byte >= 0x09 && byte <= 0x0d;
}
