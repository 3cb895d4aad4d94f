// Faults of the installation, for the log of whoever runs it.
import type { Logger } from '../kit/log.ts';
import type { EffectsBatch } from '../post/batch.ts';

/** Once each, when it is in the ledger: somebody should go and look. */
export function tellFindings({ site, effects }: EffectsBatch, log: Logger): void {
  for (const { kind, subject, closedAt, certainty, evidence, seen, advice } of effects.flatMap(
    ({ findings }) => findings,
  )) {
    if (closedAt === undefined)
      log.warn({ site, kind, ...subject, certainty, evidence }, `a fault of the installation: ${seen} ${advice}`);
    else log.info({ site, kind, ...subject }, 'a fault of the installation is over');
  }
}
