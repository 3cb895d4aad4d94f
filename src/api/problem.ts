// Errors as RFC 9457 problem details with a stable `code`: the sender's, ours, or nobody's yet.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Fault, messageOf, type FaultKind } from '../kit/faults.ts';
import { asFault } from '../store/database.ts';

const STATUS_OF = { rejected: 422, conflict: 409, unavailable: 503 } as const satisfies Partial<
  Record<FaultKind, number>
>;
const TITLE_OF: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  404: 'There is no such thing',
  409: 'It contradicts what is there',
  412: 'It has changed meanwhile',
  413: 'The request is too large',
  415: 'Another content type is needed',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  500: 'A defect',
  503: 'Not now',
};

/** Every code that the API may answer with, all of them in /openapi.json; a test holds them against what the code throws. */
export const CODES: Readonly<Record<string, { readonly status: number; readonly means: string }>> = {
  'bad-request': { status: 400, means: 'A parameter or the body does not obey the schema; `errors` names each place.' },
  'not-found': { status: 404, means: 'There is no such route, or no such thing.' },
  'unknown-site': { status: 404, means: 'No site of that id has been loaded.' },
  'too-large': { status: 413, means: 'The body is larger than allowed.' },
  'unsupported-media-type': { status: 415, means: 'The body is neither JSON nor, where that is allowed, YAML or CSV.' },
  'bad-cursor': { status: 400, means: 'The cursor is not one that this list gave.' },
  'key-reused': { status: 409, means: 'The Idempotency-Key was used before, for another command.' },
  'already-resolved': { status: 409, means: 'The alert has been resolved meanwhile.' },
  'outcome-pending': {
    status: 503,
    means: 'The command is in the journal but not decided yet; ask again with the same key.',
  },
  'too-many-listeners': { status: 503, means: 'The live stream has as many listeners as it can serve.' },
  'influx-query': { status: 422, means: 'InfluxDB refuses the query.' },
  'database-unavailable': { status: 503, means: 'Postgres does not answer; try again.' },
  'database-disk-fails': {
    status: 503,
    means: 'The disk of Postgres cannot be read or written; look at it, then try again.',
  },
  'database-disk-full': { status: 503, means: 'The disk of Postgres is full; make room, then try again.' },
  'bad-configuration': { status: 422, means: 'The site file has problems; each is listed.' },
  'not-replayable': { status: 422, means: 'What was quarantined was too large to be kept whole.' },
  defect: { status: 500, means: 'Our mistake; the log says more.' },
  // Refusals of commands.
  'unknown-partner': {
    status: 422,
    means: 'The site knows its suppliers, customers and carriers, and this is none of them.',
  },
  'partner-in-use': { status: 409, means: 'Something open names the partner.' },
  'too-many-partners': { status: 422, means: 'As many partners are known as the service keeps.' },
  'unknown-return': { status: 404, means: 'There is no return to a supplier of that number.' },
  'return-exists': { status: 409, means: 'A return to a supplier of that number was entered before.' },
  'return-closed': { status: 409, means: 'Nobody sends any more of that return.' },
  'too-many-returns': { status: 422, means: 'As many returns to suppliers are open as the service keeps.' },
  'not-there': { status: 422, means: 'The books do not have so much of it that could go back.' },
  'not-promisable': { status: 409, means: 'Not all of the order is free, and it was to be entered only then.' },
  'no-candidate': { status: 422, means: 'No site may be given an order that names none.' },
  'door-taken': { status: 409, means: 'Another truck has the door at some of that time.' },
  'appointment-exists': { status: 409, means: 'An appointment of that number was booked before.' },
  'unknown-appointment': { status: 404, means: 'There is no appointment of that number.' },
  'appointment-over': { status: 409, means: 'The truck has left, or nobody waits for it any more.' },
  'too-many-appointments': { status: 422, means: 'As many appointments are known as the service keeps.' },
  'truck-here': { status: 409, means: 'The truck is here already.' },
  'truck-not-here': { status: 409, means: 'Nobody has said that the truck has come.' },
  'training-site': { status: 422, means: 'Something real would follow, and the site is for training.' },
  'bad-photo': { status: 422, means: 'It is no picture that is kept, or the line has as many as are kept.' },
  'no-totes': { status: 422, means: 'Totes are named, and the list is not picked as a cluster.' },
  'tote-needed': { status: 422, means: 'The list is picked as a cluster: the tote must be scanned, too.' },
  'wrong-tote': { status: 422, means: 'It was put into the tote of another order; nothing was posted.' },
  'tote-in-use': { status: 422, means: 'The tote has something of another order in it.' },
  'not-a-batch': { status: 422, means: 'Only what was picked in a batch is sorted.' },
  'wrong-order': { status: 422, means: 'It is for another order of the batch.' },
  'bad-time': { status: 422, means: '`at` is no RFC 3339 time.' },
  future: { status: 422, means: '`at` lies in the future.' },
  incomplete: { status: 422, means: 'Fields are missing for what is asked.' },
  nowhere: { status: 422, means: 'From and to are the same.' },
  nothing: { status: 422, means: 'It would change nothing.' },
  overtaken: { status: 422, means: 'Later evidence has settled what was before.' },
  'unknown-location': { status: 422, means: 'The site has no such location.' },
  'unknown-passage': { status: 422, means: 'No such passage is open to a decision.' },
  'in-itself': { status: 422, means: 'A container cannot hold itself.' },
  'not-inside': { status: 422, means: 'It is not in that container.' },
  empty: { status: 422, means: 'The container holds nothing that we packed.' },
  'bad-site': { status: 422, means: 'The site file cannot be used.' },
  'bad-quantity': { status: 422, means: 'The quantity is finer than the books tell apart.' },
  'bad-day': { status: 422, means: 'The calendar has no such day.' },
  'unknown-door': { status: 422, means: 'The site has no portal of that id.' },
  // Refusals of commands about inbound documents.
  'unknown-inbound': { status: 404, means: 'No inbound document of that number is open.' },
  'inbound-exists': { status: 409, means: 'A document of that number was announced before.' },
  'changed-meanwhile': { status: 412, means: 'The document has another revision than If-Match says.' },
  'inbound-ended': { status: 422, means: 'The document was received whole, or cancelled.' },
  'bad-lines': { status: 422, means: 'The lines contradict each other, or say too little.' },
  'line-received': { status: 422, means: 'Something came for a line that would go.' },
  'receipt-open': { status: 422, means: 'A receipt is open.' },
  'no-receipt': { status: 422, means: 'No receipt is open.' },
  'not-on-it': { status: 422, means: 'The document has no line for it.' },
  'too-many-inbounds': { status: 422, means: 'As many documents are open as the service keeps.' },
  // Refusals of commands about what goes out.
  'unknown-order': { status: 404, means: 'No order of that number is open.' },
  'order-exists': { status: 409, means: 'An order of that number was entered before.' },
  'order-ended': { status: 422, means: 'The order is all out, or cancelled.' },
  'line-in-work': { status: 422, means: 'Something of a line that would go is on a pick list, picked or out.' },
  'too-many-orders': { status: 422, means: 'As many orders are open as the service keeps.' },
  'nothing-reserved': { status: 422, means: 'The order is promised nothing that could be picked.' },
  'not-whole': { status: 422, means: 'The order must go whole, and some of it waits for stock.' },
  'unknown-pick': { status: 404, means: 'There is no such pick list, or no such line on it.' },
  'pick-exists': { status: 409, means: 'There is a pick list of that number.' },
  'pick-done': { status: 422, means: 'Nothing is left to be taken of it.' },
  'wrong-bin': { status: 422, means: 'It was scanned at, or is in the books at, another bin than the line says.' },
  'wrong-item': { status: 422, means: 'It is of another SKU than the line says.' },
  'wrong-lot': { status: 422, means: 'It is of another lot than the line says.' },
  expired: { status: 422, means: 'It is not good any more.' },
  'too-many': { status: 422, means: 'It is more than is left of the line.' },
  'item-needed': { status: 422, means: 'The SKU has tags: the one that is taken must be scanned.' },
  'unknown-item': { status: 422, means: 'The item was never read or received here.' },
  'already-picked': { status: 422, means: 'The item was picked for another list.' },
  'not-available': { status: 422, means: 'The item has a status in which it cannot be picked.' },
  'bad-scan': { status: 422, means: 'The scan is no tag, no GS1 barcode and no location of the site.' },
  'unknown-load': { status: 404, means: 'There is no such load.' },
  'load-exists': { status: 409, means: 'There is a load of that number.' },
  'load-closed': { status: 422, means: 'The load is closed.' },
  'order-loaded': { status: 422, means: 'Something of the order is on the truck: it cannot be taken off the load.' },
  'not-aboard': { status: 422, means: 'The load has not so much of it on it.' },
  'on-another-load': { status: 422, means: 'The order is on another load, which is open.' },
  'too-many-loads': { status: 422, means: 'As many loads are open as the service keeps.' },
  // Refusals of commands about packing.
  'unknown-carton': { status: 404, means: 'There is no such carton.' },
  'carton-open': { status: 422, means: 'The carton is open.' },
  'carton-closed': { status: 422, means: 'The carton is closed.' },
  'carton-left': { status: 422, means: 'The carton has left, or was given up.' },
  'carton-short': { status: 422, means: 'The order goes whole, and some of it is in no carton.' },
  'wrong-in-carton': { status: 422, means: 'Something that is not of the order is heard with the carton.' },
  'not-picked': { status: 422, means: 'It was not picked for this order.' },
  'already-packed': { status: 422, means: 'It is in another carton.' },
  'unknown-carton-type': { status: 422, means: 'The site file has no such carton.' },
  'too-many-cartons': { status: 422, means: 'As many cartons are known as the service keeps.' },
  'no-company-prefix': { status: 422, means: 'The site file has no GS1 company prefix to make SSCCs of.' },
  'no-sscc-left': { status: 422, means: 'All SSCCs of the prefix are used.' },
  'parcel-booked': { status: 409, means: 'The carton is booked with a carrier.' },
  'no-parcel': { status: 422, means: 'The carton is booked with no carrier, or with another one.' },
  graded: { status: 409, means: 'It was graded before, or is not in the books any more.' },
  'unknown-service': { status: 422, means: 'The carrier has no service of that name.' },
  'unknown-carrier': { status: 404, means: 'tallygate.yaml has no such carrier.' },
  'carrier-cannot': { status: 422, means: 'The carrier does not do that.' },
  'carrier-failed': { status: 502, means: 'The carrier did not do what it was asked.' },
  // Refusals of checks whether something is there.
  'location-in-use': { status: 409, means: 'The books have stock at a location that the site file drops.' },
  'not-in-books': { status: 422, means: 'The books have the item nowhere at the site.' },
  contradiction: { status: 422, means: 'The fields of the command contradict each other.' },
  // Refusals of commands about products.
  'unknown-product': { status: 404, means: 'The site has no such product.' },
  'product-in-use': { status: 409, means: 'Stock, a document, an order or a task needs the product.' },
  'bad-packs': { status: 422, means: 'The pack levels contradict each other.' },
  'bad-gtin': { status: 422, means: 'A GTIN has a wrong length or check digit.' },
  'gtin-taken': { status: 409, means: 'The GTIN belongs to another product.' },
  'bad-levels': { status: 422, means: 'Minimum and maximum contradict each other, or there is no fixed bin.' },
  // Refusals of commands about tasks.
  'unknown-task': { status: 404, means: 'There is no such task.' },
  'task-done': { status: 422, means: 'Nothing of the task is left to be brought.' },
  'task-claimed': { status: 409, means: 'Somebody else has the task.' },
  'not-claimed': { status: 422, means: 'Nobody has the task.' },
  'unknown-job': { status: 404, means: 'No such work waits for anybody.' },
  'who-asks': { status: 422, means: 'Whose the work is to be must be said in X-Operator.' },
  'no-bin': { status: 422, means: 'No bin may take it yet.' },
  'not-storage': { status: 422, means: 'Nothing is stored at that location.' },
  'bad-csv': { status: 422, means: 'The file cannot be read, or lacks a column.' },
  'too-many-rows': { status: 422, means: 'The file has more rows than are taken at once.' },
  'too-many-products': { status: 422, means: 'As many products are known as the service keeps.' },
  // Refusals of commands about adjustments.
  'unknown-reason': { status: 422, means: 'The site has no reason of that code.' },
  'unknown-adjustment': { status: 404, means: 'No such adjustment waits for approval.' },
  'own-adjustment': { status: 422, means: 'Who asked for it cannot approve it.' },
  'too-many-adjustments': { status: 422, means: 'As many adjustments wait for approval as the service keeps.' },
  // Refusals of commands about transfers.
  'unknown-transfer': { status: 404, means: 'No transfer of that number is sent, or under way, here.' },
  'transfer-exists': { status: 409, means: 'A transfer of that number was ordered before.' },
  'transfer-closed': { status: 422, means: 'The transfer is done with.' },
  // Refusals of what is said of stock that others hold.
  'not-held-by-others': { status: 422, means: 'The site is no 3PL and no marketplace.' },
  'unknown-fnsku': { status: 422, means: 'No rule of the site says which SKU that is.' },
  // Refusals of commands about counts.
  'unknown-count': { status: 404, means: 'There is no such plan of counts, or no such bin in it.' },
  'count-exists': { status: 409, means: 'A count of that number was planned before.' },
  'count-ended': { status: 422, means: 'The bin is counted, or the count is cancelled.' },
  'too-many-counts': { status: 422, means: 'As many counts are open as the service keeps.' },
  'too-many-bins': { status: 422, means: 'The plan would have more bins than a plan may have.' },
  'too-early': { status: 422, means: 'That is before the count was planned, or reads of then are not kept any more.' },
  'not-counted': { status: 422, means: 'The SKU is not counted by this plan.' },
  'not-expected': { status: 422, means: 'The books do not have the tag in that bin.' },
  'nothing-heard': { status: 422, means: 'The sweep read nothing of what should be there: it says nothing.' },
  'waits-for-approval': { status: 422, means: 'It was counted twice: somebody else is to approve it.' },
  'nothing-to-approve': { status: 422, means: 'Nothing of it waits for approval.' },
  'own-count': { status: 422, means: 'Who counted it cannot approve it.' },
  'unknown-list': { status: 404, means: 'There is no such list.' },
  'too-many-lists': { status: 422, means: 'There are as many lists as the service keeps.' },
};

