/** Figures on the charts' axes and legends. */
import type { Unit } from './chart.ts';

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  x: (value) => `${short(value)}×`,
  ms: (value) => `${short(value)} ms`,
  bytes: bytes,
  percent: (value) => `${short(value)} %`,
  rules: (value) => short(value),
};

export function format(unit: Unit, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : FORMATS[unit](value);
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
}

function bytes(value: number): string {
  if (value >= 1 << 20) return `${short(value / (1 << 20))} MB`;
  return value >= 1024 ? `${short(value / 1024)} KB` : `${short(value)} B`;
}
