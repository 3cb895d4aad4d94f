// What the operating system knows about a process. A pid alone proves nothing, since it is given away again after
// its process ends: a process is its pid and the moment it started.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const PS_TIMEOUT_MS = 2_000;

export interface ProcessFacts {
  readonly pid: number;
  /** Opaque; equal for two looks at the same process. Empty where the system cannot tell. */
  readonly startedAt: string;
  /** The command line, arguments joined by spaces. Empty where the system cannot tell. */
  readonly command: string;
}

/** The process with this pid, or undefined when there is none or only a zombie that waits for its parent. */
export function lookUpProcess(pid: number): ProcessFacts | undefined {
  return existsSync('/proc/self/stat') ? lookUpInProc(pid) : lookUpWithPs(pid);
}

/** Whether the very process that was looked up earlier still runs. */
export function stillRuns(earlier: ProcessFacts): boolean {
  return lookUpProcess(earlier.pid)?.startedAt === earlier.startedAt;
}

/** Looks every `everyMs` until the condition holds (true) or `timeoutMs` have passed (false). */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 15,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}

// proc(5): `pid (name) state …`, the start time is field 22. The name may hold spaces and brackets itself, so fields
// are counted from its last closing bracket.
function lookUpInProc(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return { pid, startedAt: fields[18] ?? '', command: commandLineInProc(pid) };
  } catch {
    return undefined;
  }
}

function commandLineInProc(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // somebody else's process, where /proc is mounted with hidepid
  }
}

/** The same through `ps`, for systems without /proc (macOS, BSD). Exported for its test only. */
export function lookUpWithPs(pid: number): ProcessFacts | undefined {
  const ps = spawnSync('ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    timeout: PS_TIMEOUT_MS,
  });
  if (ps.error) return isSignalable(pid) ? { pid, startedAt: '', command: '' } : undefined;
  // "Ss Mon Nov 23 18:28:59 2026 /usr/bin/postgres -D …"
  const [state, ...words] = ps.stdout.trim().split(/\s+/);
  if (!state || state.startsWith('Z')) return undefined;
  return { pid, startedAt: words.slice(0, 5).join(' '), command: words.slice(5).join(' ') };
}

function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is there, but not ours
  }
}
