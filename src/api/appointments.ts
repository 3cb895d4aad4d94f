// Appointments at doors: which truck stands where from when to when, whether it came in time; and what people say of them.
import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { Strict } from '../config/schema.ts';
import { APPOINTMENT_DIRECTIONS, APPOINTMENT_STATES } from '../wire/appointment.ts';
import { CommandSchemas, type Command } from '../wire/command.ts';
import { formatTime } from '../wire/time.ts';
import { appointmentJson, AppointmentJson, type AppointmentRow } from './appointmentJson.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeOf, TimeParameter } from './lists.ts';
import { oneOf, Path, SiteQuery } from './onlyOne.ts';
import { Problem } from './problem.ts';

export function appointmentRoutes(app: App, context: Context): void {
  const { pool, catalogue, clock } = context;
  const jsonOf = async (row: AppointmentRow) => {
    const { rules } = await catalogue.one(row.site);
    return appointmentJson(row, clock(), rules.appointmentGraceMs);
  };
  app.get(
    '/v1/appointments',
    {
      schema: {
        tags: ['appointments'],
        summary: 'Appointments at doors, by the time at which they begin',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          door: Type.Optional(Type.String({ maxLength: 64 })),
          direction: Type.Optional(Type.Enum([...APPOINTMENT_DIRECTIONS])),
          state: Type.Optional(
            Type.Enum([...APPOINTMENT_STATES, 'open', 'all'], {
              default: 'all',
              description: '`open`: to come, or here.',
            }),
          ),
          inbound: Type.Optional(Type.String({ maxLength: 64 })),
          load: Type.Optional(Type.String({ maxLength: 64 })),
          from: TimeParameter('That end after it.'),
          to: TimeParameter('That begin before it.'),
          ...Paging,
        }),
        response: { 200: Page(AppointmentJson), default: Problem },
      },
    },
    async ({ query }) => {
      const { state = 'all', limit = LIMIT_DEFAULT } = query;
      const plans = await catalogue.asked(query.site);
      const graces = new Map(plans.map(({ site, rules }) => [site, rules.appointmentGraceMs]));
      const from = timeOf(query.from, 'from');
      const to = timeOf(query.to, 'to');
      const where = filters();
      where.add(
        'a.site = any ($)',
        plans.map(({ site }) => site),
      );
      where.add('a.door = $', query.door);
      where.add('a.direction = $', query.direction);
      where.add('a.state = any ($)', state === 'all' ? undefined : state === 'open' ? ['booked', 'arrived'] : [state]);
      where.add('a.inbound = $', query.inbound);
      where.add('a.load_id = $', query.load);
      where.add('a.to_at > $', from === undefined ? undefined : formatTime(from));
      where.add('a.from_at < $', to === undefined ? undefined : formatTime(to));
      const after = keyOf(query.cursor, ['time', 'text', 'text']);
      if (after !== undefined)
        where.addAll('(a.from_at, a.appointment_id, a.site) > ($1::timestamptz, $2, $3)', ...after);
      const { rows } = await pool.query<AppointmentRow & Record<string, unknown>>(
        `select a.* from appointment a where ${where.where()} order by a.from_at, a.appointment_id, a.site limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      const now = clock();
      return pageOf(
        rows,
        limit,
        (row) => appointmentJson(row, now, graces.get(row.site)!),
        (row) => [formatTime(row.from_at), row.appointment_id, row.site],
      );
    },
  );

  app.get(
    '/v1/appointments/:id',
    {
      schema: {
        tags: ['appointments'],
        summary: 'One of them',
        params: Path,
        querystring: Type.Object(SiteQuery),
        response: { 200: AppointmentJson, default: Problem },
      },
    },
    async ({ params, query }) => jsonOf(await oneOf<AppointmentRow>(context, 'appointment', params.id, query.site)),
  );

  const schemaOf = (summary: string, body: TSchema, description?: string) => ({
    tags: ['appointments'],
    summary,
    ...(description === undefined ? {} : { description }),
    headers: KeyHeader,
    body,
    response: { 200: CommandAnswer, default: Problem },
  });
  const { appointment: id, ...rest } = bodyOf(CommandSchemas.appointment).properties;
  app.post(
    '/v1/appointments',
    {
      schema: schemaOf(
        'Book a door for a truck',
        Strict({ ...rest, id: id! }),
        'Refused when another truck has the door at some of that time.',
      ),
    },
    (request) => {
      const { id: number, ...body } = request.body as Body & { readonly id: string };
      return runCommand(context, request, 'appointment', { ...body, appointment: number });
    },
  );
  const run = (request: FastifyRequest, kind: Command['kind']) =>
    runCommand(context, request, kind, {
      ...(request.body as Body),
      appointment: (request.params as { id: string }).id,
    });
  app.put(
    '/v1/appointments/:id',
    {
      schema: {
        ...schemaOf(
          'Move it: everything that it says from now on',
          bodyOf(CommandSchemas['amend-appointment'], 'appointment'),
        ),
        params: Path,
      },
    },
    (request) => run(request, 'amend-appointment'),
  );
  for (const [path, kind, summary] of [
    ['cancellation', 'cancel-appointment', 'Say that nobody waits for it any more'],
    ['arrival', 'truck-arrived', 'Say that the truck is here'],
    ['departure', 'truck-left', 'Say that the truck has left: the door is free'],
  ] as const)
    app.post(
      `/v1/appointments/:id/${path}`,
      { schema: { ...schemaOf(summary, bodyOf(CommandSchemas[kind], 'appointment')), params: Path } },
      (request) => run(request, kind),
    );
}
