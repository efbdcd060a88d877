/** A run of the latency suite as it might be, made up from a seed. */
import { seeded } from '../../bench/corpus.ts';
import { measuresOf } from '../../bench/latency/measures.ts';
import { rowAgainst } from '../../bench/latency/processes.ts';
import { RULE_COUNTS, SIZES } from '../../bench/latency/requests.ts';
import type { LatencyResults, RequestRow } from '../../bench/latency/results.ts';
import { type BenchRecord, recordOf } from '../../bench/record.ts';
import { distributionOf } from '../../bench/statistics.ts';

const random = seeded(7);

/** Times around `middle`, with a tail. */
function times(middle: number, count: number): number[] {
  return Array.from({ length: count }, () => middle * (0.9 + random() ** 6 + random() * 0.2));
}

function requestsOf(text: RequestRow['text']): RequestRow[] {
  return RULE_COUNTS.flatMap((rules) =>
    SIZES.map((bytes): RequestRow => {
      const factor = text === 'clean' ? 1 : 1.6;
      const ms = distributionOf(times(0.4 + (factor * bytes * (rules + 300)) / 3e7, 40));
      const loop = distributionOf(times(bytes / 1e6, 40));
      const cut = bytes > 4e6 && rules === 1000 ? 3 : 0;
      return { text, bytes, rules, ms, loop, ratio: ms.p50 / loop.p50, cut, refused: 0 };
    }),
  );
}

function latencyResults(): LatencyResults {
  const node = times(60, 120);
  const row = rowAgainst(node);
  const alone = times(60, 36);
  const atOnce = rowAgainst(alone);
  const hooks = times(80, 240);
  return {
    service: {
      version: '1.2.3',
      rules: 43,
      workers: 2,
      startMs: 212,
      cutAtStart: 0,
      deadlineMs: 50,
    },
    processes: [
      row('sh -c :', 'control', times(1.8, 120)),
      row('node -e 0', 'control', node),
      row('node -e 0, own environment', 'control', times(70, 120)),
      row('warm clean', 'warm', times(11, 120)),
      row('warm finding', 'warm', times(12.5, 120)),
      row('cold clean', 'cold', times(92, 120)),
      row('cold finding', 'cold', times(150, 120)),
    ],
    requests: [...requestsOf('clean'), ...requestsOf('mixed')],
    hostile: (['told', 'told and cut', 'cut', 'missed'] as const).map((outcome, index) => ({
      name: `edit ${index} </script><img src=x onerror=alert(1)>`,
      bytes: 5 << 20,
      service: distributionOf(times(40 + index * 10, 3)),
      hook: distributionOf(times(60 + index * 10, 3)),
      outcome,
      fallbacks: index,
    })),
    sessions: {
      sessions: 20,
      rounds: 12,
      rows: [
        atOnce('node -e 0 alone', 'control', alone),
        atOnce('node -e 0, 20 at once', 'control', times(610, 240)),
        atOnce('warm finding, 20 at once', 'warm', hooks, 2),
      ],
      p95ToAlone: distributionOf(hooks).p95 / distributionOf(alone).p50,
      fallbacks: 0,
    },
    memory: [
      { when: 'started', rssMb: 98.4, kernelMb: 98.1, peakMb: 99.7 },
      { when: 'after single edits', rssMb: 104.2, kernelMb: 104.4, peakMb: 108 },
      { when: 'elsewhere', rssMb: 101 },
    ],
  };
}

export function sampleRecord(): BenchRecord {
  const latency = latencyResults();
  return recordOf({
    version: '1.2.3',
    at: '2026-01-02T03:04:05.678Z',
    machine: {
      node: '20.20.2',
      platform: 'linux x64',
      cpu: 'Made-up CPU @ 2.00GHz',
      cpus: 2,
      memoryGb: 24,
    },
    suites: ['latency'],
    measures: measuresOf(latency),
    results: { latency },
  });
}
