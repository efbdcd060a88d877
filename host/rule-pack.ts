/** Reads the built-in rules as the build packed them. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { RulePack } from '../engine/pack/rule-pack.ts';

/** Throws when the file cannot be read or is none of ours. */
export function readRulePack(file: string): RulePack {
  return new RulePack(readPackFile(file));
}

/** The file in memory that threads share. */
export function readPackFile(file: string): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(descriptor).size));
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count)
      count = readSync(descriptor, bytes, length, bytes.length - length, null);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
