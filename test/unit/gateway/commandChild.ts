// `tallygate gateway` as the composition root runs it, in a process of its own.
import { gatewayCommand } from '../../../gateway/command.ts';
import { lockInstance } from '../../../src/store/instanceLock.ts';

process.exitCode = await gatewayCommand(process.argv.slice(2), {
  version: '1.2.3',
  lock: (folder) => lockInstance(folder, 'gateway'),
});
