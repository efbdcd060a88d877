/** Resident memory of the service. */
import { readFileSync } from 'node:fs';
import type { MemoryRow } from './results.ts';
import type { Service } from './service.ts';

const MB = 1 << 20;

export async function memoryOf(service: Service, when: string): Promise<MemoryRow> {
  const { pid, rssBytes } = await service.status();
  const row = { when, rssMb: rssBytes / MB };
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // No such file system here: the service's own word is all there is.
    return row;
  }
  const kernel = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { ...row, kernelMb: kernel('VmRSS'), peakMb: kernel('VmHWM') };
}
