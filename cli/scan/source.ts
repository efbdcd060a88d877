/** Where a scan gets its text from: standard input, or what was changed. Folders are in `folders.ts`. */
import { resolve } from 'node:path';
import type { Finding } from '../../engine/finding.ts';
import type { Rule } from '../../engine/rule.ts';
import type { Io } from '../io.ts';

import type { LineReader } from '../report/text.ts';
import { findChanges, onChangedLines } from './changes.ts';
import type { ChangeRequest } from './changes.ts';
import { linesAmong } from './lines.ts';
import { createLocalScanner } from './local-scanner.ts';
import type { ReportStream } from './report-stream.ts';
import type { Scanned } from './scan-paths.ts';

export interface Source {
  readonly lineOf: LineReader;
  /** Absent where every finding is asked for. */
  readonly covers?: (finding: Finding) => boolean;
  scan(stream: ReportStream, rules: readonly Rule[]): Promise<Scanned>;
}

export type OpenedSource = Source | { readonly refused: string };

/** `bytes` under the name `path`. */
export function textSource(path: string, bytes: Buffer, io: Io): Source {
  const texts = [{ path, absolute: resolve(io.cwd, path), bytes }];
  return {
    lineOf: linesAmong(texts),
    scan: (stream, rules) => scanTexts(texts, { binaries: 0, problems: [] }, stream, rules, io),
  };
}

export async function changeSource(request: ChangeRequest, io: Io): Promise<OpenedSource> {
  const changes = await findChanges(request, io.env);
  if (changes.kind === 'refused') return { refused: changes.reason };
  const { texts } = changes;
  return {
    lineOf: linesAmong(texts),
    covers: onChangedLines(texts),
    scan: (stream, rules) => scanTexts(texts, changes, stream, rules, io),
  };
}

interface Text {
  readonly path: string;
  readonly absolute: string;
  readonly bytes: Buffer;
}

async function scanTexts(
  texts: readonly Text[],
  { binaries, problems }: Pick<Scanned, 'binaries' | 'problems'>,
  stream: ReportStream,
  rules: readonly Rule[],
  { assets, signal }: Io,
): Promise<Scanned> {
  const scanner = await createLocalScanner(rules, assets);
  let size = 0;
  for (const { path, absolute, bytes } of texts) {
    signal.throwIfAborted();
    const result = scanner.scan(path, bytes, absolute);
    stream.add({ kind: 'scanned', path, bytes: bytes.length, result });
    size += bytes.length;
    await stream.flush();
  }
  scanner.dispose();
  return { files: texts.length, bytes: size, binaries, problems };
}