const codes = Object.entries(CODES)
  .map(([code, { status, means }]) => `\`${code}\` (${status}): ${means}`)
  .join('\n* ');

/** What every error looks like; a component of the OpenAPI document. */
export const ProblemJson = Type.Object(
  {
    type: Type.String({ description: '`tallygate:problem:<code>`' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Enum(Object.keys(CODES), { description: `Stable: programs decide by it.\n* ${codes}` }),
    detail: Type.String({ description: 'What is wrong and what to do.' }),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', description: 'RFC 9457' },
);
export type ProblemJson = Static<typeof ProblemJson>;

/** For the routes: every answer that is not among the others is a problem. */
export const Problem = {
  description: 'A problem (RFC 9457); `code` says which.',
  content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
};

/** A fault for the sender: `status` decides the answer. */
export class ApiFault extends Fault {
  readonly status: number;
  constructor(status: number, code: string, message: string, detail?: Readonly<Record<string, unknown>>) {
    super(
      status === 409 ? 'conflict' : status >= 500 ? 'unavailable' : 'rejected',
      code,
      message,
      detail ? { detail } : {},
    );
    this.status = status;
  }
}

export const notFound = (message: string): ApiFault => new ApiFault(404, 'not-found', message);

/** Makes every error a problem. Defects are logged with their stack, the others are the sender's business. */
export function answerProblems(app: FastifyInstance): void {
  app.addSchema(ProblemJson);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request: FastifyRequest, reply) =>
    send(
      reply,
      problem(
        404,
        'not-found',
        `There is no ${request.method} ${request.url.split('?')[0]}; /docs lists what there is.`,
      ),
    ),
  );
}

/** Also for what Fastify refuses before any route is found. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = problemOf(error, request);
  if (answer.code === 'defect') request.log.error({ err: error, route: request.url }, 'a request met a defect');
  return send(reply, answer);
}

const send = (reply: FastifyReply, body: ProblemJson): FastifyReply =>
  reply.code(body.status).type('application/problem+json').serializer(JSON.stringify).send(body);

/** Nothing of a defect is told but that it is one: the log says more. */
const DEFECT = 'Something went wrong here; the log of the service says more.';

function problemOf(error: unknown, { headers }: FastifyRequest): ProblemJson {
  const fault = asFault(error);
  if (fault instanceof ApiFault) return problem(fault.status, fault.code, fault.message, errorsOf(fault));
  if (fault instanceof Fault) {
    return fault.kind === 'defect'
      ? problem(500, 'defect', DEFECT)
      : problem(STATUS_OF[fault.kind], fault.code, fault.message, errorsOf(fault));
  }
  const { validation, statusCode, code } = error as FastifyError;
  if (validation !== undefined) {
    const errors = validation.map(({ instancePath, message, params }) => ({
      path: instancePath === '' ? ((params as { missingProperty?: string }).missingProperty ?? '') : instancePath,
      message: message ?? 'is wrong',
    }));
    return problem(400, 'bad-request', messageOf(error), errors);
  }
  if (statusCode === 413) return problem(413, 'too-large', messageOf(error));
  if (statusCode === 415 || code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return problem(
      415,
      'unsupported-media-type',
      `A body of type ${headers['content-type'] ?? 'none'} is not taken here.`,
    );
  if (statusCode !== undefined && statusCode < 500) return problem(400, 'bad-request', messageOf(error));
  return problem(500, 'defect', DEFECT);
}

function errorsOf({ detail }: Fault): ProblemJson['errors'] {
  const problems = detail?.['problems'];
  if (!Array.isArray(problems)) return undefined;
  return problems.map(({ path, reason, line }: { path: string; reason: string; line: number }) => ({
    path,
    message: line > 0 ? `line ${line}: ${reason}` : reason,
  }));
}

function problem(status: number, code: string, detail: string, errors?: ProblemJson['errors']): ProblemJson {
  const body = {
    type: `tallygate:problem:${code}`,
    title: TITLE_OF[status] ?? 'It did not work',
    status,
    code,
    detail,
  };
  return errors === undefined ? body : { ...body, errors };
}
