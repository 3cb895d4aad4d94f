// Logs are written for whoever is on call: ERROR means data was lost or a person must act, WARN that something
// heals by itself but should be known, INFO what changed, DEBUG the rest.
import { pino, type Logger } from 'pino';
import { default as pretty } from 'pino-pretty';

export type { Logger };

/** `pretty` for a person at a terminal, `json` for a collector, `silent` for tests. */
export type LogStyle = 'pretty' | 'json' | 'silent';

export function createLog(options: { level?: string; style?: LogStyle; name?: string } = {}): Logger {
  const style = options.style ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const base = options.name === undefined ? undefined : { name: options.name };
  const settings = { level: options.level ?? 'info', base: base ?? null, timestamp: pino.stdTimeFunctions.isoTime };
  const formatters = { level: (level: string) => ({ level }) };
  if (style === 'silent') return pino({ level: 'silent' });
  if (style === 'json') return pino({ ...settings, formatters }, pino.destination({ fd: 1, sync: true }));
  return pino(
    settings,
    pretty({
      colorize: process.stdout.isTTY,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname,name',
      singleLine: true,
      sync: true,
      destination: 1,
    }),
  );
}
