// Photos of what came damaged, with the line that it is of: taken with the camera of the handheld, made small, and looked at again.
import { useState } from 'preact/hooks';
import { get, postFile, urlOf } from '../../api/client.ts';
import type { Inbound } from '../../api/types.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { useLoad } from '../../shared/useLoad.ts';

interface Photo {
  readonly id: string;
  readonly line: string;
  readonly note: string | null;
  readonly by: string;
  readonly takenAt: string;
}

/** The longer side, pixels: enough to see what is broken. */
const SIDE_MAX = 1280;
const QUALITY = 0.8;

export function Photos({ inbound }: { readonly inbound: Inbound }) {
  const { id, site, lines } = inbound;
  const path = `/v1/inbounds/${encodeURIComponent(id)}/photos`;
  const { value, fault, reload } = useLoad(`${site} ${path}`, (signal) =>
    get<{ readonly photos: readonly Photo[] }>(path, { site }, signal),
  );
  const [line, setLine] = useState(lines[0]?.line ?? '');
  const [file, setFile] = useState<Blob | undefined>(undefined);
  const take = useCommand((key) => postFile<Photo>(urlOf(path, { site, line }), file!, file!.type, key));
  const send = async (): Promise<void> => {
    await take.send();
    setFile(undefined);
    reload();
  };
  return (
    <section aria-labelledby="photos">
      <h2 id="photos">Photos of damage</h2>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {value !== undefined && value.photos.length > 0 && (
        <ul class="photos">
          {value.photos.map((one) => (
            <li class="sheet" key={one.id}>
              <a href={urlOf(`${path}/${one.id}`, { site })} target="_blank" rel="noreferrer">
                <img src={urlOf(`${path}/${one.id}`, { site })} alt={`Line ${one.line}, by ${one.by}`} loading="lazy" />
              </a>
              <span>
                line {one.line}, {one.by}, <Time at={one.takenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <form
        class="order-scan"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (file !== undefined && take.state.kind !== 'sending') void send();
        }}
      >
        <label class="field">
          <span>Line</span>
          <select value={line} onChange={({ currentTarget }) => setLine(currentTarget.value)}>
            {lines.map((one) => (
              <option value={one.line} key={one.line}>
                {one.line}: {one.sku ?? 'units'}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Picture</span>
          <input
            type="file"
            accept="image/jpeg,image/png,image/webp"
            capture="environment"
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? [];
              if (chosen !== undefined) void smaller(chosen).then(setFile);
            }}
          />
        </label>
        <button type="submit" class="button" disabled={file === undefined || take.state.kind === 'sending'}>
          <Icon name="tick" /> Keep it
        </button>
      </form>
      {take.state.kind === 'failed' && <Failed fault={take.state.fault} />}
    </section>
  );
}

/** Small enough to be kept; as it is when the browser cannot draw it: then the service says what is wrong with it. */
async function smaller(file: File): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    return drawn ?? file;
  } catch {
    return file;
  }
}
