/** Thinking as the stand-in gives it out: what comes back must be what it gave, to the letter. */
import { createHash } from 'node:crypto';
import type { JsonRecord } from './values.ts';

export function thinkingBlock(thinking: string): JsonRecord {
  return { type: 'thinking', thinking, signature: signatureOf(thinking) };
}

/** Whether the block came from here and nobody touched it. */
export function isGenuine(block: JsonRecord): boolean {
  return block['signature'] === signatureOf(String(block['thinking']));
}

function signatureOf(thinking: string): string {
  return createHash('sha256').update(`loopback ${thinking}`).digest('base64');
}
