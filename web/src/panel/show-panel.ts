// Entry of wayline/panel, for import() when somebody asks for it.
import type { WaylineClient } from '../client/wayline-client.js';
import { Panel } from './panel.js';

/** Puts the panel into the corner of the page. Returns what takes it away again. */
export function showPanel(client: WaylineClient): () => void {
  const panel = new Panel();
  document.body.append(panel.host);
  panel.attach(client);
  return () => panel.host.remove();
}
