/** Joins reports of `sg scan` into what one run would have given. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SEVERITIES } from '../../engine/rule.ts';
import type { Severity } from '../../engine/rule.ts';
import { JsonDocument } from '../report/json.ts';
import { SarifDocument } from '../report/sarif-log.ts';
import { fieldsOf, isFields, joined } from './read.ts';
import type { Fields, ReadReport } from './read.ts';

export interface Merged {
  readonly text: string;
  readonly severities: ReadonlySet<Severity>;
  readonly findings: number;
  /** Files that were not scanned, or in part. */
  readonly trouble: number;
}

/** `reports` are of one format, one at least. */
export function mergeReports(reports: readonly ReadReport[]): Merged {
  return reports[0]?.format === 'sarif' ? mergeSarif(reports) : mergeJson(reports);
}

function mergeJson(reports: readonly ReadReport[]): Merged {
  const keyOf = (finding: Fields): Key => [
    textOf(finding['path']),
    numberOf(fieldsOf(finding['start'])['offset']),
    0,
    textOf(finding['ruleId']),
  ];
  const findings = sortedBy(joined(reports, 'findings'), keyOf);
  const byPath = (name: string): Fields[] =>
    sortedBy(joined(reports, name), ({ path }) => [textOf(path), 0, 0, '']);
  const notScanned = byPath('notScanned');
  const incomplete = byPath('incomplete');
  const showsSuppressed = reports.some(({ content }) => content['suppressed'] !== undefined);
  const suppressed = sortedBy(joined(reports, 'suppressed'), keyOf);
  const audit = new Map<string, number>();
  for (const { what, count } of joined(reports, 'audit'))
    audit.set(textOf(what), (audit.get(textOf(what)) ?? 0) + numberOf(count));
  const lines = [...audit].map(([what, count]) => ({ what, count }));
  const sum = (name: string): number =>
    reports.reduce((all, { content }) => all + numberOf(fieldsOf(content['summary'])[name]), 0);
  const names = Object.keys(fieldsOf(reports[0]?.content['summary']));
  const document = new JsonDocument();
  const text =
    document.begin() +
    document.findings(findings) +
    document.end({
      ...(showsSuppressed && { suppressed }),
      notScanned,
      incomplete,
      ...(showsSuppressed && { audit: sortedBy(lines, ({ what }) => [textOf(what), 0, 0, '']) }),
      summary: Object.fromEntries(names.map((name) => [name, sum(name)])),
    });
  return {
    text,
    severities: severitiesOf(findings),
    findings: findings.length,
    trouble: notScanned.length + incomplete.length,
  };
}

function mergeSarif(reports: readonly ReadReport[]): Merged {
  const [first] = reports;
  const { results: _, invocations: __, properties: ___, ...head } = first?.content ?? {};
  const base = rootOf(head);
  const all = joined(reports, 'results');
  const isSuppressed = (result: Fields): boolean => result['suppressions'] !== undefined;
  const keyOf = (result: Fields): Key => {
    const { artifactLocation, region } = placeOf(result);
    const { startLine, startColumn } = fieldsOf(region);
    return [
      pathOf(artifactLocation, base),
      numberOf(startLine),
      numberOf(startColumn),
      textOf(result['ruleId']),
    ];
  };
  const found = sortedBy(
    all.filter((result) => !isSuppressed(result)),
    keyOf,
  );
  const hidden = sortedBy(all.filter(isSuppressed), keyOf);
  const invocations = joined(reports, 'invocations');
  const notices = invocations.flatMap(({ toolExecutionNotifications }) =>
    Array.isArray(toolExecutionNotifications) ? toolExecutionNotifications.filter(isFields) : [],
  );
  const sortedNotices = sortedBy(notices, (notice) => [
    // Files that were not scanned stand before those that were in part.
    `${textOf(fieldsOf(notice['message'])['text']).startsWith('Not') ? 0 : 1}${pathOf(placeOf(notice).artifactLocation, base)}`,
    0,
    0,
    '',
  ]);
  const document = new SarifDocument(head);
  const text =
    document.begin() +
    document.results([...found, ...hidden]) +
    document.end({
      invocations: [
        {
          executionSuccessful: invocations.every((each) => each['executionSuccessful'] === true),
          toolExecutionNotifications: sortedNotices,
        },
      ],
    });
  return {
    text,
    severities: severitiesOf(found.map(({ properties }) => fieldsOf(properties))),
    findings: found.length,
    trouble: notices.length,
  };
}

/** Compared from the first on. */
type Key = readonly [string, number, number, string];

function sortedBy(items: readonly Fields[], keyOf: (item: Fields) => Key): Fields[] {
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ item }) => item);
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function placeOf(item: Fields): { readonly artifactLocation: Fields; readonly region: Fields } {
  const { locations } = item;
  const place = fieldsOf(
    fieldsOf(Array.isArray(locations) ? locations[0] : undefined)['physicalLocation'],
  );
  return {
    artifactLocation: fieldsOf(place['artifactLocation']),
    region: fieldsOf(place['region']),
  };
}

/** The path that the scan sorted by, from the URI that it wrote. */
function pathOf({ uri, uriBaseId }: Fields, root: string): string {
  const text = textOf(uri);
  if (uriBaseId === undefined && text.startsWith('file:'))
    return relative(root, fileURLToPath(text)).replaceAll('\\', '/');
  return text.split('/').map(decodeURIComponent).join('/');
}

function rootOf(head: Fields): string {
  const [base] = Object.values(fieldsOf(head['originalUriBaseIds']));
  const uri = textOf(fieldsOf(base)['uri']);
  return uri.startsWith('file:') ? fileURLToPath(uri) : '/';
}

function severitiesOf(items: readonly Fields[]): ReadonlySet<Severity> {
  return new Set(
    items.flatMap(({ severity }) => SEVERITIES.find((each) => each === severity) ?? []),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
