/** Processor time of this process in milliseconds: a bound of it holds on a machine that has other things to do. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
