// Reads a configuration folder: tallygate.yaml and sites/*.yaml. All problems of all files are found before any is told.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejected } from '../kit/faults.ts';
import { checkSite, type CheckDevice } from './checkSite.ts';
import { checkCarriers } from './checkCarriers.ts';
import { checkServiceAlerts } from './checkAlerts.ts';
import { checkSchema, configurationFault, parseYaml, type Problem, type YamlFile } from './problems.ts';
import { planSite, type SitePlan, type SiteSource } from './plan.ts';
import { serviceConfig, ServiceFile, unknownVariables, type ServiceConfig } from './service.ts';
import type { SiteFile } from './site.ts';

export interface Configuration {
  readonly service: ServiceConfig;
  readonly sites: readonly SitePlan[];
  /** For the log: what is odd but no error. */
  readonly warnings: readonly string[];
}

/**
 * Throws one `rejected` fault with every problem of every file. A missing tallygate.yaml is no problem, no sites are. What sends nothing
 * (`isSending`) needs no secrets of channels and carriers.
 */
export function loadConfiguration(
  folder: string,
  environment: NodeJS.ProcessEnv,
  checkDevice: CheckDevice,
  isSending = true,
): Configuration {
  const problems: Problem[] = [];
  const serviceFile = loadServiceFile(join(folder, 'tallygate.yaml'), problems);
  const problem = (variable: string, reason: string): void =>
    void problems.push({ file: 'environment', line: 0, path: variable, reason });
  const service = serviceConfig(serviceFile, environment, problem, isSending);
  const plans: SitePlan[] = [];
  const byId = new Map<string, string>();
  for (const file of siteFiles(folder)) {
    const found = loadSite(file, readFileSync(file, 'utf8'), checkDevice);
    problems.push(...found.problems);
    if (found.file === undefined) continue;
    const other = byId.get(found.file.site);
    if (other !== undefined) {
      problems.push({ file, line: 1, path: '/site', reason: `${found.file.site} is already described by ${other}` });
    }
    byId.set(found.file.site, file);
    plans.push(planSite(siteSource(found.file, service)));
  }
  if (problems.length > 0) throw configurationFault(problems);
  if (plans.length === 0) {
    throw rejected(
      'no-sites',
      `${join(folder, 'sites')} holds no site file: put one there (an example is in the README).`,
    );
  }
  const warnings = unknownVariables(environment, service).map(
    (name) => `${name} is set, but no such variable is known; check its spelling.`,
  );
  return { service, sites: plans, warnings };
}

/** One site file as text: its problems, or what it says. */
export function loadSite(
  file: string,
  text: string,
  checkDevice: CheckDevice,
): { readonly problems: readonly Problem[]; readonly file?: SiteFile } {
  const source = parseYaml(file, text);
  const problems = checkSite(source, checkDevice);
  return problems.length > 0 ? { problems } : { problems, file: source.value as SiteFile };
}

export const siteSource = (file: SiteFile, service: Pick<ServiceConfig, 'rules'>): SiteSource =>
  service.rules === undefined ? { file } : { file, rules: service.rules };

function loadServiceFile(file: string, problems: Problem[]): ServiceFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw rejected('unreadable-configuration', `${file} cannot be read: ${String(error)}`);
  }
  const source = parseYaml(file, text);
  const found = source.problems.length > 0 ? source.problems : checkService(source);
  problems.push(...found);
  return found.length > 0 ? {} : (source.value ?? {});
}

function checkService(source: YamlFile): Problem[] {
  const problems = checkSchema(source, ServiceFile, source.value ?? {});
  if (problems.length > 0) return problems;
  const report = (path: readonly (string | number)[], reason: string): void =>
    void problems.push({ file: source.file, line: source.lineOf(path), path: `/${path.join('/')}`, reason });
  const file = source.value as ServiceFile | null;
  checkServiceAlerts(file?.alerts, report);
  checkCarriers(file?.carriers, report);
  return problems;
}

function siteFiles(folder: string): string[] {
  const sites = join(folder, 'sites');
  try {
    return readdirSync(sites)
      .filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'))
      .sort()
      .map((name) => join(sites, name));
  } catch (error) {
    throw rejected('no-sites', `${sites} cannot be read (${String(error)}): it must hold one YAML file a site.`);
  }
}
