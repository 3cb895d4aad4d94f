// The API as a whole: every resource, its OpenAPI 3.1 from the same schemas that check it, problems, the page.
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify, type FastifyBaseLogger, type FastifyRequest } from 'fastify';
import type { Logger } from '../kit/log.ts';
import { isStorable } from '../store/text.ts';
import { adjustmentRoutes } from './adjustments.ts';
import { alertRuleRoutes } from './alertRules.ts';
import { alertRoutes } from './alerts.ts';
import { commandRoutes } from './commandRoutes.ts';
import type { App, Context } from './context.ts';
import { countCommandRoutes } from './countCommands.ts';
import { countRoutes } from './counts.ts';
import { crossingListRoutes } from './crossingLists.ts';
import { discrepancyRoutes } from './discrepancies.ts';
import { feedRoutes } from './feeds.ts';
import { gapRoutes } from './gaps.ts';
import { gatewayRoutes } from './gateways.ts';
import { inboundCommandRoutes } from './inboundCommands.ts';
import { inboundRoutes } from './inbounds.ts';
import { importRoutes } from './imports.ts';
import { installationRoutes } from './installation.ts';
import { itemRoutes } from './items.ts';
import { kpiRoutes } from './kpis.ts';
import { labelRoutes } from './labels.ts';
import { ledgerHeadRoutes } from './ledgerHeads.ts';
import { liveRoutes } from './live.ts';
import { loadRoutes } from './loads.ts';
import { movementRoutes } from './movements.ts';
import { operationRoutes } from './operation.ts';
import { orderRoutes } from './orders.ts';
import { outboundCommandRoutes } from './outboundCommands.ts';
import { pageRoutes } from './pages.ts';
import { passageEvidenceRoutes } from './passageEvidence.ts';
import { passageRoutes } from './passages.ts';
import { cartonPrintRoutes } from './cartonPrints.ts';
import { cartonRoutes } from './cartons.ts';
import { packingCommandRoutes } from './packingCommands.ts';
import { pickErrorRoutes } from './pickErrors.ts';
import { phantomRoutes } from './phantoms.ts';
import { pickRoutes } from './picks.ts';
import { answerError, answerProblems, ApiFault } from './problem.ts';
import { productRoutes } from './products.ts';
import { quarantineRoutes } from './quarantine.ts';
import { manifestRoutes } from './manifests.ts';
import { parcelQuestionRoutes } from './parcelQuestions.ts';
import { parcelRoutes } from './parcels.ts';
import { proposalRoutes } from './proposals.ts';
import { returnRoutes } from './returns.ts';
import { slottingRoutes } from './slotting.ts';
import { queueRoutes } from './queue.ts';
import { siteRoutes } from './sites.ts';
import { stockRoutes } from './stock.ts';
import { taskRoutes } from './tasks.ts';
import { announcedReturnRoutes } from './announcedReturns.ts';
import { appointmentRoutes } from './appointments.ts';
import { partnerRoutes } from './partners.ts';
import { supplierReturnRoutes } from './supplierReturns.ts';
import { trainingCopyRoutes } from './trainingCopy.ts';
import { photoRoutes } from './photos.ts';
import { markTraining } from './trainingMark.ts';
import { transferRoutes } from './transfers.ts';
import { telemetryRoutes } from './telemetry.ts';

const BODY_BYTES_MAX = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;

/** The app, ready to listen or to be asked by `inject`. */
export async function buildApi(context: Context, log: Logger, version: string): Promise<App> {
  const loggerInstance: FastifyBaseLogger = log.child({}, { level: log.level === 'debug' ? 'debug' : 'warn' });
  const app = fastify({
    loggerInstance,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 70_000,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    routerOptions: { maxParamLength: 200 },
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  answerProblems(app);
  await app.register(fastifySwagger, {
    refResolver: { buildLocalReference: (schema) => schema.$id as string },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tallygate',
        version,
        description:
          'Stock by SKU and bin, movement history with its evidence, and everything else that the ledger knows.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        'stock',
        'movements',
        'items',
        'passages',
        'discrepancies',
        'phantoms',
        'alerts',
        'commands',
        'inbounds',
        'orders',
        'cartons',
        'parcels',
        'picks',
        'loads',
        'returns',
        'queue',
        'tasks',
        'products',
        'figures',
        'imports',
        'transfers',
        'partners',
        'appointments',
        'feeds',
        'counts',
        'adjustments',
        'quarantine',
        'sites',
        'installation',
        'telemetry',
        'live',
        'operation',
      ].map((name) => ({ name })),
    },
  });
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list', deepLinking: true } });
  await app.register(async (routes) => {
    const typed = routes as unknown as App;
    routes.addHook('preHandler', refuseUnstorable);
    markTraining(typed, context.catalogue);
    stockRoutes(typed, context);
    movementRoutes(typed, context);
    itemRoutes(typed, context);
    passageRoutes(typed, context);
    passageEvidenceRoutes(typed, context);
    labelRoutes(typed, context);
    discrepancyRoutes(typed, context);
    phantomRoutes(typed, context);
    alertRoutes(typed, context);
    alertRuleRoutes(typed, context);
    commandRoutes(typed, context);
    adjustmentRoutes(typed, context);
    inboundRoutes(typed, context);
    inboundCommandRoutes(typed, context);
    photoRoutes(typed, context);
    crossingListRoutes(typed, context);
    orderRoutes(typed, context);
    pickRoutes(typed, context);
    cartonRoutes(typed, context);
    cartonPrintRoutes(typed, context);
    packingCommandRoutes(typed, context);
    pickErrorRoutes(typed, context);
    loadRoutes(typed, context);
    outboundCommandRoutes(typed, context);
    proposalRoutes(typed, context);
    parcelQuestionRoutes(typed, context);
    parcelRoutes(typed, context);
    manifestRoutes(typed, context);
    queueRoutes(typed, context);
    taskRoutes(typed, context);
    productRoutes(typed, context);
    slottingRoutes(typed, context);
    returnRoutes(typed, context);
    importRoutes(typed, context);
    transferRoutes(typed, context);
    partnerRoutes(typed, context);
    appointmentRoutes(typed, context);
    supplierReturnRoutes(typed, context);
    announcedReturnRoutes(typed, context);
    feedRoutes(typed, context);
    countRoutes(typed, context);
    countCommandRoutes(typed, context);
    kpiRoutes(typed, context);
    quarantineRoutes(typed, context, log);
    gapRoutes(typed, context);
    ledgerHeadRoutes(typed, context);
    siteRoutes(typed, context);
    trainingCopyRoutes(typed, context);
    installationRoutes(typed, context);
    gatewayRoutes(typed, context);
    telemetryRoutes(typed, context);
    liveRoutes(typed, context);
    operationRoutes(typed, context);
  });
  await pageRoutes(app);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  return app;
}

/** What Postgres cannot hold must not reach it; the body of a command has been checked by its schema before. */
async function refuseUnstorable({ params, query, body }: FastifyRequest): Promise<void> {
  if ([params, query, body].every((part) => isStorable(part))) return;
  throw new ApiFault(
    400,
    'bad-request',
    'The characters U+0000 and half surrogates can be kept nowhere: leave them out.',
  );
}
