import { setFlagsFromString } from 'node:v8';

/** Flags belong to a version of V8, and one that is not known is complained about: these are for the version that they were measured with. */
export function setV8Flags(...flags: readonly string[]): void {
  if (!process.version.startsWith('v20.')) return;
  for (const flag of flags) setFlagsFromString(flag);
}
