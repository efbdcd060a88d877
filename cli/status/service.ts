/** What the running service says about itself. */
import { askService } from '../../host/service/client.ts';
import { PROTOCOL } from '../../host/service/paths.ts';

/** Of `GET /1/status`, as far as it is understood: another version may say less or more. */
export interface ServiceStatus {
  readonly version: string;
  readonly pid: number | undefined;
  /** ISO 8601. */
  readonly startedAt: string | undefined;
  readonly uptimeMs: number | undefined;
  readonly rssBytes: number | undefined;
  readonly workers: number | undefined;
  readonly rules: number | undefined;
  readonly edits: Readonly<Record<string, number>>;
  /** Inside the service, of the last edits; undefined before the first one. */
  readonly latencyMs: Readonly<Record<string, number>> | undefined;
  /** What was not checked, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Workers replaced. */
  readonly restarts: number | undefined;
  readonly background: Readonly<Record<string, number>>;
  readonly customRuleSets: number | undefined;
  /** Of rule files. */
  readonly problems: readonly string[];
}

export type ServiceState =
  | { readonly kind: 'running'; readonly status: ServiceStatus }
  | { readonly kind: 'off' }
  /** `code` is an errno, `TIMEOUT` or `BAD_REPLY`. */
  | { readonly kind: 'stopped'; readonly code: string };

const TIMEOUT_MS = 1000;

/** Never rejects. */
export async function askStatus(dir: string): Promise<ServiceState> {
  const reply = await askService(dir, {
    method: 'GET',
    path: `/${PROTOCOL}/status`,
    timeoutMs: TIMEOUT_MS,
  });
  if (reply.kind === 'failed') return { kind: 'stopped', code: reply.code };
  const status = reply.status === 200 ? decode(reply.body) : undefined;
  return status === undefined
    ? { kind: 'stopped', code: 'BAD_REPLY' }
    : { kind: 'running', status };
}

function decode(body: Buffer): ServiceStatus | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value['version'] !== 'string') return undefined;
  const { problems, latencyMs } = value;
  return {
    version: value['version'],
    pid: numberOf(value['pid']),
    startedAt: typeof value['startedAt'] === 'string' ? value['startedAt'] : undefined,
    uptimeMs: numberOf(value['uptimeMs']),
    rssBytes: numberOf(value['rssBytes']),
    workers: numberOf(value['workers']),
    rules: numberOf(value['rules']),
    edits: numbersOf(value['edits']),
    latencyMs: isRecord(latencyMs) ? numbersOf(latencyMs) : undefined,
    skipped: numbersOf(value['skipped']),
    restarts: numberOf(value['restarts']),
    background: numbersOf(value['background']),
    customRuleSets: numberOf(value['customRuleSets']),
    problems: Array.isArray(problems) ? problems.filter((each) => typeof each === 'string') : [],
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function numbersOf(value: unknown): Readonly<Record<string, number>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const number = numberOf(each);
      return number === undefined ? [] : [[name, number] as const];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
