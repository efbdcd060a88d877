/** What a reader has to know of the machine to read figures; nothing that names it or its user. */
import { arch, cpus, platform, totalmem } from 'node:os';

export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGb: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    cpu: (processors[0]?.model ?? '').trim().replaceAll(/\s+/g, ' ') || 'unknown',
    cpus: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

export function describeMachine({ node, platform, cpu, cpus, memoryGb }: Machine): string {
  return `Node ${node}, ${platform}, ${cpus} x ${cpu}, ${memoryGb} GB`;
}
