// Whatever is opened is handed in here, and closed in the end, the last one first, also when something failed: after its test
// by vitest, after its drill by who runs drills without vitest.
type Undo = () => unknown;

const afterTest: Undo[] = [];
const afterFile: Undo[] = [];

async function run(list: Undo[]): Promise<void> {
  const failures: unknown[] = [];
  for (let undo = list.pop(); undo !== undefined; undo = list.pop()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

if (process.env['VITEST'] !== undefined) {
  const { afterAll, afterEach } = await import('vitest');
  afterEach(() => run(afterTest));
  afterAll(() => run(afterFile));
}

export const closeAfterTest = (undo: Undo): void => void afterTest.push(undo);
export const closeAfterFile = (undo: Undo): void => void afterFile.push(undo);

/** Closes everything now. */
export async function closeAll(): Promise<void> {
  await run(afterTest);
  await run(afterFile);
}
