// The rules that hold at a site: the defaults, what tallygate.yaml says, and what the site file says, one over the other.
import type { AlertRules } from '../config/alertKinds.ts';
import { effectiveAlertRules, type ServiceAlerts } from '../config/alerts.ts';
import type { SitePlan } from '../config/plan.ts';

export const rulesOf = (service: ServiceAlerts, plan: SitePlan): AlertRules =>
  effectiveAlertRules(service.rules, plan.source.file.alerts?.rules);
