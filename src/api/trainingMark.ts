// Answers about a site where people practise say so, whatever they are; and what such a site must not do to others.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SiteCatalogue } from './catalogue.ts';
import type { App } from './context.ts';
import { ApiFault } from './problem.ts';

/** On every answer, also one that says no, of which the request names such a site. */
export const TRAINING_HEADER = 'x-tallygate-training';

export function markTraining(app: App, catalogue: Pick<SiteCatalogue, 'isTraining'>): void {
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const site = siteOf(request);
    if (site !== undefined && catalogue.isTraining(site)) void reply.header(TRAINING_HEADER, site);
    return payload;
  });
}

/** The site that a request is about, wherever it says so. */
function siteOf({ query, params, body }: FastifyRequest): string | undefined {
  for (const part of [query, params, body]) {
    const site = part !== null && typeof part === 'object' ? (part as { site?: unknown }).site : undefined;
    if (typeof site === 'string') return site;
  }
  return undefined;
}

/** Throws `training-site` for one that something real would follow from. `what` is what cannot be, for a person. */
export function refuseTraining(catalogue: Pick<SiteCatalogue, 'isTraining'>, site: string, what: string): void {
  if (catalogue.isTraining(site))
    throw new ApiFault(422, 'training-site', `${site} is for training, where nothing is real: ${what}.`);
}
