/** Where a scan gets its text from: standard input, or what was changed. Folders are in `folders.ts`. */
import { resolve } from 'node:path';
import type { Finding } from '../../engine/finding.ts';
import type { Rule } from '../../engine/rule.ts';
import type { Gate } from '../gate/gate.ts';
import type { Io } from '../io.ts';

import type { LineReader } from '../report/text.ts';
import { findChanges, onChangedLines } from './changes.ts';
import type { ChangeRequest } from './changes.ts';
import { linesAmong } from './lines.ts';
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
export function textSource(path: string, bytes: Buffer, gate: Gate, io: Io): Source {
  const texts = [{ path, absolute: resolve(io.cwd, path), bytes }];
  return {
    lineOf: linesAmong(texts),
    scan: (stream, rules) =>
      scanTexts({ texts, gate, binaries: 0, problems: [] }, stream, rules, io),
  };
}

export async function changeSource(
  request: ChangeRequest,
  gate: Gate,
  io: Io,
): Promise<OpenedSource> {
  const changes = await findChanges(request, io.env);
  if (changes.kind === 'refused') return { refused: changes.reason };
  const { texts } = changes;
  return {
    lineOf: linesAmong(texts),
    covers: onChangedLines(texts),
    scan: (stream, rules) => scanTexts({ ...changes, gate }, stream, rules, io),
  };
}

interface Text {
  readonly path: string;
  readonly absolute: string;
  readonly bytes: Buffer;
}

interface Texts extends Pick<Scanned, 'binaries' | 'problems'> {
  readonly texts: readonly Text[];
  readonly gate: Gate;
}

async function scanTexts(
  { texts, gate, binaries, problems }: Texts,
  stream: ReportStream,
  rules: readonly Rule[],
  { assets, signal }: Io,
): Promise<Scanned> {
  const { createLocalScanner } = await import('./local-scanner.ts');
  const scanner = await createLocalScanner(rules, assets, { nosec: true, once: true });
  let size = 0;
  const named = texts.map((text) => ({ ...text, relative: text.path }));
  const selected = await gate.select(named);
  for (const { path, absolute, bytes } of selected) {
    signal.throwIfAborted();
    const result = scanner.scan(path, bytes, absolute);
    stream.add({ kind: 'scanned', path, bytes: bytes.length, result });
    size += bytes.length;
    await stream.flush();
  }
  scanner.dispose();
  return { files: selected.length, bytes: size, binaries, problems };
}
