/** Reads reports of `sg scan` back. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from '../../host/files/reason.ts';
import { VERSION } from '../../host/service/health/version.ts';
import { quote } from '../options.ts';
import { JSON_VERSION, TOOL } from '../report/json.ts';
import type { Shard } from '../report/model.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface ReadReport {
  readonly file: string;
  readonly format: 'json' | 'sarif';
  /** The JSON report, or the run of the SARIF log. */
  readonly content: Fields;
  readonly shard: Shard | undefined;
}

/** The reports, all of one format and version; or what is wrong with one of them. */
export function readReports(files: readonly string[], cwd: string): readonly ReadReport[] | string {
  const reports: ReadReport[] = [];
  for (const file of files) {
    const report = readReport(file, cwd);
    if (typeof report === 'string') return report;
    const first = reports[0];
    if (first !== undefined && first.format !== report.format)
      return `${quote(file)} is ${report.format} and ${quote(first.file)} is ${first.format}; reports of one format can be merged`;
    reports.push(report);
  }
  return checkShards(reports) ?? reports;
}

function readReport(file: string, cwd: string): ReadReport | string {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(cwd, file), 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : reasonOf(error);
    return `cannot read ${quote(file)}: ${reason}`;
  }
  const wrong = `${quote(file)} is no report of sg scan, expected one made with --format json or --format sarif`;
  if (!isFields(value)) return wrong;
  if (Array.isArray(value['runs'])) {
    const run: unknown = value['runs'][0];
    const driver = fieldsOf(fieldsOf(isFields(run) ? run['tool'] : undefined)['driver']);
    if (!isFields(run) || driver['name'] !== TOOL || !isList(run['results'])) return wrong;
    const shard = shardOf(fieldsOf(run['properties'])['shard']);
    return (
      sameVersion(file, driver['semanticVersion']) ?? { file, format: 'sarif', content: run, shard }
    );
  }
  const tool = fieldsOf(value['tool']);
  const lists = [value['findings'], value['notScanned'], value['incomplete']];
  if (tool['name'] !== TOOL || value['version'] !== JSON_VERSION || !lists.every(isList))
    return wrong;
  return (
    sameVersion(file, tool['version']) ?? {
      file,
      format: 'json',
      content: value,
      shard: shardOf(value['shard']),
    }
  );
}

function sameVersion(file: string, version: unknown): string | undefined {
  return version === VERSION
    ? undefined
    : `${quote(file)} was made by version ${String(version)}, and this is ${VERSION}; scan and merge with the same`;
}

/** What is wrong with the parts of a whole; undefined for reports that are none, or make one. */
function checkShards(reports: readonly ReadReport[]): string | undefined {
  const shards = reports.flatMap(({ shard }) => shard ?? []);
  if (shards.length === 0) return undefined;
  const without = reports.find(({ shard }) => shard === undefined);
  if (without !== undefined)
    return `${quote(without.file)} is of a whole scan and others are of --shard; merge the parts of one scan`;
  const counts = [...new Set(shards.map(({ count }) => count))];
  if (counts.length > 1)
    return `the reports are of scans in ${counts.join(' and in ')} parts; merge the parts of one scan`;
  for (let index = 1; index <= (counts[0] ?? 0); index++) {
    const found = reports.filter(({ shard }) => shard?.index === index);
    if (found.length === 0) return `the report of shard ${index}/${counts[0]} is missing`;
    if (found.length > 1)
      return `${found.map(({ file }) => quote(file)).join(' and ')} are both of shard ${index}/${counts[0]}`;
  }
  return undefined;
}

function shardOf(value: unknown): Shard | undefined {
  const { index, count } = fieldsOf(value);
  return typeof index === 'number' && typeof count === 'number' ? { index, count } : undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isFields);
}

/** Items of all reports' lists of this name. */
export function joined(reports: readonly ReadReport[], name: string): Fields[] {
  return reports.flatMap(({ content }) => {
    const list = content[name];
    return Array.isArray(list) ? list.filter(isFields) : [];
  });
}
