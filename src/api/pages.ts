// The page at `/`: bundled from src/dashboard when the service starts, so that its users build nothing.
import type { App } from './context.ts';
import { bundlePage } from '../dashboard/bundle.ts';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

export async function pageRoutes(app: App): Promise<void> {
  const files = await bundlePage();
  for (const { path, type, content, isHashed } of files) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .headers(HEADERS)
        .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        .type(type)
        .send(content),
    );
  }
}
