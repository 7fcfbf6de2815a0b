import { readFile } from 'node:fs/promises';

/** What a process has used so far. */
export interface ProcessUse {
  /** Milliseconds of processor time, all threads together. */
  cpuMs: number;
  /** Bytes that it has had written to disk. */
  writtenBytes: number;
}

/** What a process has used so far; NaN where the system does not say. */
export async function useOf(pid: number): Promise<ProcessUse> {
  const [stat, io] = await Promise.all([read(pid, 'stat'), read(pid, 'io')]);
  // After the name in brackets, fields 14 and 15 of the line are user and system time in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    cpuMs: 10 * (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)),
    writtenBytes: Number(/^write_bytes: (\d+)/m.exec(io)?.[1] ?? Number.NaN),
  };
}

/** Megabytes that a process holds, and the most that it ever held. */
export async function memoryOf(pid: number): Promise<{ nowMb: number; peakMb: number }> {
  const status = await read(pid, 'status');
  const field = (name: string) =>
    Math.round((Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6);
  return { nowMb: field('VmRSS'), peakMb: field('VmHWM') };
}

function read(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}
