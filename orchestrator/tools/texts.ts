/**
 * Files of a commit as text for a reviewer: redacted, or a reason why not. The original lines stay here, to
 * hold quotes against.
 */
import { decodeText } from '../../engine/text/decode.ts';
import { decodeUtf8 } from '../../engine/text/utf8.ts';
import { splitLines } from '../hunks-lines.ts';
import { isDataFile } from '../pack-prepare.ts';
import type { Redactor } from '../redact.ts';
import { judgeName } from '../reviewable-names.ts';
import { looksBinary } from '../reviewable.ts';
import type { CommitContent, CommitEntry, CommitFiles } from './commit-files.ts';

export type FileText =
  | {
      readonly kind: 'text';
      /** Redacted, as many as `original`. */
      readonly lines: readonly string[];
      /** Never sent. */
      readonly original: readonly string[];
    }
  | { readonly kind: 'none'; readonly reason: string };

/** Bytes of one file that are read. */
export const MAX_FILE_BYTES = 1_000_000;
/** Bytes of texts that are kept for the next question. */
const MAX_KEPT_BYTES = 32_000_000;
const LFS = 'version https://git-lfs.github.com/spec/';

export class CommitTexts {
  readonly #files: CommitFiles;
  readonly #redactor: Pick<Redactor, 'redactAll'>;
  readonly #byPath: ReadonlyMap<string, CommitEntry>;
  readonly #kept = new Map<string, FileText>();
  #keptBytes = 0;

  constructor(files: CommitFiles, redactor: Pick<Redactor, 'redactAll'>) {
    this.#files = files;
    this.#redactor = redactor;
    this.#byPath = new Map(files.entries.map((entry) => [entry.path, entry]));
  }

  get entries(): readonly CommitEntry[] {
    return this.#files.entries;
  }

  entry(path: string): CommitEntry | undefined {
    return this.#byPath.get(path);
  }

  isFolder(path: string): boolean {
    return path === '' || this.entries.some((entry) => entry.path.startsWith(`${path}/`));
  }

  /** Of what no commit has under that path as well. */
  async text(path: string): Promise<FileText> {
    const known = this.#kept.get(path);
    if (known !== undefined) return known;
    const entry = this.entry(path);
    if (entry === undefined) return none('there is no such file in this commit');
    const refused = await this.refusal(entry);
    if (refused !== undefined) return none(refused);
    const [content = none('it could not be read')] = await this.#files.read([entry]);
    return this.textOf(entry, content);
  }

  /** Why nothing of the entry is shown, as far as its name and kind tell. */
  async refusal({ path, kind, id }: CommitEntry): Promise<string | undefined> {
    if (judgeName(path) === 'secret-file') return SECRET;
    if (kind === 'submodule')
      return `it is a submodule at commit ${id}, whose files are in another repository`;
    if (kind !== 'link') return undefined;
    const [target] = await this.#files.read([{ path, kind, id }]);
    const bytes = target?.kind === 'bytes' ? target.bytes : new Uint8Array(0);
    const [shown] = this.#redactor.redactAll([{ bytes, isData: false }]);
    const to = shown?.ok === true ? ` to ${JSON.stringify(shown.text.slice(0, 200))}` : '';
    return `it is a symbolic link${to}, which is not followed`;
  }

  /** Text of a file whose content is at hand. */
  textOf({ path }: CommitEntry, content: CommitContent): FileText {
    const known = this.#kept.get(path);
    if (known !== undefined) return known;
    const made = this.#made(path, content);
    const size = content.kind === 'bytes' ? content.bytes.length : 0;
    if (this.#keptBytes + size <= MAX_KEPT_BYTES) {
      this.#keptBytes += size;
      this.#kept.set(path, made);
    }
    return made;
  }

  #made(path: string, content: CommitContent): FileText {
    if (content.kind === 'none') return content;
    const reason = unreadable(content.bytes);
    if (reason !== undefined) return none(reason);
    const [redacted] = this.#redactor.redactAll([
      { bytes: content.bytes, isData: isDataFile(path) },
    ]);
    if (redacted?.ok !== true) return none(redacted?.reason ?? 'not shown');
    return {
      kind: 'text',
      lines: splitLines(redacted.text),
      original: splitLines(decodeUtf8(decodeText(content.bytes))),
    };
  }
}

const SECRET = 'it may hold secrets as a whole, so it is never shown';

/** Why a content is no text to look at. */
export function unreadable(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_FILE_BYTES)
    return `it is too large: ${bytes.length} bytes, at most ${MAX_FILE_BYTES} are looked at`;
  if (decodeUtf8(bytes, 0, Math.min(bytes.length, LFS.length)) === LFS)
    return 'it is a pointer of git-lfs, its content is not in the repository';
  return looksBinary(bytes) ? 'it is binary' : undefined;
}

function none(reason: string): { readonly kind: 'none'; readonly reason: string } {
  return { kind: 'none', reason };
}
