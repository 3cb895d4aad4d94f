// The order in which alerts want to be looked at: nobody's before somebody's, the worst first, the newest first. Pure.
import type { Alert } from '../../api/types.ts';

const STATES: readonly Alert['state'][] = ['open', 'acknowledged', 'snoozed', 'resolved'];
const SEVERITIES: readonly Alert['severity'][] = ['critical', 'warning', 'info'];

export const inOrder = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      (a.openedAt < b.openedAt ? 1 : -1),
  );
