// The page that operations looks at. What comes in: the API and its live stream; what goes out: decisions of people, as
// commands. It never shows a number that it worked out differently from the ledger.
//
// Why Preact with signals, in TSX, bundled by esbuild when the service starts: the component model that everyone knows from
// React, in 9 KB with hooks and signals; signals change one text node when one antenna changes, so that live data costs what changed and not what
// is shown; types reach from the wire to the markup; and whoever runs Tallygate builds nothing. The page can grow on it for
// years: a view is a file, and React's own libraries fit through preact/compat should one ever be needed.
import { render } from 'preact';
import { App } from './App.tsx';
import { startClock } from './live/clock.ts';
import { watchService } from './live/service.ts';
import { watchSites } from './live/sites.ts';
import { watchTheme } from './shared/theme.ts';
import { watchRoute } from './routing.ts';

watchTheme();
watchRoute();
startClock();
watchSites();
watchService();
render(<App />, document.querySelector('#page')!);
