/** What a user and a team want a reviewer to look at, from their guidance files. It adds checks only. */
import { byteLength, firstBytes, visible } from './pack-text.ts';
import type { Redactor } from './redact.ts';

export const GUIDANCE_ORIGINS = ['user', 'project', 'local'] as const;

export interface GuidanceFile {
  readonly origin: (typeof GUIDANCE_ORIGINS)[number];
  readonly text: string;
}

export interface Guidance {
  /** For the prompt; empty when there is none. */
  readonly text: string;
  /** What was cut, for `sg doctor` and the review's coverage; absent when nothing was. */
  readonly cut?: string;
}

/** Bytes of all files together. */
const MAX_GUIDANCE_BYTES = 8_192;

/** User first, then project, then local; what is beyond 8 KiB is cut at the end and said to be. */
export function mergeGuidance(
  files: readonly GuidanceFile[],
  redactor: Pick<Redactor, 'redact'>,
): Guidance {
  const merged = GUIDANCE_ORIGINS.flatMap((origin) =>
    files
      .filter((file) => file.origin === origin && file.text.trim() !== '')
      .map((file) => `from the ${origin}:\n${shown(redactor.redact(file.text))}\n`),
  ).join('');
  const size = byteLength(merged);
  if (size <= MAX_GUIDANCE_BYTES) return { text: merged };
  const kept = firstBytes(merged, MAX_GUIDANCE_BYTES);
  const lost = size - byteLength(kept);
  return {
    text: `${kept}\n(cut here: ${lost} more bytes)\n`,
    cut: `guidance is longer than ${MAX_GUIDANCE_BYTES} bytes: the last ${lost} bytes are left out`,
  };
}

/** Line by line, so that line ends stay what they are. */
function shown(text: string): string {
  return text
    .trim()
    .split(/\r\n|\r|\n/)
    .map(visible)
    .join('\n');
}
