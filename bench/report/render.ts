/** The report of `sg bench`. */
import type { Comparison } from '../compare.ts';
import { describeMachine } from '../machine.ts';
import type { BenchRecord } from '../record.ts';
import { htmlDocument } from './document.ts';
import { comparisonSection, headlines, latencySections, measuresSection } from './sections.ts';

/** `assets`: see `htmlDocument`. */
export function renderReport(
  record: BenchRecord,
  comparison: Comparison | undefined,
  assets: string,
): string {
  const { latency } = record.results;
  const parts = latency === undefined ? { html: '', charts: [] } : latencySections(latency);
  const main = `${headlines(record.measures)}
${parts.html}
${comparison === undefined ? '' : comparisonSection(comparison)}
${measuresSection(record)}`;
  return htmlDocument(
    {
      title: `sg bench ${record.version}`,
      heading: 'How long an edit waits',
      subtitle: subtitle(record),
      main,
      charts: parts.charts,
      record,
    },
    assets,
  );
}

function subtitle({ version, at, machine, suites }: BenchRecord): string {
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  return `sg ${version}, ${suites.join(', ')}, ${when}. ${describeMachine(machine)}. Read the ratios: times are of this machine and moment.`;
}
