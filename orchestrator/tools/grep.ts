/**
 * Grep: lines of the commit that match an RE2 pattern. A file is searched as it is and shown redacted: a match
 * is given only where the redacted line has one too, so that no pattern can feel its way to a secret.
 */
import { decodeText } from '../../engine/text/decode.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import type { Re2Store } from '../../engine/re2/store.ts';
import { byteLength, visible } from '../pack-text.ts';
import type { Clock } from '../ports.ts';
import type { Redactor } from '../redact.ts';
import type { CommitEntry, CommitFiles } from './commit-files.ts';
import { matching } from './glob.ts';
import type { Fields, ToolInput } from './input.ts';
import { numbered } from './lines.ts';
import { readPath } from './path.ts';
import { unreadable } from './texts.ts';
import type { CommitTexts } from './texts.ts';
import type { Ran } from './tool.ts';
import { failed } from './tool.ts';

const MAX_PATTERN = 500;
/** Lines that are shown, of all files and of one. */
const MAX_LINES = 120;
const MAX_LINES_OF_FILE = 20;
const MAX_BYTES = 24_000;
/** Bytes that are searched, and how long for. */
const MAX_SEARCHED_BYTES = 64_000_000;
const MAX_MS = 5_000;
/** Files that are read at once: so many of the largest size are what the port gives. */
const BATCH = 64;

export const GREP_FIELDS: Fields = {
  pattern: { type: 'string', required: true, max: MAX_PATTERN },
  glob: { type: 'string', required: false, max: 500 },
  path: { type: 'string', required: false, max: 4096 },
};

export const GREP_WORDS = {
  description: `Lines that match a regular expression, with path and number; at most ${MAX_LINES} lines, ${MAX_LINES_OF_FILE} of a file.`,
  fields: {
    pattern:
      'RE2 syntax: no lookaround and no backreferences. "^" and "$" are those of lines; "(?i)" in front ignores case.',
    glob: 'Only files that match it, as for Glob.',
    path: 'Only this file or what is below this folder.',
  },
};

export interface GrepTools {
  readonly files: CommitFiles;
  readonly texts: CommitTexts;
  readonly redactor: Pick<Redactor, 'redact'>;
  readonly re2: Re2Store;
  readonly clock: Pick<Clock, 'monotonic'>;
}

export async function runGrep(
  input: Extract<ToolInput, { ok: true }>,
  tools: GrepTools,
): Promise<Ran> {
  const folder = readPath(input.text('path') ?? '');
  if (!folder.ok) return failed(folder.reason);
  const pattern = `(?m)${input.text('pattern') ?? ''}`;
  const refusal = tools.re2.refusal(pattern);
  if (refusal !== undefined)
    return failed(`RE2 does not take the pattern: ${visible(refusal.slice(0, 200))}`);
  const { path } = folder;
  const inFolder =
    path === ''
      ? tools.texts.entries
      : tools.texts.entries.filter(
          (entry) => entry.path === path || entry.path.startsWith(`${path}/`),
        );
  if (inFolder.length === 0) return failed(`there is no ${JSON.stringify(path)} in this commit`);
  const glob = input.text('glob');
  const asked = glob === undefined ? inFolder : matching(inFolder, glob);
  return new Search(pattern, tools).over(asked);
}

class Search {
  readonly #pattern: string;
  readonly #tools: GrepTools;
  readonly #until: number;
  readonly #shown: string[] = [];
  readonly #files: string[] = [];
  #bytes = 0;
  #lines = 0;
  #more = 0;
  #hidden = 0;
  #searched = 0;
  #searchedBytes = 0;

  constructor(pattern: string, tools: GrepTools) {
    this.#pattern = pattern;
    this.#tools = tools;
    this.#until = tools.clock.monotonic() + MAX_MS;
  }

  async over(asked: readonly CommitEntry[]): Promise<Ran> {
    const { files, texts, re2 } = this.#tools;
    const readable: CommitEntry[] = [];
    for (const entry of asked)
      if (entry.kind === 'file' && (await texts.refusal(entry)) === undefined) readable.push(entry);
      else this.#hidden += 1;
    re2.isOverdue = () => this.#isOver();
    try {
      for (let at = 0; at < readable.length && !this.#isOver(); at += BATCH) {
        const batch = readable.slice(at, at + BATCH);
        const contents = await files.read(batch);
        for (const [index, entry] of batch.entries()) {
          const content = contents[index];
          if (this.#isOver()) break;
          this.#searched += 1;
          if (content?.kind === 'bytes') this.#inFile(entry, content.bytes);
          else this.#hidden += 1;
        }
      }
    } finally {
      re2.isOverdue = () => false;
      re2.releaseText();
    }
    return { ok: true, text: this.#text(readable.length), files: this.#files };
  }

  #isOver(): boolean {
    return (
      this.#more > 0 ||
      this.#searchedBytes >= MAX_SEARCHED_BYTES ||
      this.#tools.clock.monotonic() >= this.#until
    );
  }

  #inFile(entry: CommitEntry, bytes: Uint8Array): void {
    if (unreadable(bytes) !== undefined) {
      this.#hidden += 1;
      return;
    }
    this.#searchedBytes += bytes.length;
    if (this.#matchLines(decodeText(bytes), 1).length === 0) return;
    const file = this.#tools.texts.textOf(entry, { kind: 'bytes', bytes });
    if (file.kind === 'none') {
      this.#hidden += 1;
      return;
    }
    const found = this.#matchLines(encodeUtf8(file.lines.join('\n')), MAX_LINES_OF_FILE + 1);
    if (found.length === 0) return;
    this.#files.push(entry.path);
    let text = `${this.#tools.redactor.redact(visible(entry.path))}\n`;
    for (const line of found.slice(0, MAX_LINES_OF_FILE)) {
      const shown = numbered(line + 1, file.lines[line] ?? '');
      if (this.#lines >= MAX_LINES || this.#bytes + byteLength(text + shown) > MAX_BYTES)
        this.#more += 1;
      else {
        text += shown;
        this.#lines += 1;
      }
    }
    if (found.length > MAX_LINES_OF_FILE) text += '(more in this file)\n';
    this.#bytes += byteLength(text);
    if (this.#bytes <= MAX_BYTES) this.#shown.push(text);
  }

  /** 0-based, at most `most`. */
  #matchLines(text: Uint8Array, most: number): readonly number[] {
    const { re2 } = this.#tools;
    re2.setText(text);
    const lines: number[] = [];
    let line = 0;
    let at = 0;
    for (let from = 0; lines.length < most && from <= text.length;) {
      const result = re2.search(this.#pattern, [{ start: from, end: text.length }], 1);
      const match = result.kind === 'matches' ? result.matches[0] : undefined;
      if (match === undefined) break;
      for (; at < match.start; at++) if (text[at] === 10) line += 1;
      lines.push(line);
      const end = text.indexOf(10, match.start);
      if (end < 0) break;
      from = end + 1;
    }
    return lines;
  }

  #text(readable: number): string {
    const notes = [
      this.#shown.length === 0 ? '(no line matches)\n' : '',
      this.#more > 0 ? '(more lines match: narrow the pattern, the glob or the path)\n' : '',
      this.#hidden > 0
        ? `(${this.#hidden} files were not searched: secret, binary, too large, links or submodules)\n`
        : '',
      this.#searched < readable
        ? `(only ${this.#searched} of ${readable} files were searched: narrow the glob or the path)\n`
        : '',
    ];
    return this.#shown.join('') + notes.join('');
  }
}
